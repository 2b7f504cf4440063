"""What can be wrong, replaced or foreign about whole files."""

import gzip
import random
from datetime import date
from pathlib import Path

import yaml

from tests.reference_reader.files import period_days

HALVES = {"H1": ("Q1", "Q2"), "H2": ("Q3", "Q4")}

NAMES = yaml.safe_load(Path(__file__).with_name("hostile.yml").read_text("utf-8"))


def put(inbox: Path, path: str, content: bytes) -> None:
    file = inbox / path
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.write_bytes(content)


def put_foreign(inbox: Path, rng: random.Random) -> None:
    """Files that are none of the warehouse's business, and names that ought to be a delivery's."""
    for path in rng.sample(NAMES["foreign_files"], 8):
        put(inbox, path, b"x;y\n1;2\n")
    for name in rng.sample(NAMES["names_without_period"], 5):
        put(inbox, f"rg/{name}", b"x;y\n1;2\n")
    link = inbox / "rg" / "moten_1999.csv"
    link.symlink_to(inbox / "rg" / "README.txt")
    (inbox / "kommun-2580").symlink_to(inbox / "kommun-2180")


def put_unreadable(inbox: Path, rng: random.Random) -> None:
    """Files of other years that cannot be read, or lack a header or a column."""
    header = b"personnummer;avslutsdatum;orsak\n"
    contents = [
        ("avslut_1990.csv", b""),
        ("avslut_1991.csv", b"\n\n\n"),
        ("avslut_1992.csv", b"personnummer;orsak\n199101019999;ARBETE\n"),
        ("avslut_1993.csv.gz", header),
        ("avslut_1994.csv.gz", gzip.compress(header * 9)[:-9]),
        ("avslut_1995.xlsx", header),
        ("avslut_1996.parquet", header),
        ("avslut_1997.csv", header),
        ("avslut_1998.csv", header.replace(b"\n", b"\r\n")),
        ("avslut_1999.csv.gz", gzip.compress(header.rstrip())),
        ("avslut_1989.csv", b"\xef\xbb\xbf"),
        ("avslut_1988.csv", header.replace(b"orsak", b"ors\x81\xe5k\x8d")),
        ("avslut_1987.csv", b" \r\n"),
    ]
    for name, content in rng.sample(contents, 6):
        put(inbox, f"kommun-2180/{name}", content)


def other_names(period: str, overlapping: bool, rng: random.Random) -> list[str]:
    """Names of further deliveries beside one of this period: revisions, twins, parts, wholes, or partial overlaps.

    Revisions and overlaps do not meet in one dataset of a party: which of three replaces which is then anybody's guess.
    """
    if period_days(period) is None or len(period) != 4:
        return [f"{period}_r2"] if rng.random() < 0.3 and not overlapping else []
    spelled = f"{period}0101-{period}1231"
    if overlapping:
        return rng.choice(
            [[], [f"{int(period) - 1}1201-{period}0131"], [f"{period}0601-{int(period) + 1}0630"]]
        )
    return rng.choice(
        [
            [],
            [f"{period}_r2", f"{period}_r10", f"{period}_r9"],
            [f"{period}_r2"],
            [f"{period}H1", f"{period}Q1", f"{period}-02"],
            [f"{period}Q4_r3", f"{period}H2"],
            [f"{spelled}_r2"],
            [spelled],
            [f"{int(period) - 1}0101-{int(period) + 1}1231"],
            [f"{period}_r1"],
        ]
    )


def parts_of(year: str, rng: random.Random) -> list[str]:
    """Periods that cut a year without a gap."""
    parts = []
    for half, quarters in HALVES.items():
        parts += [f"{year}{half}"] if rng.random() < 0.4 else [f"{year}{quarter}" for quarter in quarters]
    return parts


def within(day: str, period: str) -> bool:
    days = period_days(period)
    return (
        days is not None
        and days[0] <= date.fromisoformat(day[:10] if len(day) > 7 else f"{day}-01") <= days[1]
    )
