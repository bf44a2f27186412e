"""The tools that people can be merged in, and what each allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool.

    Attributes:
        name: short, as a word.
        title: as people call it.
        file: the file of its steps.
        id_columns: canonical columns with its ids.
        sources: source names whose records are its own.
        namespaced: its ids read ``instance:state:id`` and are unique only inside those.
        combines: a merge keeps the addresses of both; else only those of the one that stays.
        people_only: it holds no organisations.
        accounts: columns of which a person may have only one value; two block a merge.
    """

    name: str
    title: str
    file: str
    id_columns: Sequence[str]
    sources: Sequence[str]
    namespaced: bool = False
    combines: bool = True
    people_only: bool = False
    accounts: Sequence[str] = ()


VAN = Tool(
    name="van",
    title="VAN / EveryAction",
    file="van_merges.csv",
    id_columns=("van_id", "van_my_campaign_id"),
    sources=("van", "everyaction"),
    namespaced=True,
)
NATIONBUILDER = Tool(
    name="nationbuilder",
    title="NationBuilder",
    file="nationbuilder_merges.csv",
    id_columns=("nationbuilder_id",),
    sources=("nationbuilder",),
    accounts=("facebook", "twitter"),
)
ACTION_NETWORK = Tool(
    name="action_network",
    title="Action Network",
    file="action_network_todo.csv",
    id_columns=("action_network_id",),
    sources=("action_network",),
    combines=False,
    people_only=True,
)
TOOLS = (VAN, NATIONBUILDER, ACTION_NETWORK)
