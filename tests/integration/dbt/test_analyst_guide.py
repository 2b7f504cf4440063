"""The analyst guide keeps its word: twenty questions, each answered by one query on the release. No numbers here."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "analyst-guide.md"
QUESTION = re.compile(r"^## (\d+)\. (.+?)$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
QUERY = re.compile(r"^```sql\n(.*?)^```", re.MULTILINE | re.DOTALL)
QUESTIONS = {
    int(number): (title, QUERY.findall(text))
    for number, title, text in QUESTION.findall(GUIDE.read_text("utf-8"))
}


@pytest.fixture(scope="module")
def release(sample_database: Path):
    """The sample, opened as an analyst opens a release: read-only."""
    with duckdb.connect(str(sample_database), read_only=True) as connection:
        yield connection


def test_the_guide_answers_twenty_questions_with_one_query_each() -> None:
    assert list(QUESTIONS) == list(range(1, 21))
    assert {number for number, (_, queries) in QUESTIONS.items() if len(queries) != 1} == set()
    assert all(title.endswith("?") for title, _ in QUESTIONS.values())


@pytest.mark.parametrize("number", QUESTIONS)
def test_a_query_of_the_guide_is_one_statement_that_reads_release_schemas_only(number: int) -> None:
    (query,) = QUESTIONS[number][1]
    assert len(duckdb.extract_statements(query)) == 1
    read = set(re.findall(r"\b(?:from|join)\s+([a-z_]+)\.([a-z_]+)", query))
    assert {
        schema for schema, _ in read if schema in ("raw", "staging", "intermediate", "reference")
    } == set()
    assert {schema for schema, _ in read} & {"marts", "indicators"}


@pytest.mark.parametrize("number", QUESTIONS)
def test_a_query_of_the_guide_has_an_answer_in_the_sample(
    number: int, release: duckdb.DuckDBPyConnection
) -> None:
    (query,) = QUESTIONS[number][1]
    cursor = release.execute(query)
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    assert rows
    assert [name for place, name in enumerate(names) if all(row[place] is None for row in rows)] == []


def test_the_municipality_that_fell_most_comes_first_with_its_cases(
    release: duckdb.DuckDBPyConnection,
) -> None:
    rows = release.execute(QUESTIONS[1][1][0]).fetchall()
    lowest = release.execute(
        """
        select area_name, cohort_count, horizon_count, start_count
        from indicators.support_follow_up
        where
            period = 'PROGRAM' and area_level = 'municipality' and gender = 'T'
            and scope = 'all_public' and horizon_months = 12
        """
    ).fetchall()
    name, cohort, horizon, start = min(lowest, key=lambda row: (row[2] - row[3]) / row[1])
    assert rows[0][:2] == (name, cohort)
    assert rows[0][4] == round(100 * (horizon - start) / cohort, 1)
    assert len(rows) == len(lowest)
