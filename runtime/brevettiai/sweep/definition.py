"""What a sweep is: its `sweep.json`, which is written once and says the same to all drivers."""

from __future__ import annotations

import json
import shlex
import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from typing import Any, Literal, cast, get_args

from brevettiai.io import Storage
from brevettiai.json_values import UNSET, is_array, is_object, json_equal, json_of
from brevettiai.sweep.errors import SweepError, SweepWordsError
from brevettiai.sweep.goals import Goal, read_goals

FORMAT = 1
"""Of `sweep.json`; a later one is refused."""
FILE = "sweep.json"

Search = Literal["tpe", "random", "quasi", "grid"]
Prune = Literal["none", "median", "halving", "hyperband"]

_FLAGS = {
    "goals": "--goal",
    "space": "--sweep",
    "search": "--search",
    "prune": "--prune",
    "seed": "--sweep-seed",
    "retries": "--retries",
    "storage": "--sweep-storage",
}
_MAY_DIFFER = ("program", "runs", "brevetti", "id", "base", "secrets")
_SHOWN = 10


@dataclass(frozen=True)
class Definition:
    """What a sweep is.

    Attributes:
        program: what a run does, in words that say it again: of a command line how it begins,
            `-m examples.train`; of a function its name.
        settings: the settings class, as `module:Class`.
        digest: of its schema; "" where it has none.
        base: the config that runs begin from, without secrets.
        secrets: where that has some, as the names of flags.
        space: what varies, as it was typed, a word each.
        goals: what is sought, one at least.
        runs: how many in all.
        search: who proposes.
        prune: who ends runs that promise nothing.
        seed: the same one proposes the same again.
        retries: how often a run is tried again, whatever ended it; None for once where it was lost,
            and not where the program failed.
        storage: the URL of the database that holds the runs, without a password; "" for files in
            the folder.
        brevetti: our version.
        id: of the sweep, given when it is begun.
    """

    program: str
    settings: str
    digest: str
    base: Mapping[str, Any] = field(repr=False)
    space: tuple[str, ...]
    goals: tuple[Goal, ...]
    runs: int
    search: Search = "tpe"
    prune: Prune = "none"
    seed: int = 0
    retries: int | None = None
    storage: str = ""
    secrets: tuple[str, ...] = ()
    brevetti: str = ""
    id: str = ""

    def document(self) -> dict[str, Any]:
        """The content of `sweep.json`."""
        own = {each.name: getattr(self, each.name) for each in fields(self)}
        goals = [str(goal) for goal in self.goals]
        return {"format": FORMAT, **own, "space": list(self.space), "goals": goals}


def read_definition(io: Storage, folder: str) -> Definition:
    """What the sweep in a folder is.

    Raises:
        SweepWordsError: there is none.
        SweepError: it cannot be read, or is of a later version.
    """
    found = _find(io, folder)
    if found is None:
        raise SweepWordsError(f"{folder}: there is no sweep, as it has no {FILE}")
    return found


def begin_or_join(io: Storage, folder: str, wanted: Definition) -> Definition:
    """Make a folder a sweep's, or join the one that it holds; what all who drive it agree on.

    Of two that begin at once one begins it, and the other joins. More `runs` are noted.

    Raises:
        SweepWordsError: the folder holds another sweep; the text says what was and what is. Or what
            is wanted makes no sense.
    """
    from brevettiai.sweep.storages import without_password

    _check(wanted)
    wanted = replace(wanted, storage=without_password(wanted.storage))
    path = io.path.join(folder, FILE)
    found = _find(io, folder)
    if found is None:
        begun = replace(wanted, id=uuid.uuid4().hex[:12], brevetti=_version())
        try:
            io.create_file(path, _text(begun))
        except FileExistsError:
            found = _find(io, folder)
            if found is None:
                raise SweepWordsError(f"{folder}: is or lies below a file, not a folder") from None
        else:
            return begun
    differences = list(_differences(found, wanted))
    if differences:
        lines = "\n".join(f"  {each}" for each in differences[:_SHOWN])
        more = len(differences) - _SHOWN
        lines += f"\n  and {more} more" if more > 0 else ""
        raise SweepWordsError(
            f"{path} is of another sweep:\n{lines}\nGive this one a folder of its own "
            f"(--sweep-dir), or go on with that one as it is: --resume --sweep-dir {folder}"
        )
    if wanted.runs > found.runs:
        found = replace(found, runs=wanted.runs)
        io.write_file(path, _text(found))
    return found


def secrets_in(config: Mapping[str, Any], public: Mapping[str, Any]) -> tuple[str, ...]:
    """Where a config has secrets, which the public one has not, as the names of flags."""
    return tuple(path for path, _, _ in _different_items(config, public, ""))


