"""The preview's page as a file, and hostile texts in it."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen.cli import main as cli
from brevetti_gen.preview.page import live_page, script_json

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]><img src=x onerror=alert(1)>",
    "</title><svg onload=alert(1)>",
    "\u2028\u2029\x00\x1b[31m",
    "\"'`${alert(1)}{{ 7 * 7 }}{% raw %}",
]


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the text of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.is_open = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.texts.append("")
        self.is_open = True

    def handle_endtag(self, tag: str) -> None:
        self.is_open = False

    def handle_data(self, data: str) -> None:
        if self.is_open:
            self.texts[-1] += data

    def named(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [
            (attributes, text)
            for (name, attributes), text in zip(self.found, self.texts, strict=True)
            if name == tag
        ]


def written(tmp_path: Path, *arguments: str) -> str:
    path = tmp_path / "page.html"
    assert cli.main(["preview", *arguments, "--html", str(path)]) == 0
    return path.read_text(encoding="utf-8")


def data_of(text: str) -> Any:
    (data,) = (
        content
        for attributes, content in Elements(text).named("script")
        if attributes.get("type") == "application/json"
    )
    return json.loads(data)


def schema_file(folder: Path, value: Any, name: str = "training.json") -> str:
    path = folder / name
    path.write_text(json.dumps(value), encoding="utf-8")
    return str(path)


def test_a_file_says_what_the_class_says_of_each_start(tmp_path: Path) -> None:
    data = data_of(written(tmp_path, str(SCHEMAS / "segmentation.schema.json")))
    (view,) = data["views"]
    assert data["live"] is False
    opened, quick, fine = view["starts"]
    assert [start["preset"] for start in view["starts"]] == [None, "Quick look", "Fine details"]
    assert json.loads(opened["config"])["training"]["epochs"] == 20
    assert json.loads(quick["config"])["training"]["epochs"] == 2
    assert fine["problems"] == []
    assert "seed" in view["nullable"]
    assert "training.epochs" not in view["nullable"]


def test_a_file_says_which_texts_may_be_empty(tmp_path: Path) -> None:
    named = {"type": "string", "minLength": 1}
    properties = {"name": named, "must": named, "note": {"type": "string"}, "size": {}}
    schema = {"type": "object", "properties": properties, "required": ["must"]}
    (view,) = data_of(written(tmp_path, schema_file(tmp_path, schema)))["views"]
    assert view["blankable"] == ["must", "note"]


def test_a_folder_becomes_one_file_with_all_of_its_schemas(tmp_path: Path) -> None:
    data = data_of(written(tmp_path, str(SCHEMAS)))
    modules = [view["module"] for view in data["views"]]
    assert modules == ["classifier", "common", "segmentation", "test_report"]
    assert [schema["module"] for schema in data["schemas"]] == modules


def test_the_policy_of_a_file_allows_its_script_and_nothing_else(tmp_path: Path) -> None:
    page = Elements(written(tmp_path, str(SCHEMAS / "segmentation.schema.json")))
    (policy,) = (
        attributes["content"] or ""
        for attributes, _ in page.named("meta")
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    (script,) = (text for attributes, text in page.named("script") if not attributes)
    ((_, style),) = page.named("style")
    for rule, text in (("script-src", script), ("style-src", style)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert rules["connect-src"] == "'none'"
    assert rules["default-src"] == "'none'"


def test_the_same_schema_gives_the_same_file(tmp_path: Path) -> None:
    first = written(tmp_path, str(SCHEMAS / "segmentation.schema.json"))
    assert str(SCHEMAS) not in first
    assert written(tmp_path, str(SCHEMAS / "segmentation.schema.json")) == first


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_text(tmp_path: Path, text: str) -> None:
    schema = {
        "type": "object",
        "title": text,
        "description": text,
        "properties": {
            "name": {"type": "string", "title": text, "description": text, "default": text},
            text: {"enum": [text, "b"], "default": text},
            "tags": {"type": "array", "items": {"enum": [text]}, "default": [text]},
        },
        "x-presets": {text: {"name": text}},
    }
    harmless = json.loads(json.dumps(schema).replace(json.dumps(text)[1:-1], "harmless"))
    source = schema_file(tmp_path, schema)
    hostile_page = Elements(written(tmp_path, source))
    plain_page = Elements(written(tmp_path, schema_file(tmp_path, harmless)))
    assert hostile_page.found[2:] == plain_page.found[2:]
    titles = [page.named("title") for page in (hostile_page, plain_page)]
    assert [len(title) for title in titles] == [1, 1]


def test_data_in_a_script_element_cannot_end_it() -> None:
    text = "".join([*HOSTILE, "\ud800"])
    embedded = script_json({"text": text})
    assert not re.search("[<>&\u2028\u2029\ud800]", embedded)
    assert json.loads(embedded) == {"text": text}


def test_titles_are_escaped() -> None:
    page = live_page({"schemas": [], "view": {"title": HOSTILE[3]}})
    assert f"<title>{html.escape(HOSTILE[3])} · form preview</title>" in page.html


def test_our_own_script_cannot_end_its_element(tmp_path: Path) -> None:
    page = Elements(written(tmp_path, schema_file(tmp_path, {"type": "object"})))
    (script,) = (text for attributes, text in page.named("script") if not attributes)
    for word in ("</script", "<!--", "innerHTML", "outerHTML", "insertAdjacentHTML", "eval("):
        assert word not in script
    assert script.rstrip().endswith("})();")


def test_only_a_page_of_ours_is_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = schema_file(tmp_path, {"type": "object"})
    written(tmp_path, source)
    written(tmp_path, source)
    mine = tmp_path / "mine.html"
    mine.write_text("<p>Mine</p>", encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["preview", source, "--html", str(mine)]) == 1
    assert "is not overwritten" in capsys.readouterr().err
    assert mine.read_text(encoding="utf-8") == "<p>Mine</p>"
    assert cli.main(["preview", source, "--html", str(tmp_path / "no" / "page.html")]) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "mine.html",
        "page.html",
        "training.json",
    ]


def test_a_schema_with_errors_gives_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = schema_file(tmp_path, {"type": "objekt"})
    assert cli.main(["preview", source, "--html", str(tmp_path / "page.html")]) == 1
    assert "training.json:1" in capsys.readouterr().err
    assert not (tmp_path / "page.html").exists()


def test_formats_and_maps_are_those_of_the_main_command(tmp_path: Path) -> None:
    (tmp_path / "mapped").mkdir()
    schema_file(tmp_path / "mapped", {"type": "string", "format": "date"}, "day.json")
    properties = {"day": {"$ref": "https://a.example/day.json", "default": "never"}}
    source = schema_file(tmp_path, {"type": "object", "properties": properties})
    maps = ["--map", f"https://a.example/={tmp_path / 'mapped'}"]
    for flags, warnings in ((maps, 0), ([*maps, "--assert-formats"], 1)):
        (view,) = data_of(written(tmp_path, source, *flags))["views"]
        assert len(view["warnings"]) == warnings


def test_a_file_tells_no_secrets(tmp_path: Path) -> None:
    properties = {
        "token": {"writeOnly": True, "type": "string", "default": "hunter2"},
        "account": {
            "type": "object",
            "properties": {"pin": {"format": "password", "type": "string", "default": "hunter3"}},
            "default": {"pin": "hunter4"},
        },
        "keys": {"type": "array", "items": {"$ref": "#/$defs/Key"}, "default": ["hunter5"]},
        "epochs": {"type": "integer", "default": 5, "examples": [6]},
    }
    schema = {
        "properties": properties,
        "type": "object",
        "$defs": {"Key": {"writeOnly": True, "type": "string", "examples": ["hunter6"]}},
        "allOf": [{"properties": {"token": {"const": "hunter2"}}}],
        "x-presets": {"Long": {"epochs": 9}},
    }
    text = written(tmp_path, str(schema_file(tmp_path, schema)))
    assert "hunter" not in text
    shown = data_of(text)["view"]["json_schema"]
    assert shown["properties"]["epochs"] == properties["epochs"]
    assert shown["properties"]["token"] == {"writeOnly": True, "type": "string"}
    _, start = data_of(text)["view"]["starts"]
    assert json.loads(start["config"])["epochs"] == 9
    assert "--preset=Long" in start["command"]["short"]
    assert "--epochs=9" in start["command"]["full"]


def test_lists_of_fixed_length_open_as_the_class_has_them(tmp_path: Path) -> None:
    mean = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    inner = {"type": "object", "properties": {"size": {**mean, "default": [4, 5]}}}
    schema = {"type": "object", "properties": {"mean": {**mean, "default": [1, 2]}, "n": inner}}
    path = schema_file(tmp_path, schema, "lists.schema.json")
    [start] = data_of(written(tmp_path, path))["view"]["starts"]
    assert json.loads(start["config"]) == {"mean": [1, 2], "n": {"size": [4, 5]}}
    assert (start["notes"], start["problems"]) == ([], [])
    assert start["command"]["short"] == "python -m settings.lists"
