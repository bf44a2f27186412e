"""NationBuilder's routes, under ``/api/v1``: its list of people as that vendor's API shows it.

``people`` has create, update, push, show, destroy and the other calls about one person, ``finding``
the index, count, match, search and nearby, ``taggings`` tags, notes and lists. ``fields`` names all
fields of the document, ``shown`` fills them, ``pages`` has nonces and tokens, ``answering`` what
all routes share.
"""

from matcher.service.nationbuilder import finding, people, taggings

#: ``people/count`` is asked before ``people/{id}``.
routes = [route for module in (finding, people, taggings) for route in module.router.routes]

__all__ = ["routes"]
