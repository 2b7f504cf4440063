"""The same value in every form that the contract allows, and values that are almost one."""

import random
import re
from datetime import date
from pathlib import Path

import yaml

from tests.reference_reader.contract import code_lists

NO_BREAK, NARROW = "\u00a0", "\u202f"

HOSTILE: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("hostile.yml").read_text("utf-8"))[
    "values"
]


def codes_of(kind: str, party: str) -> dict[str, list[str]]:
    """The written forms of each code of a list: the code and its label."""
    found: dict[str, list[str]] = {}
    for form, code in code_lists().get(f"benefit_{party}" if kind == "benefit" else kind, {}).items():
        found.setdefault(code, []).append(form)
    return found


def written(rng: random.Random, value: str, kind: str, party: str, period_end: date) -> str:
    """A canonical text in a form drawn at random that means the same, blanks around it now and then."""
    text = _written(rng, value, kind, party, period_end) if value else ""
    return _blanks(rng) + text + _blanks(rng) if rng.random() < 0.1 else text


def hostile(rng: random.Random, value: str, kind: str, party: str) -> str:
    """Something else in the place of a canonical text: broken, foreign, at a boundary, or blank."""
    if rng.random() < 0.12:
        return rng.choice(["", " ", NO_BREAK, "\t", "-", "?", "0"])
    if kind == "pnr" and re.fullmatch(r"[0-9]{12}", value) and rng.random() < 0.7:
        return broken_pnr(rng, value)
    if kind in HOSTILE:
        return rng.choice(HOSTILE[kind])
    if kind in ("reporter", "reporter_or_finsam"):
        return rng.choice(["rg", "Fk", "FINSAM", "KOMMUN", "0114", "114", "9999", "Gävle", "AF ", "RG\u00a0"])
    if kind == "themes":
        return rng.choice(
            [
                f"{value}|",
                f"|{value}",
                f"{value}||{value}",
                f"{value} | {value}",
                "X",
                f"{value}|X",
                value.lower(),
            ]
        )
    other = rng.choice([code for codes in code_lists().values() for code in codes])
    return rng.choice([*HOSTILE["code"], other, other.upper()])


def broken_pnr(rng: random.Random, value: str) -> str:
    last = str((int(value[-1]) + rng.randint(1, 9)) % 10)
    year, month_day, serial = value[:4], value[4:8], value[8:11]
    return rng.choice(
        [
            value[:-1] + last,
            f"{value[2:8]}-{value[8:11]}{last}",
            with_check_digit(year, "0229", serial),
            with_check_digit(year, "0289", serial),
            with_check_digit(year, f"{month_day[:2]}60", serial),
            with_check_digit(year, f"{month_day[:2]}92", serial),
            with_check_digit(year, f"{month_day[:2]}00", serial),
            with_check_digit(year, "1301", serial),
            with_check_digit(year, "0431", serial),
            with_check_digit("0000", month_day, serial),
            with_check_digit("2031", month_day, serial),
            with_check_digit(year, month_day, "000"),
            with_check_digit(year, f"{int(month_day) + 60:04d}", serial),
            with_check_digit("1900", "0229", serial)[2:8]
            + "+"
            + with_check_digit("1900", "0229", serial)[8:],
            with_check_digit("2000", "0229", serial)[2:],
            f"{value[:8]}+{value[8:]}",
            f"{value[:6]}-{value[6:]}",
            value[:-1],
            value + "0",
            value[1:],
        ]
    )


def with_check_digit(year: str, month_day: str, serial: str) -> str:
    nine = f"{year[2:]}{month_day}{serial}"
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(nine))
    return f"{year}{month_day}{serial}{-total % 10}"


def _blanks(rng: random.Random) -> str:
    return rng.choice(["", " ", "  ", NO_BREAK, "\t", f" {NARROW}", "\u2003", "\u3000"])


def _written(rng: random.Random, value: str, kind: str, party: str, period_end: date) -> str:
    if kind == "date":
        forms = [value, value.replace("-", "")] + ([value[2:].replace("-", "")] if value[:2] == "20" else [])
        return rng.choice(forms)
    if kind == "month":
        return rng.choice([value, value.replace("-", "")])
    if kind == "number":
        return _number(rng, value)
    if kind == "flag":
        return _any_case(
            rng, rng.choice(["j", "ja", "1", "true"] if value == "J" else ["n", "nej", "0", "false"])
        )
    if kind == "pnr":
        return _pnr(rng, value, period_end)
    if forms := codes_of(kind, party).get(value):
        return _any_case(rng, rng.choice(forms)) if rng.random() < 0.6 else value
    return value


def _any_case(rng: random.Random, text: str) -> str:
    return rng.choice([text, text.upper(), text.lower(), text.title(), text.swapcase()])


def _number(rng: random.Random, value: str) -> str:
    whole, _, part = value.partition(".")
    if rng.random() < 0.4 and whole.isdigit():
        whole = f"{int(whole):,}".replace(",", rng.choice([" ", NO_BREAK, NARROW, "\u2009"]))
    return whole + (
        rng.choice(",.") + part + rng.choice(["", "0"]) if part else rng.choice(["", "", ",0", ".00"])
    )


def _pnr(rng: random.Random, value: str, period_end: date) -> str:
    """Two-digit years only where they mean this person."""
    forms = [value, f"{value[:8]}-{value[8:]}"]
    age = period_end.year - int(value[:4])
    if 0 < age < 100:
        forms += [value[2:], f"{value[2:8]}-{value[8:]}"]
    elif 100 < age < 200:
        forms += [f"{value[2:8]}+{value[8:]}"]
    return rng.choice(forms)
