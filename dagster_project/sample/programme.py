"""What the programme itself reports: units, survey, staffing, grants, goals, statements; as rows of the contract."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

from dagster_project.sample.allocation import largest_remainder
from dagster_project.sample.draw import pick, shuffled
from dagster_project.sample.plan import Plan, StaffingSpan, Unit, Wave
from dagster_project.sample.targets import REFERENCE, Figure, Figures, SampleTargetMissedError, read_rows

Value = str | float | bool | date | None
Row = dict[str, Value]


def team_rows(plan: Plan) -> list[Row]:
    """All care units, with or without a team."""
    return [
        {name: getattr(unit, name) for name in Unit.model_fields}
        for unit in sorted(plan.units, key=lambda unit: unit.team_id)
    ]


def staffing_rows(plan: Plan, folder: str) -> list[Row]:
    """Roles and spans of one deliverer."""
    return [
        {name: getattr(span, name) for name in StaffingSpan.model_fields} for span in plan.staffing[folder]
    ]


def grant_rows(plan: Plan, figures: Figures) -> list[Row]:
    """The published grant, and invented ones of other municipalities that say so."""
    published = figures.matching("grant_use", "granted_sek")
    rows = []
    for figure in published:
        project = figure.filters["project_id"]
        municipality = plan.published_grants[project]
        name = f"Trisam 2.0 {plan.municipalities[municipality].name}"
        used = figures.one("grant_use", "used_sek", project_id=project).number
        rows.append(_grant(plan, project, name, municipality, figure.number, used))
    for grant in plan.grants:
        name = f"Trisam 2.0 {plan.municipalities[grant.municipality].name} (påhittat belopp)"
        used = float(round(grant.granted * grant.used_percent / 100))
        rows.append(_grant(plan, grant.insats_id, name, grant.municipality, float(grant.granted), used))
    return sorted(rows, key=lambda row: str(row["insats_id"]))


def _grant(plan: Plan, project: str, name: str, municipality: str, granted: float, used: float) -> Row:
    return {
        "insats_id": project,
        "insats": name,
        "kommunkod": municipality,
        "fran": plan.programme.start,
        "till": plan.programme.end,
        "beviljat_kr": granted,
        "utnyttjat_kr": used,
    }


def goal_rows(plan: Plan, figures: Figures) -> list[Row]:
    """The goal statuses as reported, and no others."""
    return [
        {
            "mal": figure.filters["goal_code"],
            "rapportor": figure.filters["reporter_code"],
            "bedomningsdatum": plan.assessed_on,
            "status": figure.expected,
            "kommentar": plan.goal_comment.get(figure.figure_id),
        }
        for figure in figures.matching("goal_status", "status_code")
    ]


def statement_rows(plan: Plan) -> list[Row]:
    """The coded statements of the final reports, text as in the sources with their scanning errors."""
    return [
        {
            "observation_id": row["observation_id"],
            "rapportor": row["rapportor"],
            "kategori": row["kategori"],
            "tema": row["tema"],
            "datum": plan.assessed_on,
            "text": row["text"],
        }
        for row in read_rows(REFERENCE / "statement.csv")
    ]


def survey_rows(plan: Plan, figures: Figures, rng: random.Random) -> list[Row]:
    """One row per individual who was sent a wave of the survey."""
    return [row for wave in plan.survey for row in _wave_rows(plan, figures, wave, rng)]


def _wave_rows(plan: Plan, figures: Figures, wave: Wave, rng: random.Random) -> list[Row]:
    answered = _answered(figures, wave)
    ready = _ready(figures, wave, answered)
    rows: list[Row] = []
    for gender, sent in wave.sent.items():
        known = _known(wave, gender, answered[gender])
        answers: list[str | None] = [pick(rng, plan.survey_ready) for _ in range(ready[gender])]
        answers += [pick(rng, plan.survey_not_ready) for _ in range(known - ready[gender])]
        answers += [None] * (answered[gender] - known)
        rows += [_survey_row(wave, gender, True, answer, None) for answer in answers]
        for _ in range(sent - answered[gender]):
            reason = pick(rng, plan.survey_nonresponse)
            rows.append(_survey_row(wave, gender, False, None, None if reason == "BLANK" else reason))
    return [
        {**row, "respondent_id": f"{wave.wave}-{n:04d}"} for n, row in enumerate(shuffled(rng, rows), start=1)
    ]


def _survey_row(wave: Wave, gender: str, answered: bool, answer: str | None, reason: str | None) -> Row:
    return {
        "enkat_omgang": wave.wave,
        "respondent_id": "",
        "kon": gender,
        "svarat": answered,
        "svar_redo": answer,
        "bortfallsorsak": reason,
    }


def _answered(figures: Figures, wave: Wave) -> dict[str, int]:
    """Answers by gender: the published response of all, women and men in proportion to what was sent."""
    figure = figures.one("survey_readiness", "response_percent", wave_code=wave.wave, gender="T")
    total = round(sum(wave.sent.values()) * figure.number / 100)
    women, men = largest_remainder(total - wave.others_answered, [wave.sent["K"], wave.sent["M"]])
    return {"K": women, "M": men, "A": wave.others_answered}


def _known(wave: Wave, gender: str, answered: int) -> int:
    """Answers with a readiness answer; the blank ones are women's."""
    return answered - (wave.blank_answers if gender == "K" else 0)


def _ready(figures: Figures, wave: Wave, answered: dict[str, int]) -> dict[str, int]:
    """Ready ones by gender: each published percent at once."""
    known = {gender: _known(wave, gender, count) for gender, count in answered.items()}
    published = {
        f.filters["gender"]: f
        for f in figures.matching("survey_readiness", "ready_percent", wave_code=wave.wave)
    }
    both = sum(known.values())
    split = largest_remainder(round(both * published["T"].number / 100), [known["K"], known["M"]])
    ready = {"K": split[0], "M": split[1], "A": 0}
    for gender in published.keys() & known.keys():
        ready[gender] = round(known[gender] * published[gender].number / 100)
    for gender, figure in published.items():
        counts: Sequence[int] = list(ready.values()) if gender == "T" else [ready[gender]]
        _must_meet(figure, 100 * sum(counts) / (both if gender == "T" else known[gender]))
    return ready


def _must_meet(figure: Figure, value: float) -> None:
    if not figure.met_by(value):
        raise SampleTargetMissedError(f"{figure.figure_id}: {value:.2f} instead of {figure.expected}")
