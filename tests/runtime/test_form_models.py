"""Form models and command lines, read by a form.

Literals marked RECORDED were produced by running the platform's own library on the same calls.
"""

from __future__ import annotations

import math

import pytest
from brevettiai.interfaces import vue_schema_utils as vue

NUMBER = vue.number_input("Epochs", "m", 5)
TEXT = vue.text_input("Name", "m", "d")
AREA = vue.text_area("Notes", "m", "d")
JSON = vue.text_area("Table", "m", {"a": 1}, json=True)
CHECKBOX = vue.checkbox("Flip", "m", True)
SELECT = vue.select("Loss", "m", "mse", ["mse", "mae"])
CHECKLIST = vue.checklist("Channels", "m", ["r"], ["r", "g"])


def read(field, *value):
    """What a form of one field makes of a value, or of none."""
    model = {"m": value[0]} if value else {}
    return vue.apply_schema_to_model({"fields": [field]}, model)["m"]


# --- form models --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [  # RECORDED
        (NUMBER, "5", 5),
        (NUMBER, " 7 ", 7),
        (NUMBER, "5.0", 5.0),
        (NUMBER, "1e3", 1000.0),
        (NUMBER, 5.5, 5.5),
        (NUMBER, True, True),
        (NUMBER, None, None),
        (TEXT, 5, "5"),
        (TEXT, "", ""),
        (TEXT, [1], "[1]"),
        (AREA, 5, 5),
        (JSON, "", None),
        (JSON, "null", None),
        (JSON, None, None),
        (JSON, "[1]", [1]),
        (JSON, "5", 5),
        (JSON, {"b": 2}, {"b": 2}),
        (CHECKBOX, "", False),
        (CHECKBOX, 0, False),
        (CHECKBOX, "false", True),
        (SELECT, "other", "other"),
        (CHECKLIST, ["g"], ["g"]),
    ],
)
def test_values_are_read_by_their_field(field, value, expected):
    found = read(field, value)
    assert found == expected
    assert type(found) is type(expected)


def test_a_cleared_number_is_not_a_number():
    assert math.isnan(read(NUMBER, float("nan")))


@pytest.mark.parametrize("field", [NUMBER, TEXT, AREA, JSON, CHECKBOX, SELECT, CHECKLIST])
def test_null_stays_null(field):
    assert read(field, None) is None


@pytest.mark.parametrize(
    ("field", "expected"),
    [  # RECORDED
        (NUMBER, 5),
        (TEXT, "d"),
        (JSON, {"a": 1}),
        (CHECKLIST, ["r"]),
        (vue.checkbox("Flip", "m", None), False),
        (vue.field_classes(model="m"), None),
        (vue.number_input("N", "m", None), None),
    ],
)
def test_absent_values_get_the_default_of_their_field(field, expected):
    assert read(field) == expected


def test_models_are_nested_and_filled_in_place():
    schema = vue.SchemaBuilder(
        [vue.number_input("A", "a.b", 1), vue.label("C"), vue.number_input("D", "a.c.d", 2)]
    )
    model = {"a": {"b": "7", "z": 1}, "q": 2}
    assert vue.apply_schema_to_model(schema, model) is model
    assert model == {"a": {"b": 7, "z": 1, "c": {"d": 2}}, "q": 2}  # RECORDED
    assert vue.apply_schema_to_model(schema.schema) == {"a": {"b": 1, "c": {"d": 2}}}
    assert vue.apply_schema_to_model(schema, {"a": None}) == {"a": None}


def test_defaults_are_not_shared_between_models():
    schema = {"fields": [CHECKLIST]}
    vue.apply_schema_to_model(schema, {})["m"].append("g")
    assert vue.apply_schema_to_model(schema, {}) == {"m": ["r"]}


def test_required_fields_have_to_be_there():
    schema = {"fields": [{**NUMBER, "required": True}, {**TEXT, "model": "a.b", "required": True}]}
    with pytest.raises(ValueError, match=r"missing settings: m, a\.b"):
        vue.apply_schema_to_model(schema, {})
    filled = vue.apply_schema_to_model(schema, {}, check_required_fields=False)
    assert filled == {"m": 5, "a": {"b": "d"}}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (NUMBER, "many", r"^m: field 'Epochs' needs a number; got 'many'$"),
        (NUMBER, ".5", r"^m: field 'Epochs' needs a number; got '\.5'; write 0\.5$"),
        (NUMBER, [1], r"^m: field 'Epochs' needs a number; got \[1\]$"),
        (JSON, "{'a'}", r"^m: field 'Table' needs JSON text: .*; got \"\{'a'\}\"$"),
        ({**NUMBER, "model": "m.n"}, 3, r"^m: expected an object .* 'Epochs', got int$"),
    ],
)
def test_a_value_that_does_not_fit_is_told_with_label_and_path(field, value, message):
    with pytest.raises(ValueError, match=message):
        read(field, value)


