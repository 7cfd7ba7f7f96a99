from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from brevettiai.cli.flags import parse
from brevettiai.compiled import json_equal
from brevettiai.messages.words import shown
from settings_standins import Training, Tree, field
from settings_standins import settings as settings_class


def config(*args: str, base: dict[str, Any] | None = None) -> Any:
    """The config that a command line without mistakes gives."""
    parsed = parse(Training, args, config=base)
    assert parsed.problems == []
    return parsed.config


def problems(*args: str, cls: Any = Training) -> list[str]:
    """The problems of a command line, as `path: message [text] <origin>`."""
    return [
        f"{'.'.join(map(str, each.path))}: {each.expected} [{each.given}] <{each.source}>"
        for each in parse(cls, args).problems
    ]


# Values


@pytest.mark.parametrize(
    "args",
    [
        ["--epochs", "3", "--augmentation.angle", "20"],
        ["--epochs=3", "--augmentation.angle=20"],
    ],
)
def test_a_flag_is_the_path_of_a_property(args: list[str]) -> None:
    assert config(*args) == {"epochs": 3, "augmentation": {"angle": 20}}


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("-0", 0), ("1e3", 1000), ("2.0", 2), (" 7 ", 7)]
)
def test_integers_in_json_notation(text: str, value: int) -> None:
    assert type(config("--epochs", text)["epochs"]) is int
    assert config("--epochs", text) == {"epochs": value}


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("-1.5", -1.5), ("1e-3", 0.001), ("1.5E+2", 150.0)]
)
def test_numbers_in_json_notation(text: str, value: float) -> None:
    assert config("--learning_rate", text) == {"learning_rate": value}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "NaN",
        "Infinity",
        "inf",
        "0x10",
        "1e",
        "1e999",
        "--",
        "1 2",
        "٣",
        "1.5.5",
        "-",
        "true",
        "null",
        '"5"',
        "9" * 5000,
    ],
)
def test_what_is_no_number_in_json_is_a_problem(text: str) -> None:
    assert problems(f"--learning_rate={text}") == [
        f"learning_rate: must be a number [{shown(text)}] <--learning_rate>"
    ]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (".5", "0.5"),
        ("-.5", "-0.5"),
        ("5.", "5"),
        ("+1", "1"),
        ("007", "7"),
        ("+0.50", "0.50"),
        ("1_000", "1000"),
        ("00", "0"),
        (".5e-3", "0.5e-3"),
    ],
)
def test_a_number_in_another_notation_is_told_as_json_has_it(text: str, meant: str) -> None:
    told = f"must be a number ['{text}'; write {meant}] <--learning_rate>"
    assert problems(f"--learning_rate={text}") == [f"learning_rate: {told}"]
    assert config(f"--learning_rate={meant}") == {"learning_rate": float(meant)}


def test_what_is_meant_is_of_the_right_kind() -> None:
    assert problems("--epochs", "+3") == [
        "epochs: must be a whole number ['+3'; write 3] <--epochs>"
    ]
    assert problems("--epochs", ".5") == ["epochs: must be a whole number ['.5'] <--epochs>"]


def test_an_integer_has_no_fraction() -> None:
    assert problems("--epochs", "1.5") == ["epochs: must be a whole number ['1.5'] <--epochs>"]


@pytest.mark.parametrize("text", ["", "5", "null", "-x", "--epochs", '"quoted"', "[1", " a b "])
def test_text_is_taken_verbatim(text: str) -> None:
    assert config(f"--name={text}") == {"name": text}


@pytest.mark.parametrize("text", ["5", "null", "-x", "-1", "", "a=b"])
def test_text_as_the_next_word(text: str) -> None:
    assert config("--name", text) == {"name": text}


@pytest.mark.parametrize(
    ("args", "value"),
    [
        (["--verbose"], True),
        (["--no-verbose"], False),
        (["--verbose", "true"], True),
        (["--verbose", "False"], False),
        (["--verbose=false"], False),
        (["--verbose", "YES"], True),
        (["--verbose", "no"], False),
        (["--verbose=On"], True),
        (["--verbose", "off"], False),
        (["--verbose", "1"], True),
        (["--verbose=0"], False),
        (["--verbose", "--no-verbose"], False),
    ],
)
def test_booleans(args: list[str], value: bool) -> None:
    assert config(*args) == {"verbose": value}


