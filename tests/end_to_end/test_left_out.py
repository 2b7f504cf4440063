"""A refused delivery does not stop the others: a person leaves it out, and the release says what it lacks."""

import getpass
import json

import dagster as dg
import duckdb

from dagster_project.defs.keys import PUBLISHED
from tests.end_to_end.conftest import trisam

BROKEN = "kommun-2181/avslut_2022.csv"
WHY = "the column orsak is missing"


def run(root, *more):
    done = trisam("run", "--inbox", str(root / "inbox"), "--home", str(root / "home"), *more)
    return done, done.stdout + done.stderr


def manifest(root):
    return json.loads((root / "home" / "published" / "manifest.json").read_text(encoding="utf-8"))


def lacks_in_dagster():
    with dg.DagsterInstance.get() as instance:
        event = instance.get_latest_materialization_event(PUBLISHED)
        return event.asset_materialization.metadata["lacks"].value


def test_a_refused_delivery_is_left_out_until_it_is_mended(own_home, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(own_home / "home" / "dagster"))
    inbox, link = own_home / "inbox", own_home / "home" / "published"
    first = link.readlink()
    right = (inbox / BROKEN).read_text(encoding="utf-8")
    (inbox / BROKEN).write_text("personnummer;avslutsdatum\n", encoding="utf-8")
    meetings = (inbox / "rg" / "moten_2021.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (inbox / "rg" / "moten_2021_r2.csv").write_text("".join(meetings[:-1]), encoding="utf-8")

    refused, said = run(own_home)
    assert (refused.returncode, link.readlink()) == (1, first)
    assert f"{BROKEN} is rejected (missing_column)" in said

    misspelt, said = run(own_home, "--without", "kommun-2181/avslut_2020_r2", "--why", WHY)
    assert misspelt.returncode == 2
    assert "Near it: kommun-2181/avslut_2020.csv" in said
    assert run(own_home, "--without", "kommun-2181/avslut_2022")[0].returncode == 2
    assert link.readlink() == first

    published, said = run(own_home, "--without", "kommun-2181/avslut_2022", "--why", WHY)
    assert published.returncode == 0, said
    sentence = f"{BROKEN} (left out by {getpass.getuser()}: {WHY})"
    assert sentence in said
    assert manifest(own_home)["without"] == [{"delivery": BROKEN, "who": getpass.getuser(), "why": WHY}]
    in_force = {d["delivery_id"] for d in manifest(own_home)["deliveries"]}
    assert {BROKEN, "rg/moten_2021_r2.csv"} <= in_force
    assert sentence in trisam("status", "--home", str(own_home / "home")).stdout
    assert sentence in lacks_in_dagster()
    page = (link / "report" / "index.html").read_text(encoding="utf-8")
    assert "Utgåvan saknar: " in page
    assert f"för 2022 från Sandvikens kommun (lämnad utanför av {getpass.getuser()}: {WHY})" in page
    assert WHY not in (link / "report-open" / "index.html").read_text(encoding="utf-8")
    with duckdb.connect(str(link / "trisam.duckdb"), read_only=True) as con:
        listed = con.execute("select item, detail from quality.publication where item_type = 'left_out'")
        assert listed.fetchall() == [(BROKEN, f"{getpass.getuser()}: {WHY}")]

    (inbox / BROKEN).write_text(right, encoding="utf-8")
    mended, said = run(own_home)
    assert mended.returncode == 0, said
    assert manifest(own_home)["without"] == []
    assert lacks_in_dagster() == "nothing"
    assert "Utgåvan saknar" not in (link / "report" / "index.html").read_text(encoding="utf-8")
