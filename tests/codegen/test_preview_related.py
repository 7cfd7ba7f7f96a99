"""Schemas of a preview: which files they need, and when they are compiled again."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen.preview.catalog import Catalog
from brevetti_gen.preview.related import Related, related
from brevetti_gen.preview.server import Watch
from brevetti_gen.problems import GenerationError
from brevetti_gen.read.find import find

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
SIZE = {"$defs": {"Size": {"type": "integer", "default": 512}}}


def write(path: Path, value: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def with_ref(reference: str) -> dict[str, Any]:
    return {"type": "object", "properties": {"size": {"$ref": reference}}}


def family(path: Path) -> Related:
    (source,), problems = find([path])
    assert problems == []
    return related(source, path.parent)


def names(files: tuple[Path, ...]) -> list[str]:
    return [file.name for file in files]


def test_a_schema_brings_along_the_files_that_it_refers_to(tmp_path: Path) -> None:
    write(tmp_path / "a.json", with_ref("b.yaml#/x"))
    write(tmp_path / "b.yaml", "x: {$ref: 'deep/c.json'}\n")
    write(tmp_path / "deep/c.json", with_ref("../a.json"))
    write(tmp_path / "stranger.json", {})
    found = family(tmp_path / "a.json")
    assert names(found.files) == ["a.json", "b.yaml", "c.json"]
    assert found.is_closed


def test_no_reference_makes_the_preview_read_other_files(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.json", {})
    write(tmp_path / "inside/notes.txt", "")
    for reference in (
        "../secret.json",
        str(secret),
        secret.as_uri(),
        "notes.txt",
        "\0.json",
        300 * "x",
    ):
        found = family(write(tmp_path / "inside/a.json", with_ref(reference)))
        assert names(found.files) == ["a.json"]
        assert not found.is_closed


def test_what_is_missing_is_known_so_that_it_can_be_waited_for(tmp_path: Path) -> None:
    found = family(write(tmp_path / "a.json", with_ref("b.json")))
    assert names(found.missing) == ["b.json"]
    assert not found.is_closed


def test_the_example_can_be_seen_alone() -> None:
    view = Catalog([SCHEMAS / "segmentation.schema.json"]).view("segmentation")
    assert view is not None
    assert view.errors == ()
    assert view.title == "Segmentation training"
    assert view.form is not None
    assert any(field.get("model") == "augmentation.angle" for field in view.form["fields"])


def test_a_mistake_in_one_schema_does_not_hide_the_others(tmp_path: Path) -> None:
    write(tmp_path / "good.json", {"type": "object", "title": "Good"})
    write(tmp_path / "bad.json", {"type": "objekt"})
    catalog = Catalog([tmp_path])
    assert [source.name for source in catalog.sources()] == [
        (tmp_path / name).as_posix() for name in ("bad.json", "good.json")
    ]
    good, bad = catalog.view("good"), catalog.view("bad")
    assert good is not None
    assert bad is not None
    assert (good.title, good.errors) == ("Good", ())
    assert bad.form is None
    assert "objekt" in str(bad.errors[0])


def test_references_by_identifier_are_found_among_the_given_files(tmp_path: Path) -> None:
    identifier = "https://schemas.example/size.json"
    write(tmp_path / "a.json", with_ref(identifier + "#/$defs/Size"))
    write(tmp_path / "size.json", {"$id": identifier, **SIZE})
    view = Catalog([tmp_path]).view("a")
    assert view is not None
    assert view.cls is not None
    assert view.cls.from_config({}).get_config() == {"size": 512}


def test_files_of_one_name_in_two_folders_do_not_clash(tmp_path: Path) -> None:
    write(tmp_path / "one/a.json", with_ref("../two/a.json#/$defs/Size"))
    write(tmp_path / "two/a.json", SIZE)
    view = Catalog([tmp_path]).view("one.a")
    assert view is not None
    assert view.errors == ()


def test_a_mapped_schema_counts(tmp_path: Path) -> None:
    schema = write(tmp_path / "a.json", with_ref("https://elsewhere.example/size.json#/$defs/Size"))
    size = write(tmp_path / "mapped/size.json", SIZE)
    catalog = Catalog([schema], maps={"https://elsewhere.example/": tmp_path / "mapped"})
    view = catalog.view("a")
    assert view is not None
    assert view.errors == ()
    before = catalog.watched()
    write(size, {"$defs": {"Size": {"type": "string", "title": "Longer"}}})
    assert catalog.watched() != before


def test_formats_are_asserted_when_asked_for(tmp_path: Path) -> None:
    date = {"type": "object", "properties": {"day": {"type": "string", "format": "date"}}}
    schema = write(tmp_path / "a.json", date)
    for assert_formats in (False, True):
        view = Catalog([schema], assert_formats=assert_formats).view("a")
        assert view is not None
        assert view.cls is not None
        if assert_formats:
            with pytest.raises(ValueError, match="day"):
                view.cls.from_config({"day": "never"})
        else:
            view.cls.from_config({"day": "never"})


def test_a_view_follows_its_files_and_survives_mistakes(tmp_path: Path) -> None:
    schema = write(tmp_path / "a.json", with_ref("b.json#/$defs/Size"))
    catalog = Catalog([schema])
    view = catalog.view("a")
    assert view is not None
    assert "b.json" in str(view.errors[0])
    write(tmp_path / "b.json", SIZE)
    good = catalog.view("a")
    assert good is not None
    assert good.errors == ()
    assert catalog.view("a") is good
    write(schema, '{"type": "object", ')
    broken = catalog.view("a")
    assert broken is not None
    assert broken.errors[0].line == 1
    assert broken.form == good.form
    assert broken.cls is good.cls
    schema.unlink()
    gone = catalog.view("a")
    assert gone is not None
    assert "no such file" in str(gone.errors[0])


def test_schemas_come_and_go_in_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "a.json", {"type": "object"})
    catalog = Catalog([tmp_path])
    before = catalog.watched()
    other = write(tmp_path / "b.json", {"type": "object"})
    assert catalog.watched() != before
    assert catalog.view("b") is not None
    other.unlink()
    assert catalog.view("b") is None


def test_what_is_not_there_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match="no such file"):
        Catalog([tmp_path / "a.json"])


def test_a_root_that_is_no_object_has_no_form(tmp_path: Path) -> None:
    view = Catalog([write(tmp_path / "a.json", {"type": "array"})]).view("a")
    assert view is not None
    assert (view.cls, view.form, view.errors) == (None, None, ())


def test_a_watch_wakes_who_waits() -> None:
    state = [1]
    watch = Watch(lambda: tuple(state), interval=0.02)
    watch.start()
    assert watch.wait(0, timeout=0.1) == 0
    state.append(2)
    assert watch.wait(0, timeout=300) == 1
    watch.stop()
    started = time.monotonic()
    assert watch.wait(1, timeout=300) == 1
    assert time.monotonic() - started < 30
