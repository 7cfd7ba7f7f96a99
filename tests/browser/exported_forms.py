"""The forms that are drawn by the platform's form library, and the classes that they come from.

A further form joins by an entry in `EXAMPLES` (a schema or a form, by its file) or `MODULES`
(modules written by hand).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from brevettiai.compiled import json_equal
from brevettiai.interfaces.vue_schema_utils import VueSettingsModule
from browser.forms_in_browser import ABSENT, fields_of
from conformance.generated import generated, shared, write_json

HERE = Path(__file__).parent
SCHEMAS = HERE.parents[1] / "schemas"

#: Types of fields that draw nothing, or not their value, without a third party's script.
NEEDS_SCRIPTS = (
    *("rangeSlider", "noUiSlider", "vueMultiSelect", "selectEx", "dateTimePicker", "pikaday"),
    *("spectrum", "cleave", "masked", "googleAddress", "staticMap"),
)


@dataclass(frozen=True)
class Example:
    """A schema or form that becomes a class, and with it a form.

    Attributes:
        source: its file, or folder; one below the folder that `BREVETTI_SHARED` names is relative.
        module: the name of the generated module.
        filled: a config to be filled in by hand; what it leaves out has its default.
        imported: whether `source` is a form. Such a form is given back as it came, faults included;
            one that is made from a schema has none.
    """

    source: Path
    module: str
    filled: Mapping[str, Any] = field(default_factory=dict)
    imported: bool = False


@dataclass(frozen=True)
class Exported:
    """A class, and the form that it exports."""

    cls: Any
    form: dict[str, Any]


EXAMPLES = {
    "segmentation": Example(
        SCHEMAS,
        "segmentation",
        {
            "classes": ["crack", "Öl"],
            "class_mapping": {"crack": ["a", "b"], "Öl": ["öl"]},
            "device": "gpu",
            "seed": 12,
            "input": {"size": {"width": 1024, "height": 32}, "channels": 1},
            "model": {
                "backbone": "resnet50",
                "pretrained": False,
                "checkpoint": "s3://models/last.pt",
                "decoder": {"dropout": 0.25},
            },
            "augmentation": {
                "angle": 12.5,
                "flip_vertical": True,
                "color": {"saturation": 1},
                "rotation": -3,
            },
            "training": {
                "epochs": 1000,
                "loss": "focal",
                "optimizer": {"name": "sgd", "momentum": 0.5},
                "early_stopping": {"patience": 2},
            },
            "validation": {"share": 0.5, "split_by": "tag", "tags": ["a"]},
            "notes": 'Quotes " and <b>, [1, 2]',
        },
    ),
    "test_report": Example(
        SCHEMAS,
        "test_report",
        {
            "classes": ["dent"],
            "device": "gpu",
            "threshold": 0.125,
            "metrics": ["roc", "accuracy"],
            "gates": [{"metric": "iou", "at_least": 1}],
            "report": {
                "title": "Monday",
                "format": "pdf",
                "examples_per_class": 0,
                "recipients": ["a@example.org"],
                "reply_to": "b@example.org",
            },
        },
    ),
    "classifier": Example(
        SCHEMAS,
        "classifier",
        {
            "image": {"width": 64, "color_mode": "bayer"},
            "classes": ["a"],
            "class_mapping": {"a": ["b"]},
            "class_weights": {"a": 2.5},
            "training": {"epochs": 2, "learning_rate": 1e-05, "metrics": ["auc", "accuracy"]},
            "augmentation": {"translation": 0.5, "flip_horizontal": False},
            "export": {"name": "x-1", "format": "tflite"},
        },
        imported=True,
    ),
    "every_kind": Example(
        HERE / "every_kind.schema.json",
        "every_kind",
        {
            "integers": {
                "plain": -12,
                "without_default": 0,
                "limited": 10,
                "exclusive": 1,
                "of_32": 96,
                "nullable": 5,
                "nullable_given": None,
                "beyond_doubles": 9007199254740995,
            },
            "numbers": {
                "plain": -0.125,
                "exclusive": 0.999,
                "quarters": 0.25,
                "tiny": 1e-09,
                "huge": 1e308,
                "nullable": -1,
                "whole": 2.5,
            },
            "texts": {
                "plain": " kept  as it is ",
                "without_default": "äöü 日本 😀",
                "sized": "ab",
                "pattern": "abc-123",
                "nullable": "text",
                "date": "2025-12-24",
                "day": "1999-01-31",
                "color": "#001122",
                "moment": "2025-12-24T18:00:00+01:00",
                "address": "a@example.org",
                "place": "s3://bucket/key",
                "token": "secret token",
                "lines": "one\n  two",
                "like_json": '{"a": 1}',
            },
            "switches": {"on": False, "off": True, "without_default": True, "nullable": False},
            "choices": {
                "text": "blue",
                "without_default": "red",
                "number": 1,
                "nullable": None,
                "mixed": [2, "2"],
                "look_alikes": "1",
                "titled": "sgd",
                "blank": "<b>",
            },
            "lists": {
                "choices": ["green", "red"],
                "choices_without_default": ["green"],
                "number_choices": [2],
                "titled_choices": [1, 3],
                "odd_choices": ["x"],
                "repeated_choices": ["a", "a"],
                "numbers": [1, 0.5],
                "texts": ["a", ""],
                "pair": [2, "two"],
                "mean": [0.75, 2, 1],
                "size": [16, "mm"],
                "objects": [],
                "nullable": [1, 2],
                "without_default": [None],
            },
            "objects": {
                "weights": {"a": 1.5},
                "free": {"x": {"y": [1]}},
                "nullable": {"patience": 1},
                "union": 5,
                "number_or_text": 12,
                "anything": "text",
                "tree": {"name": "top", "below": {"name": "under"}},
                "deep": {"deeper": {"on": True, "leaf": 2}},
            },
            "labels": {
                "markup": 2,
                "on": False,
                "width": True,
                "height": True,
                "no_title": True,
                "choice": "b",
                "ключ": True,
                "with space": True,
                "with-dash": True,
                "class": "x",
            },
            "notes": {"old": 2.5, "free_text": "Short"},
        },
    ),
    "every_field": Example(
        HERE / "every_field.form.json",
        "every_field",
        {
            "input": {
                "text": "typed",
                "bare": "typed too",
                "number": 10,
                "unasked": 3,
                "fraction": 0.25,
                "bare_number": -1.5,
                "password": "secret",
                "email": "b@example.org",
                "tel": "+1",
                "url": "https://example.org/a",
                "search": "x",
            },
            "area": {
                "text": "a\nb",
                "json": {"b": None},
                "classes": ["c"],
                "class_mapping": {"c": "d"},
            },
            "checkbox": {"off": True, "on": False, "bare": True},
            "checklist": {"open": ["g", "r"], "closed": ["g"], "named": [1], "bare": [2, 1]},
            "select": {
                "text": "mae",
                "number": 1,
                "named": "a",
                "grouped": 2,
                "keys": True,
                "mixed": [1],
                "gone": "a",
                "bare": "a",
            },
            "radios": {"text": "left", "named": 1, "keys": "x", "bare": False},
            "facts": {"twice": "x"},
            "optional": {"switch": True, "switch_text": "off", "switch_bare": True},
        },
        imported=True,
    ),
    "criterion_sample_model": Example(
        Path("forms", "criterion-sample-model.form.json"),
        "criterion_sample_model",
        {"epochs": 3, "classes": "a,b", "validation": {"split_percentage": 5}},
        imported=True,
    ),
    **{
        f"golden_{name}": Example(Path("forms", "golden", f"{name}.json"), name, imported=True)
        for name in ("all_kinds", "deep", "schema_builder", "serializeable_object")
    },
}
#: The examples whose form is made from a schema, and those that are forms.
AUTHORED = [name for name, example in EXAMPLES.items() if not example.imported]
IMPORTED = [name for name, example in EXAMPLES.items() if example.imported]


@contextmanager
def exports(folder: Path) -> Iterator[Exports]:
    """Classes of the examples, generated below `folder` when one is asked for."""
    with ExitStack() as stack:
        yield Exports(folder, stack)


class Exports:
    """What `exports` gives: `exported["segmentation"]` is the class and form of an example."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._packages: dict[Path, Any] = {}
        self._exported: dict[str, Exported] = {}

    def __getitem__(self, name: str) -> Exported:
        if name not in self._exported:
            self._exported[name] = self._export(EXAMPLES[name])
        return self._exported[name]

    def original(self, name: str) -> dict[str, Any]:
        """The form that an imported example comes from, as it stands."""
        original = self._source(EXAMPLES[name])[1]
        assert original is not None, f"{name} comes from a schema"
        return original

    def _export(self, example: Example) -> Exported:
        source, _ = self._source(example)
        if source not in self._packages:
            folder = self._folder / example.module
            self._packages[source] = self._stack.enter_context(generated([source], folder, {}))
        package = self._packages[source]
        name = "".join(part.title() for part in example.module.split("_"))
        cls = getattr(package.module(example.module), name)
        return Exported(cls, as_json(cls.get_schema().schema))

    def _source(self, example: Example) -> tuple[Path, dict[str, Any] | None]:
        """What to generate from; and the form, where it is one."""
        if example.source.is_absolute():
            source = example.source
            form = source / f"{example.module}.form.json" if source.is_dir() else source
            return source, json.loads(form.read_text("utf-8")) if example.imported else None
        top = shared()
        if top is None:
            pytest.skip(f"needs {example.source} in the folder that BREVETTI_SHARED names")
        given = json.loads((top / example.source).read_text(encoding="utf-8"))
        original = given.get("schema", given)
        copy = self._folder / "given" / f"{example.module}.form.json"
        write_json(copy, original)
        return copy, original


