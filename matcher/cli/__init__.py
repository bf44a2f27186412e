"""The command line: one module per command, no logic in any.

``app`` gathers the commands and ``boundary`` turns errors into lines and exit codes; ``options``
and ``parsing`` hold what the commands share on the way in, ``progress`` and ``printing`` on the
way out. Everything heavy is imported inside the commands, so that help comes at once.
"""

from matcher.cli.boundary import main

__all__ = ["main"]
