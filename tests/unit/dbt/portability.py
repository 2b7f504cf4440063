"""SQL that does not run on every target, as data, and the search for it. Macros may hold it, behind names."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

# Comments and statements of the templates hold no SQL; what `{{ }}` holds may become some.
_JINJA_COMMENT = re.compile(r"\{#.*?#\}|\{%.*?%\}", re.DOTALL)
_SQL_COMMENT = re.compile(r"--[^\n]*")
_TEXT = re.compile(r"'(?:[^'\n]|'')*'")

# What is not portable, and what to write in its place.
NOT_PORTABLE = {
    r"\bgroup\s+by\s+all\b": "name the columns",
    r"\border\s+by\s+all\b": "name the columns",
    r"\bqualify\b": "a window in a CTE and a where",
    r"\b(un)?pivot\b": "case and group by",
    r"\bexclude\b|\breplace\s*\(\s*\w+\s+as\b": "name the columns",
    r"\bquantile(_cont|_disc)?\s*\(": "percentile_cont(...) within group",
    r"\bmedian\s*\(": "percentile_cont(0.5) within group",
    r"\bstrf(time|date)\s*\(|\bstrptime\s*\(": "a macro",
    r"\bgenerate_series\s*\(|\brange\s*\(": "the macro whole_numbers",
    r"\bsha256\s*\(|\bmd5\s*\(|\bhash\s*\(": "a macro",
    r"\bgrouping\s*\(": "union all of the levels",
    r"::": "cast(... as ...)",
    r"\binterval\b\s*[('\d]": "the macros add_days and add_months",
    r"\bdate_?(add|sub|diff|part|trunc)\s*\(|\bmonths_between\s*\(": "a macro of dialect.sql",
    r"\bto_(months|days|years)\s*\(": "the macro add_months or add_days",
    r"\bregexp_\w+\s*\(": "a macro",
    r"\bunnest\s*\(|\bexplode\s*\(": "the macro text_parts",
    r"\b(list|array|map|struct|string)_\w+\s*\(": "a macro of dialect.sql",
    r"\barg_(max|min)\s*\(": "max_by or min_by",
    r"\bilike\b|\bglob\b|\bsimilar\s+to\b": "like, on lower(...)",
    r"\basof\b|\bpositional\s+join\b|\blateral\b|\bsemi\s+join\b|\banti\s+join\b": "a plain join",
    r"\btry_cast\s*\(": "ingestion has parsed the values",
    r"\bdistinct\s+on\b": "a window in a CTE and a where",
    r"\b(nvl2?|iff|isnull|isnan|instr|strpos|contains|epoch(_ms)?)\s*\(": "coalesce, case or like",
    r"\b(date_format|to_date|to_timestamp|unix_timestamp|next_day)\s*\(": "a macro of dialect.sql",
    r"\b(collect_(list|set)|list|sha[12]?|crc32|xxhash64|mode)\s*\(": "a macro of dialect.sql",
    r"\b(rlike|regexp)\b": "like, or a macro",
    r"//|<=>|`": "cast, is not distinct from, plain names",
    r"\bunion\s+(all\s+)?by\s+name\b": "union all of the same columns",
    r"\blateral\s+view\b|\btablesample\b|\busing\s+sample\b|\binsert\s+overwrite\b": "a macro",
    r"\bvarchar\b(?!\s*\()": "string",
    r"\bhugeint\b|\bubigint\b|\buhugeint\b": "bigint",
}


def without_comments_and_texts(sql: str) -> str:
    """The SQL and Jinja of a model without its comments and quoted texts, line breaks kept."""
    bare = _JINJA_COMMENT.sub(lambda found: "\n" * found[0].count("\n"), sql)
    return _TEXT.sub("''", _SQL_COMMENT.sub("", bare))


def findings(sql: str) -> Iterator[str]:
    """`line: what was found, what to write in its place`."""
    for number, line in enumerate(without_comments_and_texts(sql).splitlines(), start=1):
        for pattern, instead in NOT_PORTABLE.items():
            for found in re.finditer(pattern, line, re.IGNORECASE):
                yield f"{number}: {found[0]} - write {instead}"
        if not line.isascii():
            yield f"{number}: a name that is not ASCII"


def findings_in(folder: Path) -> list[str]:
    """Findings in every SQL file of a folder, each with its path."""
    return [
        f"{path.relative_to(folder)}:{finding}"
        for path in sorted(folder.rglob("*.sql"))
        for finding in findings(path.read_text(encoding="utf-8"))
    ]


def findings_in_properties(folder: Path) -> list[str]:
    """Findings in the SQL that YAML files of a folder hold: conditions of data tests, filters, casts."""
    return [
        f"{path.relative_to(folder)}: {finding}"
        for path in sorted(folder.rglob("*.yml"))
        for sql in _sql_of(yaml.safe_load(path.read_text(encoding="utf-8")))
        for finding in findings(sql)
    ]


def _sql_of(properties: Any) -> Iterator[str]:
    if isinstance(properties, list):
        for entry in properties:
            yield from _sql_of(entry)
    elif isinstance(properties, dict):
        for key, value in properties.items():
            if key in {"expression", "expr", "where", "filter"} and isinstance(value, str):
                yield value
            else:
                yield from _sql_of(value)
