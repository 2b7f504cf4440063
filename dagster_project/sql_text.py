"""Quoting for SQL that is composed: identifiers, and literals where a statement takes no parameters."""

from __future__ import annotations


def identifier(text: str) -> str:
    """A quoted identifier."""
    return '"' + text.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A quoted string literal."""
    return "'" + text.replace("'", "''") + "'"
