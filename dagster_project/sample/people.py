"""Invented individuals: personnummer that the tax agency keeps for tests, drawn without repetition."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

FIRST_TEST_SERIAL = 980
LAST_TEST_SERIAL = 999
COORDINATION_DAYS = 60


def check_digit(nine: str) -> int:
    """The last digit of a number whose first nine are YYMMDDNNN (for a samordningsnummer the day + 60)."""
    total = 0
    for place, digit in enumerate(nine):
        product = int(digit) * (2 - place % 2)
        total += product // 10 + product % 10
    return -total % 10


def number_of(born: date, serial: int, coordination: bool = False) -> str:
    """Twelve digits: birth date (day + 60 for a samordningsnummer), serial, check digit."""
    day = born.day + (COORDINATION_DAYS if coordination else 0)
    eleven = f"{born:%Y%m}{day:02d}{serial:03d}"
    return f"{eleven}{check_digit(eleven[2:])}"


@dataclass
class NumberSource:
    """Draws numbers of invented people, each once; women have an even serial and men an odd one."""

    rng: random.Random
    coordination_share: float = 0.0
    used: set[str] = field(default_factory=set)

    def draw(self, gender: str, first_year: int = 1956, last_year: int = 2000) -> str:
        """Twelve digits of somebody of gender K, M or A, born in one of these years."""
        first = date(first_year, 1, 1)
        days = (date(last_year, 12, 31) - first).days
        while True:
            born = first + timedelta(self.rng.randrange(days + 1))
            serial = self.rng.randrange(FIRST_TEST_SERIAL, LAST_TEST_SERIAL, 2) + self._parity(gender)
            number = number_of(born, serial, self.rng.random() < self.coordination_share)
            if number not in self.used:
                self.used.add(number)
                return number

    def _parity(self, gender: str) -> int:
        return {"K": 0, "M": 1}.get(gender, self.rng.randrange(2))
