"""Which figure of which indicator table each metric is, as data. How they are asked for is not told here."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

REFERENCE = Path(__file__).parents[3] / "seeds" / "reference"
PARTIES = ("AF", "FK", "KOMMUN", "RG")
SPELL_BENEFITS = (
    "SJUKERSATTNING",
    "AKTIVITETSERSATTNING",
    "SJUKPENNING",
    "REHABPENNING",
    "AKTIVITETSSTOD",
    "AKASSA",
    "ETABLERING",
)
GENDER = {"consultation__gender": "gender"}
PARTY = {"consultation__initiating_party": "party_code"}
# The columns of women, men and neither as rows, so that they can be told by gender.
BY_GENDER = """(
    select *, 'K' as gender, women_count as gender_count from indicators.{table}
    union all select *, 'M', men_count from indicators.{table}
    union all select *, 'A', unknown_count from indicators.{table}
)"""


@dataclass(frozen=True)
class Figure:
    """A metric, the column that holds its values, and which rows of the table are meant."""

    metric: str
    column: str
    rows: str = "true"


@dataclass(frozen=True)
class Comparison:
    """Figures of one table that are asked for together.

    `keys`: name in a metric query -> column of the table, beside period and area. `levels`: areas to compare;
    none for a table without periods and areas.
    """

    table: str
    figures: tuple[Figure, ...]
    keys: dict[str, str]
    levels: tuple[str, ...] = ("county", "municipality")
    relation: str = ""

    @property
    def rows_from(self) -> str:
        """What to select the table's figures from."""
        return self.relation or f"indicators.{self.table}"


def codes(list_name: str) -> list[str]:
    """Codes of a code list of the reference data."""
    with (REFERENCE / "code_list.csv").open(encoding="utf-8", newline="") as file:
        return [row["code"] for row in csv.DictReader(file) if row["list_name"] == list_name]


def destinations() -> list[str]:
    """Codes of the ladder of the reference data."""
    with (REFERENCE / "ladder.csv").open(encoding="utf-8", newline="") as file:
        return [row["destination_code"] for row in csv.DictReader(file)]


def _case_comparisons() -> list[Comparison]:
    found = [
        Comparison(
            name,
            (Figure("new_cases", "gender_count", f"{name}_code <> 'TOTAL'"),),
            GENDER | {f"consultation__{name}": f"{name}_code"},
            ("county", "municipality", "team"),
            BY_GENDER.format(table=name),
        )
        for name in ("question", "proposal")
    ]
    volumes = (
        Figure("new_cases", "new_count"),
        Figure("follow_up_cases", "follow_up_count"),
        Figure("consultation_count", "total_count"),
    )
    shares = [
        figure
        for party in PARTIES
        for figure in (
            Figure(f"new_cases_of_{party.lower()}", "new_count", f"party_code = '{party}'"),
            Figure(f"new_cases_of_{party.lower()}_percent", "share_percent", f"party_code = '{party}'"),
        )
    ]
    consents = [Figure("person_cases", "person_case_count", "party_code = 'AF'")]
    for party in PARTIES:
        name, rows = f"linkable_to_{party.lower()}", f"party_code = '{party}'"
        consents += [
            Figure(f"{name}_cases", "linkable_count", rows),
            Figure(f"{name}_percent", "linkable_percent", rows),
        ]
    return [
        *found,
        Comparison(
            "question_to_proposal",
            (Figure("new_cases", "total_count"),),
            {"consultation__question": "question_code", "consultation__proposal": "proposal_code"},
        ),
        Comparison("case_volume", volumes, {}, ("county", "municipality", "team")),
        Comparison("initiating_party", (Figure("new_cases", "new_count"),), PARTY),
        Comparison("initiating_party", tuple(shares), {}),
        Comparison("party_evenness", (Figure("party_evenness_percent", "evenness_percent"),), {}),
        Comparison("participation", _participation("party_code <> 'ALL'"), PARTY),
        Comparison("participation", _participation("party_code = 'ALL'"), {}),
        Comparison("consent", tuple(consents), {}),
    ]


def _participation(rows: str) -> tuple[Figure, ...]:
    return tuple(
        Figure(f"{question}_{part}", f"{question}_{part}", rows)
        for question in ("own_question", "attended", "feedback")
        for part in ("yes", "known", "percent")
    )


