"""Table 27: every percent and count of the other tables in one tidy table."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from benchmarks.pandas_tables.counting import LEADING

TIDY = ["indicator", "measure", *LEADING, "gender", "category", "numerator", "denominator", "value", "unit"]
GENDER_OF = {"unknown_count": "A", "women_count": "K", "men_count": "M"}
UNIT_OF = {
    "change_points": "points",
    "median_days": "days",
    "p90_days": "days",
    **dict.fromkeys(("granted_sek", "used_sek", "unused_sek"), "sek"),
    **dict.fromkeys(("planned_fte", "actual_fte", "gap_fte"), "fte"),
}


@dataclass(frozen=True)
class Shape:
    """What its columns are: those that make the category, and of each percentage numerator and denominator.

    A numerator is a column or `one - other`; a denominator is a column, or `sum of COLUMN` over its group.
    """

    category: tuple[str, ...] = ()
    percents: dict[str, tuple[str, str]] = field(default_factory=dict)
    group: tuple[str, ...] = ()


def _support(*category: str) -> Shape:
    return Shape(
        (*category, "scope", "horizon_months"),
        {
            "start_percent": ("start_count", "cohort_count"),
            "horizon_percent": ("horizon_count", "cohort_count"),
            "change_percent": ("horizon_count - start_count", "start_count"),
        },
    )


SHAPES = {
    "question": Shape(("question_code",)),
    "proposal": Shape(("proposal_code",)),
    "question_to_proposal": Shape(("question_code", "proposal_code")),
    "case_volume": Shape(
        (), {"new_change_percent": ("new_count - previous_new_count", "previous_new_count")}
    ),
    "initiating_party": Shape(
        ("party_code",),
        {
            "share_percent": ("new_count", "sum of new_count"),
            "change_percent": ("new_count - previous_count", "previous_count"),
        },
        tuple(LEADING),
    ),
    "party_evenness": Shape((), {"evenness_percent": ("smallest_count", "largest_count")}),
    "participation": Shape(
        ("party_code",),
        {
            f"{name}_percent": (f"{name}_yes", f"{name}_known")
            for name in ("own_question", "attended", "feedback")
        },
    ),
    "survey_readiness": Shape(
        (),
        {
            "response_percent": ("answered_count", "sent_count"),
            "ready_percent": ("ready_count", "readiness_known_count"),
        },
    ),
    "survey_answer": Shape(
        ("answer_code",), {"answer_percent": ("answer_count", "sum of answer_count")}, ("wave_code", "gender")
    ),
    "survey_nonresponse": Shape(
        ("reason_code",), {"share_percent": ("nonresponse_count", "sum of nonresponse_count")}, ("wave_code",)
    ),
    "support_follow_up": _support(),
    "support_by_party": _support("party_code"),
    "self_support": Shape(("horizon",), {"self_support_percent": ("self_support_count", "cohort_count")}),
    "destination": Shape(
        ("horizon_months", "destination_code"),
        {"share_percent": ("person_case_count", "sum of person_case_count")},
        (*LEADING, "horizon_months"),
    ),
    "new_benefit": Shape(("horizon_months", "benefit_code")),
    "step_progress": Shape(("horizon_months",), {"forward_percent": ("forward_count", "cohort_count")}),
    "team_coverage": Shape(("unit_type",), {"coverage_percent": ("team_count", "unit_count")}),
    "meeting": Shape((), {"cancelled_percent": ("cancelled_count", "scheduled_count")}),
    "meeting_cancellation": Shape(("reason_code",)),
    "lead_time": Shape(),
    "grant_use": Shape(("project_id",), {"used_percent": ("used_sek", "granted_sek")}),
    "staffing": Shape(("party_code", "role")),
    "observation_theme": Shape(("category_code", "theme_code", "reporter_code")),
    "target_group": Shape(("obstacle_code",)),
    "consent": Shape(("party_code",), {"linkable_percent": ("linkable_count", "person_case_count")}),
}
NOT_MEASURES = {*LEADING, "gender", "wave_code", "start_date", "end_date", "municipality_code"}


def indicator_value(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The tidy table of the tables given."""
    return pd.concat([_tidy(name, tables[name], shape) for name, shape in SHAPES.items()], ignore_index=True)


def _tidy(name: str, table: pd.DataFrame, shape: Shape) -> pd.DataFrame:
    leading = _leading(table).assign(indicator=name)
    leading["category"] = (
        table[list(shape.category)].astype(str).agg("/".join, axis=1) if shape.category else "TOTAL"
    )
    pieces = []
    for measure in table.columns:
        if measure in NOT_MEASURES or measure in shape.category:
            continue
        piece = leading.assign(measure=measure, value=table[measure].astype("float64"))
        if measure in shape.percents:
            top, bottom = shape.percents[measure]
            piece["numerator"], piece["denominator"] = (
                _numerator(table, top),
                _denominator(table, bottom, shape),
            )
            piece["unit"] = "percent"
        else:
            piece["numerator"], piece["denominator"] = piece["value"], float("nan")
            piece["unit"] = UNIT_OF.get(measure, "count")
        if measure in GENDER_OF:
            piece["gender"] = GENDER_OF[measure]
        pieces.append(piece[piece["value"].notna()])
    return pd.concat(pieces, ignore_index=True)[TIDY]


def _leading(table: pd.DataFrame) -> pd.DataFrame:
    """Period, area and gender, with a word for what a table does not have."""
    found = table[[column for column in [*LEADING, "gender"] if column in table]].copy()
    if "wave_code" in table:
        found = found.assign(period_type="wave", period=table["wave_code"])
    usual = {"period_type": "all", "period": "ALL", "area_level": "all", "area_code": "ALL", "gender": "T"}
    return found.assign(**{column: word for column, word in usual.items() if column not in found})


def _numerator(table: pd.DataFrame, top: str) -> pd.Series:
    one, *other = top.split(" - ")
    found = table[one].astype("float64")
    return found - table[other[0]].astype("float64") if other else found


def _denominator(table: pd.DataFrame, bottom: str, shape: Shape) -> pd.Series:
    if not bottom.startswith("sum of "):
        return table[bottom].astype("float64")
    return table.groupby(list(shape.group))[bottom.removeprefix("sum of ")].transform("sum").astype("float64")
