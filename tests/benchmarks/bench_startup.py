"""Start-up: from the start of a process to validated settings, five flags given.

    python tests/benchmarks/bench_startup.py [--turns 20]

One tree of settings (22 fields, 3 classes), compiled by brevetti-gen and written by hand for each
peer. All times are those of a processor over a bare interpreter's. tyro, jsonargparse,
simple-parsing and Hydra get plain dataclasses, without limits on the numbers, as their users would
write them.

All is measured with bytecode, and without any of what a project itself has, settings and program,
as where images are told to write none; the libraries, the runtime too, keep theirs.
"""

from __future__ import annotations

import argparse
import compileall
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

import classes
import trees
from measuring import CHECKOUT, Row, generated, installed, least_runs, run

#: How many times as long as ours a start of any peer must take.
AHEAD = 10
FLAGS = """--epochs 5 --loss mae --augmentation.angle 20 --optimizer.beta1 0.5 --lr 0.5""".split()
CHECK = """
assert (settings.epochs, settings.loss, settings.lr) == (5, "mae", 0.5)
assert (settings.augmentation.angle, settings.optimizer.beta1) == (20.0, 0.5)
"""
BARE = "bare interpreter"
START = "start to settings by flags"
COMPLETION = "segmentation: completion of a flag"
SEGMENTATION = "from settings import Segmentation\n"
OURS = {
    BARE: "",
    START: "from tree_settings.tree import Tree\nsettings = Tree.from_args()\n" + CHECK,
    "segmentation: import": SEGMENTATION,
    "segmentation: first from_config": SEGMENTATION + "Segmentation.from_config({})\n",
    "segmentation: by a flag": SEGMENTATION
    + "Segmentation.from_args(['--training.epochs', '3'])\n",
    COMPLETION: "import sys\nsys.argv[1:] = ['--completion=fish\\x1f--training.']\n"
    + SEGMENTATION
    + "Segmentation.from_args()\n",
}
#: At most so many ms, with bytecode and without.
WITH = {START: 1.8, COMPLETION: 30.0}
WITHOUT = {
    START: 6.0,
    COMPLETION: 30.0,
    "segmentation: import": 3.0,
    "segmentation: first from_config": 8.0,
}


def _cyclopts(tree: str = trees.CLASSES, root: str = "Tree") -> str:
    run = "from cyclopts import App\napp = App()\n@app.default\n"
    run += f'def main(tree: Annotated[Optional[{root}], Parameter(name="*")] = None) -> {root}:\n'
    run += "    return tree\n"
    return classes.cyclopts(tree) + run + "settings = app(result_action='return_value')\n"


def _tyro(tree: str = trees.CLASSES, root: str = "Tree") -> str:
    return classes.dataclasses(tree) + f"import tyro\nsettings = tyro.cli({root})\n"


def _jsonargparse(tree: str = trees.CLASSES, root: str = "Tree") -> str:
    run = "from jsonargparse import ArgumentParser\nparser = ArgumentParser()\n"
    run += f"parser.add_class_arguments({root})\n"
    return classes.dataclasses(tree) + run + "settings = parser.parse_args()\n"


def _simple_parsing(tree: str = trees.CLASSES, root: str = "Tree") -> str:
    run = "from simple_parsing import ArgumentGenerationMode, NestedMode, parse\n"
    run += f"settings = parse({root}, nested_mode=NestedMode.WITHOUT_ROOT,\n"
    run += "    argument_generation_mode=ArgumentGenerationMode.NESTED)\n"
    return classes.dataclasses(tree) + run


def _pydantic_settings(tree: str = trees.CLASSES, root: str = "Tree") -> str:
    line = "from pydantic_settings import BaseSettings, SettingsConfigDict\n"
    config = "    model_config = SettingsConfigDict(cli_parse_args=True)\n"
    return line + classes.pydantic(tree, root) + config + f"settings = {root}()\n"


def _hydra(tree: str = trees.CLASSES, root: str = "Tree") -> str:
    run = "words = [word.removeprefix('--') for word in sys.argv[1:]]\n"
    run += "words = [f'{name}={value}' for name, value in zip(words[::2], words[1::2])]\n"
    run += "with initialize(version_base=None, config_path=None):\n"
    run += "    settings = OmegaConf.to_object(compose('tree', words))\n"
    return hydra_classes(tree, root) + run


