"""How values are written in Swedish: numbers, percent, money, dates, periods. No HTML, no data access.

Decimal comma, no-break blank between thousands and before units, en dash as minus. Rounding is half away from
zero, as readers round by hand.
"""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal

NBSP = "\u00a0"
MINUS = "–"
WITHHELD = ".."
NOT_COMPUTABLE = "–"

Kind = Literal["count", "percent", "points", "days", "fte", "sek", "text", "date"]

_DECIMALS: dict[str, int] = {"count": 0, "percent": 1, "points": 1, "days": 0, "fte": 2, "sek": 0}
_UNITS: dict[str, str] = {"percent": "%", "sek": "kr"}
_MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)


def number(value: float, decimals: int = 0) -> str:
    """A number with `decimals` places: 1234.5 becomes `1 234,5`, -9 becomes `–9`."""
    if isinstance(value, int) and decimals == 0:
        text = f"{abs(value):,}"
        negative = value < 0
    else:
        rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        text = f"{abs(rounded):,f}"
        negative = rounded < 0
    text = text.replace(",", NBSP).replace(".", ",")
    return MINUS + text if negative else text


def decimals_of(value: float) -> int:
    """The number of decimals that a published figure was printed with, at most two: 20.5 has one."""
    fraction = f"{Decimal(repr(value)).normalize():f}".partition(".")[2]
    return min(len(fraction), 2)


@lru_cache(maxsize=1 << 16, typed=True)
def value_text(value: object, kind: Kind = "count", decimals: int | None = None) -> str:
    """A value of an indicator table as text with its unit; blank for None.

    `points` carry their sign (`+3,1`), since they are changes.
    """
    if value is None:
        return ""
    if isinstance(value, datetime.date):
        return date_text(value)
    if kind in ("text", "date") or not isinstance(value, int | float | Decimal):
        return str(value)
    plain = value if isinstance(value, int) else float(value)
    text = number(plain, _DECIMALS[kind] if decimals is None else decimals)
    if kind == "points" and plain > 0:
        text = "+" + text
    unit = _UNITS.get(kind)
    return f"{text}{NBSP}{unit}" if unit else text


def date_text(day: datetime.date) -> str:
    """A date in words: `31 december 2021`."""
    return f"{day.day}{NBSP}{_MONTHS[day.month - 1]}{NBSP}{day.year}"


@lru_cache(maxsize=1 << 10)
def period_text(code: str) -> str:
    """A calendar period in words; any other code as it is.

    `2021` stays, `2021H1` is `första halvåret 2021`, `2021Q3` is `kvartal 3 2021`, `2021-03` is `mars 2021`.
    """
    if match := re.fullmatch(r"(\d{4})H([12])", code):
        half = "första" if match[2] == "1" else "andra"
        return f"{half} halvåret {match[1]}"
    if match := re.fullmatch(r"(\d{4})Q([1-4])", code):
        return f"kvartal {match[2]} {match[1]}"
    if match := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", code):
        return f"{_MONTHS[int(match[2]) - 1]} {match[1]}"
    return code


def span_text(first: datetime.date, last: datetime.date) -> str:
    """A span of days in words: `1 december 2019 till 31 december 2021`."""
    return f"{date_text(first)} till {date_text(last)}"


def municipality_text(name: str) -> str:
    """A municipality by its full name: `Bollnäs kommun`, `Gävle kommun`, `Sandvikens kommun`."""
    return f"{name} kommun" if name[-1:].lower() in "aeiouyåäösxz" else f"{name}s kommun"


def short_period_text(code: str) -> str:
    """A calendar period for an axis: `H1 2021`, `kv 3 2021`."""
    if match := re.fullmatch(r"(\d{4})([HQ])(\d)", code):
        return f"{'H' if match[2] == 'H' else 'kv '}{match[3]} {match[1]}"
    return code


def wave_text(code: str) -> str:
    """A wave of the survey in words: `2020VT` is `Våren 2020`, any other code stays as it is."""
    if match := re.fullmatch(r"(\d{4})(VT|HT)", code):
        return f"{'Våren' if match[2] == 'VT' else 'Hösten'} {match[1]}"
    return code


def wave_order(code: str) -> tuple[str, int, str]:
    """What waves are ordered by: year, then spring before autumn."""
    return code[:4], ("VT", "HT").index(code[4:]) if code[4:] in ("VT", "HT") else 2, code


def swedish_order(text: str) -> tuple[int, ...]:
    """What texts are ordered by: letters without regard to case, å, ä, ö last."""
    last = {"å": 0x10000, "ä": 0x10001, "ö": 0x10002}
    return tuple(last.get(letter, ord(letter)) for letter in text.lower())


def sentence(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
