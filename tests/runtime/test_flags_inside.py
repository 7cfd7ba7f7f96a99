"""Flags that lead into unions, lists, maps and tuples, and over an object's own default."""

from __future__ import annotations

from typing import Any

import pytest
from brevettiai.cli.flags import find_flag, parse
from brevettiai.settings import SettingsError
from loaded_classes import loaded_class, tagged

NUMBER = {"type": "number"}
INTEGER = {"type": "integer"}
BOOLEAN = {"type": "boolean"}
TEXT = {"type": "string"}
ADAM = tagged("adam", lr=NUMBER, beta=NUMBER, when={"anyOf": [INTEGER, BOOLEAN]})
SGD = tagged("sgd", lr=NUMBER, momentum=NUMBER, nesterov=BOOLEAN, when=TEXT)
OPTIMIZER = {"anyOf": [ADAM, SGD]}
STAGE = {
    "type": "object",
    "properties": {"lr": NUMBER, "opt": OPTIMIZER, "sizes": {"type": "array", "items": INTEGER}},
}
NET = {
    "type": "object",
    "properties": {"width": INTEGER, "depth": INTEGER},
    "required": ["width", "depth"],
    "default": {"width": 8, "depth": 18},
}
OPT = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "default": "adam"},
        "lr": {"type": "number", "default": 0.001},
        "deep": {"type": "object", "properties": {"a": INTEGER, "b": INTEGER}, "default": {"a": 1}},
    },
    "default": {"name": "sgd", "lr": 0.1},
}


def several(kind: Any, **properties: Any) -> dict[str, Any]:
    """A branch with a tag of its own, that takes other keys too."""
    known = {"kind": kind, "name": {}, **properties}
    return {"type": "object", "properties": known, "required": ["kind"]}


Training = loaded_class(
    {
        "optimizer": {**OPTIMIZER, "default": {"name": "adam", "beta": 0.5}},
        "other": OPTIMIZER,
        "loose": {
            "anyOf": [
                {"type": "object", "properties": {"a": NUMBER}, "additionalProperties": False},
                {"type": "object", "properties": {"b": NUMBER}, "additionalProperties": False},
            ]
        },
        "several": {
            "oneOf": [
                several({"enum": ["a", "b"]}, x=NUMBER),
                several({"const": "c"}, y=NUMBER),
            ]
        },
        "plain": {"anyOf": [ADAM, TEXT, {"type": "null"}], "default": "auto"},
        "stages": {"type": "array", "items": STAGE, "default": [{"lr": 1}, {"lr": 2}]},
        "weights": {"type": "object", "additionalProperties": NUMBER, "default": {"chips": 1}},
        "switches": {"type": "object", "additionalProperties": BOOLEAN},
        "jobs": {"type": "object", "additionalProperties": STAGE},
        "kinds": {"type": "object", "additionalProperties": {"type": "array", "items": OPTIMIZER}},
        "pair": {"type": "array", "prefixItems": [NUMBER, TEXT], "items": False},
        "sizes": {"type": ["array", "null"], "items": INTEGER, "default": [1, 2]},
        "grid": {"type": "array", "items": {"type": "array", "items": INTEGER}},
        "free": {},
        "net": NET,
        "opt": OPT,
        "flat": {"type": "object", "properties": {"x": INTEGER}},
    },
    **{
        "x-presets": {
            "half": {"opt": {"lr": 0.5}},
            "deep": {"opt": {"deep": {"b": 2}}},
            "sgd": {"optimizer": {"name": "sgd"}},
        }
    },
)


def config(*args: str, base: dict[str, Any] | None = None) -> Any:
    """The config that a command line without mistakes gives."""
    parsed = parse(Training, args, config=base)
    assert parsed.problems == []
    return parsed.config


def problem(*args: str) -> str:
    """The only problem of a command line."""
    (found,) = parse(Training, args).problems
    return str(found)


# Unions


