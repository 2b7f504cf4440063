"""From a file to rows of text: formats, encodings and limits. What the text means is not decided here."""

from dagster_project.ingestion.reading.source import Source, open_source
from dagster_project.ingestion.reading.unreadable import MissingColumnsError, UnreadableError

__all__ = ["MissingColumnsError", "Source", "UnreadableError", "open_source"]
