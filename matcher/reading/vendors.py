"""The vendors' layouts: how a file of each is recognised and what its columns mean there.

Only what differs from the common aliases in ``headers`` is said here. Keys are header keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Vendor:
    """One vendor's file layout.

    Attributes:
        title: what the user is told was recognised.
        source: the source name that its records carry.
        needs: sets of keys; the layout is this one if every set has a key among the headers.
        lacks: keys that this layout never has.
        own_ids: the canonical columns that may hold the vendor's own id of a record, in order.
        columns: key -> canonical column, before the common aliases; ``None``: not used.
        only_prefix: only columns with this prefix speak of the person, and are known without it.
        also: keys without that prefix which are used all the same.
        folds: several rows make one record (one attribute per row).
    """

    title: str
    source: str
    needs: Sequence[frozenset[str]]
    own_ids: Sequence[str]
    lacks: frozenset[str] = frozenset()
    columns: Mapping[str, str | None] = field(default_factory=dict)
    only_prefix: str = ""
    also: frozenset[str] = frozenset()
    folds: bool = False

    def fits(self, keys: frozenset[str]) -> bool:
        """Whether a file with these header keys is of this layout."""
        return all(keys & need for need in self.needs) and not keys & self.lacks


#: The mark that only an Action Network report carries, in any of its columns.
_ACTION_NETWORK = frozenset(
    {
        "can2useraddress", "can2usercity", "can2stateabbreviated", "can2userstate", "can2county",
        "can2phone", "can2smsstatus", "can2subscriptionstatus", "can2subscriptiondate",
        "can2usertags", "can2lifetimevalue",
    }
)  # fmt: skip

#: In the order in which they are tried: a layout that is a special case of another comes first.
VENDORS: tuple[Vendor, ...] = (
    Vendor(
        title="EveryAction bulk upload (one attribute per row)",
        source="everyaction",
        needs=(
            frozenset({"sourceid"}),
            frozenset({"emailtype", "phonetype", "activistcode", "emailsubscriptionstatus"}),
            frozenset({"emailaddress", "phone", "addressline1", "lastname"}),
        ),
        own_ids=("source_record_id",),
        columns={"sourceid": "source_record_id"},
        folds=True,
    ),
    Vendor(
        title="NationBuilder donations",
        source="nationbuilder",
        needs=(frozenset({"signupnationbuilderid"}),),
        own_ids=("nationbuilder_id",),
        # Here nationbuilder_id is the id of the transaction, never of the person.
        only_prefix="signup",
        also=frozenset({"createdat", "updatedat", "succeededat", "recordid"}),
        columns={"succeededat": "updated_at"},
    ),
    Vendor(
        title="Action Network report",
        source="action_network",
        needs=tuple(_ACTION_NETWORK | {key} for key in ("uuid", "email", "zipcode")),
        lacks=frozenset({"nationbuilderid"}),
        own_ids=("action_network_id",),
        columns={"uuid": "action_network_id"},
    ),
    Vendor(
        title="NationBuilder people",
        source="nationbuilder",
        needs=(frozenset({"nationbuilderid"}),),
        own_ids=("nationbuilder_id",),
        columns={"legalname": None},
    ),
    Vendor(
        title="VAN export job",
        source="van",
        needs=(frozenset({"canvassfilerequestid"}), frozenset({"vanid"})),
        own_ids=("van_id", "van_my_campaign_id"),
    ),
    Vendor(
        title="VAN My Campaign / EveryAction",
        source="everyaction",
        needs=(frozenset({"vanid"}),),
        own_ids=("van_my_campaign_id",),
        columns={"vanid": "van_my_campaign_id"},
    ),
    Vendor(
        title="VAN My Voters",
        source="van",
        needs=(frozenset({"voterfilevanid"}),),
        own_ids=("van_id",),
    ),
    Vendor(
        title="VAN warehouse tables",
        source="van",
        needs=(frozenset({"myvvanid", "mycvanid"}),),
        own_ids=("van_id",),
    ),
)


def recognise(keys: frozenset[str]) -> Vendor | None:
    """The vendor whose layout these header keys show, if any."""
    return next((vendor for vendor in VENDORS if vendor.fits(keys)), None)
