"""A run that has nothing to do says so without compiling; one that has, never does."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import GenerationError, Report, generate
from brevetti_gen.schema.metaschemas import metaschema
from brevetti_gen.workbench.incremental import notes
from brevetti_gen.workbench.incremental.notes import CACHE
from brevetti_gen.write.seals import OPTIONS, sealed
from conformance.generated import write_json
from generated_code import COMMON_FILES, files_of

URL = "https://schemas.example/"

FILES = tuple(sorted([*COMMON_FILES, *files_of("area"), OPTIONS]))


@pytest.fixture
def compiles(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one with each run that compiles."""
    import brevetti_gen.meaning as meaning

    runs: list[int] = []
    real = meaning.recognised

    def counted(*arguments: Any) -> Any:
        runs.append(1)
        return real(*arguments)

    monkeypatch.setattr(meaning, "recognised", counted)
    return runs


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    mapped = {"type": "object", "properties": {"x": {"type": "number"}}}
    write_json(tmp_path / "mapped" / "point.json", mapped)
    properties = {"point": {"$ref": f"{URL}point.json"}}
    return write_json(
        tmp_path / "schemas" / "area.json", {"type": "object", "properties": properties}
    )


def test_a_second_run_does_nothing_also_with_maps(
    tmp_path: Path, schema: Path, compiles: list[int]
) -> None:
    maps = {URL: tmp_path / "mapped"}
    first = generate([schema], tmp_path / "out", maps=maps)
    second = generate([schema], tmp_path / "out", maps=maps)
    assert len(compiles) == 1
    assert second.modules == first.modules == ("area",)
    assert set(second.unchanged) == {*COMMON_FILES, *files_of("area"), OPTIONS}


def test_another_content_of_a_mapped_file_counts(
    tmp_path: Path, schema: Path, compiles: list[int]
) -> None:
    maps = {URL: tmp_path / "mapped"}
    generate([schema], tmp_path / "out", maps=maps)
    changed = {"type": "object", "properties": {"y": {"type": "number"}}}
    write_json(tmp_path / "mapped" / "point.json", changed)
    assert generate([schema], tmp_path / "out", maps=maps).written == files_of("area")
    assert len(compiles) == 2


def test_a_file_that_nothing_refers_to_does_not_count(
    tmp_path: Path, schema: Path, compiles: list[int]
) -> None:
    maps = {URL: tmp_path / "mapped"}
    generate([schema], tmp_path / "out", maps=maps)
    write_json(tmp_path / "mapped" / "other.json", {"type": "string"})
    generate([schema], tmp_path / "out", maps=maps)
    assert len(compiles) == 1


def test_a_mapped_file_that_is_gone_is_an_error_again(tmp_path: Path, schema: Path) -> None:
    maps = {URL: tmp_path / "mapped"}
    generate([schema], tmp_path / "out", maps=maps)
    (tmp_path / "mapped" / "point.json").unlink()
    with pytest.raises(GenerationError, match="cannot be resolved"):
        generate([schema], tmp_path / "out", maps=maps)
    with pytest.raises(GenerationError, match="no such folder"):
        generate([schema], tmp_path / "out", maps={URL: tmp_path / "gone"})


def test_a_map_that_answers_what_a_run_without_maps_asked_counts(
    tmp_path: Path, compiles: list[int]
) -> None:
    uri = "http://json-schema.org/draft-07/schema"
    schema = write_json(
        tmp_path / "any.json", {"type": "object", "properties": {"schema": {"$ref": f"{uri}#"}}}
    )
    generate([schema], tmp_path / "out")
    generate([schema], tmp_path / "out")
    assert len(compiles) == 1
    own = write_json(tmp_path / "own.json", {"type": "object", "properties": {"x": {}}})
    generate([schema], tmp_path / "out", maps={uri: own})
    assert len(compiles) == 2


def test_an_edited_file_is_no_unchanged_one(tmp_path: Path, schema: Path) -> None:
    maps = {URL: tmp_path / "mapped"}
    generate([schema], tmp_path / "out", maps=maps)
    with open(tmp_path / "out" / "area.py", "a", encoding="utf-8") as file:
        file.write("# mine\n")
    with pytest.raises(GenerationError, match="someone edited"):
        generate([schema], tmp_path / "out", maps=maps)


def test_one_file_at_two_uris_is_something_else_than_two_alike(
    tmp_path: Path, compiles: list[int]
) -> None:
    text = {"type": "object", "properties": {"x": {"type": "number"}}}
    one, other = (write_json(tmp_path / f"{name}.json", text) for name in ("one", "other"))
    references = {name: {"$ref": f"urn:{name}"} for name in ("a", "b")}
    schema = write_json(tmp_path / "given" / "s.json", {"properties": references})
    generate([schema], tmp_path / "out", maps={"urn:a": one, "urn:b": one})
    generate([schema], tmp_path / "out", maps={"urn:a": one, "urn:b": other})
    assert len(compiles) == 2