def as_json(form: Any) -> Any:
    """A document as it arrives at the browser."""
    return json.loads(json.dumps(form))


def opened(form: Mapping[str, Any]) -> dict[str, Any]:
    """A form with the settings shown that the platform hides among the advanced ones.

    Fields that need a third party's script are left out.
    """
    copy: dict[str, Any] = as_json(form)
    for fields in (copy.get("fields", []), *(group["fields"] for group in copy.get("groups", []))):
        fields[:] = [field for field in fields if field["type"] not in NEEDS_SCRIPTS]
    for shown in fields_of(copy):
        if shown.get("visible") is False:
            del shown["visible"]
    return copy


def differences(found: Any, expected: Any, at: str = "") -> dict[str, tuple[Any, Any]]:
    """Where two configs, or the configs of two objects, differ: path → (found, expected)."""
    if isinstance(found, VueSettingsModule):
        found, expected = found.get_config(), expected.get_config()
    if isinstance(found, dict) and isinstance(expected, dict):
        keys = {**found, **expected}
        inside = [
            differences(found.get(key, ABSENT), expected.get(key, ABSENT), f"{at}.{key}")
            for key in keys
        ]
        return {path: pair for found in inside for path, pair in found.items()}
    if found is expected or (ABSENT not in (found, expected) and json_equal(found, expected)):
        return {}
    return {at[1:]: (found, expected)}


