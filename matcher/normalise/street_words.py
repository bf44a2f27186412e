"""The words of street addresses in the short forms of USPS Publication 28."""

from __future__ import annotations

_SUFFIXES: dict[str, str] = {
    "aly": "allee alley ally",
    "anx": "anex annex annx",
    "arc": "arcade",
    "ave": "av aven avenu avenue avn avnue avenuee",
    "bch": "beach",
    "bg": "burg",
    "blf": "bluf bluff",
    "blvd": "boul boulevard boulv bvd blv",
    "bnd": "bend",
    "br": "brnch branch",
    "brg": "bridge brdge",
    "brk": "brook",
    "btm": "bot bottm bottom",
    "byp": "bypa bypas bypass byps",
    "byu": "bayoo bayou",
    "cir": "circ circl circle crcl crcle",
    "clb": "club",
    "clf": "cliff",
    "cmn": "common",
    "cor": "corner",
    "cp": "camp cmp",
    "cres": "crescent crsent crsnt",
    "crk": "creek",
    "crse": "course",
    "crst": "crest",
    "cswy": "causeway causwa",
    "ct": "court crt",
    "ctr": "cen cent center centr centre cnter cntr",
    "cts": "courts",
    "curv": "curve",
    "cv": "cove",
    "cyn": "canyn canyon cnyn",
    "dl": "dale",
    "dm": "dam",
    "dr": "driv drive drv",
    "drs": "drives",
    "dv": "div divide dvd",
    "est": "estate",
    "ests": "estates",
    "expy": "exp expr express expressway expw",
    "ext": "extension extn extnsn",
    "fld": "field",
    "flds": "fields",
    "fls": "falls",
    "flt": "flat",
    "fry": "ferry frry",
    "frst": "forest forests",
    "fwy": "freeway freewy frway frwy",
    "gdn": "garden gardn grden grdn",
    "gdns": "gardens grdns",
    "gln": "glen",
    "grn": "green",
    "grv": "grov grove",
    "gtwy": "gateway gatewy gatway gtway",
    "hbr": "harb harbor harbour harbr hrbor",
    "hl": "hill",
    "hls": "hills",
    "holw": "hllw hollow hollows holws",
    "hts": "ht heights hgts",
    "hvn": "haven",
    "hwy": "highway highwy hiway hiwy hway",
    "is": "island islnd",
    "jct": "jction jctn junction junctn juncton",
    "knl": "knol knoll",
    "lk": "lake",
    "lks": "lakes",
    "lndg": "landing lndng",
    "ln": "lane la",
    "lp": "loop loops",
    "mdw": "meadow",
    "mdws": "meadows medows mdw",
    "ml": "mill",
    "mls": "mills",
    "mnr": "manor",
    "mt": "mnt mount",
    "mtn": "mntain mntn mountain mountin mtin",
    "orch": "orchard orchrd",
    "pde": "parade",
    "pk": "park prk",
    "pkwy": "parkway parkwy pkway pky",
    "pl": "place plc",
    "pln": "plain",
    "plz": "plaza plza",
    "pne": "pine",
    "pnes": "pines",
    "pt": "point",
    "radl": "rad radial radiel",
    "rd": "road roa",
    "rdg": "rdge ridge",
    "riv": "river rivr rvr",
    "rnch": "ranch ranches rnchs",
    "rte": "route rt",
    "shr": "shoar shore",
    "smt": "sumit sumitt summit",
    "spg": "spng spring sprng",
    "spgs": "spngs springs sprngs",
    "sq": "sqr sqre squ square",
    "st": "street strt str stree saint",
    "sta": "station statn stn",
    "strm": "stream streme",
    "ter": "terr terrace tce",
    "tpke": "trnpk turnpike turnpk",
    "trak": "track tracks trk trks",
    "trce": "trace traces",
    "trl": "trail trails trls",
    "tunl": "tunel tunls tunnel tunnels tunnl",
    "un": "union",
    "via": "viadct viaduct",
    "vis": "vist vista vst vsta",
    "vl": "ville",
    "vlg": "vill villag village villg",
    "vly": "valley vally vlly",
    "vw": "view",
    "walk": "walks",
    "way": "wy",
    "wl": "well",
    "wls": "wells",
    "xing": "crossing crssng",
}
_DIRECTIONS: dict[str, str] = {
    "n": "north nth nrth",
    "s": "south sth",
    "e": "east",
    "w": "west",
    "ne": "northeast",
    "nw": "northwest",
    "se": "southeast",
    "sw": "southwest",
}
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth",
)  # fmt: skip

