"""Start-up: from the start of the process to validated settings, five flags given.

    python tests/benchmarks/bench_startup.py [--turns 20]

One tree of settings (22 fields, 3 classes), compiled by brevetti-gen and written by hand for each
peer. All times are over those of a bare interpreter. tyro and jsonargparse get plain dataclasses,
without limits on the numbers, as their users would write them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import trees
from measuring import generated, heading, installed, least_runs, row, verdict

BUDGET = 10.0
FLAGS = """--epochs 5 --loss mae --augmentation.angle 20 --optimizer.beta1 0.5 --lr 0.5""".split()
CHECK = """
assert (settings.epochs, settings.loss, settings.lr) == (5, "mae", 0.5)
assert (settings.augmentation.angle, settings.optimizer.beta1) == (20.0, 0.5)
"""
OURS = "from tree_settings.tree import Tree\nsettings = Tree.from_args()\n"


def _cyclopts() -> str:
    run = "from cyclopts import App\napp = App()\n@app.default\n"
    run += 'def main(tree: Annotated[Tree, Parameter(name="*")]) -> Tree:\n    return tree\n'
    return trees.cyclopts_classes() + run + "settings = app(result_action='return_value')\n"


def _tyro() -> str:
    return trees.dataclasses() + "import tyro\nsettings = tyro.cli(Tree)\n"


def _jsonargparse() -> str:
    run = "from jsonargparse import ArgumentParser\nparser = ArgumentParser()\n"
    run += "parser.add_class_arguments(Tree)\n"
    return trees.dataclasses() + run + "settings = parser.parse_args()\n"


def _pydantic_settings() -> str:
    line = "from pydantic_settings import BaseSettings, SettingsConfigDict\n"
    classes = trees.pydantic_classes("BaseSettings")
    config = "    model_config = SettingsConfigDict(cli_parse_args=True)\n"
    return line + classes + config + "settings = Tree()\n"


PEERS = {
    "cyclopts": _cyclopts,
    "tyro": _tyro,
    "jsonargparse": _jsonargparse,
    "pydantic_settings": _pydantic_settings,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=20, help="processes of each competitor")
    turns: int = parser.parse_args().turns
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top)
        generated({"tree": trees.SCHEMA}, folder, "tree_settings")
        programs = {"bare interpreter": "", "brevetti": OURS + CHECK}
        for name, program in PEERS.items():
            if installed(name):
                programs[name] = program() + CHECK
        commands = {name: _command(folder, name, text) for name, text in programs.items()}
        least_runs(commands, 1, folder)  # makes the bytecode
        times = least_runs(commands, turns, folder)
    _print(times)


def _command(folder: Path, name: str, program: str) -> list[str]:
    """A module of the program, so that its own bytecode is at hand too, and a script around it."""
    stem = name.replace(" ", "_")
    (folder / f"{stem}_program.py").write_text(program, encoding="utf-8")
    (folder / f"{stem}_main.py").write_text(f"import {stem}_program\n", encoding="utf-8")
    return [sys.executable, str(folder / f"{stem}_main.py"), *(FLAGS if program else ())]


def _print(times: dict[str, float]) -> None:
    bare = times.pop("bare interpreter")
    over = {name: time - bare for name, time in times.items()}
    ours = over["brevetti"]
    heading("process start to settings", "over bare", "times ours")
    for name, time in over.items():
        row(name, f"{time * 1e3:.1f} ms", f"{time / ours:.1f}x")
    peers = [time for name, time in over.items() if name != "brevetti"]
    if peers:
        print(f"fastest peer over ours: {verdict(min(peers) / ours, BUDGET)}")


if __name__ == "__main__":
    main()
