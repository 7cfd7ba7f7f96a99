"""What schemas list for secrets, wherever these lie, is looked for in what every command shows.

Such values stand in the checks that are generated, and in JSON Schemas of classes; nowhere else.
"""

from __future__ import annotations

import importlib
import json
import logging
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import generate
from brevetti_gen.cli.main import main
from brevetti_gen.preview.catalog import Catalog
from brevetti_gen.preview.state import offline_document, view_document
from brevetti_gen.preview.verdict import verdict_document
from brevettiai.adapters import SettingsAdapter, owner_of
from brevettiai.cli.completion import complete
from brevettiai.cli.help import manual_of
from brevettiai.cli.layout import Page
from brevettiai.cli.shells import respond
from brevettiai.cli.words import ASKED, SHELLS
from brevettiai.form.libraries import KEYS, form_for
from brevettiai.search.exports import ENGINES
from brevettiai.settings import SettingsError

Schema = dict[str, Any]
#: Begin all secrets, texts and numbers.
CANARIES = re.compile("canary[a-z0-9_]*|77000[0-9]+")
SIBLING = "sibling"
MARKS: tuple[Schema, ...] = ({"writeOnly": True}, {"format": "password"})


def listed(place: str, number: int) -> dict[str, Schema]:
    """Schemas that list values, by the way; those for texts and for numbers."""
    text = f"canary_{place}_"
    return {
        "enum": {"enum": [f"{text}1", f"{text}2"], "default": f"{text}1", "examples": [f"{text}2"]},
        "const": {"const": f"{text}3"},
        "named": {"oneOf": [{"const": f"{text}{n}", "title": f"{text}{n}t"} for n in (5, 6)]},
        "numbers": {"enum": [number, number + 1], "examples": [number]},
    }


def array(**keywords: Any) -> Schema:
    return {"type": "array", **keywords}


def record(**properties: Any) -> Schema:
    return {"type": "object", "properties": {"o": {"enum": [SIBLING]}, **properties}}


#: What makes of a secret's schema that of a setting, and of its value that of the setting.
AROUND: dict[str, tuple[Callable[[Schema], Schema], Callable[[Any], Any]]] = {
    "itself": (lambda s: s, lambda v: v),
    "null": (lambda s: {"anyOf": [s, {"type": "null"}]}, lambda v: v),
    "union": (lambda s: {"anyOf": [s, {"type": "boolean"}, array()]}, lambda v: v),
    "items": (lambda s: array(items=s), lambda v: [v]),
    "lists": (lambda s: array(items=array(items=s)), lambda v: [[v]]),
    "items or null": (lambda s: {"anyOf": [array(items=s), {"type": "null"}]}, lambda v: [v]),
    "union in items": (lambda s: array(items={"anyOf": [s, {"type": "boolean"}]}), lambda v: [v]),
    "prefix": (
        lambda s: array(prefixItems=[{"enum": [SIBLING]}, s], minItems=2, maxItems=2),
        lambda v: [SIBLING, v],
    ),
    "unevaluated": (
        lambda s: array(prefixItems=[{"enum": [SIBLING]}], unevaluatedItems=s),
        lambda v: [SIBLING, v],
    ),
    "contains": (lambda s: array(contains=s), lambda v: [v]),
    "map": (lambda s: {"type": "object", "additionalProperties": s}, lambda v: {"k": v}),
    "patterns": (
        lambda s: {
            "type": "object",
            "patternProperties": {"^k": s},
            "additionalProperties": False,
        },
        lambda v: {"k": v},
    ),
    "object": (lambda s: record(s=s), lambda v: {"s": v}),
    "objects": (lambda s: array(items=record(s=s)), lambda v: [{"s": v}]),
    "beside": (lambda s: {**record(), "additionalProperties": s}, lambda v: {"k": v}),
    "lists beside": (
        lambda s: {**record(), "additionalProperties": array(items=s)},
        lambda v: {"k": [v]},
    ),
    "kinds": (
        lambda s: {
            "oneOf": [
                {**record(kind={"const": "a"}, s=s), "required": ["kind"]},
                {**record(kind={"const": "b"}), "required": ["kind"]},
            ]
        },
        lambda v: {"kind": "a", "s": v},
    ),
    "reference": (lambda s: array(items={"$ref": f"#/$defs/{id(s)}"}), lambda v: [v]),
    "references": (lambda s: {"$ref": f"#/$defs/list{id(s)}"}, lambda v: [v]),
}
#: The same, where what is around the lists says that they are secret.
INSIDE: dict[str, tuple[Callable[[Schema], Schema], Callable[[Any], Any]]] = {
    name: AROUND[name] for name in ("items", "lists", "map", "object", "objects", "prefix")
}


