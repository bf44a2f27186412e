"""The service: one identity store, many clients over HTTP; routes translate and decide nothing.

``app`` puts it together and ``service`` holds what a request works with: the store, ``keys`` and
``access`` (who may do what), ``writer`` and ``reader`` (the two ``worker`` threads at the store),
``idempotency`` and ``jobs``, which keep what must outlast the service in its ``journal``.
``boundary`` stands before everything: limits, ``metrics`` and ``logs``; ``problems`` is what is
answered where something is wrong. ``native`` has the routes under ``/v1``; ``serving`` runs it all
on a port.
"""

from matcher.service.app import create_app
from matcher.service.settings import Settings

__all__ = ["Settings", "create_app"]
