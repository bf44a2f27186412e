"""NGP VAN: contacts, which a POST merges into by itself, and people, who are found or created.

====================  ======================================================================
``settings``          the profile and the options of both policies
``shapes``            the JSON of contacts and of people
``asking``            what of a contact counts, and whether it may come in at all (NG-01, NG-02)
``typed``             one email, phone and address of each type (NG-06)
``contacts``          whom a POST closely matches (NG-04)
``posting``           what a contact is after a POST was merged into it
``key_sets``          the combinations by which people are found (2C)
``people``            find, find or create, and merge
``layering``          what both do with names, consent and identifiers
====================  ======================================================================

Rules are cited by their ids, ``NG-04``, or ``2C-1`` for those of part 2C of the catalogue; see
``docs/vendor-rules.md``.
"""

from matcher.policies.ngp_van.contacts import NgpVanContacts, ngp_van
from matcher.policies.ngp_van.people import NgpVanPeople, ngp_van_people

__all__ = ["NgpVanContacts", "NgpVanPeople", "ngp_van", "ngp_van_people"]
