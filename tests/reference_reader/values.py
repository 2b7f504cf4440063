"""One value at a time: text in, (value, reason) out, where one of the two is None."""

import calendar
import re
from datetime import date

from tests.reference_reader.contract import code_lists, municipalities

BLANKS = " \u00a0\u2007\u2009\u202f"
NUMBER = re.compile(rf"-?(\d+|\d{{1,3}}([{BLANKS}]\d{{3}})+)([.,]\d+)?", re.ASCII)
TRUE, FALSE = {"j", "ja", "1", "true"}, {"n", "nej", "0", "false"}
DATES = (r"(\d{4})-(\d{2})-(\d{2})", r"(\d{4})(\d{2})(\d{2})", r"(\d{2})(\d{2})(\d{2})")
PNR = re.compile(r"(?:(\d{4})(\d{4})-?(\d{4})|(\d{2})(\d{4})([-+]?)(\d{4}))", re.ASCII)

Parsed = tuple[object, str | None]


def parse(text: str, kind: str, party: str, period_end: date) -> Parsed:
    """The value of a non-blank text, or the reason why it has none."""
    if kind == "text":
        return text, None
    if kind == "date":
        return parse_date(text)
    if kind == "month":
        return parse_month(text)
    if kind == "number":
        return parse_number(text)
    if kind == "flag":
        return parse_flag(text)
    if kind == "pnr":
        return parse_pnr(text, period_end)
    if kind == "municipality":
        return (text, None) if text in municipalities() else (None, "bad_municipality")
    if kind in ("reporter", "reporter_or_finsam"):
        return parse_reporter(text, kind)
    if kind == "themes":
        return parse_themes(text)
    return parse_code(text, f"benefit_{party}" if kind == "benefit" else kind)


def day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def parse_date(text: str) -> Parsed:
    for pattern in DATES:
        if match := re.fullmatch(pattern, text, re.ASCII):
            year, month, number = (int(part) for part in match.groups())
            found = day(year + 2000 if len(match[1]) == 2 else year, month, number)
            return (found, None) if found else (None, "bad_date")
    return None, "bad_date"


def parse_month(text: str) -> Parsed:
    match = re.fullmatch(r"(\d{4})-?(\d{2})", text, re.ASCII)
    found = day(int(match[1]), int(match[2]), 1) if match else None
    return (found, None) if found else (None, "bad_month")


def parse_number(text: str) -> Parsed:
    if not NUMBER.fullmatch(text):
        return None, "bad_number"
    return float(re.sub(rf"[{BLANKS}]", "", text).replace(",", ".")), None


def parse_flag(text: str) -> Parsed:
    folded = text.casefold()
    return (folded in TRUE, None) if folded in TRUE | FALSE else (None, "bad_flag")


def parse_code(text: str, list_name: str) -> Parsed:
    code = code_lists()[list_name].get(text.casefold())
    return (code, None) if code else (None, "bad_code")


def parse_reporter(text: str, kind: str) -> Parsed:
    known = {"AF", "FK", "RG"} | ({"FINSAM"} if kind == "reporter_or_finsam" else set())
    if text.upper() in known:
        return text.upper(), None
    return (text, None) if text in municipalities() else (None, "bad_code")


def parse_themes(text: str) -> Parsed:
    codes = [code_lists()["theme"].get(part.strip().casefold()) for part in text.split("|")]
    return ("|".join(code for code in codes if code), None) if all(codes) else (None, "bad_code")


def parse_pnr(text: str, period_end: date) -> Parsed:
    """Twelve digits of a personnummer or samordningsnummer: the full birth date and the last four."""
    match = PNR.fullmatch(text)
    if not match:
        return None, "bad_personnummer"
    if match[1]:
        year, month_day, last = int(match[1]), match[2], match[3]
    else:
        month_day, last = match[5], match[7]
        year = _full_year(match[4], month_day, match[6], period_end)
    born = _birth_day(year, month_day)
    # A serial number of three zeros is nobody's.
    if born is None or last.startswith("000") or not luhn(f"{year % 100:02d}{month_day}{last}"):
        return None, "bad_personnummer"
    return f"{year:04d}{month_day}{last}", None


def _full_year(two: str, month_day: str, sign: str, period_end: date) -> int:
    year = period_end.year - (period_end.year - int(two)) % 100
    # In the year of the period's end it is the day that tells whether the birth lies behind.
    if year == period_end.year and _month_and_day(month_day) > (period_end.month, period_end.day):
        year -= 100
    return year - 100 if sign == "+" else year


def _month_and_day(month_day: str) -> tuple[int, int]:
    number = int(month_day[2:])
    return int(month_day[:2]), number - 60 if number > 60 else number


def _birth_day(year: int, month_day: str) -> date | None:
    return day(year, *_month_and_day(month_day)) if year else None


def luhn(ten: str) -> bool:
    """Whether the last of ten digits is the check digit of the nine before it."""
    total = 0
    for place, digit in enumerate(ten):
        product = int(digit) * (2 if place % 2 == 0 else 1)
        total += product // 10 + product % 10
    return total % 10 == 0


def last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
