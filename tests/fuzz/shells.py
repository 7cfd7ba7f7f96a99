"""What shells make of the words that we print for them, and of the scripts that complete words."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from random import Random
from types import ModuleType
from unittest import mock

from brevetti_gen.preview.verdict import command_line
from brevettiai.cli.shell_scripts import script
from brevettiai.cli.shells import quoted, split
from brevettiai.cli.words import SHELLS

from .desk import Case, Desk
from .guard import snapshot
from .texts import hostile_text

_CHECKED = {"bash": ["bash", "--norc", "-n"], "zsh": ["zsh", "-fn"], "fish": ["fish", "-N", "-n"]}
_RUN = {"sh": ["sh"], "bash": ["bash", "--norc"], "zsh": ["zsh", "-f"], "fish": ["fish", "-N"]}


def draw_shells(random: Random) -> Case:
    """Words for commands, and a name of a program, as a file system may have it."""
    words = [hostile_text(random)[:2000] for _ in range(12)]
    words = [word.replace("\0", "") for word in words if word.isascii() or _is_text(word)]
    words += [f"--{word}={word}" for word in words[:4]]
    name = hostile_text(random)[:60].replace("/", "").replace("\0", "")
    name += random.choice(["", "", ".py"])
    return Case("shells", {}, words, name)


def _is_text(word: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in word)


def run_shells(desk: Desk, case: Case) -> None:
    """Commands mean the words they were made of; scripts set up completion and do nothing else."""
    (desk.top / "home").mkdir()
    before = snapshot(desk.top, "home")
    for shell in ("bash", "zsh"):
        if shutil.which(shell):
            _look_at_command(desk, shell, case.words)
    if shutil.which("bash"):
        _look_at_words(desk, case.words)
    if _is_text(case.more) and case.more not in ("", ".", ".."):
        for shell in SHELLS:
            # `complete` of fish takes no name with a backslash.
            if shutil.which(shell) and not (shell == "fish" and "\\" in case.more):
                _look_at_script(desk, shell, case.more)
    if snapshot(desk.top, "home") != before:
        desk.fault("a shell wrote something")


def words_read(shell: str, line: str) -> list[str]:
    """The words of a command line, as a shell passes them on."""
    done = _shell([*_RUN[shell], "-c", f"printf '%s\\0' {line}"])
    return done.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]


def _look_at_command(desk: Desk, shell: str, words: Sequence[str]) -> None:
    text = command_line("training", words)
    said = words_read(shell, text)
    if said != ["python", "-m", "settings.training", *words]:
        desk.fault(f"{shell} reads other words: {said!r} of {text!r}")
    if not all(c.isprintable() or c == "\n" for c in text):
        desk.fault(f"unprintable: {text!r}")


def _look_at_words(desk: Desk, words: Sequence[str]) -> None:
    """What bash is given to complete a word is that word."""
    plain = [word for word in words if "\n" not in word]
    for quote in ("", '"', "'"):
        lines = [f"{quote}{quoted(word, quote)}{quote}" for word in plain]
        done = _shell([*_RUN["bash"], "-c", "printf '%s\\0' " + " ".join(lines)])
        said = done.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]
        if said != [word for word, line in zip(plain, lines, strict=True) if line]:
            desk.fault(f"bash completes other words: {said!r} of {lines!r}")
        for word, line in zip(plain, lines, strict=True):
            if word.isprintable() and split(line)[0] != [word]:
                desk.fault(f"{split(line)[0]!r} is read of {line!r}")


def _look_at_script(desk: Desk, shell: str, name: str) -> None:
    """A script for a program of that name: read, run, and registered for that name alone."""
    path, main = os.path.join(os.getcwd(), name), ModuleType("__main__")
    with mock.patch.object(sys, "argv", [path]), mock.patch.dict(sys.modules, {"__main__": main}):
        text = desk.attempt(lambda: script(shell))
    if text is None:
        return
    content = text.encode("utf-8", "surrogateescape")
    done = subprocess.run(_CHECKED[shell], input=content, capture_output=True, timeout=60)
    if done.returncode:
        desk.fault(f"{shell} cannot read the script for {name!r}: {done.stderr[-300:]!r}")
    asks = {
        "bash": 'complete -p -- "$NAME"',
        "zsh": "[[ -n $_comps[$NAME] || -n $_patcomps ]]",
        "fish": "complete -c $NAME | string length -q",
    }
    done = _shell([*_RUN[shell], "-c", text + asks[shell]], NAME=name)
    if done.returncode:
        desk.fault(f"{shell} does not complete {name!r}: {done.stderr[-300:]!r}")


def _shell(words: Sequence[str], **variables: str) -> subprocess.CompletedProcess[bytes]:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": "../home"}
    return subprocess.run(
        [word.encode("utf-8", "surrogateescape") for word in words],
        env={**environment, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
    )