@pytest.mark.parametrize("flag", ["--no-augmentation.flip", "--augmentation.no-flip"])
def test_nested_booleans(flag: str) -> None:
    assert config(flag) == {"augmentation": {"flip": False}}


def test_a_boolean_takes_only_a_word_that_it_can_be() -> None:
    assert problems("--verbose", "maybe") == [
        ": unexpected word 'maybe'; --verbose takes true or false, also as yes or no, on or off, "
        "1 or 0 [] <>"
    ]
    assert config("--limit") == {"limit": True}
    assert config("--limit", "5") == {"limit": 5}
    assert config("--cache", "folder") == {"cache": "folder"}
    assert config("--cache", "--verbose") == {"cache": True, "verbose": True}


def test_a_negated_boolean_takes_no_value() -> None:
    assert problems("--no-verbose=true") == ["verbose: takes no value ['true'] <--no-verbose>"]


def test_a_property_named_no_something_is_itself() -> None:
    assert config("--augmentation.blur.no-border") == {
        "augmentation": {"blur": {"no-border": True}}
    }
    assert config("--no-augmentation.blur.no_border") == {
        "augmentation": {"blur": {"no-border": False}}
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [("null", None), ('"null"', "null"), ("5", "5"), ("true", "true"), ("", ""), ('"a', '"a')],
)
def test_text_or_null(text: str, value: str | None) -> None:
    assert config(f"--note={text}") == {"note": value}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("null", None),
        ("true", True),
        ("[1]", [1]),
        ('{"a": 1}', {"a": 1}),
        ("{oops", "{oops"),
        ("True", "True"),
        ('"5"', "5"),
        ("word", "word"),
    ],
)
def test_where_everything_is_admitted_json_comes_first(text: str, value: object) -> None:
    assert json_equal(config(f"--anything={text}"), {"anything": value})


def test_choices() -> None:
    assert config("--optimizer_kind", "adam", "--level", "2") == {
        "optimizer_kind": "adam",
        "level": 2,
    }
    # Of the right type, but not among the choices: validation says it best.
    assert config("--optimizer_kind", "adma", "--level", "7") == {
        "optimizer_kind": "adma",
        "level": 7,
    }
    assert problems("--level", "high") == ["level: must be one of 1, 2, 3 ['high'] <--level>"]


def test_a_choice_that_looks_like_a_number() -> None:
    mixed = settings_class("Mixed", field("mode", "string", "integer", choices=("1", 2)))
    assert parse(mixed, ["--mode", "1"]).config == {"mode": "1"}
    assert parse(mixed, ["--mode", "2"]).config == {"mode": 2}


def test_objects_are_json() -> None:
    assert config("--weights", '{"a": 1.5}', "--optimizer={}") == {
        "weights": {"a": 1.5},
        "optimizer": {},
    }


def test_json_mistakes_have_a_place() -> None:
    assert problems("--weights", '{"a": 1,}') == [
        "weights: must be a JSON object, but is not valid JSON: "
        "expecting property name enclosed in double quotes at column 9 [] <--weights>"
    ]
    assert "NaN" in problems("--weights", '{"a": NaN}')[0]
    assert "'a' given twice" in problems("--weights", '{"a": 1, "a": 2}')[0]
    assert "nested too deeply" in problems("--stages", "[" * 100_000)[0]


def test_secrets_are_not_repeated_in_problems() -> None:
    assert problems("--pin", "12z4") == ["pin: must be a whole number [] <--pin>"]


def test_many_items_take_little_time() -> None:
    many = 50_000
    begin = time.process_time()
    assert config(*["--classes=a"] * many)["classes"] == ["a"] * many
    assert time.process_time() - begin < 5


# Lists


@pytest.mark.parametrize(
    ("args", "value"),
    [
        (["--classes", "a"], ["a"]),
        (["--classes", "a", "--classes", "b"], ["a", "b"]),
        (["--classes", '["a", "b"]'], ["a", "b"]),
        (["--classes", '["a"]', "--classes", "b", "--classes=[]"], ["a", "b"]),
        (["--classes=[]"], []),
        (["--classes="], [""]),
    ],
)
def test_lists(args: list[str], value: list[str]) -> None:
    assert config(*args) == {"classes": value}
    assert config(*args, base={"classes": ["lower"]}) == {"classes": value}