def _settings() -> Iterator[tuple[str, Schema, Any, Schema]]:
    """The settings with secrets: each with a name, its schema, a value, and definitions."""
    for number, (place, (wrap, held)) in enumerate([*AROUND.items(), *INSIDE.items()]):
        outside = number >= len(AROUND)
        name = f"{'in_secret_' if outside else ''}{place.replace(' ', '_')}"
        ways = [*enumerate(listed(name, 77000000 + 10 * number).items())]
        for turn, (way, values) in ways[number % 2 :: 2]:
            mark = MARKS[turn // 2]
            schema = values if outside else {**values, **mark}
            found = wrap(schema)
            value = held(_first(values))
            if outside:
                found |= mark
            elif way == "enum" and "$ref" not in found and place != "itself":
                found = {**found, "default": value, "examples": [value]}
            link = {f"list{id(schema)}": array(items={"$ref": f"#/$defs/{id(schema)}"})}
            yield f"{name}_{way}", found, value, {f"{id(schema)}": schema, **link}


def _first(schema: Schema) -> Any:
    """A value that a schema lists."""
    if "oneOf" in schema:
        return _first(schema["oneOf"][0])
    return schema["const"] if "const" in schema else schema["enum"][0]


SETTINGS = [*_settings()]
CONFIG = {name: value for name, _, value, _ in SETTINGS}
SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **record(**{name: schema for name, schema, _, _ in SETTINGS}),
    "$defs": {
        name: schema
        for _, used, _, defs in SETTINGS
        for name, schema in defs.items()
        if "$ref" in json.dumps(used)
    },
    "x-presets": {"one": CONFIG},
}
SCHEMA["properties"]["rate"] = {"type": "number", "minimum": 0, "maximum": 1}
FILE = "training.schema.json"


def shown(text: str) -> None:
    """Assert that a text has something to say, and no secret."""
    assert text
    assert not CANARIES.findall(text)


def forms_and_flags(cls: Any, owner: Any) -> Iterator[str]:
    """What programs with a class tell; `owner` has its methods."""
    manual = manual_of(cls)
    yield manual.text("", "train", Page(200))
    for name in ["preset", *(flag.name for flag in manual.flags if flag.name)]:
        yield manual.text(name, "train", Page(200))
    words: list[tuple[list[str], str]] = [(["--preset"], ""), ([], "--")]
    for name in CONFIG:
        words += [([f"--{name}"], ""), ([], f"--{name}.")]
        words += [([], f"--{name}{step}=") for step in ("", ".0", ".0.0", ".1", ".k", ".s", ".0.s")]
    yield "\n".join(repr(complete(cls, *each).words) for each in words)
    space = owner.search_space("*", base=CONFIG)
    yield f"{space!r} {space.left_out}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is lost
        found = [
            space.export(engine, program="train", goal="min loss", image="i") for engine in ENGINES
        ]
    yield "".join(f"{each} {each!r}" for each in found)
    yield json.dumps(owner.get_schema().schema)
    yield json.dumps(owner.get_schema("inside").schema)
    for library in KEYS:
        yield json.dumps(owner.form_for(library) if owner is not cls else form_for(cls, library))
    settings = owner.from_config(CONFIG)
    yield json.dumps(
        owner.get_config(settings, hide_secrets=True)
        if owner is not cls
        else settings.get_config(hide_secrets=True)
    )
    for name, value in CONFIG.items():
        for wrong in ([[value]], {"s": [value]}, f"{value}x", ["x"], {"k": "x"}, {"s": "x"}):
            for load, given in ((owner.from_config, wrong), (owner.from_settings, wrong)):
                try:
                    load({name: given})
                except SettingsError as error:
                    yield f"{error} {error!r} {error.problems!r}"


