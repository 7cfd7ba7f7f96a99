"""Options that decide what is generated stand in the package, and are taken again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import GenerationError, generate
from brevetti_gen.cli import main as cli
from brevetti_gen.write.seals import OPTIONS

URL = "https://schemas.example/"
ALL: dict[str, Any] = {
    "assert_formats": True,
    "form_ranges": "ignore",
    "maps": {f"{URL}b/": "mapped", f"{URL}a.json": "mapped/a.json"},
    "style": "dataclass",
}


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    put("schemas/training.json", {"properties": {"start": {"type": "string", "format": "date"}}})
    put("mapped/a.json", {"type": "integer"})
    return tmp_path


def put(name: str, value: Any) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(json.dumps(value), encoding="utf-8")


def recorded(folder: str = "settings") -> list[str]:
    return Path(folder, OPTIONS).read_text().splitlines()[1:]


def texts() -> dict[str, str]:
    return {path.name: path.read_text() for path in Path("settings").glob("*.py")}


def refusal() -> list[str]:
    with pytest.raises(GenerationError) as caught:
        generate(["schemas"], "settings")
    return str(caught.value).splitlines()


def test_a_package_without_options_has_no_file_of_them() -> None:
    generate(["schemas"], "settings", style="plain", assert_formats=False, maps={})
    assert not Path("settings", OPTIONS).exists()


def test_options_stand_one_a_line_and_are_taken_again() -> None:
    first = generate(["schemas"], "settings", **ALL)
    assert OPTIONS in first.written
    assert first.notices == ()
    assert Path("settings", OPTIONS).read_text().startswith("# Options of this package: ")
    assert recorded() == [
        "--assert-formats",
        "--form-ranges ignore",
        f"--map {URL}a.json=../mapped/a.json",
        f"--map {URL}b/=../mapped",
        "--style dataclass",
    ]
    made = texts()
    put("schemas/training.json", {"properties": {"at": {"$ref": f"{URL}a.json"}}})
    generate(["schemas"], "settings")
    put("schemas/training.json", {"properties": {"start": {"type": "string", "format": "date"}}})
    assert generate(["schemas"], "settings").notices == ()
    assert texts() == made


def test_seals_tell_the_options_that_decide_about_a_module() -> None:
    generate(["schemas"], "settings", **ALL)
    seal = texts()["training.py"].splitlines()[1]
    assert seal.endswith(" --assert-formats --form-ranges ignore --style dataclass")


def test_maps_are_found_from_wherever_one_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    put("schemas/training.json", {"properties": {"at": {"$ref": f"{URL}a.json"}}})
    generate(["schemas"], "settings", maps={URL: Path("mapped").absolute()})
    assert recorded() == [f"--map {URL}=../mapped"]
    monkeypatch.chdir("mapped")
    Path("../settings/training.py").unlink()
    assert generate(["../schemas"], "../settings").written == ("training.py",)


def test_changes_of_options_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    maps = {URL: "mapped", "urn:b": "mapped/a.json"}
    generate(["schemas"], "settings", maps=maps)
    maps = {URL: "schemas", "urn:c": "mapped/a.json"}
    report = generate(["schemas"], "settings", style="typeddict", assert_formats=True, maps=maps)
    assert report.notices == (
        "options: --assert-formats was off, is on",
        f"options: --map {URL} was ../mapped, is ../schemas",
        "options: --map urn:b was ../mapped/a.json, is not there",
        "options: --map urn:c was not there, is ../mapped/a.json",
        "options: --style was plain, is typeddict",
    )
    assert cli.main(["schemas", "-o", "settings", "--no-assert-formats", "--style", "plain"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "settings: options: --assert-formats was on, is off",
        "settings: options: --style was typeddict, is plain",
        "settings: 1 module, 10 files written",
    ]
    assert generate(["schemas"], "settings", maps={}).removed == (OPTIONS,)


def test_a_run_that_changes_nothing_but_options_counts() -> None:
    generate(["schemas"], "settings", maps={"urn:b": "mapped/a.json"})
    report = generate(["schemas"], "settings", maps={"urn:c": "mapped/a.json"})
    assert report.written == (OPTIONS,)


def test_modules_of_other_options_are_generated_again() -> None:
    """As after a merge with a branch that made a module before the options were changed."""
    put("schemas/other.json", {"type": "object"})
    generate(["schemas"], "settings")
    old = texts()["other.py"]
    generate(["schemas"], "settings", style="dataclass")
    Path("settings/other.py").write_text(old)
    assert generate(["schemas"], "settings").written == ("other.py",)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "<<<<<<< HEAD\n--style pydantic\n=======\n--style msgspec\n>>>>>>> theirs\n",
            [
                "settings/brevetti-gen.options:2: error: git left the options of two branches here",
                "    keep the options that shall hold, and delete the lines that git put in",
            ],
        ),
        (
            "--style attrs\n\n--style plain\n--map urn:x=\n--form-ranges ignore\n--style msgspec\n",
            [
                "settings/brevetti-gen.options:2: error: '--style attrs' is no option of a package",
                "    delete this line",
                "settings/brevetti-gen.options:5: error: '--map urn:x=' is no option of a package",
                "    delete this line",
                "settings/brevetti-gen.options:7: error: '--style msgspec' is given twice",
                "    delete this line",
            ],
        ),
    ],
)
def test_a_broken_record_is_told_with_the_way_to_mend_it(text: str, lines: list[str]) -> None:
    generate(["schemas"], "settings", assert_formats=True)
    Path("settings", OPTIONS).write_text(f"# Options\n{text}")
    made = texts()
    assert refusal() == lines
    assert texts() == made
    Path("settings", OPTIONS).write_bytes(b"# Mended\r\n--assert-formats\r\n")
    assert generate(["schemas"], "settings").written == (OPTIONS,)


def test_a_record_edited_by_hand_counts_and_is_laid_out_anew() -> None:
    generate(["schemas"], "settings", assert_formats=True)
    Path("settings", OPTIONS).write_text("--style msgspec\n--assert-formats\n")
    assert set(generate(["schemas"], "settings").written) == {OPTIONS, *texts()}
    assert recorded() == ["--assert-formats", "--style msgspec"]
    Path("settings", OPTIONS).unlink()
    generate(["schemas"], "settings")
    assert not Path("settings", OPTIONS).exists()


@pytest.mark.parametrize("url", ["urn:a=b", "urn:a\nb"])
def test_what_cannot_be_recorded_is_refused(url: str) -> None:
    generate(["schemas"], "settings")
    made = texts()
    with pytest.raises(GenerationError, match="cannot be recorded"):
        generate(["schemas"], "settings", maps={url: "mapped/b.json"})
    assert texts() == made


def test_maps_on_another_drive_are_recorded_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def elsewhere(path: object, start: object) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr("brevetti_gen.write.options.os.path.relpath", elsewhere)
    generate(["schemas"], "settings", maps={URL: "mapped"})
    assert recorded() == [f"--map {URL}={Path('mapped').absolute().as_posix()}"]
    assert generate(["schemas"], "settings").notices == ()


def test_what_is_no_schema_is_left_out_when_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    put("schemas/registry.json", {"entries": ["a"]})
    put("schemas/data/training.json", [1, 2])
    with pytest.raises(GenerationError) as caught:
        generate(["schemas"], "settings")
    assert [
        problem.hint and problem.hint.partition("; ")[2] for problem in caught.value.problems
    ] == [
        "if it is something else, --exclude data/training.json leaves it out",
        "if it is something else, --exclude registry.json leaves it out",
    ]
    flags = ["--exclude", "data", "--exclude", "reg*.json"]
    assert cli.main(["schemas", "-o", "settings", *flags]) == 0
    assert capsys.readouterr().out == "settings: 1 module, 10 files written\n"
    assert recorded() == ["--exclude data", "--exclude reg*.json"]
    assert generate(["schemas"], "settings").notices == ()
    # A file that is given itself is meant.
    with pytest.raises(GenerationError):
        generate(["schemas", "schemas/registry.json"], "settings")


@pytest.mark.parametrize(
    "schema",
    [
        json.dumps({"$schema": "http://json-schema.org/draft-07/schema#"}),
        "$schema: https://json-schema.org/draft/2020-12/schema",
        "# A schema\n'$schema': 'https://json-schema.org/draft-07/schema'\ntype: [",
    ],
)
def test_what_says_that_it_is_a_schema_is_not_left_out_in_silence(schema: str) -> None:
    Path("schemas/draft.yaml").write_text(schema)
    put("schemas/package.json", {"$schema": "https://json.schemastore.org/package", "name": "x"})
    told = ("--exclude leaves out schemas: schemas/draft.yaml",)
    first = generate(["schemas"], "settings", exclude=["draft.*", "package.json"])
    assert first.notices == told
    assert generate(["schemas"], "settings").notices == told


def test_patterns_can_be_taken_back_and_must_be_some() -> None:
    generate(["schemas"], "settings", exclude=["data"])
    changed = "options: --exclude data was on, is not there"
    assert generate(["schemas"], "settings", exclude=[]).notices == (changed,)
    assert not Path("settings", OPTIONS).exists()
    for pattern in ("", "/", "a\n--style pydantic", " a"):
        with pytest.raises(GenerationError, match="is no pattern of names to leave out"):
            generate(["schemas"], "settings", exclude=[pattern])
    Path("settings", OPTIONS).write_text("--exclude \n")
    assert "'--exclude ' is no option of a package" in refusal()[0]
