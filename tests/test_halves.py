"""Files of a generated package that do not belong together: used as one version, or refused."""

from __future__ import annotations

import importlib
import inspect
import itertools
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from brevetti_gen import generate
from brevettiai.binding import MEND
from brevettiai.settings import SettingsError
from conformance.generated import Package, importable, write_json

MACHINE = "_brevetti/jobs/training"
#: All that belongs to one module: what people read, and the parts of the machine's half.
PARTS = (
    "jobs/training.py",
    *(f"{MACHINE}/{name}.py" for name in ("__init__", "flags", "texts", "objects")),
)


def schema(limit: int) -> dict[str, Any]:
    """A version of the schema: everything that is made of it holds the limit."""
    epochs = {"type": "integer", "maximum": limit, "default": limit}
    angle = {"type": "integer", "maximum": limit, "default": limit}
    version = {"properties": {"angle": angle, f"only_{limit}": {"enum": ["a", limit]}}}
    return {
        "title": "Training",
        "properties": {"epochs": epochs, "turn": {"$ref": "#/$defs/Turn"}},
        "$defs": {"Turn": version, f"Only{limit}": {"properties": {"n": {}}}},
    }


class Versions(NamedTuple):
    """Two versions of a package."""

    old: Path
    new: Path


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Versions:
    folder = tmp_path_factory.mktemp("versions")
    for limit in (10, 20):
        write_json(folder / f"schemas_{limit}" / "jobs" / "training.json", schema(limit))
        generate([folder / f"schemas_{limit}"], folder / f"v{limit}")
    return Versions(folder / "v10", folder / "v20")


Installed = Callable[[Path], Package]


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installed]:
    """Copies a version to where it is imported from."""
    numbers = itertools.count()
    with ExitStack() as stack:

        def install(version: Path) -> Package:
            folder = tmp_path / f"halves_{next(numbers)}"
            shutil.copytree(version, folder)
            return stack.enter_context(importable(folder))

        yield install


def put(package: Package, version: Path, *paths: str) -> None:
    """Let files of the package be those of another version, each by a rename."""
    for path in paths:
        shutil.copy(version / path, package.folder / "new")
        (package.folder / "new").replace(package.folder / path)
    importlib.invalidate_caches()


def training(package: Package) -> Any:
    """The class whose parts lie in all four files."""
    return package.module("jobs.training").Training


def by_people(cls: Any) -> Any:
    return inspect.signature(cls).parameters["epochs"].default


def by_constructor(cls: Any) -> Any:
    return cls().turn.angle


def by_loading(cls: Any) -> Any:
    return cls.from_config({"turn": {}}).turn.angle


def by_flags(cls: Any) -> Any:
    assert "--turn.angle" in cls.format_help()
    return cls.__brevetti__.fields()[0].limits["maximum"]


def by_explanation(cls: Any) -> Any:
    with pytest.raises(SettingsError) as caught:
        cls.from_config({"epochs": 21})
    return int(str(caught.value).partition("at most ")[2].partition(" ")[0])


def by_schema(cls: Any) -> Any:
    return cls.json_schema()["properties"]["epochs"]["maximum"]


USES = (by_people, by_constructor, by_loading, by_flags, by_explanation, by_schema)
#: What needs the machine's first part, and no tables.
HOT = (by_loading, by_constructor)
#: What needs each of the other parts.
USING = {
    PARTS[2]: (by_flags,),
    PARTS[3]: (by_explanation, by_schema),
    PARTS[4]: (by_constructor,),
}


def limits(cls: Any, uses: Sequence[Callable[[Any], Any]] = USES) -> set[int]:
    """The limit that everything about the class speaks of."""
    return {use(cls) for use in uses}


def refuses(use: Callable[[Any], Any], cls: Any) -> ImportError:
    """The error that says which module does not fit, and what to do."""
    with pytest.raises(ImportError) as caught:
        use(cls)
    message = str(caught.value)
    assert message.count(MEND) == 1, message
    assert cls.__module__ in message or MACHINE.replace("/", ".") in message, message
    return caught.value