@pytest.mark.parametrize(
    "uri",
    [
        "http://json-schema.org/draft-04/schema",
        "http://json-schema.org/draft-07/schema",
        "https://json-schema.org/draft/2019-09/meta/validation",
        "https://json-schema.org/draft/2020-12/schema",
        "https://json-schema.org/draft/2020-12/meta/format-annotation",
    ],
)
def test_metaschemas_are_those_of_the_registry(uri: str) -> None:
    from jsonschema_specifications import REGISTRY

    registered = REGISTRY[uri if uri in REGISTRY else uri + "#"].contents
    found = metaschema(uri)
    assert found is not None
    assert found.value == registered


def test_what_is_no_metaschema_is_none() -> None:
    assert metaschema("https://example.org/draft/2020-12/schema") is None
    assert metaschema("https://json-schema.org/draft/2020-12/meta/nothing") is None


def test_slow_libraries_stay_out_of_a_run_on_valid_json_schemas(tmp_path: Path) -> None:
    import subprocess

    source = write_json(tmp_path / "plain.json", {"type": "object", "properties": {"x": {}}})
    program = (
        "import sys; sys.path[:0] = sys.argv[3:]\n"
        "from brevetti_gen import generate; generate(sys.argv[1:2], sys.argv[2])\n"
        "slow = {'jsonschema', 'jsonschema_specifications', 'referencing', 'attrs', 'ruamel'}\n"
        "assert not slow & set(sys.modules), slow & set(sys.modules)\n"
    )
    top = Path(__file__).resolve().parents[2]
    folders = [str(top / "codegen"), str(top / "runtime")]
    command = [sys.executable, "-c", program, str(source), str(tmp_path / "out"), *folders]
    subprocess.run(command, check=True)


# The cache


@pytest.fixture
def package(tmp_path: Path, schema: Path) -> Path:
    generate([schema], tmp_path / "out", maps={URL: tmp_path / "mapped"})
    return tmp_path / "out"


def again(package: Path) -> Report:
    return generate([package.parent / "schemas"], package)


def test_times_alone_are_no_change(package: Path, compiles: list[int]) -> None:
    for path in package.rglob("*.py"):
        os.utime(path, (1, 1))
    assert again(package).written == ()
    assert compiles == []


def test_line_ends_of_version_control_are_no_change(package: Path, compiles: list[int]) -> None:
    module = package / "area.py"
    module.write_bytes(module.read_bytes().replace(b"\n", b"\r\n"))
    assert again(package).written == ()
    assert compiles == []


def test_an_edit_of_the_same_size_in_the_same_moment_is_seen(package: Path) -> None:
    module = package / "area.py"
    time = module.stat().st_mtime_ns
    module.write_bytes(module.read_bytes().replace(b"Area", b"Aera"))
    os.utime(module, ns=(time, time))
    os.utime(package / CACHE / "last_run.json", ns=(time, time))
    with pytest.raises(GenerationError, match="someone edited"):
        again(package)


def test_a_file_of_another_branch_is_seen(package: Path, compiles: list[int]) -> None:
    stray = package / "folder" / "other.py"
    stray.parent.mkdir()
    stray.write_text(sealed("folder/other.py", "# Generated by brevetti-gen 1.\n"))
    (package / "mine.py").write_bytes((package / "area.py").read_bytes())
    assert again(package).removed == ("folder/other.py",)
    assert not stray.parent.exists()
    assert again(package) == Report(modules=("area",), unchanged=FILES)
    assert compiles == []


@pytest.mark.parametrize(
    "note", [None, b"", b"[]", b"{}", b"\xff", b"[" * 99999, b'{"files": {"../x": []}}', b"<<<<<<<"]
)
def test_without_the_cache_or_with_a_broken_one_the_result_is_the_same(
    package: Path, compiles: list[int], note: bytes | None
) -> None:
    def broken() -> None:
        if note is None:
            shutil.rmtree(package / CACHE)
        else:
            (package / CACHE / "last_run.json").write_bytes(note)

    before = {path: path.read_bytes() for path in package.glob("*.py")}
    broken()
    assert again(package) == Report(modules=("area",), unchanged=FILES)
    assert {path: path.read_bytes() for path in package.glob("*.py")} == before
    assert len(compiles) == 1
    again(package)
    assert len(compiles) == 1


def test_another_version_of_the_generator_counts(
    package: Path, compiles: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notes, "VERSION", "other")
    again(package)
    assert len(compiles) == 1


def test_a_changed_file_of_the_generator_counts(
    package: Path, compiles: list[int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # A checkout has one version for a long time: whoever pulls or works on it wants what is new.
    tool = tmp_path / "tool"
    shutil.copytree(Path(notes.__file__).parents[2] / "workbench" / "incremental", tool / "a" / "b")
    monkeypatch.setattr(notes, "__file__", str(tool / "a" / "b" / "notes.py"))
    for is_changed, count in ((False, 1), (False, 1), (True, 2), (False, 2)):
        if is_changed:
            (tool / "a" / "b" / "run.py").write_text("# another\n")
        notes._tool.cache_clear()
        again(package)
        assert len(compiles) == count
    monkeypatch.undo()
    notes._tool.cache_clear()


def test_git_ignores_the_cache(package: Path) -> None:
    assert (package / CACHE / ".gitignore").read_text() == "*\n"


def test_a_cache_that_cannot_be_written_is_done_without(package: Path) -> None:
    shutil.rmtree(package / CACHE)
    (package / CACHE).write_text("")
    assert again(package).written == ()
