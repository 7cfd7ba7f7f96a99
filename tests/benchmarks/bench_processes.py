"""Processes: a start to settings, an import, help, a refusal, a completion, and their memory.

Times are those of a processor over a bare interpreter's, all with bytecode but where it says
otherwise. Trees grow from the one of 22 settings to hundreds.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import bench_startup as startup
import classes
import trees
from bench_objects import MODULES
from measuring import (
    CHECKOUT,
    MISSING,
    Case,
    Spent,
    Work,
    counted,
    generated,
    in_turns,
    over,
    ran,
    run,
    too_slow,
)

BARE = "bare interpreter"
_PEAK = """
with open("/proc/self/status") as status:
    print("peak", next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


class Tree(NamedTuple):
    """Settings of a size, with flags and what they set, and the beginning of a flag."""

    size: int
    module: str
    root: str
    schema: dict[str, object]
    classes: str
    flags: Sequence[str]
    check: str
    begun: str


def tree_of(size: int) -> Tree:
    """The tree of 22 settings, or one that is as wide as `size` says."""
    if size == 22:
        flags, check = startup.FLAGS, startup.CHECK
        return Tree(22, "tree", "Tree", trees.SCHEMA, trees.CLASSES, flags, check, "augmentation.")
    schema, text = trees.wide_schema(size), trees.wide_classes(size)
    check = "\nassert settings.part0.x0 == 5\n"
    return Tree(size, f"wide_{size}", "Wide", schema, text, ["--part0.x0", "5"], check, "part0.")


class Place:
    """A folder of programs, all with or without bytecode of their own."""

    def __init__(self, top: Path, has_bytecode: bool) -> None:
        self.sources, self.folder = top / "sources", top / "programs"
        self.sources.mkdir(parents=True)
        self.runtime = startup.copied(CHECKOUT / "runtime", top / "runtime", has_bytecode=True)
        self.has_bytecode = has_bytecode
        self._programs: dict[str, str] = {BARE: ""}

    def generate(self, tree: Tree) -> None:
        """The package of a tree, to be imported by programs."""
        schema = {**tree.schema, "x-python-name": tree.root}
        generated({tree.module: schema}, self.sources, f"{tree.module}_settings")

    def add(self, name: str, text: str) -> None:
        """A program of this name."""
        self._programs[name] = text

    def finish(self) -> None:
        """Write what was added; each is a script that imports a module, which has bytecode."""
        for name, text in self._programs.items():
            stem = startup.stem(name)
            (self.sources / f"{stem}_program.py").write_text(text, encoding="utf-8")
            # An app of Hydra has to be the main program.
            script = text if "hydra.main" in text else f"import {stem}_program\n" if text else ""
            (self.sources / f"{stem}.py").write_text(script, encoding="utf-8")
        shutil.rmtree(self.folder, ignore_errors=True)
        startup.copied(self.sources, self.folder, self.has_bytecode)

    def once(self, name: str, *words: str, variables: Mapping[str, str] | None = None) -> Spent:
        """Run a program."""
        script = str(self.folder / f"{startup.stem(name)}.py")
        paths = [str(self.runtime)]
        return run([sys.executable, script, *words], self.folder, paths, variables=variables)


def turns(
    works: Mapping[str, Work | str], quick: bool, seconds: float = 1.0
) -> dict[str, list[float] | str]:
    """Processes in turns, over the bare one."""
    taken = in_turns(works, *((0.01, 0.01, 1) if quick else (seconds, 0.06, 5)))
    return over(taken, BARE)


def _is_there(name: str) -> bool:
    return importlib.util.find_spec(MODULES.get(name, name)) is not None


def _ours(tree: Tree) -> str:
    head = f"from {tree.module}_settings.{tree.module} import {tree.root}\n"
    return head + f"settings = {tree.root}.from_args()\n"


def _sizes(quick: bool, *sizes: int) -> Sequence[int]:
    return (22,) if quick else (22, *sizes)


def start(quick: bool) -> list[Case]:
    """To settings, some of them by flags."""
    return _command_line(quick, lambda tree: tree.flags, with_check=True)


def start_without_bytecode(quick: bool) -> list[Case]:
    return _command_line(
        quick, lambda tree: tree.flags, with_check=True, has_bytecode=False, largest=22
    )


def help_page(quick: bool) -> list[Case]:
    told = {"hydra": "asks for an app"}
    return _command_line(quick, lambda tree: ["--help"], leaves_out=told, largest=100)


def _command_line(
    quick: bool,
    words: Callable[[Tree], Sequence[str]],
    *,
    with_check: bool = False,
    has_bytecode: bool = True,
    leaves_out: Mapping[str, str] | None = None,
    largest: int = 500,
) -> list[Case]:
    found: list[Case] = []
    sizes = [size for size in _sizes(quick, 100, 500) if size <= largest]
    for tree in map(tree_of, sizes):
        with tempfile.TemporaryDirectory() as top:
            place = Place(Path(top), has_bytecode)
            place.generate(tree)
            check = tree.check if with_check else ""
            place.add("brevetti", _ours(tree) + check)
            for name, program in startup.PEERS.items():
                place.add(name, program(tree.classes, tree.root) + check)
            place.finish()
            works: dict[str, Work | str] = {BARE: ran(partial(place.once, BARE))}
            for name in ("brevetti", *startup.PEERS):
                works[_shown(name)] = (
                    (leaves_out or {}).get(name)
                    or too_slow(found, _shown(name), 3)
                    or (MISSING if name in startup.PEERS and not _is_there(name) else "")
                    or ran(partial(place.once, name, *words(tree)))
                )
            found.append(Case(f"{tree.size} settings", turns(works, quick), tree.size))
    return found


def _shown(name: str) -> str:
    """The name of a library as it is known."""
    return {"hydra": "Hydra"}.get(name, name.replace("_", "-"))


def import_of_classes(quick: bool) -> list[Case]:
    """Until the classes are there."""
    found: list[Case] = []
    for tree in map(tree_of, _sizes(quick, 100, 500)):
        with tempfile.TemporaryDirectory() as top:
            place = Place(Path(top), has_bytecode=True)
            place.generate(tree)
            head = f"from {tree.module}_settings.{tree.module} import {tree.root}\n"
            place.add("brevetti", head)
            for name, text in classes.OF_OBJECTS.items():
                place.add(name, text(tree.classes))
            place.finish()
            works: dict[str, Work | str] = {BARE: ran(partial(place.once, BARE))}
            for name in ("brevetti", *classes.OF_OBJECTS):
                is_missing = name != "brevetti" and not _is_there(name)
                works[name] = MISSING if is_missing else ran(partial(place.once, name))
            found.append(Case(f"{tree.size} settings", turns(works, quick), tree.size))
    return found


_HYDRA_APP = """
import hydra
@hydra.main(version_base=None, config_path=None, config_name="tree")
def main(config) -> None:
    pass
main()
"""


def completion(quick: bool) -> list[Case]:
    """What a shell waits for when a tab is pressed, where a process of the program answers it."""
    found: list[Case] = []
    for tree in map(tree_of, _sizes(quick, 100, 500)):
        with tempfile.TemporaryDirectory() as top:
            place = Place(Path(top), has_bytecode=True)
            place.generate(tree)
            place.add("brevetti", _ours(tree))
            place.add("jsonargparse", startup.PEERS["jsonargparse"](tree.classes, tree.root))
            place.add("hydra", startup.hydra_classes(tree.classes, tree.root) + _HYDRA_APP)
            place.finish()
            works: dict[str, Work | str] = {BARE: ran(partial(place.once, BARE))}
            for name, once in _completions(place, tree).items():
                module = "argcomplete" if name == "jsonargparse" else name
                works[_shown(name)] = ran(once) if _is_there_or_ours(module) else MISSING
            for name in ("tyro", "cyclopts"):
                works[name] = "static script" if _is_there(name) else MISSING
            for name in ("pydantic_settings", "simple_parsing"):
                works[_shown(name)] = "none" if _is_there(name) else MISSING
            found.append(Case(f"{tree.size} settings", turns(works, quick, 0.6), tree.size))
    return found


def _is_there_or_ours(name: str) -> bool:
    return name == "brevetti" or _is_there(name)


def _completions(place: Place, tree: Tree) -> dict[str, Callable[[], Spent]]:
    answer = place.folder / "answer"

    def asked(name: str, begun: str, words: Sequence[str], **variables: str) -> Spent:
        line = f"prog {begun}"
        answer.unlink(missing_ok=True)
        variables |= {"COMP_LINE": line, "COMP_POINT": str(len(line))}
        spent = place.once(name, *words, variables=variables)
        written = spent.written + (answer.read_text() if answer.exists() else "")
        assert tree.begun in written, written
        return spent

    flag = f"--{tree.begun}"
    argcomplete = {"_ARGCOMPLETE": "1", "_ARGCOMPLETE_STDOUT_FILENAME": str(answer)}
    return {
        "brevetti": partial(asked, "brevetti", flag, [f"--completion=fish\x1f{flag}"]),
        "jsonargparse": partial(asked, "jsonargparse", flag, [], **argcomplete),
        "hydra": partial(asked, "hydra", tree.begun, ["-sc", "query=bash"]),
    }


def memory(quick: bool) -> list[Case]:
    """The most that a process holds that loads a config of many records, over a bare one's."""
    found: list[Case] = []
    for size in (10,) if quick else (10, 100, 1000, 10_000):
        with tempfile.TemporaryDirectory() as top, _records(Path(top), size) as place:
            works: dict[str, Work | str] = {BARE: _peak(place, "nothing")}
            for name in ("brevetti", *classes.OF_OBJECTS):
                is_missing = name != "brevetti" and not _is_there(name)
                works[name] = MISSING if is_missing else _peak(place, name)
            taken = in_turns(works, 0, 0, 1 if quick else 3, warm=False)
            found.append(Case(counted(size, "record"), over(taken, BARE), size))
    return found


def _peak(place: Place, name: str) -> Work:
    """Its peak in bytes."""
    return lambda _: 1024 * int(place.once(name).written.rpartition("peak")[2])


@contextmanager
def _records(top: Path, size: int) -> Generator[Place]:
    loads = {
        "brevetti": "Records.from_config(config)",
        "pydantic": "Records.model_validate(config)",
        "msgspec": "__import__('msgspec').convert(config, Records)",
        "attrs with cattrs": "__import__('cattrs').structure(config, Records)",
        "mashumaro": "BasicDecoder(Records).decode(config)",
        "dataclasses-json": "Records.from_dict(config)",
    }
    config = f"import trees\nconfig = trees.records_config({size})\n"
    place = Place(top, has_bytecode=True)
    generated({"records": trees.RECORDS_SCHEMA}, place.sources, "records_settings")
    shutil.copy(trees.__file__, place.sources)
    place.add("nothing", config + _PEAK)
    for name, load in loads.items():
        text = "from records_settings.records import Records\n"
        if name != "brevetti":
            text = classes.OF_OBJECTS[name](trees.RECORDS_CLASSES)
        if name == "mashumaro":
            text = "from mashumaro.codecs import BasicDecoder\n" + text
        place.add(name, f"{text}{config}kept = {load}\n{_PEAK}")
    place.finish()
    yield place
