"""Every command of the docs exists with its options; every command tells how it is used; machines get JSON."""

from __future__ import annotations

import re
import shlex

import pytest
import typer
import typer.main

from dagster_project.cli import app
from tests.documented import PAGES, PROJECT, commands

INLINE = re.compile(r"`(trisam [^`]+)`")
ROOT = typer.main.get_command(app)
# What the command line raises where it is used wrongly; typer has no name of its own for it.
WrongUse = typer.BadParameter.__mro__[1]
# Those that answer by doing, not by saying.
WITHOUT_JSON = {"ui"}


def documented() -> list[tuple[str, str]]:
    """Page and command of every command of the shell blocks that starts with `trisam`."""
    return [(shown.page, shown.text) for shown in commands() if shown.text.startswith("trisam ")]


def parse(words: list[str]) -> None:
    """Parse as the command line would, without doing anything; raises WrongUse."""
    command, rest = ROOT, list(words)
    while hasattr(command, "commands"):
        name = rest.pop(0) if rest else ""
        if name in {word for parameter in command.params for word in parameter.opts}:
            return
        if name not in command.commands:
            raise WrongUse(f"no such command: {name}")
        command = command.commands[name]
    command.make_context(command.name, rest)


def leaves(command=ROOT, path: tuple[str, ...] = ()) -> list[tuple]:
    if hasattr(command, "commands"):
        return [leaf for name, sub in command.commands.items() for leaf in leaves(sub, (*path, name))]
    return [(" ".join(path), command)]


@pytest.mark.parametrize(("page", "command"), documented())
def test_a_command_of_the_docs_parses(page, command):
    # What is redirected or piped is the shell's.
    own = re.split(r"\s(?:[<>|]|&&)", command)[0]
    parse(shlex.split(own, comments=True)[1:])


@pytest.mark.parametrize("wrong", ["runn", "run --no-such-option", "diff ONLY_ONE", "export"])
def test_what_does_not_exist_would_not_parse(wrong):
    with pytest.raises(WrongUse):
        parse(shlex.split(wrong))


def test_the_docs_have_commands_to_try():
    assert len(documented()) >= 10


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_command_named_in_a_sentence_exists(page):
    names = {name.split()[0] for name, _ in leaves()}
    for mentioned in INLINE.findall(page.read_text("utf-8")):
        word = mentioned.split()[1].strip(",.…")
        assert word in names or not re.fullmatch(r"[a-z][a-z-]+", word), mentioned


@pytest.mark.parametrize(("name", "command"), leaves())
def test_a_command_says_what_it_does_and_what_each_option_means(name, command):
    assert command.help
    assert len(command.help) > 30
    for parameter in command.params:
        assert parameter.help, f"{name} {parameter.name}"


@pytest.mark.parametrize(("name", "command"), leaves())
def test_a_command_answers_machines_in_json(name, command):
    options = {word for parameter in command.params for word in parameter.opts}
    assert ("--json" in options) == (name not in WITHOUT_JSON)


def test_the_exit_codes_are_told_by_help_and_by_the_docs():
    for text in (ROOT.help, (PROJECT / "docs" / "operations.md").read_text("utf-8")):
        assert re.search(r"0 .*published", text)
        for code in "123":
            assert re.search(rf"\b{code}\b", text)


def test_shell_completion_can_be_installed():
    assert {"--install-completion", "--show-completion"} <= {
        word for parameter in ROOT.params for word in parameter.opts
    }