def test_a_kind_and_what_is_in_it() -> None:
    assert config("--other.name", "sgd", "--other.momentum", "0.9", "--other.nesterov") == {
        "other": {"name": "sgd", "momentum": 0.9, "nesterov": True}
    }
    assert config("--optimizer.beta=1") == {"optimizer": {"name": "adam", "beta": 1}}
    assert config("--optimizer.name=sgd", "--no-optimizer.nesterov") == {
        "optimizer": {"name": "sgd", "nesterov": False}
    }


@pytest.mark.parametrize(
    "args",
    [
        ["--optimizer.name=sgd", "--optimizer.momentum=1"],
        ["--optimizer.momentum=1", "--optimizer.name=sgd"],
        ["--optimizer.name=adam", "--optimizer.momentum=1", "--optimizer.name=sgd"],
        ["--optimizer", '{"name": "adam"}', "--optimizer.momentum=1", "--optimizer.name=sgd"],
    ],
)
def test_the_kind_counts_first_wherever_it_stands(args: list[str]) -> None:
    assert config(*args) == {"optimizer": {"name": "sgd", "momentum": 1}}


def test_what_is_said_of_the_whole_keeps_its_place() -> None:
    args = ["--other.beta=1", "--other", '{"name": "sgd", "lr": 2}', "--other.name=adam"]
    assert config(*args) == {"other": {"name": "adam", "lr": 2}}
    args = ["--other.name=adam", "--.", '{"other": {"name": "sgd"}}', "--other.momentum=2"]
    assert config(*args) == {"other": {"name": "sgd", "momentum": 2}}


def test_another_kind_drops_what_only_the_old_one_has() -> None:
    base = {"optimizer": {"name": "adam", "lr": 3, "beta": 1}}
    parsed = parse(Training, ["--optimizer.name", "sgd"], config=base)
    assert parsed.config == {"optimizer": {"name": "sgd", "lr": 3}}
    assert parsed.dropped == {("optimizer", "beta"): "--optimizer.name"}
    again = parse(Training, ["--optimizer.name=adam", "--optimizer.beta=2"], config=base)
    assert (again.config["optimizer"]["beta"], again.dropped) == (2, {})


def test_a_tag_may_have_several_constants() -> None:
    base = {"several": {"kind": "a", "x": 1, "name": 0}}
    assert config("--several.kind=b", base=base)["several"] == {"kind": "b", "x": 1, "name": 0}
    assert config("--several.kind=c", base=base)["several"] == {"kind": "c", "name": 0}


def test_a_setting_of_another_kind_says_how_to_choose_it() -> None:
    assert problem("--optimizer.momentum", "1") == (
        "optimizer.momentum: belongs to 'sgd', but 'adam' is there; give --optimizer.name sgd "
        "(from --optimizer.momentum)"
    )
    with pytest.raises(SettingsError, match=r"other\.name: is required; give --other\.name"):
        Training.from_args(["--other.momentum", "1"])
    with pytest.raises(SettingsError, match=r"must be one of 'adam', 'sgd', did you mean 'sgd'"):
        Training.from_args(["--other.name", "sdg", "--other.momentum", "1"])


def test_types_are_those_of_the_kind_that_is_there() -> None:
    assert config("--other.name=sgd", "--other.when=5")["other"]["when"] == "5"
    assert config("--other.name=adam", "--other.when=5")["other"]["when"] == 5
    assert config("--other.when", "--other.name=adam")["other"]["when"] is True
    # Nothing is there: the first that can read it.
    assert config("--other.when=5") == {"other": {"when": 5}}
    assert config("--other.when=soon") == {"other": {"when": "soon"}}


def test_unions_without_a_tag() -> None:
    assert Training.from_args(["--loose.b=1"]).get_config()["loose"] == {"b": 1}
    with pytest.raises(SettingsError, match="loose"):
        Training.from_args(["--loose.b=1", "--loose.a=2"])


def test_unions_of_objects_and_others() -> None:
    assert config("--plain.name=adam", "--plain.lr=1") == {"plain": {"name": "adam", "lr": 1}}
    assert config("--plain=null") == {"plain": None}
    assert config("--plain=slow") == {"plain": "slow"}
    assert config("--plain", '{"name": "adam"}') == {"plain": {"name": "adam"}}