def works_or_is_refused(package: Package) -> set[int] | None:
    """The limit if all is of one version; None if what is not of one is refused."""
    cls = training(package)
    try:
        return limits(cls)
    except ImportError:
        refuses(limits, cls)
        return None


def test_all_parts_of_a_version_speak_of_it(versions: Versions, installed: Installed) -> None:
    for limit, version in zip((10, 20), versions, strict=True):
        assert limits(training(installed(version))) == {limit}


@pytest.mark.parametrize("path", PARTS)
def test_a_file_of_another_version_is_refused(
    path: str, versions: Versions, installed: Installed
) -> None:
    package = installed(versions.old)
    put(package, versions.new, path)
    cls = training(package)
    uses = USING.get(path, HOT)
    for use in (*uses, *uses):  # the second time, too
        assert refuses(use, cls).name is not None
    if path not in PARTS[:2]:  # what it has no part in goes on
        assert limits(cls, [use for use in HOT if use not in uses]) == {10}


def test_any_order_of_renames_gives_one_version_or_is_refused(
    versions: Versions, installed: Installed
) -> None:
    found: dict[tuple[str, ...], set[int] | None] = {}
    for count in range(len(PARTS) + 1):
        for renamed in itertools.combinations(PARTS, count):
            package = installed(versions.old)
            put(package, versions.new, *renamed)
            found[renamed] = works_or_is_refused(package)
            put(package, versions.new, *PARTS)  # the next run completes the work
            sys.modules.pop(f"{package.name}.jobs.training", None)
            assert limits(training(package)) == {20}, renamed
    assert {renamed: limit for renamed, limit in found.items() if limit} == {(): {10}, PARTS: {20}}


@pytest.mark.parametrize("path", [MACHINE, "_brevetti", *PARTS[1:]])
def test_what_is_missing_is_told(path: str, versions: Versions, installed: Installed) -> None:
    package = installed(versions.old)
    lost = package.folder / path
    shutil.rmtree(lost) if lost.is_dir() else lost.unlink()
    importlib.invalidate_caches()
    cls = training(package)
    use = USING.get(path, HOT)[0]
    assert "_brevetti" in str(refuses(use, cls))
    if lost.suffix:
        put(package, versions.old, path)
        assert limits(cls) == {10}  # without loading people's half again


