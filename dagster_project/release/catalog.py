"""The description of the open release for machines, `catalog.jsonld`: Croissant 1.0, on top of schema.org.

Every table is a record set with its key, its columns, their types and meanings, all read from the database file
itself; files are named by relative path and hash, so that a copy of the folder stays true.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import yaml
from pydantic import BaseModel, ConfigDict

from dagster_project.release.shapes import TableShape
from dagster_project.release.versions import version_time

CATALOG = "catalog.jsonld"
_SCHEMA = "open"
_PARQUET, _DUCKDB = "application/x-parquet", "application/vnd.duckdb"
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {
    "BOOLEAN": "sc:Boolean",
    "INTEGER": "sc:Integer",
    "BIGINT": "sc:Integer",
    "DOUBLE": "sc:Float",
    "DATE": "sc:Date",
    "TIMESTAMP": "sc:DateTime",
    "VARCHAR": "sc:Text",
}


class Presentation(BaseModel):
    """catalog.yml. Blank values are the owner's to fill in, and are left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    description: str
    languages: list[str]
    keywords: list[str]
    offer_version: str
    license: str
    url: str
    publisher: str


def load_presentation() -> Presentation:
    """Read catalog.yml; a pydantic ValidationError names what is wrong in it."""
    text = Path(__file__).with_name("catalog.yml").read_text(encoding="utf-8")
    return Presentation.model_validate(yaml.safe_load(text))


def write_catalog(folder: Path, database: str, version: str, shapes: Mapping[str, TableShape]) -> Path:
    """Describe the open tables of `folder/database` and their files `parquet/open/TABLE.parquet`."""
    said = load_presentation()
    with duckdb.connect(str(folder / database), read_only=True) as con:
        tables = _tables(con)
        records = [
            _record_set(con, name, comment, shapes.get(f"{_SCHEMA}.{name}", TableShape()))
            for name, comment in tables
        ]
    parquet = [_file(folder, f"parquet/{_SCHEMA}/{name}.parquet", name, _PARQUET) for name, _ in tables]
    catalog: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": said.name,
        "alternateName": said.title,
        "description": said.description,
        "version": said.offer_version,
        "identifier": version,
        "datePublished": version_time(version).date().isoformat(),
        "inLanguage": said.languages,
        "keywords": said.keywords,
        **_owner(said),
        "distribution": [_file(folder, database, "trisam_open", _DUCKDB), *parquet],
        "recordSet": records,
    }
    path = folder / CATALOG
    path.write_text(json.dumps(catalog, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _owner(said: Presentation) -> dict[str, Any]:
    stated: dict[str, Any] = {"license": said.license, "url": said.url}
    if said.publisher:
        stated["creator"] = {"@type": "sc:Organization", "name": said.publisher}
    return {name: value for name, value in stated.items() if value}


def _tables(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return con.execute(
        "select table_name, coalesce(comment, table_name) from duckdb_tables() "
        "where database_name = current_database() and schema_name = ? order by table_name",
        [_SCHEMA],
    ).fetchall()


def _file(folder: Path, path: str, name: str, encoding: str) -> dict[str, Any]:
    with (folder / path).open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return {
        "@type": "cr:FileObject",
        "@id": path,
        "name": name,
        "contentUrl": path,
        "contentSize": f"{(folder / path).stat().st_size} B",
        "encodingFormat": encoding,
        "sha256": digest,
    }


def _record_set(
    con: duckdb.DuckDBPyConnection, table: str, comment: str, shape: TableShape
) -> dict[str, Any]:
    record: dict[str, Any] = {"@type": "cr:RecordSet", "@id": table, "name": table, "description": comment}
    if shape.key:
        record["key"] = [{"@id": f"{table}/{column}"} for column in shape.key]
    return record | {"field": list(_fields(con, table))}


def _fields(con: duckdb.DuckDBPyConnection, table: str) -> Iterator[dict[str, Any]]:
    columns = con.execute(
        "select column_name, data_type, coalesce(comment, column_name) from duckdb_columns() "
        "where database_name = current_database() and schema_name = ? and table_name = ? order by column_index",
        [_SCHEMA, table],
    ).fetchall()
    for column, data_type, comment in columns:
        yield {
            "@type": "cr:Field",
            "@id": f"{table}/{column}",
            "name": column,
            "description": comment,
            "dataType": _TYPES.get(data_type, "sc:Text"),
            "source": {
                "fileObject": {"@id": f"parquet/{_SCHEMA}/{table}.parquet"},
                "extract": {"column": column},
            },
        }