def hydra_classes(tree: str, root: str) -> str:
    """Dataclasses that Hydra keeps; it knows no Literal, and has words of its own for flags."""
    head = "import sys\nfrom hydra import compose, initialize\nfrom omegaconf import OmegaConf\n"
    head += "from hydra.core.config_store import ConfigStore\n"
    head += "class Text:\n    __class_getitem__ = classmethod(lambda cls, values: str)\n"
    text = head + classes.dataclasses(tree).replace("Literal[", "Text[")
    return text + f"ConfigStore.instance().store('tree', {root})\n"


PEERS = {
    "cyclopts": _cyclopts,
    "tyro": _tyro,
    "jsonargparse": _jsonargparse,
    "simple_parsing": _simple_parsing,
    "pydantic_settings": _pydantic_settings,
    "hydra": _hydra,
}


def rows(turns: int) -> list[Row]:
    """How long starts take, with and without bytecode."""
    from brevetti_gen import generate

    measured: list[Row] = []
    with tempfile.TemporaryDirectory() as top:
        made = Path(top, "made")
        made.mkdir()
        generated({"tree": trees.SCHEMA}, made, "tree_settings")
        generate([CHECKOUT / "schemas"], made / "settings")
        runtime = copied(CHECKOUT / "runtime", Path(top, "runtime"), has_bytecode=True)
        for label, limits in (("with", WITH), ("without", WITHOUT)):
            place = _write_programs(made, Path(top, label), has_bytecode=label == "with")
            measured += _compared(place, runtime, turns, f", {label} bytecode", limits)
        plain = copied(CHECKOUT / "runtime", Path(top, "plain_runtime"), has_bytecode=False)
        start = _over_bare(place, plain, [BARE, START], turns)[START]
    measured.append(Row(f"{START}, and without the runtime's", start * 1e3, unit="ms"))
    return measured


def _compared(
    place: Path, runtime: Path, turns: int, label: str, limits: dict[str, float]
) -> list[Row]:
    """Starts of ours, and of the peers beside the one that all of them make."""
    ours = _over_bare(place, runtime, list(OURS), turns)
    names = [name for name in PEERS if installed(name)]
    peers = _over_bare(place, runtime, [BARE, *names], max(3, turns // 4))
    del peers[BARE]
    return [
        Row(name + label, time * 1e3, limits.get(name), "ms") for name, time in ours.items()
    ] + [
        Row(f"  {name} over ours", time / ours[START], AHEAD, "", True, f"{time * 1e3:.0f} ms")
        for name, time in peers.items()
    ]


def copied(source: Path, target: Path, has_bytecode: bool) -> Path:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    if has_bytecode:
        compileall.compile_dir(target, quiet=2)
    return target


def _write_programs(made: Path, place: Path, has_bytecode: bool) -> Path:
    """Scripts around a module of each program, in a folder with the packages that they use."""
    programs = OURS | {name: program() + CHECK for name, program in PEERS.items()}
    for name, program in programs.items():
        (made / f"{stem(name)}_program.py").write_text(program, encoding="utf-8")
        script = f"import {stem(name)}_program\n" if program else ""
        (made / f"{stem(name)}.py").write_text(script, encoding="utf-8")
    return copied(made, place, has_bytecode)


def stem(name: str) -> str:
    # No name of a peer's own modules.
    return "start_" + "".join(letter if letter.isalpha() else "_" for letter in name)


def _over_bare(place: Path, runtime: Path, names: list[str], turns: int) -> dict[str, float]:
    """The least times of the programs with these names, all but the bare one's over that one's."""
    runs = {
        name: partial(
            run, [sys.executable, str(place / f"{stem(name)}.py"), *FLAGS], place, [str(runtime)]
        )
        for name in names
    }
    times = least_runs(runs, turns)
    return {name: time - (0 if name == BARE else times[BARE]) for name, time in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=20, help="processes of each competitor")
    for row in rows(parser.parse_args().turns):
        row.show()


if __name__ == "__main__":
    main()
