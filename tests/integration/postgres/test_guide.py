"""docs/bi.md keeps its word: what it tells an administrator to do is enough, and its settings are the settings."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest

from dagster_project.postgres.publish import publish
from dagster_project.postgres.settings import PostgresSettings

from .comparing import differences
from .server import left_empty

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "bi.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sql\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


def test_the_statements_for_the_administrator_are_enough(postgres, homes):
    (setup,) = (block for block in BLOCKS if "create database" in block)
    with left_empty(postgres):
        with postgres.connect(database="postgres", autocommit=True) as con:
            for statement in re.sub(r"--.*", "", setup).replace("'...'", f"'{postgres.password}'").split(";"):
                if statement.strip():
                    con.execute(statement)
        settings = PostgresSettings(host=postgres.host, port=postgres.port, password=postgres.password)
        publish(settings, homes[0] / "published")
        assert differences(postgres, homes[0]) == {}
        assert postgres.rows("select distinct mark from marts.fct_case", user="anna") == [(1,)]
        postgres.make_account("stranger")
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            postgres.connect("stranger")


def test_the_query_for_comments_answers(server, publish, homes):
    publish(homes[0])
    (query,) = (block for block in BLOCKS if "col_description" in block)
    assert ("question_code", None) in server.rows(query)


def test_every_setting_is_told_with_its_default():
    for name, field in PostgresSettings.model_fields.items():
        (row,) = re.findall(rf"^\| `TRISAM_POSTGRES_{name.upper()}` \| (.*?) \|", GUIDE, re.MULTILINE)
        assert field.is_required() or field.default in (None, "") or str(field.default) in row
