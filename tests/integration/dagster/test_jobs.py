"""The jobs: what they take as configuration, and that going back by Dagster is going back by the command line."""

import os

import dagster as dg
import pytest
import yaml

from dagster_project.defs.ingestion import IngestConfig, refuse_unknown_names
from dagster_project.defs.keys import PUBLISHED
from dagster_project.errors import TrisamError
from dagster_project.keys import prepare_work
from dagster_project.release.hold import hold_in_force
from dagster_project.release.switch import current_version
from dagster_project.settings import load_settings
from tests.documented import blocks
from tests.releases import V1, V2, publish, publish_small

PUBLISHING = ("publish_release", "rebuild", "forget")


def warehouse(**config):
    return {"resources": {"warehouse": {"config": config}}}


def ingestion(**config):
    return {"ops": {"ingest_deliveries": {"config": config}}}


@pytest.mark.parametrize("name", PUBLISHING)
def test_a_publishing_job_holds_every_asset_and_every_check(definitions, repository, name):
    graph = repository.asset_graph
    job = definitions.resolve_job_def(name)
    assert set(job.asset_layer.executable_asset_keys) == set(graph.materializable_asset_keys)
    checks = {key for layer in job.asset_layer.data for key in layer.assets_def.check_keys}
    assert checks == set(graph.asset_check_keys)


@pytest.mark.parametrize(
    "config",
    [
        ingestion(withdraw=True),
        ingestion(only=["kommun-2180/avslut"]),
        ingestion(without=["kommun-2181/avslut_2021"], without_by="A. Andersson", without_why="being mended"),
        ingestion(again=True),
        warehouse(accept=["case_volume_adds_up"], accepted_by="A. Andersson", accepted_why="counted by hand"),
        warehouse(reconcile="enforce"),
        {**ingestion(withdraw=True), **warehouse(rebuild=True)},
    ],
)
def test_withdrawals_acceptances_and_single_deliveries_are_run_config(definitions, config):
    assert dg.validate_run_config(definitions.resolve_job_def("publish_release"), config)


def test_the_configuration_that_the_docs_show_is_one_that_the_job_takes(definitions):
    (shown,) = (block for block in blocks() if block.language == "yaml")
    assert dg.validate_run_config(definitions.resolve_job_def("publish_release"), yaml.safe_load(shown.text))


def test_what_the_configuration_does_not_know_is_refused(definitions):
    with pytest.raises(dg.DagsterInvalidConfigError):
        dg.validate_run_config(definitions.resolve_job_def("publish_release"), ingestion(withdrawn=True))


def test_rebuild_and_forget_need_no_configuration_from_a_person(definitions):
    rebuilding = dg.validate_run_config(definitions.resolve_job_def("rebuild"))
    assert rebuilding["resources"]["warehouse"]["config"]["rebuild"] is True
    erasing = dg.validate_run_config(definitions.resolve_job_def("forget"))
    assert erasing["ops"]["ingest_deliveries"]["config"]["erase_requested"] is True


def test_no_number_of_a_person_has_a_place_in_the_configuration():
    texts = {name for name, field in IngestConfig.model_fields.items() if field.annotation not in (bool,)}
    # Who and why are refused where they hold one; see tests/unit/ingestion/test_left_out.py.
    assert texts == {"only", "without", "without_by", "without_why"}
    with pytest.raises(TrisamError) as refused:
        refuse_unknown_names(["19121212-1212"])
    assert "1212-1212" not in str(refused.value)


@pytest.mark.parametrize("name", ["af", "kommun-2180", "team", "kommun-2180/avslut"])
def test_a_party_a_dataset_or_both_can_be_named(name):
    refuse_unknown_names([name])


@pytest.mark.parametrize("name", ["AF", "kommun", "af/team", "avslut_2021.csv", "/", ""])
def test_a_name_that_nobody_delivers_is_refused(name):
    with pytest.raises(TrisamError, match="Nobody delivers"):
        refuse_unknown_names([name])


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("TRISAM_HOME", str(tmp_path / "home"))
    settings = load_settings()
    prepare_work(settings)
    publish_small(settings, V1)
    publish(settings, V2, lambda folder: (folder / "trisam.duckdb").touch(), fingerprint="1" * 16)
    return settings


def go_back(definitions, **config):
    given = {"ops": {"roll_back": {"config": config}}}
    with dg.DagsterInstance.ephemeral() as instance:
        job = definitions.resolve_job_def("rollback")
        return job.execute_in_process(given, instance=instance, raise_on_error=False)


def test_rollback_goes_to_the_release_before_where_none_is_named(definitions, settings):
    assert go_back(definitions).success
    assert current_version(settings.published_link) == V1
    assert go_back(definitions, version=V2).success
    assert current_version(settings.published_link) == V2


def test_a_rollback_is_observed_on_the_published_release_with_who_went_back(definitions, settings):
    with dg.DagsterInstance.ephemeral() as instance:
        job = definitions.resolve_job_def("rollback")
        given = {"ops": {"roll_back": {"config": {"by": "A. Andersson"}}}}
        job.execute_in_process(given, instance=instance)
        (seen,) = instance.fetch_observations(PUBLISHED, limit=2).records
    facts = {key: value.value for key, value in seen.asset_observation.metadata.items()}
    assert (facts["held_version"], facts["rolled_back_from"]) == (V1, V2)
    assert facts["held_by"] == "A. Andersson"
    assert facts["held_since"]


def test_a_rollback_without_a_name_is_known_by_its_run(definitions, settings):
    result = go_back(definitions)
    assert result.run_id in hold_in_force(settings).by


def test_rollback_to_a_damaged_release_fails_and_says_which_file(definitions, settings):
    (settings.releases_dir / V1 / "trisam.duckdb").write_text("other")
    result = go_back(definitions, version=V1)
    assert not result.success
    failed = next(event for event in result.all_events if event.is_step_failure)
    assert "trisam.duckdb (changed)" in failed.step_failure_data.error.cause.message
    assert current_version(settings.published_link) == V2


def test_a_run_tells_dbt_where_the_work_file_lies_whoever_started_it(definitions, settings, monkeypatch):
    # As in a service that was started by Dagster's own commands.
    monkeypatch.setenv("TRISAM_WORK_DB", "elsewhere.duckdb")
    assert go_back(definitions).success
    assert os.environ["TRISAM_WORK_DB"] == str(settings.work_db)