@pytest.mark.parametrize("path", PARTS[1:])
def test_a_file_that_ends_too_early_is_refused(
    path: str, versions: Versions, installed: Installed
) -> None:
    package = installed(versions.old)
    lines = (versions.old / path).read_text().splitlines(keepends=True)
    middles = [line[: len(line) // 2] for line in lines]
    for end in [*range(0, len(lines), 5), len(lines) - 1]:
        for rest in ("", middles[end]):
            (package.folder / path).write_text("".join(lines[:end]) + rest)
            for name in [name for name in sys.modules if name.startswith(package.name)]:
                del sys.modules[name]
            assert works_or_is_refused(package) is None, (end, rest)
    cls = training(package)
    put(package, versions.old, path)
    assert limits(cls) == {10}


@pytest.mark.parametrize("path", PARTS[1:])
def test_what_a_merge_left_is_refused(path: str, versions: Versions, installed: Installed) -> None:
    package = installed(versions.old)
    ours, theirs = ((version / path).read_text() for version in versions)
    (package.folder / path).write_text(f"<<<<<<< ours\n{ours}=======\n{theirs}>>>>>>> theirs\n")
    cls = training(package)
    use = USING.get(path, HOT)[0]
    assert isinstance(refuses(use, cls).__cause__, SyntaxError)


def test_generating_between_import_and_first_use_is_told(
    versions: Versions, installed: Installed
) -> None:
    package = installed(versions.old)
    cls, turn = training(package), package.module("jobs.training").Turn
    put(package, versions.new, *PARTS)
    for each in (cls, turn, cls):
        refuses(lambda cls: cls(), each)
        refuses(lambda cls: cls.from_config({}), each)
        refuses(lambda cls: cls.from_args([]), each)
        refuses(lambda cls: hasattr(cls, "__brevetti__"), each)
    module = importlib.reload(package.module("jobs.training"))
    assert limits(module.Training) == {20}
    assert isinstance(module.Training().turn, module.Turn)


def test_generating_between_loading_and_constructing_is_told(
    versions: Versions, installed: Installed
) -> None:
    package = installed(versions.old)
    cls = training(package)
    assert by_loading(cls) == 10
    put(package, versions.new, *PARTS)
    refuses(by_constructor, cls)
    refuses(lambda cls: cls.from_config({}).get_config(), cls)
    assert by_loading(cls) == 10
    assert limits(importlib.reload(package.module("jobs.training")).Training) == {20}
    refuses(by_constructor, cls)


@pytest.mark.parametrize("use", [by_flags, by_explanation, by_schema])
def test_generating_between_first_use_and_first_tables_is_told(
    use: Callable[[Any], Any], versions: Versions, installed: Installed
) -> None:
    package = installed(versions.old)
    cls = training(package)
    settings = cls(epochs=7)
    put(package, versions.new, *PARTS)
    refuses(use, cls)
    assert limits(cls, HOT) == {10}
    assert settings.get_config()["epochs"] == 7
    module = importlib.reload(package.module("jobs.training"))
    assert limits(module.Training) == {20}
    refuses(use, cls)  # old tables cannot be had any more, and new ones do not fit
    assert limits(cls, HOT) == {10}
    assert settings.copy() == settings


def test_generating_after_all_was_used_changes_nothing_until_a_reload(
    versions: Versions, installed: Installed
) -> None:
    package = installed(versions.old)
    cls = training(package)
    assert limits(cls) == {10}
    put(package, versions.new, *PARTS)
    assert limits(cls) == {10}
    module = importlib.reload(package.module("jobs.training"))
    assert limits(module.Training) == {20}
    assert limits(cls) == {10}


def test_nothing_half_bound_stays_behind(versions: Versions, installed: Installed) -> None:
    package = installed(versions.old)
    text = (versions.old / PARTS[1]).read_text()
    [last] = [line for line in text.splitlines() if line.startswith("machine.bind(Turn")]
    (package.folder / PARTS[1]).write_text(text.replace(last, "machine.bind(Turn, 'turn', lost)"))
    module = package.module("jobs.training")
    for cls in (module.Training, module.Turn, module.Only10, module.Training):
        refuses(by_names, cls)
        assert not {"__brevetti__", "__init__", "__save__"} & vars(cls).keys()
    put(package, versions.old, PARTS[1])
    assert limits(module.Training) == {10}
    assert type(module.Training().turn) is module.Turn


def by_names(cls: Any) -> Any:
    return cls()


def test_a_module_means_the_same_places_of_another_one_or_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names in another version of it may be of other places: here `a-b` takes that of `a_b`."""
    text, number = {"type": "string", "minLength": 1}, {"type": "integer", "minimum": 1}
    packages: dict[str, Path] = {}
    for version, shared in (("old", {"a_b": text}), ("new", {"a-b": number, "a_b": text})):
        refs = {key: {"$ref": f"#/$defs/{key}"} for key in shared}
        write_json(tmp_path / version / "shared.json", {"$defs": shared, "properties": refs})
        uses = {"properties": {"n": {"$ref": "shared.json#/$defs/a_b"}, "k": {"minimum": 1}}}
        write_json(tmp_path / version / "user.json", {**uses, "dependentRequired": {"n": ["k"]}})
        packages[version] = tmp_path / version / "mixed_settings"
        generate([tmp_path / version], packages[version])
    for name in ("shared.py", "_brevetti/shared"):
        mixed = packages["old"] / name
        if mixed.is_dir():
            shutil.rmtree(mixed)
        else:
            mixed.unlink()
        (packages["new"] / name).rename(mixed)
    monkeypatch.syspath_prepend(str(tmp_path / "old"))
    user: Any = importlib.import_module("mixed_settings.user")
    try:
        assert user.User.from_config({"n": "text", "k": 1}).n == "text"
        with pytest.raises(SettingsError, match="n: must be text"):
            user.User.from_config({"n": 5, "k": 1})
    except ImportError as error:
        refusal = str(error)
    else:
        refusal = MEND
    assert MEND in refusal
    for module in [name for name in sys.modules if name.partition(".")[0] == "mixed_settings"]:
        del sys.modules[module]
