"""What the documentation shows to be typed: its fenced blocks, by language, and the commands in them."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
_BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Shown:
    """Something that a page shows to be typed; `page` is its path in the project."""

    page: str
    language: str
    text: str


def blocks() -> list[Shown]:
    """Every fenced block of every page, in order; a block without a language has a blank one."""
    return [
        Shown(str(page.relative_to(PROJECT)), language.strip(), text)
        for page in PAGES
        for language, text in _BLOCK.findall(page.read_text("utf-8"))
    ]


def commands() -> list[Shown]:
    """Every command of the shell blocks; one that goes over several lines is one."""
    return [
        Shown(block.page, block.language, command)
        for block in blocks()
        if block.language == "sh"
        for command in _commands_of(block.text)
    ]


def _commands_of(text: str) -> list[str]:
    found, begun = [], ""
    for line in text.replace("\\\n", " ").splitlines():
        begun = f"{begun}\n{line}" if begun else line
        try:
            words = shlex.split(begun, comments=True)
        except ValueError:
            continue  # a quotation goes on in the next line
        if words:
            found.append(begun.strip())
        begun = ""
    return found


def named_inline(first_word: str) -> set[str]:
    """What stands in the sentences as code and begins with a word: `make ui`."""
    return {
        code
        for page in PAGES
        for code in _INLINE.findall(_BLOCK.sub("", page.read_text("utf-8")))
        if code.startswith(f"{first_word} ")
    }