def test_classes_do_not_tell(
    class_of: Callable[..., Any],
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    cls = class_of(SCHEMA)
    for text in forms_and_flags(cls, cls):
        shown(text)
    assert SIBLING in json.dumps(cls.get_schema().schema)
    settings = cls.from_config(CONFIG)
    shown(repr(settings) + settings._repr_html_() + (cls.__doc__ or ""))
    for how in ("table", "json", "toml", "yaml"):
        for words in ([], ["--preset=one"], [f"--.={json.dumps(CONFIG)}"]):
            with pytest.raises(SystemExit):
                cls.from_args([*words, f"--show-settings={how}"])
    for shell in SHELLS:
        for typed in ([], ["1", "t --items", "--items"] if shell == "bash" else ["--items"]):
            with pytest.raises(SystemExit):
                respond(ASKED.join([shell, *typed]), cls)
    shown("".join(capsys.readouterr()) + caplog.text)


def test_texts_that_look_like_numbers_among_mixed_choices(class_of: Callable[..., Any]) -> None:
    cls = class_of(record(p=array(items={"enum": ["1", 2], "writeOnly": True})))
    with pytest.raises(SettingsError, match=r"p\[0\]: must be what its schema lists"):
        cls.from_args(["--p.0=1"])
    assert cls.from_args(['--p.0="1"', "--p.1=2"]).p == ["1", 2]
    settings = cls(p=["1", 2, "1"])
    assert cls.from_args(settings.to_args()) == settings
    assert cls.from_settings(settings.get_settings()) == settings


@pytest.mark.slow
def test_a_sweep_does_not_tell(
    class_of: Callable[..., Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("optuna", reason="needs the extra `sweep`")
    plotly = pytest.importorskip("plotly.offline", reason="needs the extra `sweep`")
    from brevettiai.sweep.__main__ import main as look
    from standins.sweeps import Sweep

    cls = class_of(SCHEMA)
    public = cls.from_config(CONFIG).get_config(hide_secrets=True)
    sweep = Sweep(cls, str(tmp_path / "sweep"), "kinds_enum", "rate")
    given: Any = {"base": public, "secrets_too": CONFIG}
    sweep.drive(lambda run: iter([{"loss": 1}]), runs=2, search="random", **given)
    for words in ("report", "best", "best --as settings", "best --as preset"):
        command, *options = words.split()
        assert look([command, sweep.folder, *options]) in (0, 1)  # without secrets not all loads
        shown("".join(capsys.readouterr()))
    for path in filter(Path.is_file, Path(sweep.folder).rglob("*")):
        shown(path.read_text(encoding="utf-8").replace(plotly.get_plotlyjs(), ""))


@pytest.mark.parametrize(
    "style",
    [
        *(pytest.param(style, marks=pytest.mark.slow) for style in ("pydantic", "msgspec")),
        *("dataclass", "typeddict"),
    ],
)
def test_classes_of_other_styles_do_not_tell(
    style: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(style if style in ("pydantic", "msgspec") else "json", reason="needs it")
    path = tmp_path / FILE
    path.write_text(json.dumps(SCHEMA), encoding="utf-8")
    name = f"listed_{style}"
    generate([path], tmp_path / name, style=style)
    monkeypatch.syspath_prepend(tmp_path)
    cls = importlib.import_module(f"{name}.training").Training
    adapter = owner_of(cls)
    assert isinstance(adapter, SettingsAdapter)
    for text in forms_and_flags(adapter.facts, adapter):
        shown(text)
    if style in ("dataclass", "pydantic"):  # the others say of themselves that they cannot
        shown(repr(adapter.from_config(CONFIG)))
    sys.modules.pop(f"{name}.training")


@pytest.mark.slow
def test_commands_do_not_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = json.dumps(SCHEMA, indent=1)
    Path(FILE).write_text(text, encoding="utf-8")
    others = {
        "values": re.sub("(canary_[a-z_]*)([1357])", r"\1other\2", text).replace("77000", "77009")
    }
    others["none"] = json.dumps(_without_values(SCHEMA))
    for name, other in others.items():
        Path(name).mkdir()
        Path(name, FILE).write_text(other, encoding="utf-8")
    commands = [
        [FILE, "-o", "settings"],
        ["lint", FILE, "--verbose"],
        ["docs", FILE, "-o", "docs", "--since", f"values/{FILE}"],
        *(["form", FILE, "-o", f"forms_{library}", "--for", library] for library in KEYS),
        ["form", FILE, "-o", "forms"],
        *(
            ["diff", *files, "--output-format", how]
            for how, files in zip(
                ("text", "json", "markdown", "github"),
                (
                    [one, other]
                    for name in others
                    for one, other in permutations((FILE, f"{name}/{FILE}"))
                ),
                strict=True,
            )
        ),
    ]
    for command in commands:
        assert main(command) in (0, 1), command
        found = "".join(capsys.readouterr())
        assert not CANARIES.findall(found), command
    written = [p for p in Path().rglob("*") if p.is_file() and p.parts[0][:4] in ("docs", "form")]
    assert len(written) > 4
    for path in written:
        assert not CANARIES.findall(path.read_text(encoding="utf-8")), path


def _without_values(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_values(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    gone = {"enum", "const", "default", "examples", "x-presets"}
    return {key: _without_values(each) for key, each in schema.items() if key not in gone}


def test_the_preview_does_not_tell(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_text(json.dumps(SCHEMA), encoding="utf-8")
    view = Catalog([path]).view("training")
    assert view is not None
    assert view.cls is not None
    for document in (view_document(view), offline_document(view)):
        for part in document:
            assert not CANARIES.findall(json.dumps(document[part])), part
    for model in ({}, view.cls.from_config(CONFIG).get_settings(), dict.fromkeys(CONFIG, "x")):
        shown(json.dumps(verdict_document(view.cls, "training", model, "one")))