def _support(rows: str) -> tuple[Figure, ...]:
    found = []
    for horizon in (6, 12):
        for scope in ("all_public", "goal_list", "income_support"):
            meant = f"{rows} and scope = '{scope}' and horizon_months = {horizon}"
            if scope != "goal_list":
                found.append(Figure(f"{scope}_cohort_{horizon}m", "cohort_count", meant))
            found += [
                Figure(f"{scope}_{part}_{horizon}m", column, meant)
                for part, column in (
                    ("start", "start_count"),
                    ("horizon", "horizon_count"),
                    ("start_percent", "start_percent"),
                    ("horizon_percent", "horizon_percent"),
                    ("change_points", "change_points"),
                    ("change_percent", "change_percent"),
                )
            ]
    return tuple(found)


def _self_support(rows: str) -> tuple[Figure, ...]:
    return tuple(
        Figure(metric, column, f"{rows} and horizon = '{horizon}'")
        for horizon, suffix in (("6", "6m"), ("12", "12m"), ("to_date", "to_date"))
        for metric, column in (
            (f"self_support_cohort_{suffix}", "cohort_count"),
            (f"self_support_{suffix}", "self_support_count"),
            (f"self_support_percent_{suffix}", "self_support_percent"),
        )
    )


def _steps(rows: str) -> tuple[Figure, ...]:
    return tuple(
        Figure(metric, column, f"{rows} and horizon_months = {horizon}")
        for horizon in (6, 12)
        for metric, column in (
            (f"all_public_cohort_{horizon}m", "cohort_count"),
            (f"step_forward_{horizon}m", "forward_count"),
            (f"step_unchanged_{horizon}m", "unchanged_count"),
            (f"step_backward_{horizon}m", "backward_count"),
            (f"step_forward_percent_{horizon}m", "forward_percent"),
        )
    )


def _follow_up_comparisons() -> list[Comparison]:
    by_gender, together = "gender <> 'T'", "gender = 'T'"
    shares = [
        Figure(
            f"destination_{code.lower()}_percent_{horizon}m",
            "share_percent",
            f"horizon_months = {horizon} and destination_code = '{code}'",
        )
        for horizon in (6, 12)
        for code in destinations()
    ]
    granted = []
    for horizon in (6, 12):
        granted += [
            Figure(
                f"granted_{code.lower()}_{horizon}m",
                "granted_count",
                f"horizon_months = {horizon} and benefit_code = '{code}'",
            )
            for code in SPELL_BENEFITS
        ]
        cohort = f"horizon_months = {horizon} and benefit_code = '{SPELL_BENEFITS[0]}'"
        granted.append(Figure(f"destination_cases_{horizon}m", "cohort_count", cohort))
    found = [
        comparison
        for table, figures in (
            ("support_follow_up", _support),
            ("self_support", _self_support),
            ("step_progress", _steps),
        )
        for comparison in (
            Comparison(table, figures(by_gender), GENDER),
            Comparison(table, figures(together), {}),
        )
    ]
    found += [
        Comparison(
            "destination",
            (Figure(f"destination_cases_{horizon}m", "person_case_count", f"horizon_months = {horizon}"),),
            {"follow_up__destination": "destination_code"},
        )
        for horizon in (6, 12)
    ]
    return [
        *found,
        Comparison("support_by_party", _support("true"), PARTY, ("county",)),
        Comparison("destination", tuple(shares), {}),
        Comparison("new_benefit", tuple(granted), {}),
    ]


def _other_comparisons() -> list[Comparison]:
    meetings = (
        Figure("scheduled_meetings", "scheduled_count"),
        Figure("held_meetings", "held_count"),
        Figure("cancelled_meetings", "cancelled_count"),
        Figure("cancelled_meetings_percent", "cancelled_percent"),
        Figure("held_digital_meetings", "held_digital_count"),
        Figure("held_physical_meetings", "held_physical_count"),
    )
    lead_times = (
        Figure("plan_count", "plan_count"),
        Figure("lead_time_median_days", "median_days"),
        Figure("lead_time_p90_days", "p90_days"),
    )
    return [
        Comparison("meeting", meetings, {}, ("county", "municipality", "team")),
        Comparison(
            "meeting_cancellation",
            (Figure("cancelled_meetings", "cancelled_count"),),
            {"meeting__cancellation_reason": "reason_code"},
        ),
        Comparison("lead_time", lead_times, {}),
        Comparison(
            "target_group", (Figure("income_support_persons", "total_count", "obstacle_code = 'ALL'"),), {}
        ),
        Comparison(
            "target_group",
            (Figure("income_support_persons", "total_count", "obstacle_code <> 'ALL'"),),
            {"income_support_month__obstacle": "obstacle_code"},
        ),
    ]


IN_PERIODS = [*_case_comparisons(), *_follow_up_comparisons(), *_other_comparisons()]
