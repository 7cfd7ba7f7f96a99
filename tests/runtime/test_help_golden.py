"""The help of the example's settings and job, kept to be read and reviewed, at 80 columns.

`tasks.py golden` writes it anew; the difference is then part of the change.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen.load import load_package
from brevettiai.cli.help import Manual, manual_of
from brevettiai.cli.layout import Page
from brevettiai.platform.manual import manual_of_job

TOP = Path(__file__).parents[2]
GOLDEN = TOP / "tests" / "golden" / "help"


@cache
def segmentation() -> Any:
    package = load_package([TOP / "schemas"])
    return next(found.cls for found in package.classes if found.cls.__name__ == "Segmentation")


def text(manual: Manual, topic: str) -> str:
    return manual.text(topic, "train", Page(80))


@pytest.mark.parametrize("name", ["class", "job", "training", "input.channels", "presets"])
def test_the_example_gives_the_golden_help(name: str, pytestconfig: pytest.Config) -> None:
    manual = manual_of_job(segmentation()) if name == "job" else manual_of(segmentation())
    path, topic = GOLDEN / f"{name}.txt", "" if name in ("class", "job") else name
    if pytestconfig.getoption("--update-golden"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text(manual, topic).encode())
    assert path.read_bytes().decode() == text(manual, topic)
