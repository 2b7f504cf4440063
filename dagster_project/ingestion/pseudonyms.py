"""Personal numbers: which are right, and the keyed hash that replaces them. In SQL, since rows are many.

The key never stands in SQL text: statements name the parameters of `key_parameters`.
"""

import hashlib
import hmac

from dagster_project.errors import TrisamError
from dagster_project.ingestion.masking import sql_looks_personal

_BLOCK = 64
LENGTH = 32
TOKEN_LENGTH = 16
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


def token(key: bytes, canonical: str) -> str:
    """What stands for a person whose number was used as an identifier (`sql_identifier`)."""
    return "id-" + hmac.new(key, canonical[2:].encode(), hashlib.sha256).hexdigest()[:TOKEN_LENGTH]


def sql_identifier(expression: str) -> str:
    """SQL for a text that rows refer to: as it is, but `token` when it looks like a personal number.

    The ten digits without century are hashed, so that every written form of a number gives the same token,
    references still meet and erasure finds them.
    """
    plain = f"regexp_replace({expression}, '[-+[:space:]]', '', 'g')"
    ten = f"regexp_replace({plain}, '^[0-9]{{2}}([0-9]{{10}})$', '\\1')"
    return (
        f"case when {sql_looks_personal(expression)} then 'id-' || {sql_pseudonym(ten, TOKEN_LENGTH)} "
        f"else {expression} end"
    )


def sql_digits(text: str) -> str:
    """First step: the ten or twelve digits of a text in one of the written forms of the contract."""
    form = "[0-9]{8}-?[0-9]{4}|[0-9]{6}[-+]?[0-9]{4}"
    return f"case when regexp_full_match({text}, '{form}') then regexp_replace({text}, '[-+]', '') end"


def sql_year(text: str, digits: str, last_day: str) -> str:
    """Second step: the year of birth.

    A two-digit year is the latest that makes no birth after `last_day`, the last day of the delivery's period as the
    integer YYYYMMDD; with + it is a hundred years before that.
    """
    this_century = f"({last_day} // 1000000 * 100 + {digits}[1:2]::integer)"
    day = f"({digits}[5:6]::integer - case when {digits}[5:6] > '60' then 60 else 0 end)"
    born = f"({this_century} * 10000 + {digits}[3:4]::integer * 100 + {day})"
    return (
        f"case when length({digits}) = 12 then {digits}[1:4]::integer else {this_century} "
        f"- case when {born} > {last_day} then 100 else 0 end "
        f"- case when contains({text}, '+') then 100 else 0 end end"
    )


def _luhn(ten: str) -> str:
    """SQL: the digits of a ten-digit text pass the check. Every other digit counts double, its digits summed."""
    terms = []
    for position in range(1, 11):
        digit = f"(ascii({ten}[{position}]) - 48)"
        terms.append(f"({digit} * 2 - case when {digit} > 4 then 9 else 0 end)" if position % 2 else digit)
    return f"({' + '.join(terms)}) % 10 = 0"


def sql_canonical(ten: str, year: str) -> str:
    """Third step: the twelve digits of a right personal number, null for any other.

    `ten` are the last ten digits, `year` the full year. The date must exist; the day of a samordningsnummer is
    60 more, and stays so. The serial 000 is nobody's.
    """
    month = f"{ten}[3:4]::integer"
    day = f"({ten}[5:6]::integer - case when {ten}[5:6] > '60' then 60 else 0 end)"
    leap = f"({year} % 4 = 0 and ({year} % 100 <> 0 or {year} % 400 = 0))"
    february = f"case when {leap} then 29 else 28 end"
    days = f"case when {month} in (4, 6, 9, 11) then 30 when {month} = 2 then {february} else 31 end"
    return (
        f"case when {_luhn(ten)} and {ten}[7:9] <> '000' and {month} between 1 and 12 "
        f"and {day} between 1 and {days} and {year} >= 1 "
        f"then lpad({year}::varchar, 4, '0') || {ten}[3:10] end"
    )
