"""What the report shows, as data: chapters, exhibits, tables, charts. The content lies in `layout.yml`.

Only shapes and their reading; how an exhibit is drawn belongs to `tables` and `charts`.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from dagster_project.report.formats import Kind

LAYOUT_FILE = Path(__file__).with_name("layout.yml")

Where = dict[str, str | int]
Asked = tuple[tuple[str, str], ...]
"""A `Where` to look up by: keys with their values as texts."""
Scope = Literal["selection", "teams", "municipalities", "periods", "period", "all"]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Share(_Data):
    """What a percent is a percent of: the column `measure`, or its sum over the rows of the group."""

    measure: str
    total: bool = False


class Column(_Data):
    """A column of a table: one measure, or bars stacked of several (`bars`).

    `where` takes the cell from the row that also has these values, so that 6 and 12 months can stand side by
    side. `n` is the count that a percent rests on; it is written beside it. `labels` names the list of codes
    that a text column holds, `legend` the colours of a bar.
    """

    title: str
    measure: str = ""
    kind: Kind = "count"
    decimals: int | None = None
    n: Share | None = None
    where: Where = Field(default_factory=dict)
    zero: Literal["show", "blank"] = "show"
    bars: list[str] = Field(default_factory=list)
    legend: list[str] = Field(default_factory=list)
    labels: str = ""

    @cached_property
    def asked(self) -> Asked:
        """The same as `where`."""
        return tuple((key, str(value)) for key, value in self.where.items())

    @cached_property
    def status(self) -> str:
        """The column of the open release that says whether the measure is shown."""
        return f"{self.measure}_status"

    @cached_property
    def statuses(self) -> list[str]:
        """The same of each measure of its bars."""
        return [f"{measure}_status" for measure in self.bars]


class Dimension(_Data):
    """What the rows (or groups of rows) of a table are: a key column and the list that names its codes."""

    key: str
    list: str
    total: str | None = None


class TableSpec(_Data):
    """A table. `scope` says which rows of the indicator it takes.

    selection: one period and area. teams, municipalities: the areas inside the chosen one, for one period.
    periods: the chosen area through time. period: one period, no area. all: everything.
    """

    head: str
    rows: Dimension
    columns: list[Column]
    scope: Scope = "selection"
    group: Dimension | None = None
    where: Where = Field(default_factory=dict)
    period_types: list[str] = Field(default_factory=list)
    open_columns: list[Column] = Field(default_factory=list)


class Series(_Data):
    """A line, or a colour of bars: a measure of the rows that match `where`."""

    title: str
    measure: str
    n: Share | None = None
    where: Where = Field(default_factory=dict)


class ChartSpec(_Data):
    """A chart of one area through time, or of categories where `x` is no period.

    `kind`: lines, stacked (bars) or grouped (bars). `x.key` `period` takes the periods of `period_type`; `line` the
    lines of a table that has no area, each named by its group and its row, in the period that a reader sees first.
    """

    title: str
    kind: Literal["lines", "stacked", "grouped"]
    series: list[Series]
    period_type: str = "half_year"
    x: Dimension = Dimension(key="period", list="period")
    unit: Kind = "count"
    axis: str = ""
    split: Dimension | None = None


class Exhibit(_Data):
    """One indicator as a table, with a chart where people would rather look than read.

    `folded` tables are long and opened on demand, `quarterly` ones are in the quarterly reports too, and those
    that are not `open` are left out of the open report.
    """

    id: str
    indicator: str
    title: str
    text: str = ""
    table: TableSpec
    chart: ChartSpec | None = None
    note: str = ""
    folded: bool = False
    quarterly: bool = False
    open: bool = True


class Headline(_Data):
    """One figure: a measure of the one row of the indicator that matches `where`."""

    title: str
    indicator: str
    measure: str
    kind: Kind = "count"
    n: Share | None = None
    where: Where = Field(default_factory=dict)


class Chapter(_Data):
    """A section of the report. `goal` ties it to a goal of the programme, `themes` to statements.

    `short` is its name in the table of contents, where the title is long.
    """

    id: str
    title: str = ""
    short: str = ""
    goal: str = ""
    text: str = ""
    headlines: list[Headline] = Field(default_factory=list)
    exhibits: list[Exhibit] = Field(default_factory=list)
    themes: list[str] = Field(default_factory=list)


class FormSection(_Data):
    """A section of the final-report form: what a person is asked, and which statements answer it."""

    id: str
    title: str
    ask: str = ""
    categories: list[str] = Field(default_factory=list)


class Layout(_Data):
    """Everything the report shows, in order. `labels` are the words that no code list has."""

    title: str
    lead: str
    limit_charts_to_areas: int
    headlines: list[Headline]
    chapters: list[Chapter]
    labels: dict[str, dict[str, str]]
    final_report: list[FormSection]
    purpose: str

    def exhibits(self) -> list[Exhibit]:
        """All exhibits, in order."""
        return [exhibit for chapter in self.chapters for exhibit in chapter.exhibits]

    def by_team(self) -> set[str]:
        """The indicators that are shown team by team."""
        return {e.indicator for e in self.exhibits() if e.table.scope == "teams"}

    def chapter_of_goal(self, goal: str) -> Chapter | None:
        """The chapter that a goal has."""
        return next((chapter for chapter in self.chapters if chapter.goal == goal), None)


def load_layout(path: Path = LAYOUT_FILE) -> Layout:
    """Read the layout; raises `pydantic.ValidationError` where the file says what no code understands."""
    return Layout.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
