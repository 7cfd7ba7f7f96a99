"""A folder in which a case runs, and what is true of every command that ends."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import traceback
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from brevetti_gen.cli.main import main

from .guard import Guard, TooLong, snapshot

#: Line ends, and what belongs to many scripts: joiners, and where words may break.
HARMLESS = "\n\u200b\u200c\u200d\u2060\u00ad\ufeff" + "".join(map(chr, range(0xE0000, 0xE0080)))


@dataclass
class Case:
    """What one case does, as plain JSON so that it can be made smaller.

    Attributes:
        kind: the name of the function in `KINDS` that runs it.
        files: texts, or values to be written as JSON, by their paths.
        words: of the command line.
        more: what else the kind needs.
    """

    kind: str
    files: dict[str, Any] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    more: Any = None


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


class Desk:
    """The folder `work` of a case, with something of somebody's around it.

    Attributes:
        faults: what was wrong.
    """

    def __init__(self, top: Path, guard: Guard) -> None:
        self.top = top
        self.work = top / "work"
        self.guard = guard
        self.faults: list[str] = []

    @contextmanager
    def laid(self, files: Mapping[str, Any]) -> Iterator[None]:
        """The desk with these files, as the working directory, until the block ends."""
        shutil.rmtree(self.top, ignore_errors=True)
        self.work.mkdir(parents=True)
        (self.top / "bystander").write_text("mine", encoding="utf-8")
        for name, content in files.items():
            self.put(name, content)
        before = os.getcwd()
        os.chdir(self.work)
        try:
            yield
        finally:
            os.chdir(before)

    def put(self, name: str, content: Any) -> None:
        """Write a file; names that no file system has are passed over."""
        path = os.path.normpath(os.path.join(self.work, name))
        if not path.startswith(str(self.work) + os.sep):
            return
        text = content if isinstance(content, str) else json.dumps(content)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            Path(path).write_bytes(text.encode("utf-8", "surrogatepass"))
        except (OSError, ValueError):
            return

    def fault(self, text: str) -> None:
        """Take down that something is wrong."""
        self.faults.append(text)

    def attempt(self, what: Callable[[], Any], *allowed: type[BaseException]) -> Any:
        """Do something that may raise only some errors; None where it does."""
        try:
            with self.guard.watching(self.work, programs=frozenset({"git"})):
                return what()
        except allowed:
            return None
        except TooLong as error:
            self.fault(f"TooLong: {error}")
        except Exception:
            self.fault(traceback.format_exc(limit=-6))
        finally:
            self.faults += [f"trespass: {each}" for each in self.guard.trespasses]
        return None

    def run(self, words: Sequence[str], *outputs: str, command: Callable[..., Any] = main) -> Ended:
        """A command, which may change `outputs` in the working directory and nothing else."""
        before = snapshot(self.top)
        out, err = io.StringIO(), io.StringIO()
        code: Any = 70

        def call() -> int:
            try:
                return int(command(list(words)) or 0)
            except SystemExit as ending:
                if isinstance(ending.code, str):
                    print(ending.code, file=sys.stderr)
                    return 1
                return int(ending.code or 0)

        with redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = self.attempt(call)
        code = 70 if result is None else result
        ended = Ended(code, out.getvalue(), err.getvalue())
        self._look(ended)
        after = snapshot(self.top)
        mine = [os.path.join("work", output) for output in outputs]
        for path in sorted({*before, *after}):
            is_mine = any(f"{path}/".startswith(each + "/") for each in mine)
            is_mine |= not after.get(path) and any(each.startswith(f"{path}/") for each in mine)
            if not is_mine and before.get(path) != after.get(path):
                self.fault(f"changed outside: {path!r}")
        return ended

    def _look(self, ended: Ended) -> None:
        told = ended.err + ended.out
        if ended.code not in (0, 1, 2) and not self.faults:
            self.fault(f"exit code {ended.code}: {told[-800:]}")
        if ended.code in (1, 2) and not told.strip():
            self.fault("it failed and said nothing")
        if "Traceback (most recent" in told or "[internal]" in told:
            self.fault(f"a failure of our own: {told[-800:]}")
        self.look_at_output(told)

    def look_at_output(self, text: str) -> None:
        """Nothing that is printed drives a terminal, or hides what it says."""
        obeyed = [n for n, c in enumerate(text) if unicodedata.category(c) in ("Cc", "Cs", "Cf")]
        obeyed = [n for n in obeyed if text[n] not in HARMLESS]
        if obeyed:
            around = text[max(0, obeyed[0] - 200) : obeyed[0] + 50]
            self.fault(f"it prints {text[obeyed[0]]!r}: {around!r}")
