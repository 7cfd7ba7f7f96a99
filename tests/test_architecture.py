"""`docs/architecture.md` names the rooms there are, and the files that it sends people to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from budgets import GENERATOR, RUNTIME, TOP
from import_graph import import_graph

PAGE = (TOP / "docs" / "architecture.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text under a heading of the page."""
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def table_of_rooms(package: Path) -> dict[str, int]:
    """The rooms of a package as the page lists them, with the number of their row."""
    text = section("The rooms").partition(f"/{package.name}`, the ")[2]
    lines = text.partition("\n\n")[2].partition("\n\n")[0].splitlines()
    return {
        name: number
        for number, line in enumerate(lines)
        for name in re.findall(r"`([\w./]+)`", line.split("|")[1])
    }


each_package = pytest.mark.parametrize(
    "package", [GENERATOR, RUNTIME], ids=lambda package: package.name
)


@each_package
def test_every_room_has_a_sentence(package: Path) -> None:
    table = set(table_of_rooms(package))
    split = {name.partition("/")[0] for name in table if "/" in name}
    rooms = {
        path.relative_to(package).as_posix()
        for folder in (package, *(package / name for name in split))
        for path in folder.iterdir()
        if (path / "__init__.py").is_file()
        or (path.suffix == ".py" and not path.stem.startswith("_"))
    }
    assert table == rooms - split


@each_package
def test_imports_lead_downwards_in_the_list(package: Path) -> None:
    rows = {name.removesuffix(".py"): row for name, row in table_of_rooms(package).items()}
    for name, imported in import_graph(package.parent).items():
        row = row_of(name, rows, 0)
        assert [other for other in imported if row_of(other, rows, row) < row] == [], name


def row_of(module: str, rows: dict[str, int], default: int) -> int:
    """`brevettiai.io.s3` is in `io`; of a package itself, and of its `_version`, nobody asks."""
    parts = module.split(".")[1:]
    return rows.get("/".join(parts[:2]), rows.get(parts[0] if parts else "", default))


def test_where_it_sends_people_is_there() -> None:
    paths = re.findall(r"`([\w./]+(?:/|\.\w+))`", section("To change X, open Y"))
    assert len(paths) > 15
    for path in paths:
        places = [TOP / path, GENERATOR / path, RUNTIME / path]
        assert any(place.exists() for place in places), path


def test_every_law_has_its_place() -> None:
    laws = re.findall(r"^\*\*Law (\d), ", section("The laws"), re.MULTILINE)
    assert laws == [str(number) for number in range(1, 9)]
