"""Where the server is: named by the environment, safe where nothing is said, and never telling its password."""

import pytest

from dagster_project.postgres.settings import is_wanted, load_postgres_settings
from dagster_project.postgres.types import UnknownTypeError, postgres_type
from dagster_project.settings import SettingsError


@pytest.fixture(autouse=True)
def host(monkeypatch):
    monkeypatch.setenv("TRISAM_POSTGRES_HOST", "bi.example.org")
    monkeypatch.setenv("TRISAM_POSTGRES_PASSWORD", "a word that is secret")


def test_without_a_host_nothing_is_wanted(monkeypatch):
    monkeypatch.delenv("TRISAM_POSTGRES_HOST")
    assert not is_wanted()
    with pytest.raises(SettingsError, match="TRISAM_POSTGRES_HOST"):
        load_postgres_settings()


@pytest.mark.parametrize(
    ("host", "mode"),
    [
        ("bi.example.org", "verify-full"),
        ("127.0.0.1", "prefer"),
        ("localhost", "prefer"),
        ("/run/postgresql", "prefer"),
    ],
)
def test_a_server_elsewhere_must_prove_who_it_is(monkeypatch, host, mode):
    monkeypatch.setenv("TRISAM_POSTGRES_HOST", host)
    assert load_postgres_settings().connection_words()["sslmode"] == mode


def test_what_is_said_of_encryption_wins(monkeypatch):
    monkeypatch.setenv("TRISAM_POSTGRES_SSLMODE", "require")
    assert load_postgres_settings().connection_words()["sslmode"] == "require"


@pytest.mark.parametrize(("name", "value"), [("PORT", "many"), ("SSLMODE", "perhaps"), ("ATTEMPTS", "0")])
def test_a_setting_that_does_not_parse_is_named_without_its_value(monkeypatch, name, value):
    monkeypatch.setenv(f"TRISAM_POSTGRES_{name}", value)
    with pytest.raises(SettingsError, match=f"TRISAM_POSTGRES_{name}") as raised:
        load_postgres_settings()
    assert value not in str(raised.value).replace("TRISAM_POSTGRES_", "") or value == "0"


def test_the_password_is_handed_on_and_never_told():
    settings = load_postgres_settings()
    assert settings.connection_words()["password"] == "a word that is secret"
    assert "secret" not in f"{settings!r}{settings.model_dump_json()}".replace("SecretStr", "")


@pytest.mark.parametrize(
    ("duckdb_type", "expected"),
    [
        ("VARCHAR", "text"),
        ("DECIMAL(18,3)", "numeric(18,3)"),
        ("DOUBLE", "double precision"),
        ("BIGINT", "bigint"),
    ],
)
def test_every_type_has_a_counterpart_that_holds_its_values(duckdb_type, expected):
    assert postgres_type(duckdb_type, "a.b.c") == expected


def test_a_type_without_counterpart_is_told_with_its_place():
    with pytest.raises(UnknownTypeError, match=r"a\.b\.c"):
        postgres_type("INTEGER[]", "a.b.c")
