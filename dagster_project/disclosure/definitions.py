"""Relations that follow from the definitions of the indicators about cases and their follow-up.

Shapes of tables (genders, municipalities, half-years) are in adding_up.py; persons and surveys in persons.py.
"""

from collections.abc import Callable, Iterator

from dagster_project.disclosure.figures import Cell, Figures, Relation

PARTIES = ("AF", "FK", "KOMMUN", "RG")
HORIZONS = ("6", "12")
SCOPES = ("all_public", "goal_list", "income_support")
GENDERS = ("T", "K", "MA")
BENEFITS = (
    "AKASSA", "AKTIVITETSSTOD", "ETABLERING", "SJUKPENNING", "REHABPENNING", "SJUKERSATTNING",
    "AKTIVITETSERSATTNING",
)  # fmt: skip
WITHOUT_SUPPORT = ("ARBETE", "STUDIER", "OKAND")
INCOME_SUPPORT = ("FORSORJNINGSSTOD", "FORSORJNINGSSTOD_DEL")
GOAL_LIST = (*INCOME_SUPPORT, "SJUKPENNING", "AKASSA", "AKTIVITETSSTOD")

Terms = list[tuple[int, Cell]]
At = Callable[..., Cell]


def equal(name: str, whole: Cell, parts: list[Cell]) -> Relation:
    """The whole is the sum of the parts."""
    return Relation(name, ((1, whole), *((-1, part) for part in parts)), equal=True)


def at_most(name: str, small: list[Cell], large: list[Cell], *, certain: bool = True) -> Relation:
    """The sum of `small` is at most the sum of `large`."""
    terms = (*((1, cell) for cell in large), *((-1, cell) for cell in small))
    return Relation(name, terms, equal=False, certain=certain)


def case_relations(figures: Figures) -> Iterator[Relation]:
    """Yield what the definitions make certain, or likely, about cases, at every period and area offered."""
    covered = _municipalities_with_closings(figures)
    for period, area in figures.areas():

        def at(table: str, column: str, *keys: str, period: str = period, area: str = area) -> Cell:
            return Cell(table, column, period, area, keys)

        county = area == figures.county
        yield from _new_cases(figures, at, county=county)
        yield from _consents(at)
        for gender in GENDERS if county else GENDERS[:1]:
            yield from _support(at, gender)
            yield from _self_support(at, gender)
        yield from _closings_cohort(figures, at, area, covered)
        if county:
            yield from _by_party(at)
            for horizon in HORIZONS:
                yield from _destinations(figures, at, horizon)
                yield from _granted(at, horizon)
                yield from _steps(at, horizon)


def _new_cases(figures: Figures, at: At, *, county: bool) -> Iterator[Relation]:
    new = at("case_volume", "new_count")
    whole, follow_ups = at("case_volume", "total_count"), at("case_volume", "follow_up_count")
    yield equal("total is new and follow-up", whole, [new, follow_ups])
    yield equal("parties sum to new cases", new, [at("initiating_party", "new_count", p) for p in PARTIES])
    for table in ("question", "proposal"):
        yield equal("one number of new cases", new, [at(table, "total_count", "TOTAL")])
        for column in ("total_count", "women_count", "men_or_unknown_count")[: 3 if county else 1]:
            codes = [k[0] for k in figures.keys(table, "total_count") if k != ("TOTAL",)]
            yield equal(
                "codes sum to the total", at(table, column, "TOTAL"), [at(table, column, c) for c in codes]
            )
    if county:
        for column in ("women_count", "men_or_unknown_count"):
            yield equal(
                "one number of new cases", at("question", column, "TOTAL"), [at("proposal", column, "TOTAL")]
            )
    yield from _participation(at, county=county)


def _participation(at: At, *, county: bool) -> Iterator[Relation]:
    for topic in ("own_question", "attended", "feedback"):
        for column in (f"{topic}_yes", f"{topic}_known"):
            if county:
                parts = [at("participation", column, p) for p in PARTIES]
                yield equal("parties sum to all", at("participation", column, "ALL"), parts)
        for party in ("ALL", *PARTIES) if county else ("ALL",):
            cases = (
                at("case_volume", "new_count")
                if party == "ALL"
                else at("initiating_party", "new_count", party)
            )
            known = at("participation", f"{topic}_known", party)
            yield at_most("known within new cases", [known], [cases])
            yield at_most("yes within known", [at("participation", f"{topic}_yes", party)], [known])


