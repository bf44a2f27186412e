"""A vendor's list as it stands: what the vendor's API would show of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from matcher.policies.contacts import Identifier
from matcher.store.lists import activities, looking
from matcher.store.lists.activities import Told
from matcher.store.lists.looking import Held, Wanted
from matcher.store.session import Session


class ListView:
    """A list as last committed; nothing here waits for a thread that writes.

    A list that was never begun is empty.

    Args:
        session: of the store.
        policy: whose list.
    """

    def __init__(self, session: Session, policy: str) -> None:
        self._session = session
        self._policy = policy

    def __len__(self) -> int:
        with self._session.reading() as ledger:
            return looking.count(ledger, self._policy)

    def person(self, person_id: str) -> Held | None:
        """The person of an id in the list; of one that was merged away, the survivor."""
        with self._session.reading() as ledger:
            return looking.by_id(ledger, self._policy, person_id)

    def holder(self, identifier: Identifier) -> Held | None:
        """Who holds an id of a system, the oldest first."""
        with self._session.reading() as ledger:
            return looking.by_identifier(ledger, self._policy, identifier)

    def page(self, offset: int, limit: int) -> Sequence[Held]:
        """People in the order of their creation, beginning after so many."""
        with self._session.reading() as ledger:
            return looking.page(ledger, self._policy, offset, limit)

    def numbered(self, numbers: Collection[int]) -> Sequence[Held]:
        """Those of some people who are held, by their numbers in the list."""
        with self._session.reading() as ledger:
            return looking.some(ledger, self._policy, sorted(numbers))

    def search(self, wanted: Wanted, limit: int, offset: int = 0) -> Sequence[Held]:
        """Who is wanted, in the order of their creation, beginning after so many."""
        with self._session.reading() as ledger:
            return looking.search(ledger, self._policy, wanted, limit, offset)

    def activities(self, number: int, kind: str) -> Sequence[Told]:
        """What was done of one kind with the person of a number, the first thing first."""
        with self._session.reading() as ledger:
            return activities.of_person(ledger, self._policy, number, kind)

    def about(self, subject: str, kind: str) -> Sequence[Told]:
        """What was done of one kind about a subject, such as a campaign, the first thing first."""
        with self._session.reading() as ledger:
            return activities.of_subject(ledger, self._policy, subject, kind)
