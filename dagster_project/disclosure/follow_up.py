"""Relations that follow from the definitions of the follow-up: cohorts, scopes, destinations, steps.

What precedes the follow-up (new cases, participation, consent) is in cases.py.
"""

from collections.abc import Callable, Iterator

from dagster_project.disclosure.cases import HORIZONS, PARTIES, at, at_most, equal, everywhere
from dagster_project.disclosure.figures import Cell, Figures, Pattern, Place, Relation

SCOPES = ("all_public", "goal_list", "income_support")
GENDERS = ("T", "K", "MA")
BENEFITS = (
    "AKASSA", "AKTIVITETSSTOD", "ETABLERING", "SJUKPENNING", "REHABPENNING", "SJUKERSATTNING",
    "AKTIVITETSERSATTNING",
)  # fmt: skip
WITHOUT_SUPPORT = ("ARBETE", "STUDIER", "OKAND")
INCOME_SUPPORT = ("FORSORJNINGSSTOD", "FORSORJNINGSSTOD_DEL")
SECOND_RUNG = ("FORSORJNINGSSTOD_DEL", "SJUKPENNING", "SJUKERSATTNING", "AKTIVITETSERSATTNING")
GOAL_LIST = (*INCOME_SUPPORT, "SJUKPENNING", "AKASSA", "AKTIVITETSSTOD")


def follow_up_relations(figures: Figures) -> Iterator[Pattern]:
    """Yield what the definitions make certain, or likely, about the follow-up, wherever it is offered."""
    for places, county in figures.levels():
        for gender in GENDERS if county else GENDERS[:1]:
            yield from everywhere(places, _support(gender))
            yield from everywhere(places, _self_support(gender))
        yield from everywhere(places, _complete(county=county))
        if county:
            yield from everywhere(places, _at_counties(figures))
    yield from everywhere(_places_with_closings(figures), _closings_cohort())


def _at_counties(figures: Figures) -> Iterator[Relation]:
    yield from _by_party()
    for horizon in HORIZONS:
        yield from _destinations(figures, horizon)
        yield from _granted(horizon)
        yield from _steps(horizon)


def _support(gender: str) -> Iterator[Relation]:
    cases = {
        "T": at("case_volume", "new_count"),
        "K": at("question", "women_count", "TOTAL"),
        "MA": at("question", "men_or_unknown_count", "TOTAL"),
    }[gender]

    def figure(column: str, scope: str, horizon: str) -> Cell:
        return at("support_follow_up", column, gender, scope, horizon)

    yield from _scopes(figure, cases)


def _by_party() -> Iterator[Relation]:
    for party in PARTIES:

        def figure(column: str, scope: str, horizon: str, party: str = party) -> Cell:
            return at("support_by_party", column, party, scope, horizon)

        yield from _scopes(figure, at("initiating_party", "new_count", party))
    for scope in SCOPES:
        for horizon in HORIZONS:
            for column in ("cohort_count", "start_count", "horizon_count"):
                whole = at("support_follow_up", column, "T", scope, horizon)
                parts = [at("support_by_party", column, p, scope, horizon) for p in PARTIES]
                yield equal("parties sum to the follow-up", whole, parts)


def _scopes(figure: Callable[[str, str, str], Cell], cases: Cell) -> Iterator[Relation]:
    """Scopes nested in each other, for one group of cases."""
    for horizon in HORIZONS:
        everyone, income = (figure("cohort_count", s, horizon) for s in ("all_public", "income_support"))
        yield equal("one cohort", everyone, [figure("cohort_count", "goal_list", horizon)])
        yield at_most("cohorts nested", [everyone], [income])
        yield at_most("followed up within new cases", [income], [cases])
        for column in ("start_count", "horizon_count"):
            public, goal, support = (figure(column, scope, horizon) for scope in SCOPES)
            for scope, count in zip(SCOPES, (public, goal, support), strict=True):
                yield at_most("support within cohort", [count], [figure("cohort_count", scope, horizon)])
            yield at_most("scopes nested", [goal], [public])
            # Income support counts in the goal list too, except for cases outside the smaller cohort.
            yield at_most("scopes nested", [support, everyone], [goal, income])
    for scope in SCOPES:
        six, twelve = (figure("cohort_count", scope, h) for h in HORIZONS)
        start_six, start_twelve = (figure("start_count", scope, h) for h in HORIZONS)
        yield at_most(f"later cohort within the earlier, {scope}", [twelve], [six], certain=False)
        yield at_most(f"start within the earlier, {scope}", [start_twelve], [start_six], certain=False)
        yield at_most(
            f"others within the earlier, {scope}", [start_six, twelve], [start_twelve, six], certain=False
        )


