"""Exported search spaces in the engines themselves, each in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from brevettiai.search.exports import export
from brevettiai.search.space import Parameter
from exported_space import CONDITIONAL, FLAT, SETTINGS, by_flag, is_said, is_within

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not os.environ.get("BREVETTI_ENGINES"),
        reason="BREVETTI_ENGINES is not set: the engines are installed, which takes minutes",
    ),
]

PACKAGES = {
    "wandb": ["wandb>=0.19", "sweeps>=0.3"],
    "ray": ["ray[tune]>=2.40", "optuna>=4.2"],
    "katib": ["kubeflow-katib-api>=0.19", "pyyaml>=6"],
    "hydra": ["hydra-core>=1.3", "hydra-optuna-sweeper>=1.2"],
}
VARIED = ["rate", "epochs", "share", "mode", "stop.patience=1..5"]
BIN = "Scripts" if sys.platform == "win32" else "bin"
PROPOSALS = Path(__file__).with_name("engine_proposals.py")


def proposals(
    engine: str,
    space: Sequence[Parameter],
    engines: dict[str, Path],
    folder: Path,
    search: str = "random",
    number: int = 300,
) -> list[Any]:
    """What an engine proposes, often enough that each text is among it."""
    if engine not in engines:
        engines[engine] = made(engine, folder)
    found = export(space, engine, program=["job"], goals="min loss", search=search)
    run = subprocess.run(
        [str(engines[engine]), str(PROPOSALS), engine, str(number)],
        input=str(found).encode(),
        capture_output=True,
        cwd=folder,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode()
    said: list[Any] = json.loads(run.stdout.splitlines()[-1])
    assert len(said) == number
    return said


def made(engine: str, folder: Path) -> Path:
    """Python of an environment that has an engine; skips where there is no index to get it from."""
    pytest.importorskip("pip", reason="needs pip, to install engines")
    venv.create(folder / engine, with_pip=False, symlinks=sys.platform != "win32")
    python = folder / engine / BIN / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    install = [*pip, *"install --quiet --no-compile --retries 1".split()]
    run = subprocess.run(
        [*install, *PACKAGES[engine]], capture_output=True, text=True, cwd=folder, check=False
    )
    if run.returncode:
        pytest.skip(f"pip cannot install {engine}: {run.stderr.strip().splitlines()[-1]}")
    return python


def flags(words: Sequence[str]) -> dict[str, str]:
    """The values of flags among the words of a job."""
    found = (word[2:].partition("=") for word in words if word.startswith("--"))
    return {name: value for name, _, value in found if name != "job_dir"}


@pytest.mark.parametrize("engine", ["wandb", "ray", "katib"])
def test_words_of_jobs(engine: str, tmp_path: Path, class_of: Callable[..., Any]) -> None:
    engines: dict[str, Path] = {}
    space = by_flag(FLAT)
    for search in ["tpe"] if engine == "wandb" else ["tpe", "random"]:
        found = [flags(each) for each in proposals(engine, FLAT, engines, tmp_path, search, 1200)]
        for each in found:
            assert set(each) == set(space)
            assert [name for name, word in each.items() if not is_said(space[name], word)] == []
        assert_varied(found, space)
    cls = class_of(SETTINGS)
    for words in proposals(engine, cls.search_space(*VARIED).parameters, engines, tmp_path):
        own = [f"--{name}={value}" for name, value in flags(words).items()]
        assert len(own) >= len(VARIED) - 1
        cls.from_args(own)
    if engine == "ray":
        assert_conditional(proposals(engine, CONDITIONAL, engines, tmp_path, number=100))


def assert_varied(found: Sequence[Mapping[str, Any]], space: Mapping[str, Parameter]) -> None:
    """All texts were proposed, and many numbers, small and large ones."""
    texts = space["text"]
    assert hasattr(texts, "choices")
    assert len({each["text"] for each in found}) == len(texts.choices)
    rates = sorted(float(each["optimizer.learning-rate"]) for each in found)
    assert rates[0] < 1e-4 < 1e-2 < rates[-1]


def assert_conditional(found: Sequence[Sequence[str]]) -> None:
    """Settings are there if and only if the branch to which they belong is."""
    seen: set[tuple[str, ...]] = set()
    for words in found:
        given = flags(words)
        names = {"by.name", "by.rate"}
        if given["by.name"] == "adam":
            names |= {"by.beta", "by.plan.name"}
            names |= {"by.plan.turns"} if given["by.plan.name"] == "cosine" else set()
        else:
            names |= {"by.nesterov"}
        assert set(given) == names
        seen.add(tuple(sorted(given)))
    assert len(seen) == 3


def test_values_of_hydra(tmp_path: Path, class_of: Callable[..., Any]) -> None:
    space = by_flag(FLAT)
    found = proposals("hydra", FLAT, {}, tmp_path)
    for each in found:
        assert set(each) == set(space)
        assert [name for name, value in each.items() if not is_within(space[name], value)] == []
    assert {each["background"] for each in found} == {"none", "grey"}
    cls, engines = class_of(SETTINGS), {"hydra": tmp_path / "hydra" / BIN / "python"}
    for each in proposals("hydra", cls.search_space(*VARIED).parameters, engines, tmp_path):
        config: dict[str, Any] = {}
        for name, value in each.items():
            *outer, last = name.split(".")
            (config.setdefault(outer[0], {}) if outer else config)[last] = value
        assert len(each) >= len(VARIED) - 1
        cls.from_config(config)
    kept = {each["text"] for each in found}
    assert {"true", "1e3", "a\\'b\\\\", "@file", "", "é ﬁ ß \U0001f600"} <= kept