# Lists, maps, tuples


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--stages.0.lr", "5"], [{"lr": 5}, {"lr": 2}]),
        (["--stages.1", "{}"], [{"lr": 1}, {"lr": 2}]),
        (["--stages.2.lr", "3"], [{"lr": 1}, {"lr": 2}, {"lr": 3}]),
        (["--stages.+", '{"lr": 3}'], [{"lr": 1}, {"lr": 2}, {"lr": 3}]),
        (["--stages", '{"lr": 3}', "--stages", '{"lr": 4}'], [{"lr": 3}, {"lr": 4}]),
        (["--stages", '{"lr": 3}', '{"lr": 4}'], [{"lr": 3}, {"lr": 4}]),
        (["--stages=[]", "--stages.0.sizes", "1", "2"], [{"sizes": [1, 2]}]),
        (["--stages={}", "--stages.0.sizes.0", "1", "--stages.0.sizes.+=2"], [{"sizes": [1, 2]}]),
        (
            ["--stages={}", "--stages.0.opt.momentum=1", "--stages.0.opt.name=sgd"],
            [{"opt": {"name": "sgd", "momentum": 1}}],
        ),
        (["--unset", "stages.0"], [{"lr": 2}]),
    ],
)
def test_lists_of_objects(args: list[str], expected: Any) -> None:
    assert config(*args) == {"stages": expected}


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--sizes", "1", "-2", "3"], [1, -2, 3]),
        (["--sizes", "1", "--sizes", "[2, 3]", "4"], [1, 2, 3, 4]),
        (["--sizes.0", "7"], [7, 2]),
        (["--sizes.2=7"], [1, 2, 7]),
        (["--sizes.+=7", "--sizes.+=8"], [1, 2, 7, 8]),
        (["--sizes=null"], None),
        (["--sizes=null", "--sizes.0=3"], [3]),
    ],
)
def test_lists_of_scalars(args: list[str], expected: Any) -> None:
    assert config(*args) == {"sizes": expected}


def test_words_of_a_list_end_at_the_next_flag() -> None:
    assert config("--sizes", "1", "2", "--flat.x", "3") == {"sizes": [1, 2], "flat": {"x": 3}}
    assert problem("--sizes=1", "2") == "unexpected word '2'"
    assert problem("--sizes", "1", "-v") == "unknown flag -v; --help lists all"


def test_lists_of_lists() -> None:
    assert config("--grid", "[1, 2]", "[3]") == {"grid": [[1, 2], [3]]}
    assert config("--grid", "[[1, 2], [3]]") == {"grid": [[1, 2], [3]]}
    assert config("--grid=[]", "--grid.0.0=1", "--grid.+=[2]") == {"grid": [[1], [2]]}


def test_indices_that_are_too_large() -> None:
    assert problem("--sizes.5", "1") == (
        "sizes: has 2 items; the next one is --sizes.2 or --sizes.+ (from --sizes.5)"
    )
    assert "--pair.7: the items of --pair are numbered from 0" in problem("--pair.7=1")


def test_maps() -> None:
    assert config("--weights.dents", "10") == {"weights": {"chips": 1, "dents": 10}}
    assert config("--weights={}", "--weights.a-b=2") == {"weights": {"a-b": 2}}
    assert config("--unset=weights.chips") == {"weights": {}}
    assert config("--switches.a", "--switches.b", "off", "--no-switches.c") == {
        "switches": {"a": True, "b": False, "c": False}
    }
    assert config("--jobs.build.lr=1", "--jobs.build.opt.name=sgd") == {
        "jobs": {"build": {"lr": 1, "opt": {"name": "sgd"}}}
    }
    assert config("--kinds.a.0.name=sgd", "--kinds.a.0.lr=1") == {
        "kinds": {"a": [{"name": "sgd", "lr": 1}]}
    }


def test_tuples() -> None:
    assert config("--pair", "1", "2") == {"pair": [1, "2"]}
    assert config("--pair.0=1", "--pair.1=2") == {"pair": [1, "2"]}
    assert problem("--pair", "a") == "pair: each item must be a number (got 'a', from --pair)"


