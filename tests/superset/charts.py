"""The charts of the harness: what Superset is asked, and the same question to the release."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Chart:
    """A chart on one table. `metrics` are (aggregate, column); `release_query` asks DuckDB the same."""

    title: str
    schema: str
    table: str
    by: tuple[str, ...]
    metrics: tuple[tuple[str, str], ...]
    filters: dict[str, Any]
    release_query: str
    viz_type: str = "table"
    more: dict[str, Any] = field(default_factory=dict)

    def metric_objects(self) -> list[dict[str, Any]]:
        """The metrics as Superset writes them."""
        return [
            {
                "expressionType": "SIMPLE",
                "aggregate": aggregate,
                "column": {"column_name": column},
                "label": f"{aggregate}({column})",
            }
            for aggregate, column in self.metrics
        ]

    def query_context(self, dataset: int) -> dict[str, Any]:
        """The question as the REST API takes it."""
        query = {
            "columns": list(self.by),
            "metrics": self.metric_objects(),
            "filters": [{"col": c, "op": "==", "val": v} for c, v in self.filters.items()],
            "orderby": [],
            "row_limit": 10_000,
        }
        return {
            "datasource": {"id": dataset, "type": "table"},
            "queries": [query],
            "result_format": "json",
            "result_type": "full",
            "force": True,
        }

    def form_data(self, dataset: int) -> dict[str, Any]:
        """The chart as Superset keeps it."""
        adhoc = [
            {"clause": "WHERE", "expressionType": "SIMPLE", "subject": c, "operator": "==", "comparator": v}
            for c, v in self.filters.items()
        ]
        return {
            "viz_type": self.viz_type,
            "datasource": f"{dataset}__table",
            "groupby": list(self.by),
            "metrics": self.metric_objects(),
            "adhoc_filters": adhoc,
            "row_limit": 10_000,
            "query_mode": "aggregate",
            **self.more,
        }


CHARTS = (
    Chart(
        "New cases of 2021 by question",
        "indicators",
        "question",
        ("label_sv",),
        (("SUM", "women_count"), ("SUM", "men_count"), ("SUM", "unknown_count")),
        {"period_type": "year", "period": "2021", "area_level": "county", "area_code": "21"},
        "select label_sv, sum(women_count), sum(men_count), sum(unknown_count) from indicators.question "
        "where period_type = 'year' and period = '2021' and area_level = 'county' and area_code = '21' "
        "group by label_sv",
        viz_type="echarts_timeseries_bar",
        more={
            "x_axis": "label_sv",
            "groupby": [],
            "stack": "Stack",
            "show_legend": True,
            "orientation": "horizontal",
        },
    ),
    Chart(
        "Support a year later, by gender",
        "indicators",
        "support_follow_up",
        ("gender", "horizon_months"),
        (("MAX", "start_percent"), ("MAX", "horizon_percent"), ("SUM", "cohort_count")),
        {"period_type": "reporting", "period": "PROGRAM", "area_level": "county", "scope": "all_public"},
        "select gender, horizon_months, max(start_percent), max(horizon_percent), sum(cohort_count) "
        "from indicators.support_follow_up where period_type = 'reporting' and period = 'PROGRAM' "
        "and area_level = 'county' and scope = 'all_public' group by gender, horizon_months",
    ),
    Chart(
        "Every value by indicator",
        "indicators",
        "indicator_value",
        ("indicator", "unit"),
        (("COUNT", "measure"), ("SUM", "numerator")),
        {"period_type": "half_year"},
        "select indicator, unit, count(measure), sum(numerator) from indicators.indicator_value "
        "where period_type = 'half_year' group by indicator, unit",
    ),
    Chart(
        "Where cases are a year after the consultation",
        "marts",
        "fct_follow_up",
        ("destination_code",),
        (("COUNT", "case_id"), ("COUNT_DISTINCT", "person_id"), ("MIN", "consulted_on")),
        {"horizon_months": 12, "all_public_status": "in_cohort"},
        "select destination_code, count(case_id), count(distinct person_id), min(consulted_on) "
        "from marts.fct_follow_up where horizon_months = 12 and all_public_status = 'in_cohort' "
        "group by destination_code",
    ),
    Chart(
        "Follow-ups by municipality",
        "marts",
        "fct_follow_up",
        ("municipality_code", "horizon_months", "is_identified"),
        (("COUNT", "case_id"), ("AVG", "ladder_step")),
        {},
        "select municipality_code, horizon_months, is_identified, count(case_id), avg(ladder_step) "
        "from marts.fct_follow_up group by municipality_code, horizon_months, is_identified",
    ),
)
