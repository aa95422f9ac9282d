"""Check length, names, calls and comments of macros/ and tests/generic, in two seconds.

    python scripts/lint/lint_macros.py [--root DIR]

sqlfluff cannot do it: it renders a file of macros to nothing. Rules:

- ``long-line``: a line has at most 140 characters.
- ``long-macro``: a macro has at most 200 lines.
- ``file-name``: a file has a macro (or test, or materialization) of its own name.
- ``called-from-elsewhere``: of the macros of a file ``x.sql``, other files call only ``x``, ``x_columns``, ``x_select``
  and their adapter variants (``default__x``, ``postgres__x``, ...). A helper of several files has its own file.
- ``snake-case``: names of files, macros, arguments and variables.
- ``bare-call``: a macro of the project is called as ``ml_monitor.x(...)``.
- ``no-docstring``: a comment stands directly above each macro, except above adapter variants.
- ``trailing-space``: no line ends in white space.
- ``jinja-space``: a space after ``{{`` and ``{%``, and before ``}}`` and ``%}``.

Prints each fault as ``file:line: rule: what``. The exit status is 1 if there are any.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment

ROOT = Path(__file__).resolve().parents[2]
LINTED = ("macros", "tests/generic")
CALLERS = (*LINTED, "models", "analyses")
PACKAGE = "ml_monitor"
LINE_LENGTH, MACRO_LENGTH = 140, 200
SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_{1,2}[a-z0-9]+)*")
VARIANT = re.compile(r"[a-z]+__(?P<name>\w+)")
DEFINITIONS = {"macro", "test", "materialization"}


class Fault(NamedTuple):
    """A fault in a line of a file."""

    path: str
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


class Token(NamedTuple):
    """A token of Jinja's lexer; white space inside of blocks is left out, ``spaced`` says whether it was before."""

    line: int
    kind: str
    value: str
    spaced: bool


@dataclass
class Macro:
    """A macro, test or materialization of a file."""

    name: str
    line: int
    end: int
    has_comment: bool
    names: list[tuple[int, str]] = field(default_factory=list)

    @property
    def base(self) -> str:
        """Its name without that of an adapter."""
        variant = VARIANT.fullmatch(self.name)
        return variant["name"] if variant else self.name


class File:
    """A file of SQL and Jinja."""

    def __init__(self, root: Path, path: Path) -> None:
        self.path = path.relative_to(root).as_posix()
        self.name = path.stem
        self.text = path.read_text(encoding="utf-8")

    @cached_property
    def tokens(self) -> list[Token]:
        """The tokens of the file."""
        tokens, spaced = [], False
        for line, kind, value in Environment().lex(self.text):
            if kind != "whitespace":
                tokens.append(Token(line, kind, value, spaced))
            spaced = kind == "whitespace"
        return tokens

    @cached_property
    def macros(self) -> list[Macro]:
        """The macros of the file, in its order."""
        found: list[Macro] = []
        tokens = self.tokens
        for place, token in enumerate(tokens):
            if token.kind != "block_begin":
                continue
            keyword = tokens[place + 1].value
            if keyword in DEFINITIONS:
                before = [one for one in tokens[:place] if one.kind != "data" or one.value.strip()]
                has_comment = bool(before) and before[-1].kind == "comment_end"
                name = tokens[place + 2].value
                found.append(Macro(name, token.line, token.line, has_comment))
                found[-1].names = self.signature(place + 2)
            elif keyword in {f"end{one}" for one in DEFINITIONS} and found:
                found[-1].end = token.line
            elif keyword == "set" and found:
                found[-1].names.append((token.line, tokens[place + 2].value))
        return found

    def signature(self, place: int) -> list[tuple[int, str]]:
        """Names of a macro and its arguments, from the token of its name on; defaults may be calls or lists."""
        names, depth = [(self.tokens[place].line, self.tokens[place].value)], 0
        for before, token in zip(self.tokens[place:], self.tokens[place + 1 :], strict=False):
            if token.kind == "block_end":
                break
            if token.kind == "name" and depth == 1 and before.value in ("(", ","):
                names.append((token.line, token.value))
            depth += (token.value in ("(", "[", "{")) - (token.value in (")", "]", "}"))
        return names

    @cached_property
    def calls(self) -> list[tuple[int, str, bool]]:
        """Calls of macros: line, name, and whether the name of the package stands before it."""
        found = []
        tokens = self.tokens
        for place in range(1, len(tokens) - 1):
            token, before = tokens[place], tokens[place - 1]
            if (
                token.kind != "name"
                or tokens[place + 1].value != "("
                or before.value in {"|", "is", *DEFINITIONS}
            ):
                continue
            is_member = before.value == "."
            is_ours = is_member and tokens[place - 2].value == PACKAGE
            if is_ours or not is_member:
                found.append((token.line, token.value, is_ours))
        return found


