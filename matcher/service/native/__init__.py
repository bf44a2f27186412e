"""The routes of this product's own, under ``/v1``: a module per kind of question.

``models`` has what goes in and out, for checking and for the documentation; ``shown`` makes plain
JSON of what the store answers; ``answers`` documents what a route may answer.
"""

from matcher.service.native import decisions, interactions, jobs, people, records, review

routes = [
    route
    for module in (records, people, decisions, review, interactions, jobs)
    for route in module.router.routes
]

__all__ = ["routes"]
