"""A run on Spark that cannot begin says why before it has read or made anything; a run on DuckDB knows no Spark."""

import socket
import subprocess
import sys

import pytest

from dagster_project.engine import readiness
from dagster_project.engine.readiness import SparkSettingsError, refuse_incomplete
from dagster_project.run_request import RunRequest
from dagster_project.running import run
from dagster_project.settings import SettingsError, load_settings


def test_what_is_not_set_is_named():
    settings = load_settings(engine="spark", spark_host="", spark_folder="")
    with pytest.raises(SparkSettingsError, match="TRISAM_SPARK_HOST and TRISAM_SPARK_FOLDER are not set"):
        refuse_incomplete(settings)
    with pytest.raises(SparkSettingsError, match="TRISAM_SPARK_FOLDER is not set"):
        refuse_incomplete(settings.model_copy(update={"spark_host": "spark.example"}))


def test_packages_that_are_not_installed_are_told_with_the_way_to_them(monkeypatch):
    monkeypatch.setattr(readiness, "_PACKAGES", ("no_such_package.inside",))
    settings = load_settings(engine="spark", spark_host="spark.example", spark_folder="/shared")
    with pytest.raises(SparkSettingsError) as refused:
        refuse_incomplete(settings)
    assert "make spark-setup" in refused.value.hint


def test_a_run_with_settings_that_lack_makes_no_home(tmp_path):
    settings = load_settings(tmp_path / "inbox", tmp_path / "home", engine="spark", spark_host="")
    with pytest.raises(SparkSettingsError):
        run(settings, RunRequest(), lambda line: None)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(("setting", "value"), [("engine", "abacus"), ("spark_schema", "drop schema; --")])
def test_engines_and_schema_names_that_are_none_are_refused(setting, value):
    with pytest.raises(SettingsError):
        load_settings(**{setting: value})


def test_a_server_that_does_not_answer_is_told_with_its_address(tmp_path):
    pytest.importorskip("pyhive", reason="of the extra `spark`")
    from dagster_project.engine.server import SparkServerError

    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: every connection is refused
        port = nobody.getsockname()[1]
        settings = load_settings(
            engine="spark", spark_host="127.0.0.1", spark_port=port, spark_folder=str(tmp_path)
        )
        with pytest.raises(SparkServerError, match=f"127.0.0.1:{port}") as refused:
            readiness.refuse_unready(settings)
    assert "TRISAM_SPARK_HOST" in refused.value.hint


def test_a_run_on_duckdb_imports_nothing_of_spark():
    code = (
        "import sys, dagster_project.cli, dagster_project.running; "
        "print([m for m in ('pyhive', 'thrift', 'pyspark', 'dbt.adapters.spark') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
