"""Where the program begins and ends: errors become one line and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

import typer

from matcher.cli.app import app
from matcher.cli.starting import begin, end
from matcher.errors import MatcherError

INTERRUPTED = 130
BROKEN_PIPE = 141
UNEXPECTED = 70

#: What Typer raises for a command line that cannot be meant; its home differs between versions.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and exits with its code; see ``docs/exit-codes.md``."""
    begin()
    given = list(sys.argv[1:] if arguments is None else arguments)
    # Wherever it stands: someone who meets an error adds it at the end of the line.
    debug = "--debug" in given or os.environ.get("MATCHER_DEBUG", "") not in ("", "0")
    code = run([argument for argument in given if argument != "--debug"], debug)
    end()
    sys.exit(code)


def run(arguments: Sequence[str], debug: bool = False) -> int:
    """Runs one command line.

    Args:
        arguments: without the name of the program.
        debug: whether to print the traceback of an error.

    Returns:
        the exit code.
    """
    try:
        code = app(args=list(arguments), prog_name="matcher", standalone_mode=False)
        sys.stdout.flush()
    except MatcherError as error:
        return _tell(str(error), error.exit_code, debug)
    except _UsageError as error:
        return _tell(_usage(error), 2, debug)
    except (BrokenPipeError, SystemExit):  # Typer leaves by the latter where a pipe breaks
        return _hang_up()
    except (KeyboardInterrupt, typer.Abort):
        return _tell("stopped; nothing that was there before has been changed.", INTERRUPTED, False)
    except Exception as error:
        return _tell(_unexpected(error), UNEXPECTED, debug)
    return code if isinstance(code, int) else 0


def _tell(message: str, code: int, debug: bool) -> int:
    """One line on stderr, after the traceback if it is wanted."""
    if debug:
        traceback.print_exc()
    line = " ".join(message.split())
    print(f"error: {line}", file=sys.stderr)
    return code


def _usage(error: BaseException) -> str:
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "matcher"
    return f"{message.rstrip('.')}. '{command} --help' shows how."


def _unexpected(error: Exception) -> str:
    """Without the error's own text, which may hold personal data."""
    return (
        f"this should not have happened ({type(error).__name__}); please report it with what "
        "--debug prints, after taking personal data out of it."
    )


def _hang_up() -> int:
    """Whoever read our output has gone; a quiet end, without Python's complaint at exit."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - open till the end
    return BROKEN_PIPE
