"""The list of all flags of a class, which help, completion and argparse read."""

from __future__ import annotations

from typing import Any

from brevettiai.cli.tree import listed_flags
from loaded_classes import loaded_class, tagged
from settings_standins import Training, Tree

NUMBER = {"type": "number"}
ADAM = tagged("adam", lr={**NUMBER, "default": 0.1}, beta={**NUMBER, "default": 0.9})
SGD = tagged("sgd", lr={**NUMBER, "default": 1}, momentum=NUMBER)
OPTIMIZER = {"anyOf": [ADAM, SGD], "default": {"name": "adam", "beta": 0.5}}


def listed(cls: Any) -> list[tuple[str, str | None, str | None]]:
    """Name, the tag of the kind, and default of each flag."""
    return [
        (flag.name, flag.kind and flag.kind.tags[0], flag.default) for flag in listed_flags(cls)
    ]


def test_a_class_is_followed_by_its_fields() -> None:
    names = [flag.name for flag in listed_flags(Training)]
    at = names.index("augmentation")
    assert names[at : at + 4] == [f"augmentation{n}" for n in ("", ".angle", ".flip", ".blur")]
    assert [flag.name for flag in listed_flags(Tree) if not flag.open] == ["value", "child"]


def test_a_union_is_followed_by_the_fields_of_each_kind() -> None:
    cls = loaded_class({"opt": OPTIMIZER, "seed": {"type": "integer"}})
    assert listed(cls) == [
        ("opt", None, '{"name": "adam", "beta": 0.5}'),
        ("opt.name", "adam", '"adam"'),
        ("opt.lr", "adam", "0.1"),
        ("opt.beta", "adam", "0.5"),
        ("opt.name", "sgd", None),
        ("opt.lr", "sgd", "1"),
        ("opt.momentum", "sgd", None),
        ("seed", None, None),
    ]
    assert [flag.name for flag in listed_flags(cls, inside=False)] == ["opt", "seed"]


def test_lists_and_maps_are_followed_by_the_fields_of_their_objects() -> None:
    stage = {"type": "object", "properties": {"lr": NUMBER, "opt": OPTIMIZER}}
    cls = loaded_class(
        {
            "stages": {"type": "array", "items": stage},
            "jobs": {"type": "object", "additionalProperties": {"type": "array", "items": stage}},
            "pair": {"type": "array", "prefixItems": [NUMBER, ADAM], "items": False},
            "sizes": {"type": "array", "items": NUMBER},
        }
    )
    names = list(dict.fromkeys(flag.name for flag in listed_flags(cls)))
    inner = ["lr", "opt", "opt.name", "opt.lr", "opt.beta", "opt.momentum"]
    assert names == [
        *("stages", *(f"stages.N.{name}" for name in inner)),
        *("jobs", *(f"jobs.KEY.N.{name}" for name in inner)),
        *("pair", "pair.1.name", "pair.1.lr", "pair.1.beta"),
        "sizes",
    ]


def test_objects_in_themselves_are_listed_once() -> None:
    node = {
        "type": "object",
        "properties": {
            "next": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "string"}]},
            "all": {"type": "array", "items": {"$ref": "#/$defs/Node"}},
        },
    }
    cls = loaded_class({"node": {"$ref": "#/$defs/Node"}}, **{"$defs": {"Node": node}})
    assert [(flag.name, flag.open) for flag in listed_flags(cls)] == [
        ("node", True),
        ("node.next", False),
        ("node.all", False),
    ]


def test_the_default_is_what_loads() -> None:
    opt = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "default": "adam"},
            "lr": {"type": "number", "default": 0.001},
            "deep": {
                "type": "object",
                "properties": {"a": {"default": 1}, "b": {"default": 2}},
                "default": {"a": 3},
            },
        },
    }
    cls = loaded_class(
        {
            "opt": {**opt, "default": {"name": "sgd", "deep": {"b": 4}}},
            "other": {**opt, "type": ["object", "null"], "default": None},
        }
    )
    defaults = {flag.name: flag.default for flag in listed_flags(cls)}
    assert defaults == {
        "opt": '{"name": "sgd", "deep": {"b": 4}}',
        "opt.name": '"sgd"',
        "opt.lr": "0.001",
        "opt.deep": '{"b": 4}',
        "opt.deep.a": "1",
        "opt.deep.b": "4",
        "other": "null",
        "other.name": '"adam"',
        "other.lr": "0.001",
        "other.deep": '{"a": 3}',
        "other.deep.a": "3",
        "other.deep.b": "2",
    }
    loaded = cls.from_config({}).get_config()["opt"]
    assert loaded == {"name": "sgd", "lr": 0.001, "deep": {"a": 1, "b": 4}}
