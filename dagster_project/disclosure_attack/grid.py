"""One county's counts and other numbers as arrays of periods by areas, so that a rule is tried at all its places
at once.

What the rules say is in notation.py; nothing is bounded here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dagster_project.disclosure_attack.reading import Count, Published

# Far below what bounds.py takes for a contradiction, which has the last word.
SUSPECT = 1e-7
Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Where = tuple[str, str]


class Series(NamedTuple):
    """A column of the rows with these keys, at every period and area."""

    table: str
    keys: tuple[str, ...]
    column: str


class Spots(NamedTuple):
    """Places of a grid: indices of their periods and of their areas."""

    periods: Indices
    areas: Indices


class Grid:
    """The numbers of one county. A withheld count is nan, one that is not there 0; a figure not there is nan."""

    def __init__(self, published: Published, county: str) -> None:
        found = {place.area for place in published.places} - {county}
        self.periods = sorted({place.period for place in published.places})
        self.municipalities = sorted(area for area in found if len(area) == 4)
        self._areas = [county, *self.municipalities, *sorted(found - set(self.municipalities))]
        self._period = {period: i for i, period in enumerate(self.periods)}
        self._area = {area: i for i, area in enumerate(self._areas)}
        withheld = dict.fromkeys(published.withheld, np.nan)
        self._counts = self._arranged((published.shown, withheld), absent=0.0)
        self.figures = self._arranged((published.figures,), absent=np.nan)
        self._none = self._filled(0.0)

    def _arranged(self, numbers: Iterable[Mapping[Count, float]], *, absent: float) -> dict[Series, Floats]:
        found: dict[Series, Floats] = {}
        for count, number in (item for listed in numbers for item in listed.items()):
            table, period, area, keys = count.place
            series = Series(table, keys, count.column)
            if series not in found:
                found[series] = self._filled(absent)
            found[series][self._period[period], self._area[area]] = number
        return found

    def _filled(self, absent: float) -> Floats:
        """One row per period and one for those that do not occur."""
        return np.full((len(self.periods) + 1, len(self._areas)), absent)

    def counts(self, series: Series) -> Floats:
        """Return a count at every period and area."""
        return self._counts.get(series, self._none)

    def every_spot(self) -> Spots:
        """Return every period and area."""
        periods, areas = np.indices((len(self.periods), len(self._areas)))
        return Spots(periods.ravel(), areas.ravel())

    def spots(self, where: Iterable[Where]) -> Spots:
        """Return the indices of places."""
        pairs = [(self._period[period], self._area[area]) for period, area in where]
        periods, areas = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        return Spots(periods, areas)

    def places(self, spots: Spots, chosen: npt.NDArray[np.bool_]) -> Iterator[Where]:
        """Yield the period and the area of the chosen ones."""
        for at in np.flatnonzero(chosen):
            yield self.periods[spots.periods[at]], self._areas[spots.areas[at]]

    def at(self, series: Series, spots: Spots) -> Floats:
        """Return a count at places."""
        found: Floats = self.counts(series)[spots.periods, spots.areas]
        return found

    def at_county(self, series: Series, spots: Spots) -> Floats:
        """Return a count of the county at the periods of places."""
        found: Floats = self.counts(series)[spots.periods, 0]
        return found

    def of_municipalities(self, series: Series, spots: Spots) -> Floats:
        """Return the sum of a count over the municipalities at the periods of places."""
        whole: Floats = self.counts(series)[:, 1 : 1 + len(self.municipalities)].sum(axis=1)
        return whole[spots.periods]

    def renamed(self, spots: Spots, name: Callable[[str], str]) -> Spots:
        """Return the same places at other periods."""
        other = [self._period.get(name(period), len(self.periods)) for period in self.periods]
        return Spots(np.array(other, dtype=np.int64)[spots.periods], spots.areas)


def suspect(total: Floats, *, equal: bool) -> npt.NDArray[np.bool_]:
    """Tell which sums are not plainly zero (`equal`) or at least zero: a term is withheld, or the rule is broken."""
    return ~(np.abs(total) <= SUSPECT) if equal else ~(total >= -SUSPECT)