def _check(wanted: Definition) -> None:
    if wanted.runs < 1:
        raise SweepWordsError(f"--runs {wanted.runs}: a sweep has one run at least")
    if wanted.retries is not None and wanted.retries < 0:
        raise SweepWordsError(f"--retries {wanted.retries}: must be 0 or more")
    for value, kind in ((wanted.search, Search), (wanted.prune, Prune)):
        if value not in get_args(kind):
            flag = _FLAGS["search" if kind is Search else "prune"]
            raise SweepWordsError(f"{flag} {value}: is none of {', '.join(get_args(kind))}")


def _differences(found: Definition, wanted: Definition) -> Iterator[str]:
    """What is not the same, in words, one a line."""
    for each in fields(Definition):
        was, now = getattr(found, each.name), getattr(wanted, each.name)
        if each.name in _MAY_DIFFER or was == now:
            continue
        if each.name == "digest":
            yield f"the schema of {found.settings} has changed: its digest was {was}, is {now}"
        else:
            name = _FLAGS.get(each.name, f"{each.name} class")
            yield f"{name}: was {_shown(was)}, is {_shown(now)}"
    if wanted.runs < found.runs:
        yield f"--runs: was {found.runs}, is {wanted.runs}; there can only be more"
    for path, was, now in _different_items(found.base, wanted.base, ""):
        yield f"the settings that runs begin from: {path}: was {was}, is {now}"
    for name in found.secrets:
        if name not in wanted.secrets:
            yield f"{name}: is a secret that was given, and is stored nowhere: give it again"
    for name in wanted.secrets:
        if name not in found.secrets:
            yield f"{name}: is a secret that was not given"


def _different_items(was: Any, now: Any, path: str) -> Iterator[tuple[str, str, str]]:
    nothing: dict[str, Any] = {}
    ours, theirs = (nothing if value is UNSET else value for value in (was, now))
    if is_object(ours) and is_object(theirs) and (ours or theirs):
        for name in {**ours, **theirs}:
            inner = f"{path}.{name}" if path else str(name)
            yield from _different_items(ours.get(name, UNSET), theirs.get(name, UNSET), inner)
    elif was is UNSET or now is UNSET or not json_equal(was, now):
        yield path, _shown(was), _shown(now)


def _shown(value: Any) -> str:
    if value is UNSET:
        return "what the schema fills in"
    if isinstance(value, tuple):
        return repr(" ".join(map(str, cast("tuple[object, ...]", value))))
    text = json.dumps(value)
    return text if len(text) <= 80 else text[:79] + "…"


def _text(definition: Definition) -> bytes:
    return (json.dumps(definition.document(), indent=2) + "\n").encode()


def _find(io: Storage, folder: str) -> Definition | None:
    path = io.path.join(folder, FILE)
    try:
        content = io.read_file(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        document = json_of(content)
        if not is_object(document) or not isinstance(document.get("format"), int):
            raise ValueError("it has no format")
        if document["format"] > FORMAT:
            raise SweepError(
                f"{path} is of a later version of brevetti ({document.get('brevetti')}): its "
                f"format is {document['format']}, the last one known here {FORMAT}; upgrade "
                "brevetti to go on with it"
            )
        return _read(document)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SweepError(f"{path} is no definition of a sweep: {error}") from None


def _read(document: dict[str, Any]) -> Definition:
    missing = [each.name for each in fields(Definition) if _is_missing(each, document)]
    if missing:
        raise ValueError(f"it has no {', no '.join(missing)}")
    known = {each.name: document[each.name] for each in fields(Definition) if each.name in document}
    for name in ("space", "secrets"):
        known[name] = tuple(map(str, _array(known.get(name, []))))
    known["goals"] = read_goals(map(str, _array(known["goals"])))
    kinds: dict[str, Any] = {"base": dict, "runs": int, "seed": int, "retries": (int, type(None))}
    for name, value in known.items():
        if name not in ("space", "secrets", "goals") and not isinstance(
            value, kinds.get(name, str)
        ):
            raise ValueError(f"its {name} is {_shown(value)}")
    definition = Definition(**known)
    _check(definition)
    words: list[str] = []
    with suppress(ValueError):
        words = shlex.split(definition.program)
    if definition.program and not words:
        raise ValueError(f"its program is no command line: {_shown(definition.program)}")
    return definition


def _is_missing(each: Field[Any], document: Mapping[str, Any]) -> bool:
    """Whether a definition lacks what it must say; what came later has a default."""
    return each.default is MISSING and each.name not in document


def _array(value: Any) -> list[Any]:
    if not is_array(value):
        raise ValueError(f"{_shown(value)} is no list")
    return value


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("brevetti")
    except PackageNotFoundError:
        return "unknown"
