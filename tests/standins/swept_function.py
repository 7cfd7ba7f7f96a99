"""Functions that sweeps are made of in tests."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from brevettiai.sweep.link import report


def half(settings: dict[str, Any]) -> Any:
    """Half of x, with what goes wrong for some."""
    for step in (1, 2):
        report(step, loss=settings["x"] / 2)
    if settings["x"] in (3, 9):
        try:
            raise ValueError(f"no half of {settings['x']} with {settings['password']}")
        except ValueError:
            if settings["x"] == 3:
                raise
            sys.exit(2)
    if settings["x"] == 5:
        return [settings["x"]]
    if settings["x"] == 7:
        report(0, loss=1.0)
        time.sleep(300)
    return {"half": settings["x"] / 2} if settings["x"] else 0


def places(settings: dict[str, Any]) -> dict[str, Any]:
    """Which process a run is, and which GPUs and threads it has; it waits to be stopped."""
    report(0, pid=os.getpid())
    if settings["waits"]:
        time.sleep(300)
    names = ("CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS")
    return {"pid": os.getpid(), **{name: os.environ.get(name, "") for name in names}}
