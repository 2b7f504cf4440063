"""How it is decided what is withheld: on small sums whose right answer can be worked out by hand."""

import numpy as np
import pytest

from dagster_project.disclosure.evidence import Evidence
from dagster_project.disclosure.figures import Cell, Figures, Relation
from dagster_project.disclosure.moves import MoveFinder
from dagster_project.disclosure.spec import load_offer
from dagster_project.disclosure.system import Move, build_system, connected
from dagster_project.disclosure.withholding import withhold

YEAR, COUNTY = "2021", "21"


def total(code: str, area: str = COUNTY) -> Cell:
    return Cell("question", "total_count", YEAR, area, (code,))


def sums(whole: str, *parts: str, area: str = COUNTY) -> Relation:
    return Relation("sum", ((1, total(whole, area)), *((-1, total(p, area)) for p in parts)), equal=True)


def withheld_codes(values: dict[str, int], *relations: Relation, threshold: int = 5) -> set[str]:
    figures = Figures({total(code): value for code, value in values.items()})
    done = withhold(figures, list(relations), load_offer(), threshold)
    return {cell.keys[0] for cell, unknown in done.system.unknown_of.items() if done.withheld[unknown]}


def test_a_count_that_a_sum_gives_away_is_joined_by_another() -> None:
    found = withheld_codes({"TOTAL": 60, "A": 3, "B": 20, "C": 37}, sums("TOTAL", "A", "B", "C"))
    assert found == {"A", "B"}


def test_the_total_of_a_county_and_year_is_the_last_to_be_withheld() -> None:
    found = withheld_codes({"TOTAL": 2060, "A": 3, "B": 2057}, sums("TOTAL", "A", "B"))
    assert found == {"A", "B"}


def test_two_counts_of_one_are_told_by_their_sum_and_joined_by_a_third() -> None:
    found = withheld_codes({"TOTAL": 62, "A": 1, "B": 1, "C": 20, "D": 40}, sums("TOTAL", "A", "B", "C", "D"))
    assert {"A", "B"} < found
    assert "TOTAL" not in found


def test_counts_with_room_among_themselves_are_joined_by_none() -> None:
    found = withheld_codes({"TOTAL": 60, "A": 4, "B": 4, "C": 52}, sums("TOTAL", "A", "B", "C"))
    assert found == {"A", "B"}


def test_zeros_are_never_withheld() -> None:
    found = withheld_codes({"TOTAL": 9, "A": 3, "B": 6, "C": 0}, sums("TOTAL", "A", "B", "C"))
    assert found == {"A", "B"}


def test_a_count_with_no_other_to_hide_behind_hides_its_total() -> None:
    assert withheld_codes({"TOTAL": 3, "A": 3, "B": 0}, sums("TOTAL", "A", "B")) == {"TOTAL", "A"}


def test_a_bound_that_leaves_too_little_room_is_widened() -> None:
    within = Relation("within", ((1, total("WHOLE")), (-1, total("PART"))), equal=False)
    assert withheld_codes({"WHOLE": 4, "PART": 2}, within) == {"WHOLE", "PART"}
    # 3 of 6 leaves a rest of 3 and six values from 1 to 6: nothing more is needed.
    assert withheld_codes({"WHOLE": 6, "PART": 3}, within) == {"PART"}


def test_a_sum_in_twos_does_not_pass_for_room() -> None:
    doubled = Relation("twice", ((1, total("WHOLE")), (-2, total("PART"))), equal=True)
    found = withheld_codes({"WHOLE": 8, "PART": 4, "OTHER": 9}, doubled)
    assert found == {"WHOLE", "PART"}
    with_limit = Relation("limit", ((1, total("LIMIT")), (-1, total("WHOLE"))), equal=False)
    # Up to 10 the whole has nine values, but only 2, 4, 6, 8 and 10 are even: four are too few below 10.
    assert "LIMIT" not in withheld_codes({"WHOLE": 8, "PART": 4, "LIMIT": 10}, doubled, with_limit)
    assert "LIMIT" in withheld_codes({"WHOLE": 8, "PART": 4, "LIMIT": 9}, doubled, with_limit)