# Modules written by hand


class Lens(VueSettingsModule):
    def __init__(self, focal_length: float = 8.5, coated: bool = True):
        self.focal_length, self.coated = focal_length, coated


class Camera(VueSettingsModule):
    """A module with a parameter of each type that has a field."""

    def __init__(
        self,
        exposure: int = 20,
        gain: float = 1.5,
        name: str = "left",
        color: bool = True,
        mode: Literal["fast", "good"] = "good",
        levels: Literal[1, 2] = 2,
        regions: list = None,  # noqa: RUF013 - as job authors write it
        tags: dict = None,  # noqa: RUF013
        lens: Lens = None,
    ):
        self.exposure, self.gain, self.name, self.color = exposure, gain, name, color
        self.mode, self.levels = mode, levels
        self.regions, self.tags = regions or [], tags or {}
        self.lens = lens or Lens()


#: Modules written by hand, each with a config to be filled in.
MODULES = {
    "camera": (
        Camera,
        {
            "exposure": 5,
            "gain": 0.25,
            "name": "right",
            "color": False,
            "mode": "fast",
            "levels": 1,
            "regions": [[1, 2]],
            "tags": {"a": 1},
            "lens": {"focal_length": 12, "coated": False},
        },
    ),
    "lens": (Lens, {"focal_length": 3.5, "coated": False}),
}
