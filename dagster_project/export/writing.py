"""Kolada's shape as text: JSON as its API answers, CSV one point a line."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dagster_project.export.kolada import GENDERS, NOTE, Export, Point
from dagster_project.quality.listings import neutral

_COLUMNS = ("kpi", "municipality", "period", "gender", "gender_label", "value", "count", "status")


def data_json(export: Export) -> str:
    """The points as `/v2/data` answers: one entry per key figure, municipality and year, with a value per gender."""
    grouped = itertools.groupby(export.points, key=lambda p: (p.kpi, p.municipality, p.period))
    values = [
        {"kpi": kpi, "municipality": municipality, "period": period, "values": [_value(p) for p in points]}
        for (kpi, municipality, period), points in grouped
    ]
    return _answer(values, note=NOTE)


def _value(point: Point) -> dict[str, Any]:
    return {"count": point.count, "gender": point.gender, "status": point.status, "value": point.value}


def kpi_json(export: Export) -> str:
    """The key figures as `/v2/kpi` answers."""
    return _answer(
        [
            {
                "id": figure.id,
                "title": figure.title,
                "description": figure.description,
                "is_divided_by_gender": int(figure.by_gender),
                "municipality_type": figure.municipality_type,
                "has_ou_data": False,
            }
            for figure in export.key_figures
        ]
    )


def municipality_json(export: Export) -> str:
    """The areas as `/v2/municipality` answers."""
    return _answer([{"id": code, "title": name, "type": kind} for code, name, kind in export.municipalities])


def _answer(values: Sequence[dict[str, Any]], **more: str) -> str:
    answer = {"count": len(values), **more, "values": values}
    return json.dumps(answer, ensure_ascii=False, indent=1) + "\n"


def data_csv(export: Export) -> str:
    """The points, one a line; no cell of it is taken for a formula by a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(_COLUMNS)
    for p in export.points:
        row = (p.kpi, p.municipality, p.period, p.gender, GENDERS[p.gender], p.value, p.count, p.status)
        writer.writerow([neutral(cell) for cell in row])
    return text.getvalue()


def write_folder(export: Export, folder: Path) -> list[Path]:
    """Write all of it into a folder; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "kpi.json": kpi_json(export),
        "municipality.json": municipality_json(export),
        "data.json": data_json(export),
        "data.csv": data_csv(export),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]
