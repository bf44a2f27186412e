"""Action Network's routes, under ``/api/v2``: its list of people as OSDI in HAL.

``people`` has the collection and the person, ``outreaches`` the record-outreach helper, also for
those without a key; ``shown`` makes the resources and ``pages`` collections of them, ``odata``
reads filters, ``answering`` has what both kinds of route share.
"""

from matcher.service.action_network import outreaches, people

routes = [route for module in (people, outreaches) for route in module.router.routes]

__all__ = ["routes"]
