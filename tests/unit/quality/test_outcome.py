"""Three levels: what blocks stops publication, what warns asks to look, what informs is only recorded."""

import pytest

from dagster_project.quality.outcome import Finding, Outcome


def outcome(level, status="failed", findings=()):
    return Outcome(
        check_id="c", suite="s", table="t", status=status, level=level, message="m.", findings=list(findings)
    )


@pytest.mark.parametrize(
    ("level", "status", "stops", "warns"),
    [
        ("blocks", "failed", True, False),
        ("warns", "failed", False, True),
        ("informs", "failed", False, False),
        ("informs", "error", True, False),
        ("blocks", "passed", False, False),
        ("warns", "passed", False, False),
    ],
)
def test_what_a_result_does_follows_from_its_level_and_an_error_always_stops(level, status, stops, warns):
    found = outcome(level, status)
    assert (found.stops, found.warns) == (stops, warns)


def test_a_finding_is_named_as_an_acceptance_names_it():
    found = Finding(party="rg", dataset="arenden", period="2021Q1", what="odd")
    assert found.subject == "rg/arenden_2021Q1"
    assert str(found) == "rg/arenden 2021Q1: odd"
    assert Finding(dataset="case_volume", period="2021", what="odd").subject == "case_volume_2021"


def test_ten_findings_are_shown_and_the_others_counted():
    found = outcome("blocks", findings=[Finding(party="rg", what=str(n)) for n in range(12)]).sentences()
    assert found[0] == "t: m. [c failed]"
    assert len(found) == 12
    assert found[-1] == "  and 2 more"
