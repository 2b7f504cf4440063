"""Personal numbers in SQL, held against a well-kept package, and the keyed hash against Python's."""

import hashlib
import hmac
from datetime import date
from random import Random

import duckdb
import pyarrow as pa
import pytest
from personnummer import personnummer as package

from dagster_project.errors import TrisamError
from dagster_project.ingestion.pseudonyms import (
    key_parameters,
    pseudonym,
    pseudonyms_of,
    sql_canonical,
    sql_identifier,
    sql_pseudonym,
    token,
)

KEY = b"a key for tests, not for people!"
COUNT = 100_000


def canonical(texts: list[str], period_end: int) -> list[str | None]:
    rows = pa.table({"n": range(len(texts)), "t": pa.array(texts, pa.string())})
    rows = rows.append_column("last_day", pa.repeat(period_end, len(texts)))
    con = duckdb.connect()
    con.register("numbers", rows)
    found = con.execute(f"select canonical from ({sql_canonical('numbers')}) order by n").fetchall()
    return [row[0] for row in found]


def _written(rng: Random) -> str:
    """A number in one of the contract's forms: most of them right, the rest wrong in one digit or the date."""
    year, month, day = rng.randint(1890, 2021), rng.randint(0, 13), rng.randint(0, 32)
    day += 60 if rng.random() < 0.2 else 0
    stem = f"{year % 100:02d}{month:02d}{day:02d}{rng.choice((0, 1, 999, rng.randint(0, 999))):03d}"
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(stem))
    check = (-total + (rng.randint(1, 9) if rng.random() < 0.15 else 0)) % 10
    short = f"{stem[:6]}{{}}{stem[6:]}{check}"
    form = rng.choice(("YYYYMMDDNNNN", "YYYYMMDD-NNNN", "YYMMDD-NNNN", "YYMMDD+NNNN", "YYMMDDNNNN"))
    separator = "+" if "+" in form else "-" if "-" in form else ""
    return (f"{year // 100}" if form.startswith("YYYY") else "") + short.format(separator)


def test_the_sql_agrees_with_the_package_on_many_numbers(monkeypatch):
    # The package takes the century from the year of today, the contract from the last day of the period.
    monkeypatch.setattr(package, "_get_current_date", lambda: date(2021, 12, 31))
    rng = Random(20211231)
    texts = [_written(rng) for _ in range(COUNT)]
    expected = []
    for text in texts:
        try:
            expected.append(package.parse(text).format(long_format=True))
        except package.PersonnummerException:
            expected.append(None)
    found = canonical(texts, 20211231)
    assert [(t, f, e) for t, f, e in zip(texts, found, expected, strict=True) if f != e] == []
    assert COUNT // 3 < sum(value is not None for value in found) < COUNT


def _check_digit(stem: str) -> str:
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(stem[-9:]))
    return str(-total % 10)


@pytest.mark.parametrize(
    ("birthdate", "separator", "period_end", "born"),
    [
        ("210630", "-", 20210630, "20210630"),
        ("210701", "-", 20210630, "19210701"),
        ("210630", "+", 20210630, "19210630"),
        ("210701", "+", 20210630, "18210701"),
        ("210661", "", 20210630, "20210661"),
        ("210761", "-", 20210630, "19210761"),
        ("000229", "-", 20211231, "20000229"),
        ("000229", "+", 20211231, None),
        ("20210701", "-", 20210630, "20210701"),
    ],
)
def test_a_two_digit_year_is_the_latest_that_is_not_after_the_period(birthdate, separator, period_end, born):
    serial = "980" + _check_digit(f"{birthdate[-6:]}980")
    expected = born and born + serial
    assert canonical([f"{birthdate}{separator}{serial}"], period_end) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "", "19820101", "198201019999X", "19820101+9999", "1982-01-01-9999", "820101 9999", "820101--9999",
        "19820101\u00ad9999", "１９８２０１０１９９９９", "T820101-9999", "820101-T999", "00000101-9999", "198201-019999",
    ],
)  # fmt: skip
def test_other_forms_are_no_personal_numbers(text):
    assert canonical([text], 20211231) == [None]


def test_the_pseudonym_is_the_keyed_hash_of_the_twelve_digits():
    number = "198201019802"
    expected = hmac.new(KEY, number.encode(), hashlib.sha256).hexdigest()[:32]
    found = duckdb.execute(
        f"select {sql_pseudonym('v')}, {sql_pseudonym('null::varchar')} from (select $v as v)",
        {**key_parameters(KEY), "v": number},
    ).fetchone()
    assert found == (expected, None)
    assert pseudonym(KEY, number) == expected


def test_many_pseudonyms_stand_one_behind_the_other():
    numbers = ["198201019802", "194704159906", "198201019802"]
    found = pseudonyms_of(key_parameters(KEY), "".join(numbers).encode())
    assert found.decode() == "".join(pseudonym(KEY, number) for number in numbers)
    assert pseudonyms_of(key_parameters(KEY), b"") == b""


@pytest.mark.parametrize("key", [b"k" * 16, b"k" * 64, b"k" * 65, b"k" * 200])
def test_keys_of_every_length_hash_as_the_standard_says(key):
    found = duckdb.execute(
        f"select {sql_pseudonym('v')} from (select 'x' as v)", key_parameters(key)
    ).fetchone()
    assert found == (hmac.new(key, b"x", hashlib.sha256).hexdigest()[:32],)


def test_a_short_key_is_refused():
    with pytest.raises(TrisamError, match="shorter than 16 bytes"):
        key_parameters(b"short")


def test_a_number_used_as_identifier_becomes_one_token_in_every_form():
    texts = ["198201019802", "19820101-9802", "820101-9802", "8201019802", "820101+9802"]
    found = {
        duckdb.execute(
            f"select {sql_identifier('v')} from (select $v as v)", {**key_parameters(KEY), "v": text}
        ).fetchone()
        for text in texts
    }
    assert found == {(token(KEY, "198201019802"),)}


@pytest.mark.parametrize("text", ["2180-01", "A1007-0", "2101-01-20210119", "R2020VT0", "17"])
def test_other_identifiers_stay(text):
    found = duckdb.execute(
        f"select {sql_identifier('v')} from (select $v as v)", {**key_parameters(KEY), "v": text}
    ).fetchone()
    assert found == (text,)
