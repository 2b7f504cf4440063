"""Typed cells (xlsx, Parquet) as the text that a CSV file would hold, by the type of the column they stand in."""

from datetime import date, datetime
from decimal import Decimal
from math import isinf, isnan

from dagster_project.contract import Column

# The digits that a number loses when it is stored as a number; 0 = none.
_WIDTH = {"municipality": 4, "date": 6}


def padded(digits: str, column: Column | None) -> str:
    """A whole number with the leading zeros that its column calls for."""
    if column is None or not digits.isdigit():
        return digits
    if column.type == "pnr":
        return digits.zfill(10 if len(digits) <= 10 else 12)
    if column.municipalities:
        return digits.zfill(4)
    padded_out = digits.zfill(_WIDTH.get(column.type, 0))
    # A serial number of Excel's is shown as it stands there, not as a date that it is not.
    return digits if column.type == "date" and not "01" <= padded_out[2:4] <= "12" else padded_out


def number_text(value: float | Decimal, column: Column | None) -> str:
    """A number as its shortest decimal text, never with an exponent; NaN is blank."""
    if isnan(value):
        return ""
    if isinf(value):
        return str(value)
    if value == int(value):
        return padded(str(int(value)), column)
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return format(exact.normalize(), "f")


def date_text(value: date, column: Column | None) -> str:
    """A real date as ISO text: to the month in a month column, with the time of day if it has one."""
    if isinstance(value, datetime):
        if value.time().replace(tzinfo=None) != value.time().min:
            return value.isoformat(sep=" ")
        value = value.date()
    if column is not None and column.type == "month" and value.day == 1:
        return value.isoformat()[:7]
    return value.isoformat()


def cell_text(value: object, column: Column | None) -> str:
    """One cell as text; blank is the empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return padded(str(value), column)
    if isinstance(value, float | Decimal):
        return number_text(value, column)
    if isinstance(value, date):
        return date_text(value, column)
    return str(value)
