"""dbt's unit tests: the windows and precedences of the models on invented rows. No run of the job waits for them."""

import json
from pathlib import Path

import pytest

from .conftest import ask_dbt, copy_of, golden_database


def test_every_unit_test_of_the_models_passes(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory):
    # They ask the database for the columns of the tables that they invent.
    copy_of(golden_database(tmp_path_factory, "clean"), tmp_path)

    ask_dbt(tmp_path, "test", "--select", "test_type:unit")

    results = json.loads((tmp_path / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    assert len(results) >= 37
    assert {result["status"] for result in results} == {"pass"}
