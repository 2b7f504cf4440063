"""Invented cases and their indicator tables, counted case by case; no code of the warehouse is used.

Periods are years and half-years, areas a county and its municipalities: what the open release offers.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

PARTIES = ("AF", "FK", "KOMMUN", "RG")
QUESTIONS = ("VARD", "ARBETE", "GRUNDPLAN", "ERSATTNING", "AKTIVITET", "SOCIAL")
PROPOSALS = ("VARD", "ARBETE", "AKTIVITET", "ERSATTNING", "MER_INFO", "ANNAT_MOTE", "SOCIAL", "GK", "SIP")
OBSTACLES = ("SJUK_INTYG", "SOCIALA_HINDER", "ARBETSLOS", "ANNAT", "OKAND")
BENEFITS = (
    "SJUKERSATTNING", "AKTIVITETSERSATTNING", "SJUKPENNING", "REHABPENNING", "AKTIVITETSSTOD", "AKASSA", "ETABLERING",
)  # fmt: skip
DESTINATIONS = ("FORSORJNINGSSTOD", *BENEFITS, "FORSORJNINGSSTOD_DEL", "ARBETE", "STUDIER", "OKAND")
GOALS = {"SJUKPENNING", "AKASSA", "AKTIVITETSSTOD"}
RUNG = {"OKAND": 0, "FORSORJNINGSSTOD": 1, "FORSORJNINGSSTOD_DEL": 2, "SJUKPENNING": 2, "SJUKERSATTNING": 2,
        "AKTIVITETSERSATTNING": 2, "REHABPENNING": 3, "ETABLERING": 3, "AKTIVITETSSTOD": 4, "AKASSA": 5,
        "STUDIER": 6, "ARBETE": 6}  # fmt: skip
TOPICS = ("own_question", "attended", "feedback")


@dataclass
class Case:
    """One consultation; support at the start and at both horizons, and what may be followed up."""

    year: int
    half: int
    municipality: str
    gender: str
    party: str
    question: str
    proposal: str
    new: bool
    flags: dict[str, bool | None]
    person: bool
    linked: set[str]
    support: dict[int, tuple[set[str], bool]]
    closed_after: int | None
    closing: str
    granted: dict[str, int] = field(default_factory=dict)


def _case(draw: random.Random, years: list[int], municipalities: list[str]) -> Case:
    person = draw.random() < 0.95
    support: dict[int, tuple[set[str], bool]] = {}
    granted: dict[str, int] = {}
    benefits = {b for b in BENEFITS if draw.random() < 0.1}
    income = draw.random() < 0.35
    for month in (0, 6, 12):
        support[month] = (set(benefits), income)
        income = income and draw.random() < 0.7
        ended = {b for b in sorted(benefits) if draw.random() < 0.4}
        started = {b for b in BENEFITS if b not in benefits and draw.random() < 0.06}
        granted |= {b: month + 6 for b in started if b not in granted}
        benefits = (benefits - ended) | started
    return Case(
        year=draw.choice(years),
        half=draw.choice((1, 2)),
        municipality=draw.choices(municipalities, [4**i for i in range(len(municipalities))])[0],
        gender=draw.choices("KMA", (50, 47, 3))[0],
        party=draw.choices(PARTIES, (2, 3, 3, 4))[0],
        question=draw.choices(QUESTIONS, (6, 5, 5, 2, 2, 1))[0],
        proposal=draw.choices(PROPOSALS, (6, 5, 4, 3, 2, 2, 1, 1, 1))[0],
        new=draw.random() < 0.8,
        flags={topic: draw.choices((True, False, None), (6, 3, 1))[0] for topic in TOPICS},
        person=person,
        linked={p for p in PARTIES if person and draw.random() < 0.85},
        support=support,
        closed_after=draw.choice((3, 9, 15)) if draw.random() < 0.25 else None,
        closing=draw.choice(("ARBETE", "STUDIER", "FLYTT")),
        granted=granted,
    )


def places(case: Case) -> list[tuple[str, str, str, str]]:
    """Every (period_type, period, area_level, area_code) that a case counts in."""
    periods = (("year", str(case.year)), ("half_year", f"{case.year}H{case.half}"))
    areas = (("county", case.municipality[:2]), ("municipality", case.municipality))
    return [(*period, *area) for period in periods for area in areas]


def destination(case: Case, month: int, *, with_closing: bool = True) -> str:
    """What the case lives on, the first that holds."""
    benefits, income = case.support[month]
    if income and not benefits & {"SJUKPENNING"}:
        return "FORSORJNINGSSTOD"
    for benefit in BENEFITS:
        if benefit in benefits:
            return benefit
    if income:
        return "FORSORJNINGSSTOD_DEL"
    if (
        with_closing
        and case.closed_after is not None
        and case.closed_after <= month
        and case.closing != "FLYTT"
    ):
        return case.closing
    return "OKAND"


def has_support(case: Case, month: int, scope: str) -> bool:
    """Whether the case has support in the scope."""
    benefits, income = case.support[month]
    return income or bool(
        {"income_support": set(), "goal_list": benefits & GOALS, "all_public": benefits}[scope]
    )


class Counts(dict[str, Counter[tuple[object, ...]]]):
    """Counters by table and column."""

    def add(self, table: str, column: str, key: tuple[object, ...], number: int = 1) -> None:
        """Count one more; a number of 0 makes the row known."""
        self.setdefault(f"{table}.{column}", Counter())[key] += number


def _count_case(counts: Counts, case: Case) -> None:
    gender = {"K": "women_count", "M": "men_count", "A": "unknown_count"}[case.gender]
    for place in places(case):
        counts.add("case_volume", "total_count", place)
        counts.add("case_volume", "new_count" if case.new else "follow_up_count", place)
        if not case.new:
            continue
        for table, code in (("question", case.question), ("proposal", case.proposal)):
            for value in (code, "TOTAL"):
                counts.add(table, gender, (*place, value))
                counts.add(table, "total_count", (*place, value))
        counts.add("initiating_party", "new_count", (*place, case.party))
        for party in (case.party, "ALL"):
            for topic, answer in case.flags.items():
                if answer is not None:
                    counts.add("participation", f"{topic}_known", (*place, party))
                    counts.add("participation", f"{topic}_yes", (*place, party), int(answer))
        for party in PARTIES if case.person else ():
            counts.add("consent", "person_case_count", (*place, party))
            counts.add("consent", "linkable_count", (*place, party), int(party in case.linked))
        _count_follow_up(counts, case, place)


def _count_follow_up(counts: Counts, case: Case, place: tuple[str, str, str, str]) -> None:
    everywhere = {"AF", "FK", "KOMMUN"} <= case.linked
    for horizon in (6, 12):
        groups = [("support_follow_up", g) for g in (case.gender, "T")]
        if place[2] == "county":
            groups.append(("support_by_party", case.party))
        for scope in ("all_public", "goal_list", "income_support"):
            if "KOMMUN" in case.linked if scope == "income_support" else everywhere:
                for table, group in groups:
                    key = (*place, group, scope, horizon)
                    counts.add(table, "cohort_count", key)
                    counts.add(table, "start_count", key, int(has_support(case, 0, scope)))
                    counts.add(table, "horizon_count", key, int(has_support(case, horizon, scope)))
        if everywhere and place[2] == "county":
            _count_ends(counts, case, place, horizon)
    for horizon, months in (("6", 6), ("12", 12), ("to_date", 99)):
        if "KOMMUN" in case.linked:
            done = case.closing != "FLYTT" and case.closed_after is not None and case.closed_after <= months
            for group in (case.gender, "T"):
                counts.add("self_support", "cohort_count", (*place, group, horizon))
                counts.add("self_support", "self_support_count", (*place, group, horizon), int(done))


def _count_ends(counts: Counts, case: Case, place: tuple[str, str, str, str], horizon: int) -> None:
    end = destination(case, horizon)
    counts.add("destination", "person_case_count", (*place, horizon, end))
    for benefit in BENEFITS:
        counts.add("new_benefit", "cohort_count", (*place, horizon, benefit))
        granted = case.granted.get(benefit, 99) <= horizon
        counts.add("new_benefit", "granted_count", (*place, horizon, benefit), int(granted))
    change = RUNG[end] - RUNG[destination(case, 0, with_closing=False)]
    step = "forward_count" if change > 0 else "backward_count" if change < 0 else "unchanged_count"
    for group in (case.gender, "T"):
        counts.add("step_progress", "cohort_count", (*place, group, horizon))
        counts.add("step_progress", step, (*place, group, horizon))


def _count_persons(
    counts: Counts, draw: random.Random, years: list[int], municipalities: list[str], number: int
) -> None:
    """Distinct persons with income support: in one or two halves, municipalities and obstacles."""
    for _ in range(number):
        year = draw.choice(years)
        gender = draw.choices(("women_count", "men_count", "unknown_count"), (50, 47, 3))[0]
        stays = {
            (half, municipality, obstacle)
            for half in draw.choice(((1,), (2,), (1, 2)))
            for municipality in draw.sample(municipalities, draw.choices((1, 2), (9, 1))[0])
            for obstacle in draw.sample(OBSTACLES, draw.choices((1, 2), (7, 3))[0])
        }
        seen = set()
        for half, municipality, obstacle in stays:
            for period in (("year", str(year)), ("half_year", f"{year}H{half}")):
                for area in (("county", municipality[:2]), ("municipality", municipality)):
                    seen |= {(*period, *area, code) for code in (obstacle, "ALL")}
        for key in seen:
            counts.add("target_group", gender, key)
            counts.add("target_group", "total_count", key)


SHAPES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "question": (("question_code",), ("unknown_count", "women_count", "men_count", "total_count"), ()),
    "proposal": (("proposal_code",), ("unknown_count", "women_count", "men_count", "total_count"), ()),
    "target_group": (("obstacle_code",), ("unknown_count", "women_count", "men_count", "total_count"), ()),
    "case_volume": ((), ("new_count", "follow_up_count", "total_count", "previous_new_count"), (
        "100.0 * (new_count - previous_new_count) / nullif(previous_new_count, 0) as new_change_percent",)),
    "initiating_party": (("party_code",), ("new_count", "previous_count"), (
        "100.0 * new_count / sum(new_count) over (partition by period, area_code) as share_percent",
        "100.0 * (new_count - previous_count) / nullif(previous_count, 0) as change_percent")),
    "participation": (("party_code",), tuple(f"{t}_{c}" for t in TOPICS for c in ("yes", "known")), tuple(
        f"100.0 * {t}_yes / nullif({t}_known, 0) as {t}_percent" for t in TOPICS)),
    "consent": (("party_code",), ("person_case_count", "linkable_count"), (
        "100.0 * linkable_count / person_case_count as linkable_percent",)),
    "lead_time": ((), ("plan_count",), ("20.5 as median_days", "60.0 as p90_days")),
    "support_follow_up": (("gender", "scope", "horizon_months"), ("cohort_count", "start_count", "horizon_count"), (
        "100.0 * start_count / cohort_count as start_percent", "100.0 * horizon_count / cohort_count as horizon_percent",
        "100.0 * horizon_count / cohort_count - 100.0 * start_count / cohort_count as change_points",
        "100.0 * (horizon_count - start_count) / nullif(start_count, 0) as change_percent")),
    "self_support": (("gender", "horizon"), ("cohort_count", "self_support_count"), (
        "100.0 * self_support_count / cohort_count as self_support_percent",)),
    "destination": (("horizon_months", "destination_code"), ("person_case_count",), (
        "100.0 * person_case_count / sum(person_case_count) over (partition by period, area_code, horizon_months)"
        " as share_percent",)),
    "new_benefit": (("horizon_months", "benefit_code"), ("granted_count", "cohort_count"), ()),
    "step_progress": (("gender", "horizon_months"), ("cohort_count", "forward_count", "unchanged_count",
        "backward_count"), ("100.0 * forward_count / cohort_count as forward_percent",)),
}  # fmt: skip
SHAPES["support_by_party"] = (
    ("party_code", *SHAPES["support_follow_up"][0][1:]),
    *SHAPES["support_follow_up"][1:],
)
PLACE = ("period_type", "period", "area_level", "area_code")
FILLED = {"question": (*QUESTIONS, "TOTAL"), "proposal": (*PROPOSALS, "TOTAL"), "initiating_party": PARTIES,
          "destination": DESTINATIONS}  # fmt: skip


def _fill(counts: Counts) -> None:
    for table, codes in FILLED.items():
        columns = [name for name in counts if name.startswith(f"{table}.")]
        for key in {key[:-1] for name in columns for key in counts[name]}:
            for code in codes:
                counts.add(table, SHAPES[table][1][0], (*key, code), 0)


def _previous(counts: Counts, years: list[int]) -> None:
    for table, column in (("case_volume", "previous_new_count"), ("initiating_party", "previous_count")):
        rows = {key for name in list(counts) if name.startswith(f"{table}.") for key in counts[name]}
        for kind, period, *rest in sorted(rows):
            before = str(int(period) - 1) if kind == "year" else (
                f"{period[:4]}H1" if period.endswith("2") else f"{int(period[:4]) - 1}H2")  # fmt: skip
            if int(before[:4]) >= min(years):
                number = counts[f"{table}.new_count"][(kind, before, *rest)]
                counts.add(table, column, (kind, period, *rest), number)


def _survey(con: duckdb.DuckDBPyConnection, draw: random.Random) -> None:
    answers = [draw.randint(0, 9) for _ in range(5)]
    known, answered = sum(answers), sum(answers) + draw.randint(0, 5)
    reasons = [draw.randint(0, 9) for _ in range(3)]
    con.execute(
        "create table indicators.survey_readiness as select '2021HT' as wave_code, 'T' as gender, "
        f"{answered + sum(reasons)}::bigint as sent_count, {answered}::bigint as answered_count, "
        f"100.0 * answered_count / nullif(sent_count, 0) as response_percent, {sum(answers[3:])}::bigint as ready_count, "
        f"{known}::bigint as readiness_known_count, 100.0 * ready_count / nullif(readiness_known_count, 0) as ready_percent"
    )
    rows = ", ".join(
        f"('2021HT', 'T', '{i + 1}', {n}::bigint, {100 * n / known if known else 'null'}::double)"
        for i, n in enumerate(answers)
    )
    con.execute("create table indicators.survey_answer (wave_code varchar, gender varchar, answer_code varchar, "
                "answer_count bigint, answer_percent double)")  # fmt: skip
    if known:
        con.execute(f"insert into indicators.survey_answer values {rows}")
    con.execute("create table indicators.survey_nonresponse (wave_code varchar, reason_code varchar, "
                "nonresponse_count bigint, share_percent double)")  # fmt: skip
    for code, number in zip(("TIDSKRAVANDE", "EJ_KONTAKT", "OKAND"), reasons, strict=True):
        if number:
            con.execute("insert into indicators.survey_nonresponse values ('2021HT', ?, ?, ?)",
                        [code, number, 100 * number / sum(reasons)])  # fmt: skip


def write_county(path: Path, seed: int, cases: int, years: int = 1, municipalities: int = 3) -> Path:
    """Write the indicator tables of an invented county to schema `indicators` of a DuckDB file; return the path."""
    draw = random.Random(seed)
    spans, codes = [2021 + i for i in range(years)], [f"21{i:02d}" for i in range(1, municipalities + 1)]
    counts = Counts()
    for table, (_, columns, _) in SHAPES.items():
        for column in columns:
            counts.setdefault(f"{table}.{column}", Counter())
    for _ in range(cases):
        case = _case(draw, spans, codes)
        _count_case(counts, case)
        if draw.random() < 0.3:
            for place in places(case):
                counts.add("lead_time", "plan_count", place)
    _count_persons(counts, draw, spans, codes, cases)
    _fill(counts)
    _previous(counts, spans)
    with duckdb.connect(str(path)) as con:
        con.execute("create schema indicators")
        for table, (keys, columns, measures) in SHAPES.items():
            _write(con, counts, table, (*PLACE, *keys), columns, measures)
        _survey(con, draw)
    return path


def _write(
    con: duckdb.DuckDBPyConnection, counts: Counts, table: str, keys: tuple[str, ...], columns: tuple[str, ...],
    measures: tuple[str, ...],
) -> None:  # fmt: skip
    rows = sorted({key for column in columns for key in counts[f"{table}.{column}"]})
    types = ["integer" if key == "horizon_months" else "varchar" for key in keys] + ["bigint"] * len(columns)
    names = ", ".join(f"{n} {t}" for n, t in zip((*keys, *columns), types, strict=True))
    con.execute(f"create temp table counted ({names})")
    values = []
    for row in rows:
        cells = [counts[f"{table}.{c}"].get(row, None if c.startswith("previous") else 0) for c in columns]
        values.append((*row, *cells))
    if values:
        marks = ", ".join("?" * len(types))
        con.executemany(f"insert into counted values ({marks})", values)
    computed = "".join(f", {m}" for m in measures)
    con.execute(f"create table indicators.{table} as select *{computed} from counted")
    con.execute("drop table counted")
