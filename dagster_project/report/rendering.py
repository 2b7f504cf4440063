"""Templates and files: the jinja environment, writing a page, the assets beside it. No content of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dagster_project.report import formats
from dagster_project.report.markup import WITHHELD, body_html, captioned, soft, table_html
from dagster_project.report.tables import Table

TEMPLATES = Path(__file__).with_name("templates")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The jinja environment: everything is escaped, an unknown name is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["value"] = formats.value_text
    made.filters["svg"] = Markup
    made.filters["soft"] = soft
    made.globals["table"] = table_html
    made.globals["withheld"] = Markup(WITHHELD)  # noqa: S704  our own
    return made


@lru_cache(maxsize=1)
def _parts() -> Any:
    return environment().get_template("parts.html.j2").module


def part(macro: str, *values: object) -> str:
    """The HTML of one macro of `parts.html.j2`."""
    return str(getattr(_parts(), macro)(*values)).strip()


def table(shown: Table | None) -> str:
    """The HTML of a table; blank where there is none."""
    return str(table_html(shown)) if shown else ""


def body(shown: Table | None) -> str:
    """The HTML of a table but for its caption; blank where there is none."""
    return body_html(shown) if shown else ""


def table_of(body: str, caption: str) -> str:
    """The HTML of a table whose body is made already; blank where there is none."""
    return str(captioned(body, caption)) if body else ""


def write_page(path: Path, template: str, context: Mapping[str, object]) -> Path:
    """Render a template to a file; the folder is made."""
    return write_text(path, environment().get_template(template).render(context))


def write_assets(folder: Path) -> list[Path]:
    """Write style sheet and script to `folder/assets`."""
    written = []
    for name in ("report.css", "report.js"):
        target = folder / "assets" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((TEMPLATES / name).read_text(encoding="utf-8"), encoding="utf-8")
        written.append(target)
    return written


def write_text(path: Path, text: str) -> Path:
    """Write a file; the folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def fragments_script(area: str, fragments: Mapping[str, object]) -> str:
    """The rendered parts of an area as a script that a page without a server can load."""
    body = json.dumps(fragments, ensure_ascii=False, separators=(",", ":"))
    return f"trisam.receive({json.dumps(area)},{body});\n"
