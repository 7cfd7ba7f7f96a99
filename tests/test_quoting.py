"""What `docs/how-to/quoting.md` shows for each shell reaches a program as JSON.

The shells of Windows are not here, so their rules are, as Microsoft documents them: how a program
of C splits its command line, what `cmd` takes for its own, what PowerShell makes of an argument.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[1] / "docs" / "how-to" / "quoting.md"
MEANT = {"name": "sgd", "rate": 0.1}


def commands(section: str, language: str) -> list[str]:
    """The lines of the blocks in a section of the page."""
    text = PAGE.read_text(encoding="utf-8").partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines()]


def argv_of(line: str) -> list[str]:
    """The arguments in a command line, by the rules of Microsoft's C runtime.

    White space outside of quotation ends an argument. Of `2n` backslashes before a double quote
    `n` remain, and the quote begins or ends quotation; of `2n + 1`, `n` remain, and a quote.
    """
    found, argument, quoted, at = [], "", False, 0
    begun = False
    while at < len(line):
        backslashes = len(line[at:]) - len(line[at:].lstrip("\\"))
        at += backslashes
        if line[at : at + 1] == '"':
            argument += "\\" * (backslashes // 2)
            at, begun = at + 1, True
            if backslashes % 2:
                argument += '"'
            else:
                quoted = not quoted
            continue
        argument += "\\" * backslashes
        begun = begun or bool(backslashes)
        if at == len(line):
            break
        if line[at] in " \t" and not quoted:
            found, argument, begun = [*found, argument] if begun else found, "", False
        else:
            argument, begun = argument + line[at], True
        at += 1
    return [*found, argument] if begun else found


def after_cmd(line: str) -> str:
    """What `cmd` passes on: each quote toggles quotation, outside of which it has operators."""
    passed, quoted, characters = "", False, iter(line)
    for character in characters:
        if character == "^" and not quoted:
            character = next(characters)
        else:
            quoted ^= character == '"'
            assert quoted or character not in "&|<>", f"{character} is an operator: {line}"
        assert character != "%", line
        passed += character
    return passed


def powershell_words(line: str) -> list[str]:
    """The arguments that PowerShell sees; only plain words and single quotes are known here."""
    words = re.findall(r"'((?:[^']|'')*)'|(\S+)", line)
    assert all(not set(plain) & set("\"`,;(){}|&<>@#$'") for _, plain in words), line
    return [plain or quoted.replace("''", "'") for quoted, plain in words]


def legacy_line(words: list[str]) -> str:
    """PowerShell up to 7.2: quotes around what has white space, and none escaped."""
    return " ".join(f'"{word}"' if re.search(r"\s", word) else word for word in words)


def optimizer(words: list[str]) -> object:
    """What a program gets for its flag."""
    return json.loads(words[words.index("--optimizer") + 1])


def test_it_reads_what_python_quotes() -> None:
    for words in (
        ["python", "--optimizer", '{"name": "sgd"}'],
        ["a b", "", 'c"d', "e\\", 'f g\\\\"', "\\\\h i\\"],
        ['{"path":"C:\\\\data\\\\"}', "it's"],
    ):
        assert argv_of(subprocess.list2cmdline(words)) == words


def test_a_posix_shell() -> None:
    (line,) = commands("bash, zsh, fish", "sh")
    assert optimizer(shlex.split(line)) == MEANT


def test_cmd() -> None:
    line, assignment = commands("cmd", "bat")
    assert optimizer(argv_of(after_cmd(line))) == MEANT
    name, _, value = assignment.removeprefix("set ").partition("=")
    assert (name, json.loads(value)) == ("BREVETTIAI_SETTINGS__OPTIMIZER", MEANT)
    with pytest.raises(AssertionError, match="& is an operator"):
        after_cmd(line.replace("sgd", "s&d"))
    assert optimizer(argv_of(after_cmd(line.replace("sgd", "s^&d")))) == {**MEANT, "name": "s&d"}


def test_powershell() -> None:
    (line,) = commands("PowerShell 7.3 and later", "powershell")
    words = powershell_words(line)
    assert optimizer(argv_of(subprocess.list2cmdline(words))) == MEANT
    with pytest.raises(json.JSONDecodeError):
        optimizer(argv_of(legacy_line(words)))


def test_powershell_before_7_3() -> None:
    line, assignment = commands("Windows PowerShell 5.1, and PowerShell up to 7.2", "powershell")
    words = powershell_words(line)
    assert optimizer(argv_of(legacy_line(words))) == MEANT
    with pytest.raises(json.JSONDecodeError):
        optimizer(argv_of(subprocess.list2cmdline(words)))
    tight = powershell_words(line.replace(": ", ":").replace(", ", ","))
    assert optimizer(argv_of(legacy_line(tight))) == MEANT
    name, _, value = assignment.partition(" = ")
    assert name == "$env:BREVETTIAI_SETTINGS__OPTIMIZER"
    assert [json.loads(word) for word in powershell_words(value)] == [MEANT]
