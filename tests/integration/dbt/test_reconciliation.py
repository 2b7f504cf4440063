"""Reconciliation: the sample reproduces every published figure, and one wrong case shows."""

from pathlib import Path

import duckdb

from .conftest import WORK, ask_dbt, copy_of


def statuses(database: Path) -> dict[str, int]:
    with duckdb.connect(str(database), read_only=True) as con:
        return dict(
            con.sql("select status, count(*) from indicators.reconciliation group by status").fetchall()
        )


def rebuild(database: Path, *models: str) -> None:
    ask_dbt(database.parent, "run", "--select", *models)


def test_the_sample_reproduces_every_published_figure(sample_database: Path):
    assert statuses(sample_database) == {"match": 118}


def test_one_wrong_case_is_a_mismatch_of_every_figure_that_counts_it(sample_database: Path, tmp_path: Path):
    database = copy_of(sample_database, tmp_path)
    with duckdb.connect(str(database.with_name(WORK))) as con:
        con.execute(
            """
            update intermediate.int_case set gender_code = 'M'
            where case_id = (
                select min(case_id) from intermediate.int_case
                where case_type_code = 'NY' and gender_code = 'K' and question_code = 'VARD'
                    and municipality_code like '21%' and extract(year from consulted_on) = 2021
            )
            """
        )

    rebuild(database, "question", "reconciliation")

    with duckdb.connect(str(database), read_only=True) as con:
        wrong = con.sql(
            "select figure_id from indicators.reconciliation where status = 'mismatch' order by 1"
        ).fetchall()
    assert [name for (name,) in wrong] == [
        "question_2021_total_men",
        "question_2021_total_women",
        "question_2021_vard_men",
        "question_2021_vard_women",
    ]


def test_a_figure_without_a_row_is_not_computable(sample_database: Path, tmp_path: Path):
    database = copy_of(sample_database, tmp_path)
    with duckdb.connect(str(database)) as con:
        con.execute("delete from indicators.grant_use where project_id = 'SFG-21-6.58'")

    rebuild(database, "reconciliation")

    assert statuses(database) == {"match": 114, "not_computable": 4}