def test_the_threshold_decides_what_is_small() -> None:
    values, relation = {"TOTAL": 60, "A": 3, "B": 20, "C": 37}, sums("TOTAL", "A", "B", "C")
    assert withheld_codes(values, relation, threshold=3) == set()
    assert withheld_codes(values, relation, threshold=1) == set()
    assert withheld_codes(values, relation, threshold=4) == {"A", "B"}


@pytest.mark.parametrize(("known", "yes", "hidden"), [(20, 17, True), (20, 20, False), (20, 12, False)])
def test_a_count_that_leaves_a_small_rest_is_withheld(known: int, yes: int, hidden: bool) -> None:
    place = (YEAR, "2180", ("ALL",))
    cells = {Cell("participation", f"attended_{c}", *place): v for c, v in (("yes", yes), ("known", known))}
    done = withhold(Figures(cells), [], load_offer(), 5)
    assert bool(done.withheld.any()) == hidden


def test_counts_that_are_equal_by_definition_share_their_fate() -> None:
    figures = Figures({total("A"): 3, total("B"): 3, total("C"): 50})
    same = Relation("same", ((1, total("A")), (-1, total("B"))), equal=True)
    system = build_system(figures, [same])
    assert system.unknown_of[total("A")] == system.unknown_of[total("B")]
    assert len(system.values) == 2


def test_a_likely_relation_counts_wherever_the_numbers_bear_it_out() -> None:
    figures = Figures({total("A"): 3, total("B"): 9, total("C"): 5, total("D"): 4})

    def pair(small: str, large: str) -> Relation:
        return Relation("likely", ((1, total(large)), (-1, total(small))), equal=False, certain=False)

    system = build_system(figures, [pair("A", "B"), pair("C", "D")])
    assert [set(row.unknowns) for row in system.rows] == [{system.unknown_of[total(c)] for c in "AB"}]
    assert system.broken == ()


def test_a_certain_relation_that_the_numbers_break_is_named() -> None:
    system = build_system(Figures({total("A"): 3, total("B"): 9}), [sums("A", "B")])
    assert (system.rows, system.broken) == ((), ("sum",))


@pytest.fixture
def evidence() -> Evidence:
    figures = Figures({total("TOTAL"): 10, total("A"): 3, total("B"): 7})
    return Evidence(build_system(figures, [sums("TOTAL", "A", "B")]), width=10)


def test_a_move_proves_every_step_of_its_line_while_counts_stay_at_least_one(evidence: Evidence) -> None:
    a, b = (evidence.system.unknown_of[total(c)] for c in "AB")
    evidence.add(Move(np.array([a, b]), np.array([4, -4])))
    assert evidence.offsets(a) == set(range(-2, 7))
    assert evidence.offsets(b) == set(range(-6, 3))


def test_a_move_that_breaks_a_relation_proves_nothing(evidence: Evidence) -> None:
    a = evidence.system.unknown_of[total("A")]
    with pytest.raises(ArithmeticError):
        evidence.add(Move(np.array([a]), np.array([4])))


def test_doubling_all_that_is_tied_keeps_every_relation(evidence: Evidence) -> None:
    a = evidence.system.unknown_of[total("A")]
    evidence.add(connected(evidence.system, a))
    assert {0, 3, 6} <= evidence.offsets(a)


def test_the_cheapest_move_takes_the_cheapest_counts() -> None:
    figures = Figures({total("TOTAL"): 60, total("A"): 3, total("B"): 20, total("C"): 37})
    system = build_system(figures, [sums("TOTAL", "A", "B", "C")])
    finder = MoveFinder(system, np.arange(4), reach=40)
    costs = np.ones(4)
    a, c = (system.unknown_of[total(code)] for code in "AC")
    costs[c] = 0.1
    finder.set_costs(costs)
    move = finder.cheapest(a, 4)
    assert move is not None
    assert dict(zip(move.unknowns.tolist(), move.steps.tolist(), strict=True)) == {a: 4, c: -4}
    assert finder.cheapest(a, -3) is None
