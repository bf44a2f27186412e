"""Every error that this package raises on purpose.

::

    MatcherError                 anything below; catch this to catch all
    ├── InputError               what came in cannot be used: file, row and column are named
    │   ├── UnreadableFile       missing, empty, a directory, damaged, wrong encoding
    │   └── UnusableColumns      no column is of use, or a mapping names an absent one
    ├── OptionError              an argument has a value that cannot be meant
    ├── ModelError               a model file is damaged or of another version
    ├── OutputError              results cannot be written there
    ├── StoreError               a store cannot be opened, or what it is asked for cannot be done
    │   ├── StoreLocked          another process has it open
    │   └── UnknownInStore       it holds no such person, record, event or run
    └── MissingExtra             the feature needs an extra that is not installed

A message says what went wrong, where, and what to do; it never holds personal data beyond the
value at fault.
"""

from __future__ import annotations


class MatcherError(Exception):
    """The root of the tree; its text is one clear sentence for a person.

    ``exit_code`` is what the command line returns for it.
    """

    exit_code = 1


class InputError(MatcherError):
    """What came in cannot be used."""

    exit_code = 3


class UnreadableFile(InputError):
    """A file is missing, empty, a directory, damaged, or not in a format that is read."""


class UnusableColumns(InputError):
    """No column says anything about a person, or a mapping names a column that is absent."""


class OptionError(MatcherError):
    """An argument has a value that cannot be meant."""

    exit_code = 2


class ModelError(MatcherError):
    """A model file is damaged, of another version, or does not fit the data."""

    exit_code = 5


class OutputError(MatcherError):
    """Results cannot be written to the place given."""

    exit_code = 4


class StoreError(MatcherError):
    """A store cannot be opened, or what it is asked for cannot be done; it is as it was."""

    exit_code = 7


class StoreLocked(StoreError):
    """Another process has the store open."""

    exit_code = 8


class UnknownInStore(StoreError):
    """The store holds no such person, record, event or run."""

    exit_code = 9


class MissingExtra(MatcherError):
    """The feature needs an optional dependency; the message holds the command that installs it."""

    exit_code = 6
