"""Personal numbers: which are right, in SQL, since they are many; and the keyed hash that replaces them.

The key never stands in SQL text: statements name the parameters of `key_parameters`.
"""

import hashlib
import hmac
from collections.abc import Mapping

from dagster_project.errors import TrisamError
from dagster_project.ingestion.masking import sql_looks_personal

_BLOCK = 64
LENGTH = 32
CANONICAL_LENGTH = 12
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


def pseudonyms_of(key: Mapping[str, bytes], numbers: bytes) -> bytes:
    """The pseudonyms of canonical numbers, one behind the other, as their numbers are; `key` are `key_parameters`.

    Each hash goes on from what the padded key alone makes of it, which halves the work.
    """
    inner, outer = (hashlib.sha256(key[name]).copy for name in ("hmac_inner", "hmac_outer"))
    hashes = bytearray()
    for start in range(0, len(numbers), CANONICAL_LENGTH):
        message, result = inner(), outer()
        message.update(numbers[start : start + CANONICAL_LENGTH])
        result.update(message.digest())
        hashes += result.digest()[: LENGTH // 2]
    return hashes.hex().encode()


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


def _digits(text: str) -> str:
    """The ten or twelve digits of a text in one of the written forms of the contract."""
    form = "[0-9]{8}-?[0-9]{4}|[0-9]{6}[-+]?[0-9]{4}"
    plain = f"case when strlen({text}) in (10, 12) then {text} else regexp_replace({text}, '[-+]', '') end"
    return f"case when regexp_full_match({text}, '{form}') then {plain} end"


def _year(text: str, digits: str, last_day: str) -> str:
    """The year of birth, where the two-digit `year`, the `month` and the `day` are columns.

    A two-digit year is the latest that makes no birth after `last_day`, the last day of the delivery's period as the
    integer YYYYMMDD; with + it is a hundred years before that.
    """
    this_century = f"({last_day} // 1000000 * 100 + year)"
    born = f"({this_century} * 10000 + month * 100 + day)"
    return (
        f"case when strlen({digits}) = 12 then {digits}[1:4]::integer else {this_century} "
        f"- case when {born} > {last_day} then 100 else 0 end "
        f"- case when contains({text}, '+') then 100 else 0 end end"
    )


def _check() -> str:
    """The sum of the ten digits in `first_five` and `last_five`: every other one counts double, its digits summed."""
    terms: list[str] = []
    for half in ("first_five", "last_five"):
        for place in (10000, 1000, 100, 10, 1):
            digit = f"({half} // {place}::integer % 10::integer)"
            terms.append(f"({digit} * 2::integer + {digit} // 5::integer)" if len(terms) % 2 == 0 else digit)
    return f"({' + '.join(terms)}) % 10"


def _days() -> str:
    leap = "(full_year % 4 = 0 and (full_year % 100 <> 0 or full_year % 400 = 0))"
    february = f"case when {leap} then 29 else 28 end"
    return f"case when month in (4, 6, 9, 11) then 30 when month = 2 then {february} else 31 end"


def sql_canonical(texts: str) -> str:
    """The query that gives each text of a relation (n, t, last_day) the twelve digits of its personal number.

    `canonical` is null where the text is no right one. The date must exist; the day of a samordningsnummer is 60 more,
    and stays so. The serial 000 is nobody's. Step by step, and with whole numbers as soon as there are digits: what
    a step names is computed once, and cutting texts into digits costs several times as much.
    """
    digits = f"select n, t, last_day, {_digits('t')} as d from {texts}"
    tens = f"select *, d::bigint % 10000000000 as ten from ({digits})"
    halves = f"select *, (ten // 100000)::integer as first_five, (ten % 100000)::integer as last_five from ({tens})"
    parts = (
        "select *, first_five // 1000 as year, first_five // 10 % 100 as month, "
        "first_five % 10 * 10 + last_five // 10000 as numbered_day, last_five // 10 % 1000 as serial, "
        f"{_check()} as remainder from ({halves})"
    )
    days = f"select *, numbered_day - case when numbered_day > 60 then 60 else 0 end as day from ({parts})"
    years = f"select *, {_year('t', 'd', 'last_day')} as full_year from ({days})"
    return (
        f"select n, case when remainder = 0 and serial <> 0 and month between 1 and 12 "
        f"and day between 1 and {_days()} and full_year >= 1 "
        "then case when strlen(d) = 12 then d else lpad(full_year::varchar, 4, '0') || right(d, 8) end "
        f"end as canonical from ({years})"
    )