def _complete(*, county: bool) -> Iterator[Relation]:
    """Cohorts that are equal where deliveries have no gaps and reach far enough."""

    def same(first: Cell, second: Cell) -> Relation:
        return Relation("complete deliveries", ((1, first), (-1, second)), equal=True, certain=False)

    linkable = at("consent", "linkable_count", "KOMMUN")
    for horizon in HORIZONS:
        yield same(linkable, at("support_follow_up", "cohort_count", "T", "income_support", horizon))
        if county:
            reached = at("new_benefit", "cohort_count", horizon, "AKASSA")
            yield same(reached, at("support_follow_up", "cohort_count", "T", "all_public", horizon))
    for gender in GENDERS if county else GENDERS[:1]:
        to_date = at("self_support", "cohort_count", gender, "to_date")
        for horizon in HORIZONS:
            yield same(to_date, at("self_support", "cohort_count", gender, horizon))
        for scope in SCOPES:
            for column in ("cohort_count", "start_count"):
                six, twelve = (at("support_follow_up", column, gender, scope, h) for h in HORIZONS)
                yield same(six, twelve)


def _self_support(gender: str) -> Iterator[Relation]:
    cases = {
        "T": at("consent", "linkable_count", "KOMMUN"),
        "K": at("question", "women_count", "TOTAL"),
        "MA": at("question", "men_or_unknown_count", "TOTAL"),
    }[gender]
    whole, done = (at("self_support", c, gender, "to_date") for c in ("cohort_count", "self_support_count"))
    yield at_most("followed up within linkable", [whole], [cases])
    yield at_most("self-supporting within cohort", [done], [whole])
    if gender != "T":
        # Both are linkable to the municipality; only where it delivered no closings is one outside the other.
        linkable, everyone = (
            at("consent", "linkable_count", "KOMMUN"),
            at("self_support", "cohort_count", "T", "to_date"),
        )
        for horizon in HORIZONS:
            income = at("support_follow_up", "cohort_count", gender, "income_support", horizon)
            yield at_most("income support within closings", [income, everyone], [whole, linkable])
    cohorts, counts = {}, {}
    for horizon in HORIZONS:
        cohorts[horizon] = at("self_support", "cohort_count", gender, horizon)
        counts[horizon] = at("self_support", "self_support_count", gender, horizon)
        yield at_most("cohort within that to date", [cohorts[horizon]], [whole])
        yield at_most("self-supporting within cohort", [counts[horizon]], [cohorts[horizon]])
        yield at_most("self-supporting within that to date", [counts[horizon]], [done])
    yield at_most("later cohort within the earlier, closings", [cohorts["12"]], [cohorts["6"]], certain=False)
    yield at_most(
        "self-supporting earlier are later",
        [counts["6"], cohorts["12"]],
        [counts["12"], cohorts["6"]],
        certain=False,
    )


def _places_with_closings(figures: Figures) -> tuple[Place, ...]:
    """Municipalities with a cohort to date, and the county if all have one: it is every case linkable to them."""
    covered = {
        c.area
        for c in figures.values
        if c.table == "self_support" and c.keys[1] == "to_date" and len(c.area) == 4
    }
    own = (place for place in figures.municipality_places if place[1] in covered)
    return (*own, *(figures.county_places if _all_covered(figures, covered) else ()))


def _closings_cohort() -> Iterator[Relation]:
    linkable = at("consent", "linkable_count", "KOMMUN")
    yield equal(
        "cohort to date is all linkable", at("self_support", "cohort_count", "T", "to_date"), [linkable]
    )


def _all_covered(figures: Figures, covered: set[str]) -> bool:
    return covered >= {
        c.area
        for c, value in figures.values.items()
        if c[:2] == ("consent", "linkable_count") and c.keys == ("KOMMUN",) and len(c.area) == 4 and value
    }


def _destinations(figures: Figures, horizon: str) -> Iterator[Relation]:
    codes = {k[1] for k in figures.keys("destination", "person_case_count")}
    place = {c: at("destination", "person_case_count", horizon, c) for c in sorted(codes)}
    reached = at("new_benefit", "cohort_count", horizon, "AKASSA")
    followed = at("support_follow_up", "cohort_count", "T", "all_public", horizon)
    yield equal("destinations sum to the cohort", reached, list(place.values()))
    yield at_most("followed up within reached", [followed], [reached])

    def horizon_count(scope: str) -> Cell:
        return at("support_follow_up", "horizon_count", "T", scope, horizon)

    supported = [cell for code, cell in place.items() if code not in WITHOUT_SUPPORT]
    yield at_most("support is a destination", [horizon_count("all_public")], supported)
    for scope, group in (("all_public", supported), *((s, _pick(place, c)) for s, c in _DESTINATIONS_IN)):
        yield at_most("support is a destination", [*group, followed], [horizon_count(scope), reached])
    closed = _pick(place, ("ARBETE", "STUDIER"))
    linkable = at("consent", "linkable_count", "KOMMUN")
    for until in (horizon, "to_date"):
        outside = [at("self_support", "self_support_count", "T", until), linkable]
        yield at_most(
            "work is self-support", [*closed, at("self_support", "cohort_count", "T", until)], outside
        )


