"""Invented individuals with test identities, each number given once."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from dagster_project.sample.people import FIRST_TEST_SERIAL, number_of
from tests.years.county_plan import CountyPlan
from tests.years.draws import choose

FIRST_BIRTHDAY, LAST_BIRTHDAY = date(1956, 1, 1), date(2000, 12, 31)
_SERIALS = 10


class People:
    """Draws persons: personnummer, gender and municipality; a number is drawn once."""

    def __init__(self, plan: CountyPlan, rng: np.random.Generator) -> None:
        self._plan, self._rng = plan, rng
        slots = ((LAST_BIRTHDAY - FIRST_BIRTHDAY).days + 1) * _SERIALS
        self._unused = {parity: iter(rng.permutation(slots)) for parity in (0, 1)}

    def draw(self, municipalities: np.ndarray) -> pd.DataFrame:
        """One person for each municipality code given."""
        size = len(municipalities)
        women = self._plan.cases.women_share
        sex = choose(self._rng, {0: women, 1: 1 - women}, size)
        other = self._rng.random(size) < self._plan.cases.other_gender_share
        gender = np.where(other, "A", np.where(sex == 0, "K", "M"))
        numbers = [self._number(int(parity)) for parity in sex]
        return pd.DataFrame(
            {"personnummer": numbers, "kon": gender, "kommunkod": municipalities}, dtype=object
        )

    def _number(self, parity: int) -> str:
        place, serial = divmod(int(next(self._unused[parity])), _SERIALS)
        return number_of(FIRST_BIRTHDAY + timedelta(place), FIRST_TEST_SERIAL + 2 * serial + parity)
