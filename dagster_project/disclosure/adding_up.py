"""Relations that follow from a table's shape alone: genders, municipalities, half-years, the period before.

What follows from the definition of an indicator is in cases.py and follow_up.py.
"""

from collections.abc import Iterator

from dagster_project.disclosure.cases import at, equal
from dagster_project.disclosure.figures import Cell, Figures, Pattern, Relation
from dagster_project.disclosure.spec import Offer, PeopleTable


def halves(year: str) -> tuple[str, str]:
    """Return the two half-years of a year."""
    return f"{year}H1", f"{year}H2"


def period_before(period: str) -> str:
    """Return the year or half-year before."""
    if len(period) == 4:
        return str(int(period) - 1)
    year, half = int(period[:4]), period[-1]
    return f"{year}H1" if half == "2" else f"{year - 1}H2"


def adding_up(figures: Figures, offer: Offer) -> Iterator[Relation | Pattern]:
    """Yield every relation that the shape of the offered tables makes certain."""
    for table in offer.people:
        yield from _genders(figures, table)
        yield from _previous(figures, table)
        if table.additive:
            yield from _municipalities(figures, table)
            yield from _half_years(figures, table)


def _genders(figures: Figures, table: PeopleTable) -> Iterator[Pattern]:
    if table.gender_rows:
        place = table.keys.index("gender")
        for column in table.counts:
            for rest in sorted({k[:place] + k[place + 1 :] for k in figures.keys(table.name, column)}):
                every = [(*rest[:place], gender, *rest[place:]) for gender in ("T", "K", "MA")]
                yield _sum_of_genders(figures, [at(table.name, column, *keys) for keys in every])
    elif "women_count" in table.counts:
        for keys in figures.keys(table.name, "total_count"):
            columns = ("total_count", "women_count", "men_or_unknown_count")
            yield _sum_of_genders(figures, [at(table.name, column, *keys) for column in columns])


def _sum_of_genders(figures: Figures, cells: list[Cell]) -> Pattern:
    return Pattern(equal("genders sum to the total", cells[0], cells[1:]), figures.county_places)


def _additive_columns(table: PeopleTable) -> list[str]:
    return [name for name, count in table.counts.items() if count.previous_of is None]


def offered_at_municipalities(table: PeopleTable, column: str, keys: tuple[str, ...]) -> bool:
    """Tell whether municipalities have this column of rows with these keys."""
    if table.municipality is None or table.counts[column].county_only:
        return False
    return all(keys[table.keys.index(name)] == value for name, value in table.municipality.items())


def _municipalities(figures: Figures, table: PeopleTable) -> Iterator[Relation]:
    for column in _additive_columns(table):
        for keys in figures.keys(table.name, column):
            if not offered_at_municipalities(table, column, keys):
                continue
            for year in figures.years:
                whole = (1, Cell(table.name, column, year, figures.county, keys))
                parts = [(-1, Cell(table.name, column, year, area, keys)) for area in figures.municipalities]
                yield Relation("municipalities sum to the county", (whole, *parts), equal=True)


def _half_years(figures: Figures, table: PeopleTable) -> Iterator[Relation]:
    # A plan's period may begin before the first consultation's: then a half-year of it is not there at all.
    gaps_possible = table.name == "lead_time"
    for year in figures.years:
        certain = not gaps_possible or all(half in figures.periods for half in halves(year))
        for column in _additive_columns(table):
            for keys in figures.keys(table.name, column):
                whole = (1, Cell(table.name, column, year, figures.county, keys))
                parts = [(-1, Cell(table.name, column, half, figures.county, keys)) for half in halves(year)]
                name = "half-years sum to the year" if certain else f"half-years sum to {year}"
                yield Relation(name, (whole, *parts), equal=True, certain=certain)
                if not certain:
                    yield Relation("half-years are within the year", (whole, *parts), equal=False)


def _previous(figures: Figures, table: PeopleTable) -> Iterator[Relation]:
    for column, count in table.counts.items():
        if count.previous_of is None:
            continue
        for cell in [c for c in figures.values if (c.table, c.column) == (table.name, column)]:
            source = cell._replace(column=count.previous_of, period=period_before(cell.period))
            yield Relation("the period before", ((1, cell), (-1, source)), equal=True)
