"""A table as HTML, and nothing else: the templates do the rest.

Written by hand, since a whole country's report holds a hundred thousand tables, and a template takes half of the
time that they all cost.
"""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup, escape

from dagster_project.report.cells import Cell
from dagster_project.report.tables import Group, Head, Table

WITHHELD = '<abbr title="Visas inte: kan röja en enskild">..</abbr>'


@lru_cache(maxsize=1 << 14)
def soft(text: str) -> Markup:
    """A label that may break after a slash, so that narrow columns need not break words."""
    return Markup(str(escape(text)).replace("/", "/<wbr>"))  # noqa: S704  the text is escaped


@lru_cache(maxsize=1 << 14)
def _plain(text: str) -> str:
    return str(escape(text))


def table_html(table: Table) -> Markup:
    """A table; cells are numbers unless their class says otherwise, and terse because there are many of them."""
    return captioned(body_html(table), table.caption)


def captioned(body: str, caption: str) -> Markup:
    """A table of a body that is made already, under a caption of its own."""
    named = f"<caption>{_plain(caption)}</caption>" if caption else ""
    return Markup(f'<div class="scroll"><table>{named}{body}</table></div>')  # noqa: S704  every text is escaped


def body_html(table: Table) -> str:
    """What a table holds beside its caption."""
    heads = "".join([_head(head) for head in table.columns])
    groups = "".join([_group(group, table) for group in table.groups])
    return f'<thead><tr><th scope="col">{_plain(table.head)}</th>{heads}</tr></thead>{groups}'


@lru_cache(maxsize=1 << 10)
def _head(head: Head) -> str:
    kind = ' class="bar"' if head.bars else ' class="num"' if head.numeric else ""
    legend = "".join(
        f' <span class="key"><i class="s{number}"></i>{_plain(text)}</span>'
        for number, text in enumerate(head.legend, start=1)
    )
    return f'<th scope="col"{kind}>{soft(head.title)}{legend}</th>'


def _group(group: Group, table: Table) -> str:
    label = ""
    if group.label:
        width = len(table.columns) + 1
        label = f'<tr class="group"><th scope="rowgroup" colspan="{width}">{_plain(group.label)}</th></tr>'
    numeric = [head.numeric for head in table.columns]
    rows = [
        f'<tr{_TOTAL if line.total else ""}><th scope="row">{soft(line.label)}</th>'
        f"{''.join(map(_cell, line.cells, numeric))}</tr>"
        for line in group.lines
    ]
    return f"<tbody>{label}{''.join(rows)}</tbody>"


_TOTAL = ' class="total"'


@lru_cache(maxsize=1 << 14)
def _cell(cell: Cell, numeric: bool) -> str:
    if cell.bars:
        bars = "".join(f'<i class="s{bar.series}" style="width:{bar.width}%"></i>' for bar in cell.bars)
        return f'<td class="bar"><div>{bars}</div></td>'
    if cell.withheld:
        return f"<td>{WITHHELD}</td>"
    if not numeric:
        return f'<td class="text">{_plain(cell.text)}</td>'
    behind = f" <small>n = {_plain(cell.n)}</small>" if cell.n else ""
    return f"<td>{_plain(cell.text)}{behind}</td>"
