"""Comparisons that are not made over periods and areas: surveys, grants, and changes from one period to the next."""

from __future__ import annotations

from .comparisons import PARTY, Comparison, Figure, codes

_WAVE = {"survey_response__wave": "wave_code"}
_WAVE_AND_GENDER = _WAVE | {"survey_response__gender": "gender"}


def _readiness(rows: str) -> tuple[Figure, ...]:
    return (
        Figure("survey_sent", "sent_count", rows),
        Figure("survey_answered", "answered_count", rows),
        Figure("survey_response_percent", "response_percent", rows),
        Figure("survey_ready", "ready_count", rows),
        Figure("survey_readiness_known", "readiness_known_count", rows),
        Figure("survey_ready_percent", "ready_percent", rows),
    )


def _surveys() -> list[Comparison]:
    answers = tuple(
        Figure(f"survey_answer_{code}_percent", "answer_percent", f"gender <> 'T' and answer_code = '{code}'")
        for code in codes("readiness_answer")
    )
    reasons = tuple(
        Figure(f"survey_nonresponse_{code.lower()}_percent", "share_percent", f"reason_code = '{code}'")
        for code in [*codes("nonresponse_reason"), "OKAND"]
    )
    return [
        Comparison("survey_readiness", _readiness("gender <> 'T'"), _WAVE_AND_GENDER, ()),
        Comparison("survey_readiness", _readiness("gender = 'T'"), _WAVE, ()),
        Comparison(
            "survey_answer",
            (Figure("survey_readiness_known", "answer_count", "gender <> 'T'"),),
            _WAVE_AND_GENDER | {"survey_response__answer": "answer_code"},
            (),
        ),
        Comparison("survey_answer", answers, _WAVE_AND_GENDER, ()),
        Comparison(
            "survey_nonresponse",
            (Figure("survey_not_answered", "nonresponse_count"),),
            _WAVE | {"survey_response__nonresponse_reason": "reason_code"},
            (),
        ),
        Comparison("survey_nonresponse", reasons, _WAVE, ()),
    ]


def _grants() -> Comparison:
    figures = (
        Figure("granted_sek", "granted_sek"),
        Figure("used_sek", "used_sek"),
        Figure("grants_used_percent", "used_percent"),
    )
    return Comparison("grant_use", figures, {"project": "project_id"}, ())


def changes(period_type: str) -> list[Comparison]:
    """Changes of new cases from the period before; for the county, where every period has cases."""
    metric = f"new_cases_change_percent_{period_type}"
    return [
        Comparison("case_volume", (Figure(metric, "new_change_percent"),), {}, ("county",)),
        Comparison("initiating_party", (Figure(metric, "change_percent"),), PARTY, ("county",)),
    ]


TIMELESS = [*_surveys(), _grants()]
