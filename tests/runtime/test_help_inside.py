"""What help says of unions, lists, maps and objects with a default of their own."""

from __future__ import annotations

import re
from typing import Any

from brevettiai.cli.help import manual_of
from brevettiai.cli.layout import Page
from brevettiai.cli.tree import listed_flags
from loaded_classes import loaded_class, tagged

NUMBER = {"type": "number"}
SEED = {"type": "integer", "title": "Seed"}
ADAM = {
    **tagged("adam", lr={**NUMBER, "default": 0.1}, seed=SEED, beta={**NUMBER, "default": 0.9}),
    "title": "Adam",
    "description": "With averages.",
}
SGD = tagged("sgd", lr={**NUMBER, "default": 1}, seed=SEED, momentum=NUMBER)
OPTIMIZER = {
    "title": "Optimizer",
    "anyOf": [ADAM, SGD],
    "default": {"name": "adam", "beta": 0.5},
}


def text(cls: Any, topic: str = "") -> str:
    """The help, with two spaces between a label and what it means."""
    told = manual_of(cls).text(topic, "some", Page(80))
    return re.sub(r"(?<=\S)   +", "  ", told)


def section(cls: Any, name: str) -> str:
    """The lines of the whole help that are about a section."""
    lines = text(cls).partition(f"\n{name}")[2].split("\n\nGeneral:")[0]
    return f"{name}{lines}"


def test_a_union_shows_its_kinds_and_what_each_takes() -> None:
    cls = loaded_class({"opt": OPTIMIZER})
    assert section(cls, "Optimizer") == (
        "Optimizer (--opt JSON):\n"
        "  --opt.name adam|sgd  Which of these it is. [default: adam]\n"
        "  --opt.seed INT  Seed\n"
        "\n"
        "  Adam (--opt.name adam):\n"
        "    With averages.\n"
        "\n"
        "    --opt.lr NUMBER  [default: 0.1]\n"
        "    --opt.beta NUMBER  [default: 0.5]\n"
        "\n"
        "  sgd (--opt.name sgd):\n"
        "    --opt.lr NUMBER  [default: 1]\n"
        "    --opt.momentum NUMBER"
    )


def test_a_kind_may_be_chosen_by_a_list() -> None:
    kinds = [{"properties": {"k": {"const": tag}, "x": NUMBER}} for tag in ([], {"a": 1})]
    told = section(loaded_class({"opt": {"anyOf": kinds}}), "opt")
    assert '--opt.k JSON  Which of these it is. [one of [], {"a": 1}]' in told
    assert "  [] (--opt.k []):" in told


def test_a_flag_of_several_kinds_is_told_for_each() -> None:
    cls = loaded_class(
        {"opt": OPTIMIZER}, **{"x-presets": {"quick": {"opt": {"name": "sgd", "lr": 3}}}}
    )
    told = text(cls, "opt.lr")
    assert told.count("--opt.lr NUMBER\n") == 2
    assert "kind  Adam (--opt.name adam)\n  value  a number\n  default  0.1\n" in told
    assert "kind  sgd (--opt.name sgd)\n" in told
    assert told.count("preset  quick makes it 3\n") == 1


def test_kinds_without_a_tag() -> None:
    first = {"type": "object", "properties": {"a": NUMBER}, "required": ["a"], "title": "First"}
    second = {"type": "object", "properties": {"b": NUMBER}, "required": ["b"]}
    cls = loaded_class({"either": {"anyOf": [first, second]}})
    told = section(cls, "either")
    assert told == (
        "either (--either JSON):\n"
        "  It is of one of these kinds.\n"
        "\n"
        "  First:\n"
        "    --either.a NUMBER  [required]\n"
        "\n"
        "  Either2:\n"
        "    --either.b NUMBER  [required]"
    )


def test_lists_of_objects_are_told_with_an_index() -> None:
    stage = {"type": "object", "properties": {"lr": {**NUMBER, "minimum": 0}, "opt": OPTIMIZER}}
    cls = loaded_class({"stages": {"type": "array", "items": stage, "title": "Stages"}})
    told = section(cls, "Stages")
    assert told.startswith(
        "Stages (--stages JSON):\n"
        "  N counts from 0; --stages.+ JSON adds one at the end.\n"
        "\n"
        "  --stages.N.lr NUMBER  [at least 0]\n"
    )
    assert "Optimizer (--stages.N.opt JSON):\n  --stages.N.opt.name adam|sgd" in told
    assert "--stages.N.opt.momentum NUMBER" in text(cls, "stages.0.opt")
    assert text(cls, "stages.0.lr") == text(cls, "--stages.N.lr")


