"""No personal number anywhere: whatever a whole job leaves behind, published or refused, holds none."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from tests.end_to_end.conftest import GOLDEN, trisam

IN_TEXT = "19790304-9896"
IN_HEADER = "19570128-9935"
IN_FILE_NAME = "195711099829"
IN_SHEET_NAME = "196203149957"
IN_OTHER_COLUMN = "199712199851"
BROKEN = "19970510-9858"
CONSENTS = "samtycke_20191101-20231231.csv"
NUMBER = re.compile(rb"(?<![0-9])(?:19|20)?[0-9]{6}[-+]?[0-9]{4}(?![0-9])")

# Not the decimals of an amount.
WHOLE = re.compile(rb"(?<![0-9.])(?:19|20)[0-9]{10}(?![0-9])")


def forms(number: str) -> set[str]:
    """Every way in which a number is written."""
    digits = re.sub(r"\D", "", number)
    year, short, last = digits[:8], digits[2:8], digits[8:]
    return {year + last, f"{year}-{last}", short + last, f"{short}-{last}", f"{short}+{last}"}


def delivered_numbers(inbox: Path) -> set[str]:
    found = set()
    for path in inbox.rglob("*.csv"):
        if "personnummer" in path.read_text(encoding="utf-8").splitlines()[0]:
            found |= {m.decode() for m in WHOLE.findall(path.read_bytes())}
    return found


def plant(inbox: Path) -> None:
    """Numbers in good rows, bad rows, free text, other columns, headers, file names and sheet names."""
    cases = inbox / "rg" / "arenden_2021.csv"
    lines = cases.read_text(encoding="utf-8").splitlines()
    bad = lines[1].split(";")
    lines.append(";".join(["BAD-1", BROKEN, *bad[2:]]))
    lines.append(";".join(["BAD-2", bad[1], *bad[2:5], IN_OTHER_COLUMN, *bad[6:]]))
    lines[0] += f";{IN_HEADER}"
    lines[1:] = [f"{line};x" for line in lines[1:]]
    cases.write_text("\n".join(lines) + "\n", encoding="utf-8")
    goals = inbox / "finsam" / "malbedomning_2022.csv"
    text = goals.read_text(encoding="utf-8").replace("Kommentar;", f"Kommentar {IN_TEXT};")
    goals.write_text(text, encoding="utf-8")
    (inbox / "rg" / f"utskick {IN_FILE_NAME}.csv").write_text("x\n", encoding="utf-8")
    (inbox / "rg" / f"arenden_{IN_FILE_NAME}.csv").write_text("x\n", encoding="utf-8")
    book = xlsxwriter.Workbook(str(inbox / "rg" / "moten_2023.xlsx"))
    sheet = book.add_worksheet(IN_SHEET_NAME)
    for column, name in enumerate(["mote_id", "team_id", "motesdatum", "form"]):
        sheet.write(0, column, name)
    book.close()


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory):
    """A home after a refused run, a published run and an erasure, with all that was said meanwhile."""
    root = tmp_path_factory.mktemp("numbers")
    inbox, home = root / "inbox", root / "home"
    shutil.copytree(GOLDEN / "clean" / "inbox", inbox)
    numbers = delivered_numbers(inbox) | {
        re.sub(r"\D", "", n)
        for n in (IN_TEXT, IN_HEADER, IN_FILE_NAME, IN_SHEET_NAME, IN_OTHER_COLUMN, BROKEN)
    }
    plant(inbox)
    where = ("--inbox", str(inbox), "--home", str(home))
    said = [trisam("run", *where)]
    assert said[0].returncode == 1, said[0].stdout + said[0].stderr
    said.append(trisam("deliveries", "--home", str(home)))
    (inbox / "rg" / f"arenden_{IN_FILE_NAME}.csv").unlink()
    (inbox / "rg" / "moten_2023.xlsx").unlink()
    said.append(trisam("run", *where))
    assert said[-1].returncode == 0, said[-1].stdout + said[-1].stderr
    said.append(trisam("quarantine", "--csv", "--home", str(home)))
    assert "BAD" in said[-1].stdout or "bad_personnummer" in said[-1].stdout
    said.append(trisam("forget", *where, stdin="no number at all\n"))
    assert said[-1].returncode == 2
    forgotten = next(line.split(";")[0] for line in (inbox / "rg" / CONSENTS).read_text().splitlines()[1:])
    said.append(trisam("forget", *where, stdin=f"{forgotten}\n"))
    assert said[-1].returncode == 0, said[-1].stdout + said[-1].stderr
    assert "newly blocked: 1" in said[-1].stderr
    return numbers, home, "".join(s.stdout + s.stderr for s in said)


@pytest.fixture(scope="module")
def written(left_behind):
    numbers, _, _ = left_behind
    assert len(numbers) > 300
    return {form for number in numbers for form in forms(number)}


def test_nothing_that_was_said_holds_one(left_behind, written):
    said = {m.decode() for m in NUMBER.findall(left_behind[2].encode())}
    assert said & written == set()


def test_no_file_that_was_left_holds_one(left_behind, written):
    for path in (p for p in left_behind[1].rglob("*") if p.is_file()):
        found = {m.decode("ascii") for m in NUMBER.findall(path.read_bytes())}
        assert found & written == set(), path.name
        assert not any(form in path.name for form in written), path.name


def test_no_database_that_was_left_holds_one(left_behind, written):
    looked = 0
    for path in left_behind[1].rglob("*.duckdb"):
        with duckdb.connect(str(path), read_only=True) as con:
            columns = con.execute(
                "select schema_name, table_name, column_name from duckdb_columns() "
                "where not internal and data_type = 'VARCHAR'"
            ).fetchall()
            for schema, table, column in columns:
                found = con.execute(
                    f"select distinct unnest(regexp_extract_all(\"{column}\", '[0-9]{{6,8}}[-+]?[0-9]{{4}}')) "
                    f'from "{schema}"."{table}"'
                ).fetchall()
                assert {f for (f,) in found} & written == set(), f"{path.name}: {schema}.{table}.{column}"
                looked += 1
    assert looked > 100