# --- command lines ------------------------------------------------------------------------------


def parse(*args, fields=(NUMBER,)):
    return vue.parse_settings_args({"fields": list(fields)}, args)


@pytest.mark.parametrize(
    ("field", "args", "expected"),
    [  # RECORDED
        (NUMBER, ["--m", "5"], 5),
        (NUMBER, ["--m=7"], 7),
        (NUMBER, ["--m", "-5"], -5),
        (NUMBER, ["--m", "1", "--m", "2"], 2),
        (TEXT, ["--m", "5"], "5"),
        (TEXT, ["--m", ""], ""),
        (TEXT, ["--m", "a", "b"], "a"),
        (TEXT, ["--m", "-not a flag"], "-not a flag"),
        (JSON, ["--m", '{"a": 2}'], {"a": 2}),
        (JSON, ["--m", "5"], 5),
        (CHECKBOX, ["--m", "no"], False),
        (CHECKBOX, ["--m", "TRUE"], True),
        (CHECKBOX, ["--m", "off"], False),
        (TEXT, ["--m", "@@x"], "@x"),
        (SELECT, ["--m", "mae"], "mae"),
        # beyond the platform's library
        (CHECKBOX, ["--m"], True),
        (CHECKBOX, ["--m", "--other"], True),
        (CHECKBOX, ["--no-m"], False),
    ],
)
def test_flags_are_read_by_their_field(field, args, expected):
    assert parse(*args, fields=[field]) == {"m": expected}


@pytest.mark.parametrize(
    ("field", "args"),
    [
        (NUMBER, []),
        (NUMBER, ["--mm", "1", "--n", "word", "m"]),
        (NUMBER, ["--", "--m", "1"]),
        (JSON, ["--m", "null"]),
        (JSON, ["--m", ""]),
    ],
)
def test_foreign_words_and_nothing_are_left_alone(field, args):
    assert parse(*args, fields=[field]) == {}


def test_flags_are_never_abbreviated():
    epochs = {**NUMBER, "model": "training.epochs"}
    assert parse("--train", "1", "--training.epochs", "2", fields=[epochs]) == {
        "training": {"epochs": 2}
    }


def test_underscores_may_be_typed_as_dashes_and_the_exact_name_wins():
    under, dash = {**NUMBER, "model": "a_b"}, {**NUMBER, "model": "a-b"}
    assert parse("--a-b", "1", fields=[under]) == {"a_b": 1}
    assert parse("--a-b", "1", fields=[under, dash]) == {"a-b": 1}


def test_values_are_nested_by_their_models():
    fields = [{**NUMBER, "model": model} for model in ("a.b", "a.c", "d.e.f")]
    assert parse("--d.e.f", "4", "--a.b", "3", fields=fields) == {
        "d": {"e": {"f": 4}},
        "a": {"b": 3},
    }


def test_sys_argv_is_the_default(monkeypatch):
    monkeypatch.setattr("sys.argv", ["job.py", "--m", "9"])
    assert vue.parse_settings_args(vue.SchemaBuilder([NUMBER])) == {"m": 9}


@pytest.mark.parametrize(
    ("field", "args", "message"),
    [
        (NUMBER, ["--m", "many"], r"^m: field 'Epochs' needs a number; got 'many' from --m$"),
        (NUMBER, ["--m"], r"^m: --m needs a value; write --m=VALUE"),
        (TEXT, ["--m", "--other"], r"^m: --m needs a value"),
        (TEXT, ["--m", "@none"], r"^m: cannot be read from the file 'none': .* \(from --m\)$"),
        (JSON, ["--m", "x"], r"^m: field 'Table' needs JSON text: .*; got 'x' from --m$"),
        (CHECKBOX, ["--m", "maybe"], r"^m: expected true or false, .* got 'maybe' from --m$"),
    ],
)
def test_a_flag_that_does_not_fit_is_told_with_its_name(field, args, message):
    with pytest.raises(ValueError, match=message):
        parse(*args, fields=[field])


def test_help_lists_the_flags(capsys):
    with pytest.raises(SystemExit) as ended:
        parse("--help", fields=[{**NUMBER, "help": "at most 100%"}])
    assert ended.value.code == 0
    assert "--m NUMBER" in (printed := capsys.readouterr().out)
    assert "Epochs: at most 100% [default: 5]" in printed