def faults_of(file: File, project: set[str], called: dict[str, set[str]]) -> list[Fault]:
    """The faults of a file. ``project``: names of all macros; ``called``: the files that call a macro, by its name."""
    faults: list[Fault] = []

    def say(line: int, rule: str, text: str) -> None:
        faults.append(Fault(file.path, line, rule, text))

    for number, line in enumerate(file.text.splitlines(), start=1):
        if len(line) > LINE_LENGTH:
            say(number, "long-line", f"{len(line)} characters")
        if line != line.rstrip():
            say(number, "trailing-space", "white space at the end")
    opened = {"block_begin", "variable_begin"}
    closed = {"block_end", "variable_end"}
    for before, token in zip(file.tokens, file.tokens[1:], strict=False):
        if (before.kind in opened or token.kind in closed) and not token.spaced:
            say(
                token.line,
                "jinja-space",
                f"no space beside {(before if before.kind in opened else token).value.strip()}",
            )
    if not SNAKE_CASE.fullmatch(file.name):
        say(1, "snake-case", file.name)
    if file.name not in {macro.name for macro in file.macros}:
        say(1, "file-name", f"no macro {file.name}")
    local = {name for macro in file.macros for _, name in macro.names[1:]}
    for line, name, is_ours in file.calls:
        if not is_ours and name in project and name not in local:
            say(line, "bare-call", f"{PACKAGE}.{name}")
    own = {file.name, f"{file.name}_columns", f"{file.name}_select"}
    for macro in file.macros:
        for line, name in macro.names:
            if not SNAKE_CASE.fullmatch(name):
                say(line, "snake-case", name)
        lines = macro.end - macro.line + 1
        if lines > MACRO_LENGTH:
            say(macro.line, "long-macro", f"{macro.name} has {lines} lines")
        is_variant = macro.base != macro.name and macro.base in project
        if not macro.has_comment and not is_variant:
            say(macro.line, "no-docstring", macro.name)
        elsewhere = called.get(macro.name, set()) - {file.path}
        if macro.base not in own and elsewhere:
            say(macro.line, "called-from-elsewhere", f"{macro.name}, by {', '.join(sorted(elsewhere)[:3])}")
    return faults


def all_faults(root: Path) -> list[Fault]:
    """The faults of all files below a root."""
    files = {
        folder: [File(root, path) for path in sorted((root / folder).rglob("*.sql"))] for folder in CALLERS
    }
    linted = [file for folder in LINTED for file in files[folder]]
    project = {macro.name for file in linted for macro in file.macros}
    called: dict[str, set[str]] = {}
    for file in (file for folder in CALLERS for file in files[folder]):
        for _, name, is_ours in file.calls:
            if is_ours:
                called.setdefault(name, set()).add(file.path)
    return [fault for file in linted for fault in faults_of(file, project, called)]


def main(arguments: list[str] | None = None) -> int:
    """Print the faults; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=ROOT, help="the project (default: this one)")
    faults = all_faults(parser.parse_args(arguments).root)
    for fault in faults:
        print(fault)
    counts = Counter(fault.rule for fault in faults)
    numbers = ", ".join(f"{number} {rule}" for rule, number in sorted(counts.items()))
    print(f"Faults of macros: {numbers or 'none'}.")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
