"""What a release lacks, in Swedish: the deliveries that a person left out, with who says so and why."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from dagster_project.contract import Contract, load_contract
from dagster_project.report import formats
from dagster_project.report.placed import Row
from dagster_project.report.source import Source

_EARLIER = ". En tidigare leverans för samma tid gäller så länge"


def lacking(source: Source) -> list[str]:
    """One text per delivery that was left out of the release; an open release tells of none."""
    said = {row["delivery_id"]: row for row in source.rows("left_out_delivery", "quality")}
    deliveries = source.rows("delivery", "quality")
    rows = [row for row in deliveries if row.get("status") == "left_out"]
    if not rows:
        return []
    contract = load_contract()
    in_force = [row for row in deliveries if row.get("status") == "in_force"]
    return [
        _text(row, said[row["delivery_id"]], contract) + (_EARLIER if _is_covered(row, in_force) else "")
        for row in rows
    ]


def _text(row: Row, said: Row, contract: Contract) -> str:
    delivered = f"{contract.datasets[str(row['dataset'])].title_sv} {_period(row)}"
    by = f"lämnad utanför av {said['left_out_by']}: {said['left_out_why']}"
    return f"{delivered} från {_deliverer(str(row['party']), contract)} ({by})"


def _is_covered(row: Row, in_force: Sequence[Row]) -> bool:
    """Whether a delivery in force states the same days of the same party's dataset."""
    return row["period_start"] is not None and any(
        (other["party"], other["dataset"]) == (row["party"], row["dataset"])
        and str(other["period_start"]) <= str(row["period_start"])
        and str(other["period_end"]) >= str(row["period_end"])
        for other in in_force
    )


def _period(row: Row) -> str:
    text, first, last = str(row["period"] or ""), row["period_start"], row["period_end"]
    if not (isinstance(first, datetime.date) and isinstance(last, datetime.date)):
        return f"ur filen {row['file_name']}"
    in_words = formats.period_text(text)
    is_span = in_words == text and not text.isdecimal()
    return f"för {formats.span_text(first, last) if is_span else in_words}"


def _deliverer(folder: str, contract: Contract) -> str:
    party = contract.party_of_folder(folder)
    if party is None:
        return folder
    name = contract.municipalities.get(folder.partition("-")[2], "")
    return formats.municipality_text(name) if party.per_municipality and name else party.name_sv
