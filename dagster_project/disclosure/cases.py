"""Relations that follow from the definitions of the indicators about new cases, participation and consent.

Shapes of tables (genders, municipalities, half-years) are in adding_up.py, the follow-up of cases in
follow_up.py, persons and surveys in persons.py.
"""

from collections.abc import Iterable, Iterator

from dagster_project.disclosure.figures import Cell, Figures, Pattern, Place, Relation

PARTIES = ("AF", "FK", "KOMMUN", "RG")
HORIZONS = ("6", "12")


def equal(name: str, whole: Cell, parts: list[Cell]) -> Relation:
    """The whole is the sum of the parts."""
    return Relation(name, ((1, whole), *((-1, part) for part in parts)), equal=True)


def at_most(name: str, small: list[Cell], large: list[Cell], *, certain: bool = True) -> Relation:
    """The sum of `small` is at most the sum of `large`."""
    terms = (*((1, cell) for cell in large), *((-1, cell) for cell in small))
    return Relation(name, terms, equal=False, certain=certain)


def at(table: str, column: str, *keys: str) -> Cell:
    """Return a cell of a pattern, which names neither period nor area."""
    return Cell(table, column, "", "", keys)


def everywhere(places: tuple[Place, ...], relations: Iterable[Relation]) -> Iterator[Pattern]:
    """Yield relations between cells of patterns as patterns that hold at these places."""
    return (Pattern(relation, places) for relation in relations)


def case_relations(figures: Figures) -> Iterator[Pattern]:
    """Yield what the definitions make certain about new cases, at every period and area offered."""
    for places, county in figures.levels():
        yield from everywhere(places, _new_cases(figures, county=county))
        yield from everywhere(places, _consents())


def _new_cases(figures: Figures, *, county: bool) -> Iterator[Relation]:
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
    yield from _participation(county=county)


def _participation(*, county: bool) -> Iterator[Relation]:
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


def _consents() -> Iterator[Relation]:
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