def test_a_json_object_starts_a_list_over() -> None:
    args = ["--classes=a", "--.", '{"classes": ["b"]}', "--classes=c", "--classes=d"]
    assert config(*args) == {"classes": ["c", "d"]}


def test_items_have_their_type() -> None:
    assert config("--sizes", "1", "--sizes", "2") == {"sizes": [1, 2]}
    assert config("--sizes", "null") == {"sizes": None}
    assert problems("--sizes", "big") == [
        "sizes: each item must be a whole number ['big'] <--sizes>"
    ]


def test_text_that_begins_like_a_json_list_must_be_one() -> None:
    assert "must be a JSON list" in problems("--classes", "[a, b]")[0]


def test_text_or_list_of_text() -> None:
    assert config("--tags", "a") == {"tags": "a"}
    assert config("--tags", "a", "--tags", "b") == {"tags": ["a", "b"]}


def test_items_of_lists_of_anything_are_json_or_text() -> None:
    assert config("--stages", "[{}]", "--stages", "[1]") == {"stages": [{}, 1]}
    assert config("--stages", "a", "1", "{}", "null") == {"stages": ["a", 1, {}, None]}
    assert "must be a JSON list" in problems("--stages", "[1")[0]


# Layers


def test_objects_of_settings_classes_are_merged_others_replaced() -> None:
    base = {
        "augmentation": {"angle": 1, "flip": True, "blur": {"radius": 1}},
        "weights": {"a": 1},
    }
    args = ["--augmentation", '{"angle": 2, "blur": {"x": 0}}', "--weights", '{"b": 2}']
    assert config(*args, base=base) == {
        "augmentation": {"angle": 2, "flip": True, "blur": {"radius": 1, "x": 0}},
        "weights": {"b": 2},
    }
    assert base["weights"] == {"a": 1}


def test_the_root_as_json() -> None:
    assert config("--.", '{"a.b": 1, "augmentation": {"angle": 2}}', base={"epochs": 1}) == {
        "epochs": 1,
        "a.b": 1,
        "augmentation": {"angle": 2},
    }
    assert problems("--.", "[]") == [": must be a JSON object [] <--.>"]


def test_a_flag_of_a_part_brings_the_whole() -> None:
    base = {"augmentation": {"blur": None}}
    assert config("--augmentation.blur.radius=2", base=base) == {
        "augmentation": {"blur": {"radius": 2}}
    }
    assert config("--augmentation.blur.radius=2", "--augmentation.blur=null") == {
        "augmentation": {"blur": None}
    }


def test_later_layers_win_wherever_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "base.json"
    file.write_text('{"epochs": 7, "name": "file", "augmentation": {"angle": 7, "flip": false}}')
    args = ["--name", "flag", "--settings-file", str(file), "--preset", "fast"]
    parsed = parse(Training, args, config={"epochs": 1, "verbose": True})
    assert parsed.problems == []
    assert parsed.config == {
        "epochs": 2,
        "verbose": True,
        "name": "flag",
        "augmentation": {"angle": 5, "flip": False},
    }
    assert parsed.origins == {
        ("epochs",): "--preset fast",
        ("name",): "--name",
        ("augmentation",): str(file),
        ("augmentation", "angle"): "--preset fast",
        ("augmentation", "flip"): str(file),
    }


def test_presets_stay_as_they_are() -> None:
    config("--preset", "fast", "--augmentation.angle", "9")
    assert Training.presets()["fast"]["augmentation"] == {"angle": 5}


def test_origins_name_the_flag_as_typed() -> None:
    parsed = parse(Training, ["--no-verbose", "--learning-rate=1", "--augmentation={}"])
    assert parsed.origins == {
        ("verbose",): "--no-verbose",
        ("learning_rate",): "--learning-rate",
        ("augmentation",): "--augmentation",
    }


def test_replaced_objects_leave_no_origins_behind() -> None:
    parsed = parse(Training, ["--augmentation.blur.radius=2", '--augmentation={"blur": null}'])
    assert parsed.origins == {("augmentation", "blur"): "--augmentation"}


