"""`docs/architecture.md` names the rooms there are, and the files that it sends people to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from budgets import GENERATOR, RUNTIME, TOP

PAGE = (TOP / "docs" / "architecture.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text under a heading of the page."""
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("package", [GENERATOR, RUNTIME], ids=lambda package: package.name)
def test_every_room_has_a_sentence(package: Path) -> None:
    text = section("The rooms").partition(f"/{package.name}`, the ")[2]
    table = text.partition("\n\n")[2].partition("\n\n")[0]
    first_cells = " ".join(row.split("|")[1] for row in table.splitlines())
    named = set(re.findall(r"`([\w.]+)`", first_cells))
    rooms = {
        path.name
        for path in package.iterdir()
        if (path.is_dir() and (path / "__init__.py").is_file())
        or (path.suffix == ".py" and not path.stem.startswith("_"))
    }
    assert named == rooms


def test_where_it_sends_people_is_there() -> None:
    paths = re.findall(r"`([\w./]+(?:/|\.\w+))`", section("To change X, open Y"))
    assert len(paths) > 15
    for path in paths:
        places = [TOP / path, GENERATOR / path, RUNTIME / path]
        assert any(place.exists() for place in places) or "STYLE" in path, path


def test_every_law_has_its_place() -> None:
    laws = re.findall(r"^\*\*Law (\d), ", section("The laws"), re.MULTILINE)
    assert laws == [str(number) for number in range(1, 9)]