def _consents(at: At) -> Iterator[Relation]:
    persons = [at("consent", "person_case_count", party) for party in PARTIES]
    yield at_most("persons within new cases", persons[:1], [at("case_volume", "new_count")])
    for party, person in zip(PARTIES, persons, strict=True):
        yield equal("one number of person cases", persons[0], [person])
        linkable = at("consent", "linkable_count", party)
        yield at_most("linkable within persons", [linkable], [person])
        if party == "RG":
            continue
        for horizon in HORIZONS:
            for table, *keys in (("support_follow_up", "T", "all_public"), ("new_benefit",)):
                cohort = at(
                    table, "cohort_count", *keys, horizon, *(["AKASSA"] if table == "new_benefit" else [])
                )
                yield at_most("followed up within linkable", [cohort], [linkable])
    linkable_to_three = [at("consent", "linkable_count", p) for p in PARTIES[:3]]
    for horizon in HORIZONS:
        cohort = at("support_follow_up", "cohort_count", "T", "all_public", horizon)
        name = f"all who can be followed up are, {horizon} months"
        yield at_most(name, linkable_to_three, [cohort, persons[0], persons[0]], certain=False)
        income = at("support_follow_up", "cohort_count", "T", "income_support", horizon)
        yield at_most("followed up within linkable", [income], [at("consent", "linkable_count", "KOMMUN")])


def _support(at: At, gender: str) -> Iterator[Relation]:
    cases = {
        "T": at("case_volume", "new_count"),
        "K": at("question", "women_count", "TOTAL"),
        "MA": at("question", "men_or_unknown_count", "TOTAL"),
    }[gender]

    def figure(column: str, scope: str, horizon: str) -> Cell:
        return at("support_follow_up", column, gender, scope, horizon)

    yield from _scopes(figure, cases)


def _by_party(at: At) -> Iterator[Relation]:
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


def _self_support(at: At, gender: str) -> Iterator[Relation]:
    cases = {
        "T": at("consent", "linkable_count", "KOMMUN"),
        "K": at("question", "women_count", "TOTAL"),
        "MA": at("question", "men_or_unknown_count", "TOTAL"),
    }[gender]
    whole, done = (at("self_support", c, gender, "to_date") for c in ("cohort_count", "self_support_count"))
    yield at_most("followed up within linkable", [whole], [cases])
    yield at_most("self-supporting within cohort", [done], [whole])
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


def _municipalities_with_closings(figures: Figures) -> set[str]:
    """Municipalities whose cohort to date is not empty: there it is every case linkable to the municipality."""
    return {
        c.area
        for c in figures.values
        if c.table == "self_support" and c.keys[1] == "to_date" and len(c.area) == 4
    }


def _closings_cohort(figures: Figures, at: At, area: str, covered: set[str]) -> Iterator[Relation]:
    linkable = at("consent", "linkable_count", "KOMMUN")
    if area in covered or (area == figures.county and _all_covered(figures, covered)):
        yield equal(
            "cohort to date is all linkable", at("self_support", "cohort_count", "T", "to_date"), [linkable]
        )


def _all_covered(figures: Figures, covered: set[str]) -> bool:
    return covered >= {
        c.area
        for c, value in figures.values.items()
        if c[:2] == ("consent", "linkable_count") and c.keys == ("KOMMUN",) and len(c.area) == 4 and value
    }


def _destinations(figures: Figures, at: At, horizon: str) -> Iterator[Relation]:
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


def _granted(at: At, horizon: str) -> Iterator[Relation]:
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
    if horizon == "12":
        earlier = at("new_benefit", "cohort_count", "6", "AKASSA")
        yield at_most("later cohort within the earlier, reached", [reached], [earlier], certain=False)
        for benefit in BENEFITS:
            six, twelve = (at("new_benefit", "granted_count", h, benefit) for h in HORIZONS)
            yield at_most(
                "granted earlier is granted later", [six, reached], [twelve, earlier], certain=False
            )


def _steps(at: At, horizon: str) -> Iterator[Relation]:
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
    yield from _steps_to_destinations(at, horizon)


def _steps_to_destinations(at: At, horizon: str) -> Iterator[Relation]:
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
