"""What a command line costs beside a start: help, every layer, hundreds of settings.

    python tests/benchmarks/bench_command_line.py [--turns 20]

Times are those of a processor over a bare interpreter's, with bytecode. The peers of
`bench_startup` show the help of the same tree of 22 fields.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import bench_startup as startup
import trees
from measuring import CHECKOUT, Row, Spent, generated, installed, least_runs, run

#: How many times as long as ours the help of any peer must take.
AHEAD = 5
HELP = "help of the 45 settings of segmentation"
LAYERS = "start with a file, a preset, a variable and a flag, over one by a flag"
GROWTH = "start, growth with 100 settings"
LIMITS = {HELP: 60.0, GROWTH: 1.0}

_SEGMENTATION = "from settings import Segmentation\nSegmentation.from_args()\n"
_LAYERED = (
    "from settings import Segmentation\n"
    "settings = Segmentation.from_args(env_prefix='BENCH')\n"
    "assert settings.training.batch_size == 4\n"
)
_FILE = '{"training": {"epochs": 3}}'
_LAYER_WORDS = ("--settings-file", "file.json", "--preset", "Quick look", "--training.batch_size=4")


def _programs() -> dict[str, str]:
    """Our programs by name, and the peers that show their help."""
    peers = {
        name: program()
        for name, program in startup.PEERS.items()
        if name != "hydra" and installed(name)
    }
    large = "from large.settings_{0} import Settings{0}\nSettings{0}.from_args()\n"
    return {
        startup.BARE: "",
        HELP: _SEGMENTATION,
        "by a flag": _SEGMENTATION,
        LAYERS: _LAYERED,
        "of 100": large.format(100),
        "of 500": large.format(500),
        "help of the tree": startup.OURS[startup.START],
        **peers,
    }


def rows(turns: int) -> list[Row]:
    """The budgets of the command line beside what is measured."""
    from brevetti_gen import generate

    with tempfile.TemporaryDirectory() as top:
        made, place = Path(top, "made"), Path(top, "place")
        made.mkdir()
        generated({"tree": trees.SCHEMA}, made, "tree_settings")
        large = {f"settings_{count}": trees.wide_schema(count) for count in (100, 500)}
        generated(large, made, "large")
        generate([CHECKOUT / "schemas"], made / "settings")
        (made / "file.json").write_text(_FILE)
        programs = _programs()
        for name, program in programs.items():
            (made / f"{startup.stem(name)}_program.py").write_text(program, encoding="utf-8")
            script = f"import {startup.stem(name)}_program\n" if program else ""
            (made / f"{startup.stem(name)}.py").write_text(script, encoding="utf-8")
        startup.copied(made, place, has_bytecode=True)
        runtime = startup.copied(CHECKOUT / "runtime", Path(top, "runtime"), has_bytecode=True)
        times = _times(programs, place, runtime, turns)
    return _rows(times)


def _times(programs: Mapping[str, str], place: Path, runtime: Path, turns: int) -> dict[str, float]:
    words: dict[str, tuple[str, ...]] = {
        **dict.fromkeys(programs, ("--help",)),
        "by a flag": ("--training.batch_size=4",),
        LAYERS: _LAYER_WORDS,
        "of 100": ("--part0.x0=5",),
        "of 500": ("--part0.x0=5",),
        startup.BARE: (),
    }
    runs: dict[str, Callable[[], Spent]] = {
        name: partial(
            run,
            [sys.executable, str(place / f"{startup.stem(name)}.py"), *words[name]],
            place,
            [str(runtime)],
            variables={"BENCH__TRAINING__LOSS": "focal"},
        )
        for name in programs
    }
    times = least_runs(runs, turns)
    return {name: time - times[startup.BARE] for name, time in times.items()}


def _rows(times: Mapping[str, float]) -> list[Row]:
    shown = {
        HELP: times[HELP],
        GROWTH: (times["of 500"] - times["of 100"]) / 4,
        LAYERS: times[LAYERS] - times["by a flag"],
    }
    peers = [name for name in times if name in startup.PEERS]
    ours = times["help of the tree"]
    return [
        *(Row(name, time * 1e3, LIMITS.get(name), "ms") for name, time in shown.items()),
        *(Row(f"  help, {peer} over ours", times[peer] / ours, AHEAD, "", True) for peer in peers),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--turns", type=int, default=20, help="processes of each competitor")
    for row in rows(parser.parse_args().turns):
        row.show()


if __name__ == "__main__":
    main()
