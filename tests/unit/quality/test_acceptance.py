"""An acceptance lets through what it names, and nothing else; it lapses with the release it was given for."""

import pytest

from dagster_project.errors import TrisamError
from dagster_project.quality.acceptance import Acceptance, apply, current_acceptances, refuse_unknown
from dagster_project.quality.outcome import Finding, Outcome

MARCH = Finding(party="kommun-2180", dataset="avslut", period="2021-03", what="no rows")
APRIL = MARCH.model_copy(update={"period": "2021-04"})


def outcome(check_id="jump", status="failed", suite="delivery_drift", findings=(MARCH, APRIL)):
    return Outcome(
        check_id=check_id,
        suite=suite,
        table="quality.t",
        status=status,
        message="m.",
        findings=list(findings),
    )


def accepted(*texts):
    return [Acceptance.parse(text, "A. Andersson", "counted by hand") for text in texts]


def test_a_failure_stops_until_everything_that_it_found_is_accepted():
    (half,) = apply([outcome()], accepted("jump=kommun-2180/avslut_2021-03"))
    assert half.stops
    assert half.findings == [APRIL]
    (whole,) = apply(
        [outcome()], accepted("jump=kommun-2180/avslut_2021-03", "jump=kommun-2180/avslut_2021-04")
    )
    assert not whole.stops
    assert not whole.warns
    assert whole.message == "m. (accepted)"


@pytest.mark.parametrize("text", ["jump", "jump=kommun-2180/avslut_2021", "other=kommun-2180/avslut_2021-03"])
def test_an_acceptance_that_names_something_else_lets_nothing_through(text):
    assert apply([outcome(findings=[MARCH])], accepted(text)) == [outcome(findings=[MARCH])]


def test_a_check_that_finds_no_single_delivery_is_accepted_by_its_name():
    (found,) = apply([outcome(findings=[])], accepted("jump"))
    assert not found.stops


@pytest.mark.parametrize("kept", [outcome(status="error"), outcome(suite="dbt", findings=[])])
def test_an_error_or_a_dbt_test_cannot_be_accepted(kept):
    assert apply([kept], accepted("jump")) == [kept]


def test_an_entry_lapses_with_the_release_that_follows_the_one_it_names(tmp_path):
    path = tmp_path / "accepted.yml"
    path.write_text("- {check: jump, subject: rg/team_2021, who: a, why: b, after: V1}\n")
    assert [a.subject for a in current_acceptances(path, "V1")] == ["rg/team_2021"]
    assert current_acceptances(path, "V2") == []
    assert current_acceptances(path, None) == []


def test_an_entry_for_the_first_release_names_none(tmp_path):
    path = tmp_path / "accepted.yml"
    path.write_text("- {check: jump, who: a, why: b, after: none}\n")
    assert len(current_acceptances(path, None)) == 1


@pytest.mark.parametrize(
    "text", ["- {check: jump, who: a, why: b}", "- {name: jump, until: 2021-01-01}", "- ["]
)
def test_a_file_of_acceptances_that_does_not_parse_is_refused_in_words(tmp_path, text):
    path = tmp_path / "accepted.yml"
    path.write_text(text)
    with pytest.raises(TrisamError, match=r"accepted\.yml does not parse"):
        current_acceptances(path, None)


def test_an_acceptance_of_no_expectation_is_refused():
    with pytest.raises(TrisamError, match="jump"):
        refuse_unknown(accepted("jump=rg/team_2021"), ["another"])


def test_acceptances_in_manifests_of_earlier_releases_are_read():
    old = {"name": "jump", "who": "a", "why": "b", "until": None}
    assert Acceptance.model_validate(old) == Acceptance(check="jump", who="a", why="b")
