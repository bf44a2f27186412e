"""Names, streets and towns of the invented campaign."""

from __future__ import annotations

from typing import NamedTuple


class Town(NamedTuple):
    """A town of western Massachusetts, whose ZIP code loses its zero in a spreadsheet."""

    city: str
    postal_code: str


#: First name -> what friends say, or nothing.
WOMEN: dict[str, str] = {
    "Elizabeth": "Liz", "Margaret": "Peggy", "Katherine": "Kate", "Jennifer": "Jen",
    "Patricia": "Pat", "Susan": "Sue", "Deborah": "Deb", "Rebecca": "Becky", "Victoria": "Vicky",
    "Christine": "Chris", "Abigail": "Abby", "Samantha": "Sam", "Theresa": "Terry",
    "Maria": "", "Fatima": "", "Aisha": "", "Mei": "", "Rosa": "", "Ingrid": "", "Denise": "",
    "Lucía": "", "Nora": "", "Grace": "", "Yolanda": "", "Priya": "", "Ruth": "", "Hannah": "",
}  # fmt: skip
MEN: dict[str, str] = {
    "Robert": "Bob", "William": "Bill", "James": "Jim", "Michael": "Mike", "Richard": "Rick",
    "Thomas": "Tom", "Anthony": "Tony", "Daniel": "Dan", "Edward": "Ted", "Joseph": "Joe",
    "Charles": "Chuck", "Lawrence": "Larry", "Timothy": "Tim", "Benjamin": "Ben",
    "José": "", "Omar": "", "Wei": "", "Luis": "", "Kwame": "", "Dmitri": "", "Carlos": "",
    "Marcus": "", "Ravi": "", "Oscar": "", "Isaac": "", "Liam": "", "Hugo": "",
}  # fmt: skip
MIDDLE: tuple[str, ...] = (
    "Ann", "Lee", "Marie", "Rose", "Jean", "Ray", "Paul", "Lynn", "Alan", "Grace", "Dean", "Kay",
)  # fmt: skip
LAST: tuple[str, ...] = (
    "Okafor", "Nguyen", "O'Brien", "García", "Kowalski", "Smith", "Johnson", "Patel", "Rivera",
    "Cohen", "Murphy", "Santos", "Lindqvist", "Haddad", "Brown", "Williams", "Tanaka", "Petrov",
    "Fitzgerald", "Mensah", "Ortiz", "Becker", "Delgado", "Castellano", "Whitaker", "Osei",
    "Van Dyke", "Moreau", "Jackson", "Abernathy", "Chaudhry", "Silva", "Novak", "Bouchard",
    "Lefebvre", "Washington", "Rahman", "Thibodeau", "Gallagher", "Yamamoto", "Eriksen", "Baptiste",
    "Miller", "Davis", "Quintero", "Schwartz", "Adeyemi", "Callahan", "Rossi", "Underwood",
)  # fmt: skip
STREETS: tuple[str, ...] = (
    "Maple Street", "Elm Street", "Pleasant Street", "South Main Street", "Bridge Road",
    "Chestnut Avenue", "Mill Lane", "North Prospect Street", "Canal Drive", "River Road",
    "College Avenue", "Orchard Court", "Depot Square", "High Street", "Meadow Lane",
    "School Street",
)  # fmt: skip
TOWNS: tuple[Town, ...] = (
    Town("Northampton", "01060"),
    Town("Easthampton", "01027"),
    Town("Holyoke", "01040"),
    Town("Amherst", "01002"),
    Town("Greenfield", "01301"),
    Town("South Hadley", "01075"),
)
#: Each has a hundred numbers, 555-0100 to 555-0199, that no subscriber will ever have.
AREA_CODES: tuple[str, ...] = ("413", "617", "508", "978", "781")
MAIL_DOMAINS: tuple[str, ...] = ("example.org", "example.com", "example.net")
