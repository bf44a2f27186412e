"""One mailing list from five tools: each person once, and nobody who unsubscribed anywhere.

Run it anywhere: it works on the invented exports of the demo.
"""

import tempfile

import matcher
from matcher.demo import write_exports

with tempfile.TemporaryDirectory() as folder:
    people = matcher.dedupe(write_exports(folder)).people

said = people["email_consent"].str.lower().fillna("")
left = said.str.contains("unsubscribed|false")
mail = people[people["email"].notna() & ~left & (people["entity_type"] == "person")]

print(f"{len(mail)} of {len(people)} to mail; {left.sum()} left out: they unsubscribed somewhere")
print(mail[["first_name", "last_name", "email"]].head(5).to_string(index=False))
