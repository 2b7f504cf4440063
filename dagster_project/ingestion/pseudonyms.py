"""Personal numbers: which are right, and the keyed hash that replaces them. In SQL, since rows are many.

The key never stands in SQL text: statements name the parameters of `key_parameters`.
"""

import hashlib
import hmac

from dagster_project.errors import TrisamError
from dagster_project.ingestion.masking import sql_looks_personal

_BLOCK = 64
LENGTH = 32
MINIMUM_KEY_BYTES = 16


def key_parameters(key: bytes) -> dict[str, bytes]:
    """The padded keys of HMAC-SHA-256, to be bound as $hmac_inner and $hmac_outer."""
    if len(key) < MINIMUM_KEY_BYTES:
        raise TrisamError(
            f"The pseudonym key is shorter than {MINIMUM_KEY_BYTES} bytes.",
            "Set TRISAM_PSEUDONYM_KEY to a longer one, or let the first run make a key file.",
        )
    block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    return {
        "hmac_inner": bytes(byte ^ 0x36 for byte in block),
        "hmac_outer": bytes(byte ^ 0x5C for byte in block),
    }


def pseudonym(key: bytes, canonical: str) -> str:
    """The pseudonym of a canonical twelve-digit personal number: 32 hexadecimal characters."""
    return hmac.new(key, canonical.encode(), hashlib.sha256).hexdigest()[:LENGTH]


def key_fingerprint(key: bytes) -> str:
    """What the work database keeps of the key: enough to refuse another one, nothing to guess numbers with."""
    return hmac.new(key, b"trisam: fingerprint of the pseudonym key", hashlib.sha256).hexdigest()


def sql_pseudonym(expression: str, length: int = LENGTH) -> str:
    """SQL for `pseudonym`; null stays null."""
    inner = f"unhex(sha256($hmac_inner::blob || encode({expression})))"
    return f"left(sha256($hmac_outer::blob || {inner}), {length})"


def sql_identifier(expression: str) -> str:
    """SQL for a text that rows refer to: as it is, but a token when it looks like a personal number.

    A right number gives the same token in every written form, so that erasure finds it.
    """
    token = sql_pseudonym(f"coalesce({sql_canonical(expression)}, {expression})", 16)
    return f"case when {sql_looks_personal(expression)} then 'id-' || {token} else {expression} end"


def _luhn(digits: str) -> str:
    """SQL: the digits of a ten-digit text pass the check. Every other digit counts double, its digits summed."""
    terms = []
    for position in range(1, 11):
        digit = f"(ascii(substr({digits}, {position}, 1)) - 48)"
        terms.append(f"({digit} * 2 - case when {digit} > 4 then 9 else 0 end)" if position % 2 else digit)
    return f"({' + '.join(terms)}) % 10 = 0"


def sql_canonical(expression: str) -> str:
    """SQL: the twelve digits of a personal number in any form of the contract, null for anything else.

    Needs the parameter $period_end_number, the last day of the delivery's period as the integer YYYYMMDD. A
    two-digit year is the latest that makes no birth after that day; + is a hundred years before. The day of a
    samordningsnummer is 60 more, and stays so. The serial 000 is nobody's.
    """
    ten = f"right(regexp_replace({expression}, '[-+]', ''), 10)"
    long = f"regexp_full_match({expression}, '[0-9]{{8}}-?[0-9]{{4}}')"
    short = f"regexp_full_match({expression}, '[0-9]{{6}}[-+]?[0-9]{{4}}')"
    month = f"substr({ten}, 3, 2)::integer"
    day = f"(substr({ten}, 5, 2)::integer - case when substr({ten}, 5, 2) > '60' then 60 else 0 end)"
    year_of_century = f"substr({ten}, 1, 2)::integer"
    this_century = f"($period_end_number // 1000000 * 100 + {year_of_century})"
    born = f"({this_century} * 10000 + {month} * 100 + {day})"
    latest = f"({this_century} - case when {born} > $period_end_number then 100 else 0 end)"
    year = (
        f"case when {long} then left({expression}, 4)::integer "
        f"else {latest} - case when contains({expression}, '+') then 100 else 0 end end"
    )
    days_of_february = f"case when ({year}) % 4 = 0 and (({year}) % 100 <> 0 or ({year}) % 400 = 0) then 29 else 28 end"
    days = f"case when {month} in (4, 6, 9, 11) then 30 when {month} = 2 then {days_of_february} else 31 end"
    return (
        f"case when {long} or {short} then case when {_luhn(ten)} and substr({ten}, 7, 3) <> '000' "
        f"and {month} between 1 and 12 and {day} between 1 and {days} and ({year}) >= 1 "
        f"then lpad(({year})::varchar, 4, '0') || right({ten}, 8) end end"
    )
