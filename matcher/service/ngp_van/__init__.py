"""NGP VAN's routes, under ``/v4``: contacts as its document has them, and people as its public API.

They are two lists, kept by two policies. ``contacts`` and ``people`` have the routes of each,
``shown`` makes the JSON of the latter, ``answering`` has what both share.
"""

from matcher.service.ngp_van import contacts, people

routes = [route for module in (contacts, people) for route in module.router.routes]

__all__ = ["routes"]