def test_maps_are_told_with_a_key() -> None:
    job = {"type": "object", "properties": {"timeout": NUMBER}}
    cls = loaded_class(
        {
            "weights": {"type": "object", "additionalProperties": NUMBER},
            "folders": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
            },
            "jobs": {"type": "object", "additionalProperties": job},
            "any": {"type": "object"},
        }
    )
    told = text(cls)
    assert "--weights.KEY NUMBER\n  --folders.KEY TEXT ...\n  --any.KEY VALUE\n" in told
    assert (
        "jobs (--jobs JSON):\n  KEY stands for any name.\n\n  --jobs.KEY.timeout NUMBER\n" in told
    )
    assert "whole  --weights JSON\n" in text(cls, "weights")
    assert "--jobs.KEY.timeout NUMBER\n" in text(cls, "jobs.build.timeout")


def test_lists_of_words_and_choices() -> None:
    cls = loaded_class(
        {
            "sizes": {"type": "array", "items": {"type": "integer"}},
            "sides": {"type": "array", "items": {"enum": ["left", "right"]}},
            "pairs": {"type": "array", "items": {"type": "array", "items": NUMBER}},
        }
    )
    told = text(cls)
    for label in ("--sizes INT ...\n", "--sides left|right ...\n", "--pairs JSON\n"):
        assert label in told


def test_the_default_is_what_loads() -> None:
    opt = {
        "type": "object",
        "properties": {"name": {"default": "adam", "type": "string"}, "lr": {"default": 0.1}},
    }
    cls = loaded_class(
        {
            "opt": {**opt, "default": {"name": "sgd"}},
            "none": {**opt, "type": ["object", "null"], "default": None},
        }
    )
    told = text(cls)
    assert "--opt.name TEXT  [default: sgd]" in told
    assert "--[no-]opt.lr [VALUE]  [default: 0.1]" in told
    assert "none (--none JSON|null):\n  [default: null]\n" in told
    assert "--none.name TEXT  [default: adam]" in told


def test_the_default_of_what_must_be_given_is_proposed() -> None:
    properties = {"a": {"type": "integer", "default": 20}, "b": {"type": "integer", "default": "x"}}
    cls = loaded_class(properties, required=["a", "b"])
    assert "--a INT  [required; proposed: 20]\n" in text(cls)
    assert "--b INT  [required]\n" in text(cls)
    assert "proposed  20\n  required  must be given\n" in text(cls, "a")


def test_names_of_choices_are_told_where_there_is_room() -> None:
    cls = loaded_class(
        {
            "channels": {
                "oneOf": [{"const": 1, "title": "gray"}, {"const": 3, "title": "color"}],
                "default": 3,
            }
        }
    )
    assert "--channels 1|3  [default: 3]" in text(cls)
    assert "value  one of 1 (gray), 3 (color)\n" in text(cls, "channels")


def test_objects_that_have_their_like_under_any_key_are_told_once() -> None:
    tree = {
        "type": "object",
        "properties": {"n": NUMBER},
        "additionalProperties": {"$ref": "#/$defs/T"},
    }
    cls = loaded_class({"tree": {"$ref": "#/$defs/T"}}, **{"$defs": {"T": tree}})
    assert text(cls).count("--tree.n NUMBER") == 1
    assert cls.from_args(["--tree.a.b.n", "1"]).get_config() == {"tree": {"a": {"b": {"n": 1}}}}


def test_of_many_classes_inside_one_another_the_outer_ones_are_told() -> None:
    chain = {
        f"C{n}": {"type": "object", "properties": {"in": {"$ref": f"#/$defs/C{n + 1}"}}}
        for n in range(300)
    }
    cls = loaded_class({"in": {"$ref": "#/$defs/C0"}}, **{"$defs": {**chain, "C300": {}}})
    assert [flag.name for flag in listed_flags(cls)][:2] == ["in", "in.in"]
    assert text(cls).count("--in.in.in.in") >= 1


def test_secrets_are_shown_nowhere() -> None:
    login = {
        "type": "object",
        "properties": {
            "user": {"type": "string"},
            "key": {"type": "string", "writeOnly": True, "default": "hunter2"},
        },
    }
    cls = loaded_class(
        {"login": login, "logins": {"type": "array", "items": login}},
        **{
            "x-presets": {
                "mine": {"login": {"key": "hunter2"}, "logins": [{"key": "hunter2"}]},
            }
        },
    )
    for topic in ("", "login", "login.key", "logins", "presets"):
        told = text(cls, topic)
        assert "hunter2" not in told
        assert ("secret" in told) == (topic not in ("presets",))
    assert "--login.key  ***\n  --logins  ***\n" in text(cls, "presets")
