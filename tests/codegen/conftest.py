"""A fixture for classes of other libraries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from brevetti_gen import generate
from conformance.generated import importable, write_json
from style_classes import Make


@pytest.fixture
def styled(tmp_path: Path) -> Iterator[Make]:
    """`styled("pydantic", {...})` generates the class `Training` and imports its module."""
    with ExitStack() as stack:
        count = 0

        def make(style: str | None, schema: Any = None, /, **schemas: Any) -> ModuleType:
            nonlocal count
            count += 1
            folder = tmp_path / f"styled_{count}"
            given = {"training": schema} if schema is not None else schemas
            for name, value in given.items():
                write_json(folder / "schemas" / f"{name}.json", value)
            make.report = generate(  # type: ignore[attr-defined]
                [folder / "schemas"], folder / f"{style or 'plain'}_{count}", style=style
            )
            package = stack.enter_context(importable(folder / f"{style or 'plain'}_{count}"))
            return package.module(next(iter(given)))

        yield make
