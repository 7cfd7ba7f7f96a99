"""A file that is given by itself brings along what it refers to, in its folder and below."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import GenerationError, Report, generate
from brevetti_gen.load import load_package

TRAINING = {
    "type": "object",
    "properties": {
        "image": {"$ref": "parts/image.yaml#/$defs/Image"},
        "part": {"$ref": "part%20two.json"},
    },
}
IMAGE = "$defs:\n  Image:\n    properties:\n      size: {$ref: ../size.form.json}\n"
SIZE = {"fields": [{"type": "input", "inputType": "number", "model": "width", "default": 3}]}


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put("schemas/training.json", TRAINING)
    put("schemas/part two.json", {"type": "object", "properties": {"n": {"default": 1}}})
    put("schemas/parts/image.yaml", IMAGE)
    put("schemas/size.form.json", SIZE)
    put("schemas/other.json", ["nothing refers to this"])


def put(name: str, value: Any) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    text = value if isinstance(value, str) else json.dumps(value)
    Path(name).write_text(text, encoding="utf-8")


def package(folder: str) -> dict[str, str]:
    """The files of a package; without what tells of options."""
    root = Path(folder)
    return {
        path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*.py")
    }


def refused(*sources: str) -> list[tuple[str, str | None]]:
    with pytest.raises(GenerationError) as caught:
        generate(sources, "settings")
    return [(problem.message, problem.hint) for problem in caught.value.problems]


def test_neighbours_become_modules_as_if_their_folder_was_given() -> None:
    report = generate(["schemas/training.json"], "alone")
    assert report.modules == ("part_two", "parts.image", "size", "training")
    Path("schemas/other.json").unlink()
    generate(["schemas"], "settings")
    alone, together = package("alone"), package("settings")
    assert {name: text.replace("alone", "settings") for name, text in alone.items()} == together
    (loaded,) = load_package(["schemas/training.json"]).classes
    assert loaded.cls is not None
    filled = {"image": {"size": {"width": 3}}, "part": {"n": 1}}
    assert loaded.cls.from_config({}).get_config() == filled


def test_the_order_of_files_does_not_matter() -> None:
    names = ["schemas/training.json", "schemas/parts/image.yaml", "schemas/size.form.json"]
    packages: list[dict[str, str]] = []
    for number, sources in enumerate((names, names[::-1], [*names[1:], names[0]])):
        generate(sources, f"settings_{number}")
        found = package(f"settings_{number}")
        packages.append({n: t.replace(f"settings_{number}", "settings") for n, t in found.items()})
    assert packages[0] == packages[1] == packages[2]


def test_a_reference_by_an_identifier_leads_to_the_neighbour_too() -> None:
    put("schemas/training.json", {"$id": "https://schemas.example/training.json", **TRAINING})
    assert len(generate(["schemas/training.json"], "settings").modules) == 4


def test_a_change_of_a_neighbour_is_seen() -> None:
    def run() -> Report:
        return generate(["schemas/training.json"], "settings")

    run()
    again = run()
    assert (again.written, len(again.modules)) == ((), 4)
    put("schemas/part two.json", {"type": "object", "properties": {"n": {"default": 2}}})
    assert "part_two.py" in run().written


def test_what_lies_above_the_folder_is_to_be_given() -> None:
    give = "give this file too, or a folder that holds both"
    put("above.json", {"type": "integer"})
    put("schemas/training.json", {"properties": {"a": {"$ref": "../above.json"}}})
    assert refused("schemas/training.json") == [("$ref '../above.json' cannot be resolved", give)]
    generate(["schemas/training.json", "above.json"], "settings")
    absolute = Path("above.json").absolute().as_uri()
    put("schemas/training.json", {"properties": {"a": {"$ref": absolute}}})
    assert refused("schemas/training.json")[0][0] == f"$ref {absolute!r} cannot be resolved"


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege")
def test_no_link_leads_out_of_the_folder() -> None:
    put("secret.json", {"type": "integer"})
    put("away/deep.json", {"type": "integer"})
    Path("schemas/link.json").symlink_to(Path("../secret.json"))
    Path("schemas/away").symlink_to(Path("../away"))
    names = ["link.json", "away/deep.json", "%2e%2e/secret.json", "a%00.json", "parts", "x.txt"]
    put("schemas/x.txt", {"type": "integer"})
    put("schemas/training.json", {"properties": {name: {"$ref": name} for name in names}})
    told = refused("schemas/training.json")
    assert [message for message, _ in told] == [f"$ref {n!r} cannot be resolved" for n in names]


def test_a_broken_neighbour_is_told_once() -> None:
    put("schemas/part two.json", "{")
    put("schemas/parts/image.yaml", "$schema: urn:unknown\n")
    messages = [message for message, _ in refused("schemas/training.json")]
    assert len(messages) == 2
    assert "$schema 'urn:unknown' is not known" in messages


def test_neighbours_of_one_name_are_refused() -> None:
    for folder in ("a", "b"):
        put(f"{folder}/{folder}.json", {"properties": {"x": {"$ref": "common.json"}}})
        put(f"{folder}/common.json", {"type": "integer"})
    ((message, _),) = refused("a/a.json", "b/b.json")
    assert message == "two schemas for the module common: a/common.json and b/common.json"


def test_what_only_looks_like_a_reference_is_none() -> None:
    put("schemas/training.json", {"properties": {"a": {"const": {"$ref": "other.json"}}}})
    assert generate(["schemas/training.json"], "settings").modules == ("training",)
