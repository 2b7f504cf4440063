"""Relations about distinct persons (target_group) and about the survey; cases are in cases.py."""

from collections.abc import Iterator

from dagster_project.disclosure.adding_up import halves
from dagster_project.disclosure.cases import at, at_most, equal, everywhere
from dagster_project.disclosure.figures import Cell, Figures, Pattern, Relation

COLUMNS = ("total_count", "women_count", "men_or_unknown_count")
READY = ("4", "5")


def person_relations(figures: Figures) -> Iterator[Pattern | Relation]:
    """Yield the bounds of distinct persons: a whole is at most the sum of its parts and at least each."""
    for places, county in figures.levels():
        yield from everywhere(places, _with_obstacles(figures, COLUMNS if county else COLUMNS[:1]))
    for year in figures.years:
        yield from _areas(figures, year)
        yield from _half_years(figures, year)


def _with_obstacles(figures: Figures, columns: tuple[str, ...]) -> Iterator[Relation]:
    for column in columns:
        whole = at("target_group", column, "ALL")
        parts = [at("target_group", column, code) for code in _obstacles(figures)]
        yield from _union("obstacles", whole, parts, parts_within=column == COLUMNS[0])


def _cell(column: str, period: str, area: str, code: str) -> Cell:
    return Cell("target_group", column, period, area, (code,))


def _obstacles(figures: Figures) -> list[str]:
    return [k[0] for k in figures.keys("target_group", "total_count") if k != ("ALL",)]


def _union(name: str, whole: Cell, parts: list[Cell], *, parts_within: bool = True) -> Iterator[Relation]:
    yield at_most(f"{name}: a whole is at most its parts", [whole], parts)
    for part in parts:
        yield at_most(f"{name}: a part is within the whole", [part], [whole], certain=parts_within)


def _areas(figures: Figures, year: str) -> Iterator[Relation]:
    everyone = [_cell("total_count", year, area, "ALL") for area in (figures.county, *figures.municipalities)]
    for code in ("ALL", *_obstacles(figures)):
        some = [_cell("total_count", year, area, code) for area in (figures.county, *figures.municipalities)]
        yield from _union("municipalities", some[0], some[1:])
        # Who counts in two municipalities with one obstacle counts in two of them at all.
        name = "counted twice with an obstacle, counted twice"
        yield at_most(name, [*some[1:], everyone[0]], [some[0], *everyone[1:]])
    for area in figures.municipalities:
        yield _more_obstacles(figures, COLUMNS[0], (year, area), (year, figures.county))


def _half_years(figures: Figures, year: str) -> Iterator[Relation]:
    present = [half for half in halves(year) if half in figures.periods]
    both = len(present) == len(halves(year))
    for column in COLUMNS:
        for half in halves(year):
            yield _more_obstacles(figures, column, (half, figures.county), (year, figures.county))
        # A person's gender is that of the latest month, so a woman of one half may not be one of the year.
        fixed = column == COLUMNS[0]
        everyone = [_cell(column, p, figures.county, "ALL") for p in (year, *halves(year))]
        for code in ("ALL", *_obstacles(figures)):
            some = [_cell(column, p, figures.county, code) for p in (year, *halves(year))]
            for part in some[1:]:
                yield at_most("half-years: a part is within the whole", [part], some[:1], certain=fixed)
            name = "half-years: a whole is at most its parts"
            yield at_most(name if both else f"{name} {year}", some[:1], some[1:], certain=both)
            yield at_most(
                f"counted in both half-years, {column}",
                [*some[1:], everyone[0]],
                [some[0], *everyone[1:]],
                certain=fixed and both,
            )


def _more_obstacles(figures: Figures, column: str, part: tuple[str, str], whole: tuple[str, str]) -> Relation:
    """A person's obstacles beyond the first are at least as many in the whole as in a part of it."""

    def beyond(place: tuple[str, str]) -> tuple[list[Cell], Cell]:
        return [_cell(column, *place, code) for code in _obstacles(figures)], _cell(column, *place, "ALL")

    (some, persons), (more, everyone) = beyond(part), beyond(whole)
    certain = column == COLUMNS[0]
    return at_most(
        f"obstacles beyond the first, {column}", [*some, everyone], [*more, persons], certain=certain
    )


def survey_relations(figures: Figures) -> Iterator[Relation]:
    """Yield what adds up within each wave of the survey."""
    for wave in figures.periods:

        def count(column: str, wave: str = wave) -> Cell:
            return Cell("survey_readiness", column, wave, "", ("T",))

        grades = figures.keys("survey_answer", "answer_count")
        answers = {k: Cell("survey_answer", "answer_count", wave, "", k) for k in grades}
        reasons = [
            Cell("survey_nonresponse", "nonresponse_count", wave, "", k)
            for k in figures.keys("survey_nonresponse", "nonresponse_count")
        ]
        yield at_most("known within answered", [count("readiness_known_count")], [count("answered_count")])
        yield equal("answers sum to the known", count("readiness_known_count"), list(answers.values()))
        yield equal(
            "ready are two answers", count("ready_count"), [c for k, c in answers.items() if k[-1] in READY]
        )
        yield equal("reasons sum to the unanswered", count("sent_count"), [count("answered_count"), *reasons])
