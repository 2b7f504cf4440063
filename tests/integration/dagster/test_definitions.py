"""What Dagster is told: every dependency and every check names an asset that exists, and nothing is unnamed."""

from pathlib import Path

import pytest
import yaml

from dagster_project.settings import PROJECT_ROOT


@pytest.fixture(scope="module")
def graph(repository):
    return repository.asset_graph


def test_every_dependency_is_an_asset_that_something_makes(graph):
    made = graph.materializable_asset_keys
    for key in made:
        for parent in graph.get(key).parent_keys:
            assert parent in made, (
                f"{key.to_user_string()} depends on {parent.to_user_string()}, which nothing makes"
            )


def test_every_check_judges_an_asset_that_exists(graph):
    for check in graph.asset_check_keys:
        assert check.asset_key in graph.materializable_asset_keys, check


def test_every_suite_is_a_blocking_check(repository, graph):
    from dagster_project.quality.suites import load_suites
    from dagster_project.settings import EXPECTATIONS_DIR

    names = {
        f"expectations_{s.name}" for b in ("extracts", "release") for s in load_suites(EXPECTATIONS_DIR, b)
    }
    checks = {key.name: graph.get_check_spec(key) for key in graph.asset_check_keys if key.name in names}
    assert set(checks) == names
    assert all(spec.blocking for spec in checks.values())


def test_every_dbt_data_test_on_a_model_is_a_check(graph):
    dbt_checks = [k for k in graph.asset_check_keys if not k.name.startswith("expectations_")]
    assert len(dbt_checks) > 200


def test_every_asset_has_a_description_an_owner_and_a_layer(graph):
    layers = {"deliveries", "raw", "reference", "staging", "intermediate", "marts", "indicators", "release"}
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        assert node.description, key.to_user_string()
        assert node.owners, key.to_user_string()
        assert node.group_name in layers, key.to_user_string()


def test_the_indicator_tables_are_assets_under_their_own_names(graph):
    wanted = {"question", "proposal", "case_volume", "support_follow_up", "reconciliation", "indicator_value"}
    found = {k.path[-1] for k in graph.materializable_asset_keys if k.path[0] == "indicators"}
    assert wanted <= found


def test_everything_that_writes_takes_its_turn_in_one_pool(definitions):
    for name in ("publish_release", "rebuild", "forget", "rollback", "watch_deliveries"):
        pools = {node.pool for node in definitions.resolve_job_def(name).all_node_defs}
        assert pools == {"warehouse"}, name


@pytest.mark.parametrize("place", ["local", "server"])
def test_a_pool_lets_one_run_in_at_a_time(place):
    deployed = yaml.safe_load((PROJECT_ROOT / "deploy" / place / "dagster.yaml").read_text(encoding="utf-8"))
    assert deployed["concurrency"]["pools"] == {"default_limit": 1, "granularity": "run"}


def test_the_assembly_fits_on_a_screen():
    import dagster_project.definitions as module

    assert len(Path(module.__file__).read_text(encoding="utf-8").splitlines()) <= 60
