"""What goes into the native routes and comes out of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, create_model, model_validator

from matcher.records import CONSENT_COLUMNS, EXTERNAL_ID_COLUMNS, REPEATED_COLUMNS, SINGLE_COLUMNS

Text = Annotated[str, StringConstraints(max_length=2_000, strict=True)]
Id = (
    Annotated[str, StringConstraints(max_length=200, strict=True)]
    | Annotated[int, Field(strict=True, ge=0, lt=2**63)]
)
Texts = Text | Annotated[list[Text], Field(max_length=20)]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$", strict=True)]
Time = Annotated[
    str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}([T ][0-9:.,Z+-]{1,30})?$", strict=True)
]
Source = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$", strict=True)
]
Note = Annotated[str, StringConstraints(max_length=1_000, strict=True)]
Named = Annotated[str, StringConstraints(min_length=1, max_length=500, strict=True)]

#: Of the columns that a record has once, those that say nothing about who it is.
_NOBODY = ("entity_type", "prefix", "suffix", "gender", "tags", "updated_at", "country")
_TYPES: dict[str, Any] = {"birth_date": Day, "updated_at": Time}
_EXAMPLE: dict[str, Any] = {
    "source": "signups",
    "source_record_id": "2041",
    "first_name": "Bob",
    "last_name": "Okafor",
    "email": ["bob.okafor@example.org"],
    "phone": "413-555-0142",
    "postal_code": "01060",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Record(_Strict):
    """A record, under canonical names or those that exports have (`zip`, `First Name`).

    At least one of them says who it is.
    """

    @model_validator(mode="after")
    def _says_who(self) -> _Record:
        said = (getattr(self, name) for name in self.model_fields_set - _SILENT)
        if not any(value.strip() if isinstance(value, str) else value for value in said):
            raise ValueError("nothing here says who it is: give a name, an email, a phone or an id")
        return self


_SILENT = {"source", "source_record_id", *_NOBODY, *CONSENT_COLUMNS}


def record_model(extras: Mapping[str, str]) -> type[BaseModel]:
    """The model of a posted record in a store that compares further columns."""
    fields: dict[str, Any] = {
        "source": (Source, Field("api", description="The system or list that it comes from.")),
        "source_record_id": (
            Id | None,
            Field(None, description="Its id there; a record without one is named by its content."),
        ),
    }
    for name in (*SINGLE_COLUMNS, *CONSENT_COLUMNS, *extras):
        fields[name] = (_TYPES.get(name, Text) | None, None)
    fields |= dict.fromkeys(REPEATED_COLUMNS, (Texts | None, None))
    fields |= dict.fromkeys(EXTERNAL_ID_COLUMNS, (Id | None, None))
    made: type[BaseModel] = create_model("RecordIn", __base__=_Record, **fields)
    # Names of exports are taken too; what means nothing is told of, unless the client says not to.
    made.model_config["json_schema_extra"] = {"examples": [_EXAMPLE], "additionalProperties": True}
    made.model_rebuild(force=True)
    return made


class FaultOut(BaseModel):
    """One thing that is wrong with a request."""

    path: str = Field(examples=["$.email"])
    rule: str = Field(examples=["string_type"])
    message: str


class ProblemOut(BaseModel):
    """What is wrong with a request (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    rule: str = Field(description="Stable, for programs.", examples=["invalid_body"])
    errors: list[FaultOut] | None = None


class CandidateOut(BaseModel):
    """A person that a record may be."""

    person_id: str = Field(examples=["P12"])
    record_id: str = Field(description="The record of the person that agrees best.")
    probability: float
    household_probability: float
    weight: float = Field(description="Evidence for one person, in bits.")
    reasons: dict[str, str] = Field(examples=[{"first_name": "nickname", "email": "exact"}])


class RejectOut(BaseModel):
    """A value that could not be used."""

    column: str | None
    value: str | None
    reason: str


class ReceivedOut(BaseModel):
    """What became of one record."""

    record_id: str = Field(examples=["signups:2041"])
    outcome: Literal["created", "joined", "changed", "same", "turned_away"]
    person_id: str | None = Field(examples=["P12"])
    merged: list[str] = Field(description="Persons that merged into this one by what came.")
    candidates: list[CandidateOut]
    rejects: list[RejectOut]
    run: str = Field(description="What undo takes.", examples=["R7"])


class ReceivedListOut(BaseModel):
    """What became of each record, in the order in which they were sent."""

    results: list[ReceivedOut]


class ResolvedOut(BaseModel):
    """Who a record would be if it came in."""

    match: Literal["none", "one", "many"]
    person_id: str | None
    merges: list[str] = Field(description="Further persons, who would merge into that one.")
    candidates: list[CandidateOut]


class ResolvedListOut(BaseModel):
    """Who each record would be, in the order in which they were sent."""

    results: list[ResolvedOut]


class ToldOut(BaseModel):
    """A value, and which record tells it."""

    field: str
    value: str
    record_id: str
    source: str
    updated_at: str | None
    came_at: str


class HeldRecordOut(BaseModel):
    """A record of a person."""

    record_id: str
    source: str
    source_record_id: str | None
    updated_at: str | None
    came_at: str


class ConflictOut(BaseModel):
    """A field on which the records of a person disagree."""

    field: str
    told: list[ToldOut]


class PersonOut(BaseModel):
    """A person: the best value of each field, and all that its records say."""

    person_id: str = Field(description="Of the survivor where the one asked for has merged.")
    entity_type: str
    golden: dict[str, str]
    values: list[ToldOut]
    emails: list[ToldOut]
    phones: list[ToldOut]
    addresses: list[ToldOut]
    ids: list[ToldOut]
    records: list[HeldRecordOut]
    conflicts: list[ConflictOut]


class PeopleOut(BaseModel):
    """A page of people."""

    items: list[PersonOut]
    next: str | None = Field(description="The cursor to the next page; null on the last.")


class HistoryLineOut(BaseModel):
    """One line of a person's history."""

    when: str
    run: str
    event: str | None
    kind: str
    person_id: str
    other_person_id: str | None
    by: str | None
    note: str | None
    joined: list[str]
    left: list[str]
    records: list[str]


class HistoryOut(BaseModel):
    """A page of a person's history, the first line first."""

    items: list[HistoryLineOut]
    next: str | None


class AnyOut(BaseModel):
    """As the library tells it; see the documentation of the store."""

    model_config = ConfigDict(extra="allow")


class DecisionIn(_Strict):
    """Whether two records are one person."""

    left: Named = Field(description="A record_id, or source:source_record_id.")
    right: Named
    verdict: Literal["same", "different", "unsure", "withdrawn"]
    note: Note | None = None


class SplitIn(_Strict):
    """Records that are another person's."""

    record_ids: Annotated[list[Named], Field(min_length=1, max_length=1_000)]
    note: Note | None = None


class UndoIn(_Strict):
    """A run, or a merge or split."""

    what: Named = Field(examples=["R12", "E345"])
    note: Note | None = None


class ChangesOut(BaseModel):
    """What a run changed."""

    run: str | None = Field(examples=["R12"])
    records_new: int
    records_changed: int
    records_same: int
    created: list[str]
    updated: list[str]
    merged: dict[str, str]
    split: dict[str, str]
    emptied: list[str]
    restored: list[str]
    rejects: int
    notes: list[str]
    interactions: str = Field("", description="What became of interactions, in words.")


class ReceiptOut(BaseModel):
    """What was erased, or would be."""

    person_id: str
    dry_run: bool
    at: str
    by: str | None
    reason: str | None
    run: str | None
    records: list[str]
    rows: dict[str, int]
    notes_cleaned: int
    fingerprints: int
    changes: ChangesOut | None
    notes: list[str]


class JobRejectOut(RejectOut):
    """A row or value of a file that could not be used."""

    row: int | None = Field(description="Of the file, from 1, without the header.")


class JobRejectsOut(BaseModel):
    """A page of what of a file could not be used."""

    items: list[JobRejectOut]
    next: str | None


class JobOut(BaseModel):
    """A file on its way into the store."""

    id: str
    state: Literal["waiting", "reading", "writing", "done", "failed"]
    asked_at: str
    source: str | None
    by: str | None
    rows: int | None
    rows_done: int
    runs: list[str]
    counts: dict[str, int]
    rejects: list[JobRejectOut] = Field(description="The first hundred.")
    reject_count: int
    error: str | None


class JobsOut(BaseModel):
    """A page of jobs, the last one first."""

    items: list[JobOut]
    next: str | None


class InvalidOut(BaseModel):
    """What is wrong with an interaction."""

    row: int | None = Field(description="Which one it is of those sent, from 1.")
    path: str | None = Field(examples=["$.contactInfo"])
    reason: str


class AddedOut(BaseModel):
    """What became of interactions."""

    received: int
    new: int
    changed: int
    same: int
    valid: int
    linked: int
    review: int
    unmatched: int
    invalid: int
    erased: int
    reject_count: int
    rejects: list[InvalidOut] = Field(description="The first hundred.")


class InteractionOut(BaseModel):
    """An interaction, and what is known of whom it was with."""

    interaction: str = Field(examples=["I12"])
    interaction_id: str | None
    source: str
    occurred_at: str | None
    state_code: str | None
    status: Literal["linked", "review", "unmatched", "invalid", "erased"]
    person_id: str | None
    record_id: str | None
    probability: float | None
    reason: str | None
    since: str
    first_name: str | None
    last_name: str | None
    emails: list[str] | None
    phones: list[str] | None
    addresses: list[str] | None


class InteractionsOut(BaseModel):
    """A page of interactions."""

    items: list[InteractionOut]
    next: str | None


class ReviewPairOut(BaseModel):
    """Two records that may be one person; further keys tell what was compared, and its level."""

    model_config = ConfigDict(extra="allow")

    record_id_left: str
    record_id_right: str
    person_id_left: str
    person_id_right: str
    weight: float
    probability: float
    household_probability: float


class ReviewOut(BaseModel):
    """Doubtful pairs: of one person the least certain first, of all a page."""

    items: list[ReviewPairOut]
    next: str | None = Field(description="The cursor to the next page; null on the last.")


class HealthOut(BaseModel):
    """Whether the service is up."""

    status: Literal["ok"]
