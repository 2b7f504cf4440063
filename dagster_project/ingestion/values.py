"""The value forms of the contract as SQL: from trimmed text to a typed value, null where it is none.

Every function takes a plain column reference and returns an expression. Rules between columns are elsewhere.
"""

from collections.abc import Callable

from dagster_project.contract import Column
from dagster_project.contract.model import ColumnType
from dagster_project.ingestion.masking import sql_looks_personal, sql_mask
from dagster_project.ingestion.pseudonyms import sql_identifier
from dagster_project.ingestion.reading.headers import BLANKS

# No-break blank and the combining marks of å, ä, ö and é: only texts with one are worth the slow way.
_UNUSUAL = ("\u00a0", "\u0308", "\u030a", "\u0301")
_INNER_BLANKS = "[ \u00a0\u2007\u2009\u202f]"

BAD_VALUE: dict[ColumnType, str] = {
    "date": "bad_date",
    "month": "bad_month",
    "number": "bad_number",
    "flag": "bad_flag",
    "code": "bad_code",
    "codes": "bad_code",
    "pnr": "bad_personnummer",
    "municipality": "bad_municipality",
}


def sql_trimmed(expression: str) -> str:
    """Text without surrounding blanks; blank is null."""
    return f"nullif(trim({expression}, '{BLANKS}'), '')"


def sql_folded_code(expression: str) -> str:
    """A code or label without regard to case, kind of blank and Unicode composition."""
    tests = " or ".join(f"contains({expression}, '{mark}')" for mark in _UNUSUAL)
    usual = f"nfc_normalize(replace({expression}, '\u00a0', ' '))"
    return f"lower(case when {tests} then {usual} else {expression} end)"


def _year_zero(text: str) -> str:
    # DuckDB knows a year 0, the calendar does not. Six digits that begin so are no date either: month 00.
    return f"{text}[1:4] = '0000'"


def _date(text: str) -> str:
    return (
        f"case when {_year_zero(text)} then null "
        f"when regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') then try_cast({text} as date) "
        f"when regexp_full_match({text}, '[0-9]{{8}}') then "
        f"try_cast({text}[1:4] || '-' || {text}[5:6] || '-' || {text}[7:8] as date) "
        f"when regexp_full_match({text}, '[0-9]{{6}}') then "
        f"try_cast('20' || {text}[1:2] || '-' || {text}[3:4] || '-' || {text}[5:6] as date) end"
    )


def _month(text: str) -> str:
    return (
        f"case when {_year_zero(text)} then null "
        f"when regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}') then try_cast({text} || '-01' as date) "
        f"when regexp_full_match({text}, '[0-9]{{6}}') then "
        f"try_cast({text}[1:4] || '-' || {text}[5:6] || '-01' as date) end"
    )


def _number(text: str) -> str:
    # Nearly all have the first form, and the second takes six times as long to tell.
    plain, grouped = "[-+]?[0-9]+([.,][0-9]+)?", f"[-+]?[0-9]{{1,3}}({_INNER_BLANKS}[0-9]{{3}})+([.,][0-9]+)?"
    value = f"try_cast(replace({text}, ',', '.') as double)"
    ungrouped = f"try_cast(replace(regexp_replace({text}, '{_INNER_BLANKS}', '', 'g'), ',', '.') as double)"
    return (
        f"case when regexp_full_match({text}, '{plain}') then case when isfinite({value}) then {value} end "
        f"when regexp_full_match({text}, '{grouped}') and isfinite({ungrouped}) then {ungrouped} end"
    )


def _flag(text: str) -> str:
    return (
        f"case when lower({text}) in ('j', 'ja', '1', 'true') then true "
        f"when lower({text}) in ('n', 'nej', '0', 'false') then false end"
    )


def _free_text(text: str) -> str:
    return f"case when {sql_looks_personal(text)} then {sql_mask(text)} else {text} end"


_BY_TYPE: dict[ColumnType, Callable[[str], str]] = {
    "date": _date,
    "month": _month,
    "number": _number,
    "flag": _flag,
}


def sql_value(column: Column, text: str, looked_up: str) -> str:
    """The value of a column that is neither text nor a personal number.

    `text` is its trimmed text, `looked_up` what the code lists make of it.
    """
    if column.type in ("code", "codes", "municipality"):
        return looked_up
    return _BY_TYPE[column.type](text)


def sql_text_value(column: Column, text: str) -> str:
    """The value of a column of texts: as it is, but for personal numbers in it."""
    return sql_identifier(text) if column.identifier or column.key else _free_text(text)
