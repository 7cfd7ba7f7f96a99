"""`brevetti-gen form` and `brevetti-gen import-form`, as people use them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen.cli import main as cli
from told_problems import without_sources

FORM = {
    "fields": [
        {"type": "label", "label": "Data"},
        {
            "type": "input",
            "inputType": "number",
            "label": "Size",
            "model": "size",
            "min": 1,
            "default": 3,
        },
    ]
}
SCHEMA = {"type": "object", "properties": {"size": {"type": "integer", "default": 3}}}


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def put(path: str, value: Any) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(json.dumps(value))


def test_forms_are_exported_and_only_changes_written(capsys: pytest.CaptureFixture[str]) -> None:
    put("schemas/a.schema.json", SCHEMA)
    put("schemas/deep/b.form.json", FORM)
    assert cli.main(["form", "schemas", "-o", "forms"]) == 0
    assert capsys.readouterr().out == "forms: 2 forms, 2 written\n"
    assert json.loads(Path("forms/a.form.json").read_text())["fields"][0]["model"] == "size"
    assert json.loads(Path("forms/deep/b.form.json").read_text()) == FORM
    assert cli.main(["form", "schemas", "-o", "forms"]) == 0
    assert capsys.readouterr().out == "forms: 2 forms, nothing changed\n"


def test_what_a_form_cannot_express_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    kinds = [
        {"type": "object", "required": ["name"], "properties": {"name": {"const": name}, **more}}
        for name, more in (("one", {}), ("two", {"bins": {"type": "array"}}))
    ]
    properties = {"free": {}, "a.b": {"type": "integer"}, "x": {"type": "integer"}}
    properties["union"] = {"oneOf": kinds}
    put(
        "a.json", {"type": "object", "properties": properties, "dependentRequired": {"x": ["free"]}}
    )
    put("b.json", {"type": "array"})
    assert cli.main(["form", "a.json", "b.json", "-o", "forms"]) == 0
    assert capsys.readouterr().err.splitlines()[-1] == "3 notes, which --verbose shows"
    assert cli.main(["form", "a.json", "b.json", "-o", "forms", "--verbose"]) == 0
    lines = without_sources(capsys.readouterr().err.splitlines())
    told = [line for line in lines if line.startswith(("a.", "b."))]
    assert told == [
        "a.json: warning: 'a.b' has no field: no form can have a field of that name",
        "a.json: note: conditions between settings (dependentRequired) are not checked by the form",
        "a.json: note: free is edited as JSON text",
        "a.json: note: union.bins is edited as JSON text",
        "b.json: warning: the root is no object, so it has no form",
        "b.json:1:10: warning: the root can be no object: it has functions that load it, and no "
        "class (at #/type)",
    ]
    assert [path.name for path in Path("forms").glob("*.form.json")] == ["a.form.json"]


def test_settings_without_a_field_are_told_in_one_line_and_each_on_request(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = {f"a.{number}": {"type": "integer"} for number in range(7)}
    inner = {"type": "object", "properties": {"b.c": {}}}
    put(
        "a.json",
        {
            "type": "object",
            "properties": {**names, "part": {"$ref": "#/$defs/p~1q"}},
            "$defs": {"p/q": inner},
        },
    )
    command = ["form", "a.json", "-o", "forms"]
    assert cli.main(command) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "a.json: warning: 8 settings have no field in the form: 'a.0', 'a.1', 'a.2', 'a.3', "
        "'a.4', … [form-limits]",
        "    --verbose tells where and why",
        "8 notes, which --verbose shows",
    ]
    assert cli.main([*command, "--verbose"]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if ": note: " in line]
    assert len(told) == 8
    assert told[0].startswith("a.json:1:42: note: 'a.0' has no field")
    assert "'part.b.c' has no field" in told[-1]
    assert "(at #/$defs/p~1q/properties/b.c)" in told[-1]


def test_a_limit_that_the_form_accepts_and_the_class_refuses_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rate = {"type": ["number", "null"], "exclusiveMaximum": 1}
    share = {**rate, "multipleOf": 0.25}
    put("a.json", {"type": "object", "properties": {"rate": rate, "share": share}})
    assert cli.main(["form", "a.json", "-o", "forms", "--verbose"]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if ": note: " in line]
    assert told == ["a.json: note: the field of rate takes 1, which loading refuses [form-limits]"]
    assert cli.main(["lint", "a.json", "--select", "form-limits"]) == 1
    assert "the field of 'rate' takes 1" in capsys.readouterr().err


def test_edited_forms_and_foreign_files_stay(capsys: pytest.CaptureFixture[str]) -> None:
    put("a.json", SCHEMA)
    assert cli.main(["form", "a.json", "-o", "forms"]) == 0
    Path("forms/a.form.json").write_text("{}")
    assert cli.main(["form", "a.json", "-o", "forms"]) == 1
    assert "someone edited this generated file" in capsys.readouterr().err
    assert Path("forms/a.form.json").read_text() == "{}"
    assert cli.main(["form", "a.json", "-o", "forms", "--force"]) == 0
    put("mine/a.form.json", FORM)
    assert cli.main(["form", "a.json", "-o", "mine"]) == 1
    assert json.loads(Path("mine/a.form.json").read_text()) == FORM


@pytest.mark.parametrize("folder", ["schemas", "schemas/forms"])
def test_forms_do_not_go_among_the_schemas(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    put("schemas/a.json", SCHEMA)
    assert cli.main(["form", "schemas", "-o", folder]) == 1
    assert "the forms would lie among the schemas" in capsys.readouterr().err


def test_forms_do_not_go_among_generated_classes(capsys: pytest.CaptureFixture[str]) -> None:
    put("a.json", SCHEMA)
    assert cli.main(["a.json", "-o", "settings"]) == 0
    assert cli.main(["form", "a.json", "-o", "settings"]) == 1
    assert "this folder holds generated classes" in capsys.readouterr().err
    assert Path("settings/a.py").exists()


def test_an_imported_form_can_be_refined_and_gives_itself_back(
    capsys: pytest.CaptureFixture[str],
) -> None:
    put("platform.form.json", FORM)
    assert cli.main(["import-form", "platform.form.json", "-o", "schemas/x.schema.json"]) == 0
    schema = json.loads(Path("schemas/x.schema.json").read_text())
    assert schema["properties"]["size"]["minimum"] == 1
    assert cli.main(["form", "schemas", "-o", "forms"]) == 0
    assert json.dumps(json.loads(Path("forms/x.form.json").read_text())) == json.dumps(FORM)
    schema["properties"]["size"]["title"] = "Size in px"
    put("schemas/x.schema.json", schema)
    assert cli.main(["form", "schemas", "-o", "forms"]) == 0
    fields = json.loads(Path("forms/x.form.json").read_text())["fields"]
    assert fields == [FORM["fields"][0], {**FORM["fields"][1], "label": "Size in px"}]
    capsys.readouterr()


def test_without_a_file_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    put("platform.form.json", FORM)
    assert cli.main(["import-form", "platform.form.json", "--form-ranges", "ignore"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert "minimum" not in schema["properties"]["size"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.json"], "nowhere.json: error: "),
        (["."], ".: error: is a folder; give the file of one form"),
        (["schema.json"], "this is a JSON Schema already, not a form"),
        (["config.json"], "neither a JSON Schema"),
        (["form.json", "-o", "x.yaml"], "x.yaml: error: a schema's file must end in .json"),
        (["form.json", "-o", "schema.json"], "schema.json: error: this file is there already"),
    ],
)
def test_what_cannot_be_imported_is_told(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put("schema.json", SCHEMA)
    put("config.json", {"size": 5})
    put("form.json", FORM)
    assert cli.main(["import-form", *arguments]) == 1
    assert message in capsys.readouterr().err
    assert json.loads(Path("schema.json").read_text()) == SCHEMA
    assert not Path("x.yaml").exists()


def test_forms_for_other_libraries_lie_beside_those_of_the_platform(
    capsys: pytest.CaptureFixture[str],
) -> None:
    put("schemas/a.schema.json", SCHEMA)
    put("schemas/deep/b.schema.json", {**SCHEMA, "x-presets": {"Big": {"size": 9}}})
    for library in ("rjsf", "jsonforms", "vue-form-generator", "rjsf"):
        assert cli.main(["form", "schemas", "-o", "forms", "--for", library]) == 0
    assert capsys.readouterr().out.splitlines() == [
        *["forms: 2 forms, 2 written"] * 3,
        "forms: 2 forms, nothing changed",
    ]
    written = sorted(path.name for path in Path("forms").rglob("*.json"))
    endings = ("form", "jsonforms", "rjsf")
    assert written == [f"{name}.{ending}.json" for name in "ab" for ending in endings]
    form = json.loads(Path("forms/deep/b.rjsf.json").read_text())
    assert form["formData"] == {"size": 3}
    assert form["presets"] == {"Big": {"size": 9}}
    Path("schemas/a.schema.json").unlink()
    assert cli.main(["form", "schemas", "-o", "forms", "--for", "jsonforms"]) == 0
    assert not Path("forms/a.jsonforms.json").exists()
    Path("forms/deep/b.rjsf.json").write_text("mine")
    assert cli.main(["form", "schemas", "-o", "forms", "--for", "jsonforms"]) == 0
    assert Path("forms/deep/b.rjsf.json").read_text() == "mine"


def test_what_the_form_for_a_library_lacks_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    weights = {"type": "object", "additionalProperties": {"type": "number"}}
    put("a.json", {"type": "object", "properties": {"weights": weights, "a.b": {}}})
    for library, told in (("rjsf", False), ("jsonforms", True)):
        command = ["form", "a.json", "-o", "forms", "--for", library, "--verbose"]
        assert cli.main(command) == 0
        lines = capsys.readouterr().err
        assert ("weights is edited as JSON text" in lines) is told
        assert "'a.b' has no field" in lines


def test_a_library_that_has_no_forms_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    put("a.json", SCHEMA)
    with pytest.raises(SystemExit) as ended:
        cli.main(["form", "a.json", "--for", "formly"])
    assert ended.value.code == 2
    assert "jsonforms" in capsys.readouterr().err
