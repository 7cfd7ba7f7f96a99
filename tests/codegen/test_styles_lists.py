"""Lists of a fixed length: what each style says of their items, reads and writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import generated_code
import pytest
from brevettiai.adapters import SettingsAdapter
from style_classes import STYLES, Make, Refused, keep, load, lost
from style_forms import assert_same_form

each_style = pytest.mark.parametrize("style", STYLES)
#: The styles whose objects hold tuples.
TUPLES = ("pydantic", "msgspec", "dataclass")

NEWER = "https://json-schema.org/draft/2020-12/schema"
OLDER = "http://json-schema.org/draft-07/schema#"
NUMBER = {"type": "number"}


def fixed(*items: Any, draft: str = NEWER, **more: Any) -> dict[str, Any]:
    """A list of these items and no others."""
    first, rest = ("prefixItems", "items") if draft == NEWER else ("items", "additionalItems")
    return {"type": "array", first: list(items), rest: False, "minItems": len(items), **more}


def schema_of(draft: str) -> dict[str, Any]:
    def tuple_of(*items: Any, **more: Any) -> dict[str, Any]:
        return fixed(*items, draft=draft, **more)

    pair = tuple_of(NUMBER, NUMBER)
    return {
        "$schema": draft,
        "type": "object",
        "properties": {
            "betas": {**pair, "default": [0.9, 0.999]},
            "mixed": tuple_of({"type": "string"}, {"type": "integer", "maximum": 5}),
            "single": tuple_of({"type": "string"}, default=["a"]),
            "or_null": {**pair, "type": ["array", "null"]},
            "either": {"anyOf": [{"type": "string", "pattern": "^\\S+$"}, pair]},
            "by_name": {"type": "object", "additionalProperties": pair},
            "pairs": {"type": "array", "items": pair, "default": [[0, 1]]},
            "nested": tuple_of(pair, {"type": "boolean"}),
            "points": tuple_of(
                {"$ref": "#/definitions/point"},
                {"$ref": "#/definitions/point"},
                default=[{}, {"x": 2}],
            ),
        },
        "definitions": {
            "point": {"type": "object", "properties": {"x": {"type": "integer", "default": 0}}}
        },
    }


CONFIG = {
    "betas": [0.5, 0.75],
    "mixed": ["a", 3],
    "single": ["b"],
    "or_null": [1.5, 2.5],
    "either": [0.5, 1.5],
    "by_name": {"a": [1.5, 2.5]},
    "pairs": [[0.5, 1.5], [2.5, 3.5]],
    "nested": [[0.5, 1.5], True],
    "points": [{"x": 1}, {"x": 3}],
}
WRONG = {
    "betas": [[0.5], [0.5, "a"], [0.5, 1, 2], 5],
    "mixed": [["a", "b"], ["a", 2.5]],
    "pairs": [[[1]]],
    "nested": [[[1, 2], 3]],
    "points": [[{"x": 1}]],
}
USE = """
from {package}.training import Training

def scaled(settings: Training) -> float:
    total = settings.betas[0] * 2 + settings.betas[1] * 2
    for pair in settings.pairs:
        total += pair[0] * pair[1]
    return total + settings.points[1].x
"""


@each_style
@pytest.mark.parametrize("draft", [NEWER, OLDER])
def test_lists_of_a_fixed_length_are_read_and_written(style: str, draft: str, styled: Make) -> None:
    module = styled(style, schema_of(draft))
    keep(module.Training)
    adapter = SettingsAdapter.of(module.Training)
    settings = adapter.from_config(CONFIG)
    assert json.loads(adapter.to_json(settings)) == CONFIG
    assert adapter.from_settings(adapter.get_settings(settings)) == settings
    assert adapter.from_args(adapter.to_args(settings)) == settings
    load(style, module.Training, CONFIG)
    if style in TUPLES:
        assert (settings.betas, settings.mixed) == ((0.5, 0.75), ("a", 3))
        assert adapter.from_config({}).betas == (0.9, 0.999)
        assert [point.x for point in adapter.from_config({}).points] == [0, 2]
        for key, values in WRONG.items():
            for value in values:
                with pytest.raises(Refused):
                    load(style, module.Training, {key: value})


@each_style
@pytest.mark.parametrize("draft", [NEWER, OLDER])
def test_their_forms_are_those_of_our_own_classes(style: str, draft: str, styled: Make) -> None:
    plain = styled(None, schema_of(draft)).Training
    cls = styled(style, schema_of(draft)).Training
    keep(cls)
    assert_same_form(style, plain, SettingsAdapter.of(cls))


@pytest.mark.parametrize("style", ["pydantic", "msgspec"])
def test_what_a_tuple_says_is_not_lost(style: str, styled: Make) -> None:
    styled(style, schema_of(NEWER))
    assert lost(styled.report) == []  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.parametrize("style", [None, *TUPLES])
def test_type_checkers_know_what_an_item_is(
    style: str | None, styled: Make, tmp_path: Path
) -> None:
    module = styled(style, schema_of(NEWER))
    package = Path(str(module.__file__)).parent
    (package.parent / "use.py").write_text(USE.format(package=package.name), "utf-8")
    assert generated_code.mypy(package.parent) == ""
    assert generated_code.ruff(package) == ""


@pytest.mark.parametrize(
    ("schema", "hint"),
    [
        (fixed(NUMBER, NUMBER), "list[float]"),
        ({"prefixItems": [NUMBER, NUMBER], "type": "array", "items": False}, "list[float]"),
        ({"prefixItems": [NUMBER, NUMBER], "type": "array", "maxItems": 2}, "list[float]"),
        (
            {"prefixItems": [NUMBER, {"type": "string"}], "type": "array", "maxItems": 1},
            "list[float]",
        ),
        ({"prefixItems": [NUMBER, False, True], "type": "array"}, "list[float]"),
        ({"prefixItems": [NUMBER], "type": "array", "maxItems": 2}, "list[Any]"),
        (
            {"prefixItems": [NUMBER], "type": "array", "items": {"type": "string"}},
            "list[float | str]",
        ),
        ({"allOf": [{"prefixItems": [NUMBER], "type": "array"}, {"items": False}]}, "list[None]"),
    ],
)
def test_the_hint_of_a_list_is_what_its_items_can_be(
    schema: dict[str, Any], hint: str, styled: Make
) -> None:
    schema = {"type": "object", "properties": {"value": schema}, "required": ["value"]}
    cls = styled(None, schema).Training
    assert cls.__annotations__["value"] == hint
