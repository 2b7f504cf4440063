"""The one place that takes personal numbers out of text; what is secret is decided here and nowhere else.

Text in Python goes through `mask`, text inside DuckDB through the expressions below; both use one pattern.
"""

import re

_SEPARATOR = "[-+ \\t\u00a0\u2007\u202f\u2010-\u2015/.]?"
_MONTH = "(?:0[1-9]|1[0-2])"
_DAY = "(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
# A personal number in any written form, also inside a longer run of digits. Each branch captures the first six
# digits. No look-around: DuckDB's RE2 has none, and one pattern for both is worth a few needless masks.
PATTERN = (
    f"([0-9]{{6}})[0-9]{{4,}}(?:{_SEPARATOR}[0-9]{{4,}})?"
    f"|([0-9]{{4}}{_MONTH}){_DAY}{_SEPARATOR}[0-9]{{4,}}"
    f"|([0-9]{{2}}{_MONTH}{_DAY}){_SEPARATOR}[0-9]{{4,}}"
    "|([0-9]{4}-[0-9]{2})-[0-9]{2}-[0-9]{4,}"
)
_KEPT = "\\1\\2\\3\\4******"
_COMPILED = re.compile(PATTERN)
_DELIVERY_PATH = re.compile(
    r"(?:[a-z]+(?:-[0-9]{4})?/)?[a-z_]+_[0-9]{8}-[0-9]{8}(?:_r[0-9]{1,6})?\.(?:csv|csv\.gz|xlsx|parquet)"
)
LONGEST_VALUE = 200
_SHORTEST = 10
"""No match has fewer bytes, and most identifiers have."""


def mask(text: str) -> str:
    """The text with everything that looks like a personal number cut to its first six digits."""
    return _COMPILED.sub(_KEPT, text)


def printable(name: str) -> str:
    """A file name fit for a terminal, a log and a database: undecodable and control characters as escapes."""
    decoded = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in decoded)


def mask_path(path: str) -> str:
    """A path inside the inbox, printable and masked. The span of days in a delivery's name is no person."""
    shown = printable(path)
    return shown if _DELIVERY_PATH.fullmatch(shown) else mask(shown)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def sql_looks_personal(expression: str) -> str:
    """Boolean SQL: the text holds something that looks like a personal number."""
    looks = f"regexp_matches({expression}, {_literal(PATTERN)})"
    return f"case when strlen({expression}) >= {_SHORTEST} then {looks} else false end"


def sql_mask(expression: str) -> str:
    """SQL for `mask`."""
    masked = f"regexp_replace({expression}, {_literal(PATTERN)}, {_literal(_KEPT)}, 'g')"
    return f"case when strlen({expression}) >= {_SHORTEST} then {masked} else {expression} end"


def sql_mask_quoted(expression: str) -> str:
    """SQL for an offending value as quarantine shows it: masked, and no longer than a person reads."""
    return f"left({sql_mask(f'left({expression}, {LONGEST_VALUE * 5})')}, {LONGEST_VALUE})"


def sql_mask_pnr(expression: str) -> str:
    """SQL for the value of a personnummer column, right or wrong: its first six digits and nothing else."""
    return f"left(regexp_replace({expression}, '[^0-9]', '', 'g'), 6) || '******'"