def test_general_flags_that_fail() -> None:
    assert problems("--preset", "fats", "--settings-file", "none.json", "--preset") == [
        ": --preset needs a value [] <>",
        ": there is no preset 'fats'; there are 'fast', 'slow' [] <>",
        ": the settings file none.json cannot be read: No such file or directory [] <>",
    ]


@pytest.mark.parametrize("word", ["--help", "-h"])
def test_help_is_noticed_anywhere(word: str) -> None:
    parsed = parse(Training, ["--name", "--epochs", "1", word])
    assert parsed.help == ""
    assert parse(Training, ["--name"]).help is None


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        (["--help", "epochs"], "epochs"),
        (["--help", "--epochs", "1"], "--epochs"),
        (["--help=epochs"], "epochs"),
        (["-h", "epochs"], "epochs"),
        (["--help", "--", "epochs"], ""),
        (["--help="], ""),
    ],
)
def test_help_is_asked_about_the_next_word(words: list[str], topic: str) -> None:
    assert parse(Training, words).help == topic


# Names


def test_dashes_for_underscores_and_the_reverse() -> None:
    assert config("--learning-rate=1", "--augmentation.blur.no_border") == {
        "learning_rate": 1,
        "augmentation": {"blur": {"no-border": True}},
    }


def test_the_exact_name_wins() -> None:
    both = settings_class(
        "Both", field("a_b", "integer"), field("a-b", "integer"), field("no-x", "string")
    )
    assert parse(both, ["--a-b=1", "--a_b=2", "--no-x=3"]).config == {
        "a-b": 1,
        "a_b": 2,
        "no-x": "3",
    }
    three = settings_class("Three", field("a_b-c", "integer"), field("a-b_c", "integer"))
    assert "did you mean" in problems("--a-b-c=1", cls=three)[0]


def test_what_has_no_flag_is_said_by_json_around_it() -> None:
    assert problems("--a.b", "1") == [
        ": unknown flag --a.b: give it as JSON of its object, --. '{\"a.b\": …}' [] <>"
    ]
    assert config("--.", '{"preset": "mine"}') == {"preset": "mine"}


def test_unknown_flags_come_with_a_suggestion() -> None:
    assert problems("--augmentation.angel", "20", "--angle=1", "--no-verbsoe", "-epochs") == [
        ": unknown flag --augmentation.angel, did you mean --augmentation.angle? [] <>",
        ": unknown flag --angle, did you mean --augmentation.angle? [] <>",
        ": unknown flag --no-verbsoe, did you mean --no-verbose? [] <>",
        ": unknown flag -epochs, did you mean --epochs? [] <>",
    ]
    assert problems("--zzz") == [": unknown flag --zzz; --help lists all [] <>"]


def test_words_that_lack_something() -> None:
    assert problems("--epochs", "--name", "-h", "-h", "word", "--", "--epochs", "5") == [
        ": unexpected word 'word' [] <>",
        ": unexpected word '--epochs' after -- [] <>",
        ": unexpected word '5' after -- [] <>",
        "epochs: needs a value [] <--epochs>",
        "name: needs a value; one that starts with -- is given by --name= [] <--name>",
    ]


def test_foreign_words_are_left_alone() -> None:
    foreign = ["in.png", "--foreign", "5", "-v", "--other=1", "--epochs.lr", "1"]
    parsed = parse(
        Training,
        [*foreign[:3], "--epochs", "3", *foreign[3:], "--", "--epochs", "4"],
        ignore_unknown=True,
    )
    assert parsed.config == {"epochs": 3}
    assert parsed.problems == []
    assert parsed.rest == [*foreign, "--", "--epochs", "4"]


def test_classes_in_themselves() -> None:
    parsed = parse(Tree, ["--child.child.value=3", "--child.child.child=null"])
    assert parsed.config == {"child": {"child": {"value": 3, "child": None}}}
    assert "did you mean --child" in problems("--chidl={}", cls=Tree)[0]


# Cost


def test_plain_values_load_nothing() -> None:
    code = (
        "import sys; from settings_standins import Training\n"
        "from brevettiai.cli.flags import parse\n"
        "before = set(sys.modules)\n"
        "parse(Training, ['--epochs=3', '--verbose', '--learning-rate', '0.5', '--name', 'x',"
        " '--optimizer_kind=sgd'])\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert run.stdout.split() == []
