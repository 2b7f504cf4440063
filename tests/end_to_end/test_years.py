"""A year of a county by quarter, and four faults: the short form of `make years`."""

from datetime import date

import pytest

from tests.years import judging
from tests.years.calendar_steps import Cadence, steps, together
from tests.years.county import make_county
from tests.years.deliveries import Deliverer
from tests.years.fault_plan import Place
from tests.years.faults import faults_called, targets
from tests.years.judged import World, run_step, try_faults
from tests.years.whole import WholeYears, run_steps

FOURTH_QUARTER = Place(name="fourth quarter", ends_from=date(2021, 12, 31), parties=["rg", "kommun-2180"])
FOUR_FAULTS = (
    ("amounts in thousands", "forsorjningsstod"),
    ("every personal number blank", "arenden"),
    ("genders swapped", "forsorjningsstod"),
    ("second half missing", "forsorjningsstod"),
)


def quiet(line):
    """Nobody looks on."""


@pytest.fixture(scope="module")
def deliverer():
    return Deliverer(make_county(250))


@pytest.fixture(scope="module")
def year(deliverer):
    return together(steps(deliverer.county, Cadence("quarter"), until=date(2021, 12, 31)))


@pytest.fixture(scope="module")
def whole_year(deliverer, year, tmp_path_factory):
    years = WholeYears(tmp_path_factory.mktemp("years"), deliverer)
    return years, run_steps(years, year, quiet)


@pytest.fixture(scope="module")
def faults_of_the_year(deliverer, year, tmp_path_factory):
    world = World(tmp_path_factory.mktemp("judged-year"))
    for step in year[:-1]:
        run_step(world, deliverer, step)
    last = targets(year, [FOURTH_QUARTER])[len(year) - 1]
    wanted = [target for target in last if target.delivery.dataset in {dataset for _, dataset in FOUR_FAULTS}]
    _, tried = try_faults(
        world, deliverer, year[-1], wanted, faults_called([name for name, _ in FOUR_FAULTS]), quiet
    )
    return {(one.fault, one.dataset): one for one in tried}


def test_a_year_by_quarter_is_four_runs(whole_year):
    assert len(whole_year[1]) == 4


def test_no_ordinary_run_is_refused(whole_year):
    assert [run.day for run in whole_year[1] if judging.refuses(run.findings)] == []


def test_the_last_release_equals_an_independent_computation(whole_year):
    assert whole_year[0].differences() == []


@pytest.mark.parametrize("fault", FOUR_FAULTS, ids=lambda fault: fault[0])
def test_a_planted_fault_is_told_by_party_and_dataset(faults_of_the_year, fault):
    assert faults_of_the_year[fault].is_named