def test_settings_of_any_type() -> None:
    assert config("--free.a.b=1", "--free.c", "x") == {"free": {"a": {"b": 1}, "c": "x"}}
    assert config("--free.0=1", "--free.1.x=null") == {"free": [1, {"x": None}]}
    assert config("--free.0=1", base={"free": {}}) == {"free": {"0": 1}}


@pytest.mark.parametrize(
    ("flag", "told"),
    [
        ("--optimizer.momntum", ", did you mean --optimizer.momentum?"),
        ("--stages.0.lrr", ", did you mean --stages.0.lr?"),
        ("--kinds.a.0.nmae", ", did you mean --kinds.a.0.name?"),
        ("--momentum", ", did you mean --optimizer.momentum or --other.momentum?"),
        ("--optimizer.zzz", ": inside --optimizer are name, lr, beta, when, momentum, nesterov"),
        ("--stages.x", ": the items of --stages are numbered from 0, and --stages.+ appends one"),
        ("--stages.+.lr", ": --stages.+ takes a whole item, as JSON"),
        ("--weights.a.b", ": --weights.a has nothing inside"),
        ("--weights.", """: give it as JSON of its object, --weights '{"": …}'"""),
    ],
)
def test_names_that_lead_nowhere(flag: str, told: str) -> None:
    assert find_flag(Training, flag[2:]) is None
    assert problem(f"{flag}=1") == f"unknown flag {flag}{told}"


# An object's own default


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--opt.lr=0.2"], {"name": "sgd", "lr": 0.2}),
        (["--opt", '{"lr": 0.2}'], {"name": "sgd", "lr": 0.2}),
        (["--.", '{"opt": {"lr": 0.2}}'], {"name": "sgd", "lr": 0.2}),
        (["--preset=half"], {"name": "sgd", "lr": 0.5}),
        (["--opt.deep.b=2"], {"name": "sgd", "lr": 0.1, "deep": {"a": 1, "b": 2}}),
        (["--preset=deep"], {"name": "sgd", "lr": 0.1, "deep": {"a": 1, "b": 2}}),
        (["--unset=opt.lr"], {"name": "sgd"}),
        (["--opt.lr=3", "--unset=opt", "--opt.name=x"], {"name": "x", "lr": 0.1}),
    ],
)
def test_parts_lie_over_the_default_of_the_whole(args: list[str], expected: Any) -> None:
    assert config(*args) == {"opt": expected}


def test_a_default_that_has_what_is_required() -> None:
    assert config("--net.depth", "50") == {"net": {"width": 8, "depth": 50}}
    assert Training.from_args(["--net.depth=50"]).net.width == 8


def test_what_is_stored_is_complete() -> None:
    assert config("--opt.lr=2", base={"opt": {}}) == {"opt": {"lr": 2}}
    assert config("--flat.x=2", base={"flat": None}) == {"flat": {"x": 2}}


def test_presets_load_what_their_flag_loads() -> None:
    for name in Training.presets():
        assert Training.from_preset(name) == Training.from_args([f"--preset={name}"])
    assert Training.from_preset("half").opt.name == "sgd"


def test_a_default_has_no_origin() -> None:
    assert parse(Training, ["--opt", '{"lr": 2}', "--flat={}"]).origins == {
        ("opt", "lr"): "--opt",
        ("flat",): "--flat",
    }


def test_unset_needs_a_name() -> None:
    assert problem("--unset", "optt") == ("--unset optt: unknown flag --optt, did you mean --opt?")
    assert problem("--unset") == "--unset needs a value"
    assert problem("--unset", '["opt", "x y"]') == (
        """--unset ["opt", "x y"]: there is nothing to take back"""
    )
    assert parse(Training, ["--unset=opt.lr"]).dropped == {("opt", "lr"): "--unset opt.lr"}


def test_what_may_hold_a_secret_is_not_repeated_in_problems() -> None:
    key = {"type": "object", "properties": {"key": {"type": "string", "format": "password"}}}
    keyed = loaded_class({"stages": {"type": "array", "items": key}})
    with pytest.raises(SettingsError) as caught:
        keyed.from_args(["--stages", '{"key": "hunter2"'])
    assert "expecting ',' delimiter at column 18 (from --stages)" in str(caught.value)