_DESTINATIONS_IN = (("goal_list", GOAL_LIST), ("income_support", INCOME_SUPPORT))


def _pick(cells: dict[str, Cell], codes: tuple[str, ...]) -> list[Cell]:
    return [cells[code] for code in codes if code in cells]


def _granted(horizon: str) -> Iterator[Relation]:
    reached = at("new_benefit", "cohort_count", horizon, "AKASSA")
    followed = at("support_follow_up", "cohort_count", "T", "all_public", horizon)
    for benefit in BENEFITS:
        granted = at("new_benefit", "granted_count", horizon, benefit)
        yield equal("one cohort", reached, [at("new_benefit", "cohort_count", horizon, benefit)])
        yield at_most("granted within cohort", [granted], [reached])
    for scope, benefits in (
        ("all_public", BENEFITS),
        ("goal_list", ("AKASSA", "AKTIVITETSSTOD", "SJUKPENNING")),
    ):
        start = at("support_follow_up", "start_count", "T", scope, horizon)
        for group in (benefits, *((b,) for b in benefits)):
            held = [at("destination", "person_case_count", horizon, b) for b in group]
            granted_too = [at("new_benefit", "granted_count", horizon, b) for b in group]
            # Who has a benefit that was not granted since had it at the start.
            yield at_most("held or granted", [*held, followed], [*granted_too, start, reached])
        end, income = (
            at("support_follow_up", "horizon_count", "T", s, horizon) for s in (scope, "income_support")
        )
        gained = [at("new_benefit", "granted_count", horizon, b) for b in benefits]
        yield at_most("support gained is granted", [end], [start, *gained, income])
    if horizon == "12":
        earlier = at("new_benefit", "cohort_count", "6", "AKASSA")
        yield at_most("later cohort within the earlier, reached", [reached], [earlier], certain=False)
        for benefit in BENEFITS:
            six, twelve = (at("new_benefit", "granted_count", h, benefit) for h in HORIZONS)
            yield at_most(
                "granted earlier is granted later", [six, reached], [twelve, earlier], certain=False
            )


def _steps(horizon: str) -> Iterator[Relation]:
    for gender in GENDERS:
        cohort = at("step_progress", "cohort_count", gender, horizon)
        forward, same, back = (
            at("step_progress", f"{c}_count", gender, horizon) for c in ("forward", "unchanged", "backward")
        )
        start = at("support_follow_up", "start_count", gender, "all_public", horizon)
        end = at("support_follow_up", "horizon_count", gender, "all_public", horizon)
        yield equal(
            "one cohort", cohort, [at("support_follow_up", "cohort_count", gender, "all_public", horizon)]
        )
        yield equal("steps sum to the cohort", cohort, [forward, same, back])
        # Only who has support can step down; who gains support, and had none, steps up.
        yield at_most("a step down starts with support", [back], [start])
        yield at_most("gaining support is a step up", [end], [start, forward])
    yield from _steps_to_destinations(horizon)


def _steps_to_destinations(horizon: str) -> Iterator[Relation]:
    """The ends of the ladder: 0 unknown, 1 income support, 5 unemployment fund, 6 work and studies."""
    cohort, forward, back = (
        at("step_progress", f"{c}_count", "T", horizon) for c in ("cohort", "forward", "backward")
    )
    start = at("support_follow_up", "start_count", "T", "all_public", horizon)
    reached = at("new_benefit", "cohort_count", horizon, "AKASSA")
    unknown, income, fund, work, studies = (
        at("destination", "person_case_count", horizon, c)
        for c in ("OKAND", "FORSORJNINGSSTOD", "AKASSA", "ARBETE", "STUDIER")
    )
    yield at_most("no step up to the foot", [forward, unknown], [reached])
    yield at_most("a step up to the first rung", [forward, unknown, income, start], [reached, cohort])
    yield at_most("work is a step up", [work, studies, cohort], [forward, reached])
    yield at_most("no step down to the top", [back, work, studies, fund], [reached])
    yield at_most("no support at either end", [cohort], [start, unknown, forward])
    yield at_most("support lost to the foot", [unknown, start], [back, reached])
    end = at("support_follow_up", "horizon_count", "T", "all_public", horizon)
    yield at_most("support lost, not to work", [start], [back, end, work, studies])
    on_income = at("support_follow_up", "start_count", "T", "income_support", horizon)
    second = [at("destination", "person_case_count", horizon, c) for c in SECOND_RUNG]
    low = [forward, unknown, income, *second, start]
    yield at_most("a step up to the second rung", low, [reached, cohort, on_income])
