"""NGP VAN's routes, under ``/v4``: contacts as its document has them, and people as its public API.

They are two lists, kept by two policies. ``contacts`` and ``people`` have the routes of each,
``shown`` makes the JSON of the latter, ``answering`` has what both share.
"""

from matcher.service.ngp_van import contacts, people
from matcher.service.ngp_van.answering import new_router

router = new_router()
for module in (contacts, people):
    router.include_router(module.router)

__all__ = ["router"]
