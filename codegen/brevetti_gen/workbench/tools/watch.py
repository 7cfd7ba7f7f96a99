"""`brevetti-gen --watch`: generate again with each save, until Ctrl-C.

The system tells of changes below the folders of the sources. What it cannot tell of, folders that
vanish and come back and the options of the project, is looked at twice a second.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from ...generate import Report, generate
from ...problems import GenerationError, Problem, refused
from ...read.find import SCHEMA_FILE
from ...write.options import maps_of, options_for
from ..telling.configuration import FILE
from ..telling.report import Telling

Options = Mapping[str, Any]
#: After so many milliseconds of quiet a save is taken for whole; after so many, it is in any case.
QUIET, MOST = 10, 100
#: Between two looks at what the system does not tell of, in milliseconds.
LOOKS = 500
#: How many changed files are named.
MAX_NAMED = 3


def watch(
    options_of: Callable[[], Options], telling: Telling, summary: Callable[[Report], str]
) -> NoReturn:
    """Generate, and again whenever something changes, until `KeyboardInterrupt`.

    Args:
        options_of: gives the options of `generate`, as they are now.
        summary: what a run did, in a few words.

    Raises:
        ModuleNotFoundError: `watchfiles` is not installed.
        GenerationError: the system cannot watch.
        SystemExit: the words of the command line are wrong.
    """
    from watchfiles import watch as changes_below

    runs, project = _Runs(options_of, telling, summary), _project()
    runs.again(())
    gc.freeze()  # what was imported stays; only what runs leave behind is looked through
    is_told = False
    while True:
        _project()  # which tells if the working directory is gone
        # What changed before the system began to tell of it is found by looking once.
        is_due = True
        try:
            watched = _Watched.of(runs.options)
            if not watched.roots:
                time.sleep(LOOKS / 1000)
                runs.again(())
                continue
            for changes in changes_below(
                *dict(watched.roots),
                watch_filter=None,
                debounce=MOST,
                step=QUIET,
                rust_timeout=LOOKS,
                yield_on_timeout=True,
            ):
                names = [path for kind, path in changes if watched.concerns(path, kind.raw_str())]
                # Looked at before the run, which takes what is there then.
                known, project = project, _project()
                if names or is_due or project != known:
                    runs.again(sorted(names))
                is_due = False
                if not is_told:
                    telling.done("watching for changes; Ctrl-C ends")
                is_told = True
                begun, watched = watched, _Watched.of(runs.options)
                if watched.roots != begun.roots:
                    runs.again(())
                    break
        except FileNotFoundError:
            time.sleep(QUIET / 1000)  # a folder vanished in that very moment
        except OSError as error:
            text = f"the folders of the schemas cannot be watched: {error.strerror or error}"
            raise refused("not-read", text) from None


class _Runs:
    """Runs of the generator, one after another, and what they tell."""

    def __init__(
        self, options_of: Callable[[], Options], telling: Telling, summary: Callable[[Report], str]
    ) -> None:
        self._options_of, self._telling, self._summary = options_of, telling, summary
        self._told: tuple[Problem, ...] | None = None
        self._has_failed = False
        self.options: Options = {}

    def again(self, changed: Sequence[str]) -> None:
        """Generate; where nothing is known to have changed, only what is new is told."""
        was_failing = self._has_failed
        gc.disable()
        try:
            problems, done = self._run()
        finally:
            gc.enable()
        self._has_failed = done is None
        is_news = problems != self._told or was_failing != self._has_failed
        if changed or is_news or (done and (done.written or done.removed)):
            self._tell(changed, problems, done, is_mended=was_failing)
        self._told = problems
        gc.collect()

    def _run(self) -> tuple[tuple[Problem, ...], Report | None]:
        try:
            self.options = self._options_of()
            report = generate(**self.options)
        except GenerationError as error:
            return error.problems, None
        except SystemExit:  # of the parser, which said why
            if self._told is None:
                raise
            message = "the options are not complete any more"
            return (Problem(message, FILE, code="configuration"),), None
        return report.warnings, report

    def _tell(
        self,
        changed: Sequence[str],
        problems: Iterable[Problem],
        done: Report | None,
        *,
        is_mended: bool,
    ) -> None:
        what = _named(changed) or str(self.options.get("output", FILE))
        if done is None:
            said = "not generated"
        else:
            said = f"mended, {self._summary(done)}" if is_mended else self._summary(done)
            for notice in done.notices:
                self._telling.done(notice)
        self._telling.done(f"{time.strftime('%H:%M:%S')} {what}: {said}")
        self._telling.problems(problems)


def _named(paths: Sequence[str]) -> str:
    """A few of the files and how many others, as one would type them here."""
    here = os.path.join(os.getcwd(), "")
    names = [path.removeprefix(here) for path in paths[:MAX_NAMED]]
    more = len(paths) - len(names)
    return ", ".join([*names, *([f"{more} more"] if more else [])])


class _Watched(NamedTuple):
    """What is looked at.

    Attributes:
        roots: the folders below which the system tells of changes, and what they are known by.
        files: files with a name of any kind that count.
        output: the generated package, whose files do not count; "" if the sources lie in it.
    """

    roots: tuple[tuple[str, object], ...]
    files: frozenset[str]
    output: str

    @classmethod
    def of(cls, options: Options) -> _Watched:
        places = [Path(source) for source in options.get("sources", ())]
        output = Path(options.get("output", ""))
        maps: Mapping[str, Any] = options.get("maps") or {}
        with suppress(GenerationError):
            maps = maps or maps_of(options_for(output, {}, None)[0], output)
        files = frozenset(os.path.realpath(path) for url, path in maps.items() if url[-1:] != "/")
        places += map(Path, maps.values())
        found = [place.parent if SCHEMA_FILE.search(place.name) else place for place in places]
        roots = sorted({os.path.realpath(folder) for folder in found if os.path.isdir(folder)})
        package = os.path.realpath(output)
        is_around = any(_is_in(root, package) for root in roots)
        stamped = tuple((root, _stamp(root)) for root in roots)
        return cls(stamped, files, "" if is_around else package)

    def concerns(self, path: str, kind: str) -> bool:
        """Whether a change at `path` can change what is generated."""
        if self.output and _is_in(path, self.output):
            return False
        root = next((root for root, _ in self.roots if _is_in(path, root)), "")
        if any(part.startswith(".") for part in Path(os.path.relpath(path, root)).parts):
            return path in self.files
        if SCHEMA_FILE.search(path) or path in self.files:
            return True
        # A folder that goes or comes brings no word of what was or is in it.
        return os.path.isdir(path) or (kind == "deleted" and "." not in os.path.basename(path))


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))


def _project() -> tuple[object, ...]:
    """What tells one version of the options of a project from another."""
    try:
        here = Path.cwd()
    except FileNotFoundError:
        raise refused("not-found", "the working directory is gone") from None
    return tuple(_stamp(folder / FILE) for folder in (here, *here.parents))


def _stamp(place: str | Path) -> object:
    """What tells a folder from another one at its place, and a file from another version."""
    try:
        status = os.stat(place)
    except OSError:
        return None
    own = (status.st_dev, status.st_ino)
    return own if os.path.isdir(place) else (*own, status.st_size, status.st_mtime_ns)
