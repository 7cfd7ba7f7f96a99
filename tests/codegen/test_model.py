"""The model is a value: each step gives a new one, and types lead to its classes by keys."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from brevetti_gen.compile.judge import CompiledJudge, judge_of
from brevetti_gen.compile.scopes import DynamicScopes
from brevetti_gen.model.build import build
from brevetti_gen.model.fills import filled
from brevetti_gen.model.names import named, with_old_names
from brevetti_gen.model.types import ClassType, Model, ScalarType
from brevetti_gen.problems import Problem
from brevetti_gen.schema.nodes import Unfiled
from brevetti_gen.schema.resolve import Index
from brevetti_gen.workbench.lint.doubts import doubts
from brevetti_gen.workbench.lint.old_configs import growth_of

PART = {"type": "object", "properties": {"n": {"type": "integer", "default": 3}}}
WHOLE = {
    "type": "object",
    "properties": {
        "part": {**PART, "x-renamed-from": "piece"},
        "next": {"$ref": "#"},
        "parts": {"type": "array", "items": PART},
    },
}


def model_of(**schemas: Any) -> Model:
    index = Index()
    roots = {
        (name,): index.add(Unfiled(schema), f"file:///{name}.json")
        for name, schema in schemas.items()
    }
    return build(index, roots)


def contents(model: Model) -> list[object]:
    """Everything that a model says."""
    return [
        [module.path, module.root_name, module.root_type]
        + [getattr(cls, each.name) for cls in module.classes for each in fields(cls)]
        for module in model.modules
    ]


def test_each_step_gives_a_new_model_and_leaves_the_one_it_was_given() -> None:
    model = model_of(whole=WHOLE)
    judge = CompiledJudge(DynamicScopes(model.shapes.index), asserts_formats=False)

    def grown(given: Model) -> tuple[Model, list[Problem]]:
        return with_old_names(given, growth_of(given)), []

    for step in (named, grown, lambda given: filled(given, judge)):
        before = contents(model)
        after, _ = step(model)
        assert contents(model) == before
        assert contents(after) != before
        model = after


def test_values_of_the_model_cannot_be_written_into() -> None:
    model = model_of(whole=WHOLE)
    (module,) = model.modules
    for value in (model, module, module.classes[0], module.classes[0].properties[0]):
        for name in type(value).__annotations__:
            with pytest.raises(AttributeError):
                setattr(value, name, None)


def test_a_type_leads_to_the_class_of_whatever_model_it_is_asked_of() -> None:
    unnamed = model_of(whole=WHOLE)
    model, _ = named(unnamed)
    (root,) = (cls for cls in model.classes.values() if cls.is_root)
    part, following, parts = (prop.type for prop in root.properties)
    assert isinstance(part, ClassType)
    assert (unnamed.of(part).name, model.of(part).name) == ("", "Part")
    assert model.settings_class(following) is root
    assert model.settings_class(parts) is None
    assert [cls.name for cls in model.classes_in(parts)] == ["PartsItem"]
    assert model.settings_class(ScalarType("int")) is None


def test_classes_of_equal_schemas_differ_between_modules_and_within_one() -> None:
    model, _ = named(model_of(one=WHOLE, other=WHOLE))
    names = [(cls.module, cls.name) for cls in model.classes.values()]
    assert names == [
        (module, name)
        for module in (("one",), ("other",))
        for name in (module[0].title(), "Part", "PartsItem")
    ]


def test_what_objects_hold_is_known_both_ways() -> None:
    model, _ = named(model_of(whole=WHOLE))
    keys = {cls.name: key for key, cls in model.classes.items()}
    whole, part, item = keys["Whole"], keys["Part"], keys["PartsItem"]
    assert model.contained == {whole: {whole, part, item}, part: set(), item: set()}
    assert model.containing == {whole: {whole}, part: {whole}, item: {whole}}


def test_lists_say_what_each_item_must_be() -> None:
    prefix = [{"type": "string"}, {"type": "integer"}]
    more = {"allOf": [{"prefixItems": [{}], "items": {"maximum": 5}}]}
    model = model_of(
        list={
            "properties": {
                "pair": {"type": "array", "prefixItems": prefix, "items": False},
                "both": {"type": "array", "prefixItems": prefix, **more},
            }
        }
    )
    shapes = model.shapes
    (root,) = model.classes.values()
    said = [
        [[node.schema for node in nodes] for nodes in shapes.items(shapes.applied(prop.shape))]
        for prop in root.properties
    ]
    assert said == [
        [[prefix[0]], [prefix[1]], [False]],
        [[{}, prefix[0]], [{"maximum": 5}, prefix[1]], [{"maximum": 5}]],
    ]


def test_a_property_that_is_called_as_its_attribute_keeps_it() -> None:
    keys = ("learning-rate", "learning_rate", "learning rate", "class", "class_", "copy_", "copy")
    model, problems = named(model_of(a={"properties": {key: {} for key in keys}}))
    (cls,) = model.classes.values()
    assert {prop.key: prop.attribute for prop in cls.properties} == {
        "learning-rate": "learning_rate_2",
        "learning_rate": "learning_rate",
        "learning rate": "learning_rate_3",
        "class": "class__2",
        "class_": "class_",
        "copy_": "copy_",
        "copy": "copy__2",
    }
    told = doubts(model, judge_of(model.shapes.index))
    assert len([problem for problem in told if "is taken" in problem.message]) == 4
    assert problems == []
