"""The charts of the performance page: time and memory against size, as static SVG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.results import Result

# Apart in lightness too, so that they hold in print and for the colour-blind.
COLOURS = ("#17496b", "#8fb4cc", "#c0761d", "#2b8a7e", "#7a3b69")
WIDTH, HEIGHT = 520, 300


def draw(results: Sequence[Result], titles: dict[str, str], measure: str, axis: str, path: Path) -> None:
    """Write a chart of a measure's medians against the number of cases, both on logarithmic scales."""
    import altair as alt  # noqa: PLC0415  seconds of import that measuring does not need
    import vl_convert  # noqa: PLC0415

    points = [
        {"cases": result.cases, "value": value, "contender": title}
        for result in results
        for contender, title in titles.items()
        if (value := result.median(contender, measure)) is not None
    ]
    shown = [title for title in titles.values() if any(point["contender"] == title for point in points)]
    sizes = sorted({result.cases for result in results})
    scale = alt.Scale(domain=shown, range=list(COLOURS[: len(shown)]))
    x_axis: Any = alt.Axis(values=sizes, format=",", grid=False)
    spread = alt.Scale(type="log", domain=[sizes[0] / 1.5, sizes[-1] * 1.5])
    chart = (
        alt.Chart(alt.InlineData(values=points), width=WIDTH, height=HEIGHT)
        .mark_line(point=alt.OverlayMarkDef(size=60, filled=True), strokeWidth=2)
        .encode(
            x=alt.X("cases:Q", title="New cases", axis=x_axis, scale=spread),
            y=alt.Y("value:Q", title=axis, scale=alt.Scale(type="log"), axis=alt.Axis(format="~g")),
            color=alt.Color("contender:N", title=None, scale=scale, legend=alt.Legend(orient="right")),
            shape=alt.Shape("contender:N", title=None, scale=alt.Scale(domain=shown)),
        )
        .configure(background="white", font="sans-serif")
    )
    path.write_text(vl_convert.vegalite_to_svg(chart.to_dict()) + "\n", encoding="utf-8")