ORDINAL_WORDS: dict[str, str] = {word: str(number) for number, word in enumerate(_ORDINALS, 1)}
SUFFIXES = frozenset(_SUFFIXES)
DIRECTIONS = frozenset(_DIRECTIONS)
#: Every long or odd spelling of a street word -> its short form.
SHORT: dict[str, str] = {
    spelling: short
    for table in (_SUFFIXES, _DIRECTIONS)
    for short, spellings in table.items()
    for spelling in spellings.split()
} | ORDINAL_WORDS

#: Roads named by number: two words -> one.
NUMBERED_ROADS: dict[tuple[str, str], str] = {
    **{(county, "rd"): "cr" for county in ("county", "co", "cnty", "cty")},
    **{(county, "hwy"): "ch" for county in ("county", "co", "cnty", "cty")},
    **{(county, "rte"): "cr" for county in ("county", "co", "cnty", "cty")},
    **{("state", road): "sr" for road in ("rd", "rte", "hwy")},
    **{("st", road): "sr" for road in ("rte", "hwy")},
    **{("us", road): "us" for road in ("rd", "rte", "hwy")},
    ("u", "s"): "us",
    ("farm", "rd"): "fm",
    ("interstate", "hwy"): "i",
}
NUMBERED_ROAD_NAMES: dict[str, str] = {"sh": "sr", "ush": "us", "cth": "ch", "interstate": "i"}

#: Words before a unit that say no more than "unit"; the value of the last ones needs a digit.
STRONG_UNITS = frozenset(
    {
        "#", "apt", "apartment", "aptmnt", "apartmnt", "aprt", "appt", "apmt", "unit", "unt",
        "ste", "suite", "suit", "flat", "flt",
        "apto", "apartamento",
    }
)  # fmt: skip
WEAK_UNITS = frozenset(
    {
        "no", "number", "num", "nbr", "ap", "un", "lot", "rm", "room", "spc", "space", "trlr",
        "trailer", "nr", "office", "ofc",
    }
)  # fmt: skip
#: Words that stay in the unit because they tell units apart.
KEPT_UNITS: dict[str, str] = {
    "bldg": "bldg", "building": "bldg", "bld": "bldg", "tower": "twr", "twr": "twr",
}  # fmt: skip
FLOORS = frozenset({"fl", "flr", "floor", "level", "lvl"})
FLOOR_NAMES = frozenset({"ground", "gnd", "main", "top"})
#: Units that need no value; those of ``LONE_AFTER_SUFFIX`` are street names elsewhere.
LONE_UNITS: dict[str, str] = {
    "bsmt": "bsmt", "basement": "bsmt", "bsmnt": "bsmt", "ph": "ph", "penthouse": "ph",
    "upstairs": "upstairs", "downstairs": "downstairs", "rear": "rear", "front": "frnt",
    "frnt": "frnt", "upper": "uppr", "uppr": "uppr", "lower": "lowr", "lowr": "lowr",
}  # fmt: skip
LONE_AFTER_SUFFIX = frozenset({"rear", "front", "frnt", "upper", "uppr", "lower", "lowr"})
#: Suffixes after which a number is a unit, never a part of the street's name.
ENDS_STREET = frozenset({"st", "dr", "ln", "ct", "pl", "cir", "blvd", "way", "ter", "pkwy"})

#: What people type where an address is demanded, punctuation out.
NO_ADDRESS = frozenset(
    {
        "none", "na", "n a", "unknown", "unk", "general delivery", "homeless", "x", "xx", "xxx",
        "xxxx", "no address", "not provided", "not available", "no known address", "transient",
        "same", "same as above", "tbd", "test", "address", "street", "null", "nil", "asdf",
        "undeliverable", "bad address", "no fixed address", "not given", "unhoused", "0", "00",
    }
)  # fmt: skip
#: Real somewhere, and what people type who would not say where they live.
VAGUE_ADDRESSES = frozenset({"123 main st", "1234 main st", "123 st", "123 any st", "123 fake st"})
