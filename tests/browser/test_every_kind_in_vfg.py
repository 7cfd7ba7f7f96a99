"""What people can do with each kind of field, in the platform's form library, and what loads then.

The schema is `every_kind.schema.json`, but for settings without which a config is not valid.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from brevettiai.settings import SettingsError
from browser.exported_forms import EXAMPLES, Exported, Exports, as_json, opened
from browser.forms_in_browser import ABSENT, NOTHING_SELECTED, Draw, FormPage, value_at

pytestmark = pytest.mark.slow

ClassOf = Callable[..., Any]

SCHEMA: dict[str, Any] = json.loads(EXAMPLES["every_kind"].source.read_text(encoding="utf-8"))


@pytest.fixture
def every_kind(exported: Exports) -> Exported:
    return exported["every_kind"]


@pytest.fixture
def page(draw: Draw, every_kind: Exported) -> FormPage:
    """The form of every kind, untouched."""
    return draw(every_kind.form)


def schema_at(path: str) -> dict[str, Any]:
    """The schema of the property at a dotted path, of a list that of the whole list."""
    schema = SCHEMA
    for step in path.partition("[")[0].split("."):
        schema = schema["properties"][step]
        if "$ref" in schema:
            schema = {**SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], **schema}
    return schema


def loaded(given: Exported, page: FormPage, path: str) -> Any:
    """What the settings that load from the form say at a dotted path."""
    return value_at(given.cls.from_settings(page.model()).get_config(), path)


# --- seen ---------------------------------------------------------------------------------------


def test_titles_and_descriptions_are_shown_as_they_are_written(page: FormPage) -> None:
    for field in page.fields():
        if field.model is None:
            continue
        schema = schema_at(field.model)
        title = " ".join(schema.get("title", "").split())
        if "[" in field.model:
            place = int(field.model.partition("[")[2].rstrip("]"))
            assert field.label == f"{title} {place + 1}"
            assert field.help == (None if place else schema.get("description"))
            continue
        assert field.label == title if title else field.label, field
        shown = " ".join(f"{field.help} {field.hint}".split())
        assert " ".join(schema.get("description", "").split()) in shown
    headings = [field.label for field in page.fields() if field.type == "label"]
    for part in SCHEMA["properties"].values():
        assert part["title"] in headings
    assert page.page.title() == "Form", "no markup of a title or description ran"


@pytest.mark.parametrize(
    ("model", "control"),
    [
        ("integers.plain", "number"),
        ("numbers.plain", "number"),
        ("texts.plain", "text"),
        ("texts.token", "password"),
        ("texts.api_key", "password"),
        ("texts.lines", "textarea"),
        ("texts.date", "date"),
        ("texts.day", "date"),
        ("texts.color", "color"),
        ("texts.moment", "text"),
        ("switches.on", "checkbox"),
        ("choices.text", "select"),
        ("choices.titled", "select"),
        ("lists.choices", "checklist"),
        ("lists.titled_choices", "checklist"),
        ("lists.repeated_choices", "textarea"),
        ("lists.numbers", "textarea"),
        ("lists.mean[2]", "number"),
        ("lists.size[0]", "number"),
        ("lists.size[1]", "select"),
        ("objects.weights", "textarea"),
        ("objects.union", "textarea"),
    ],
)
def test_kinds_have_their_controls(page: FormPage, model: str, control: str) -> None:
    assert page.field(model).control == control


def test_choices_are_shown_with_their_titles(page: FormPage) -> None:
    titled = page.field("choices.titled")
    assert titled.choices[-2:] == ("Stochastic gradient descent", "Adam <i>(usual)</i>")
    assert titled.shown == "Adam <i>(usual)</i>"
    assert page.field("choices.mixed").shown == '{"a": [1]}'


def test_secrets_are_nowhere_in_the_form(every_kind: Exported) -> None:
    assert "hunter2" not in json.dumps(every_kind.form)


@pytest.mark.parametrize("model", ["fixed_number", "fixed_switch", "fixed_choice"])
def test_read_only_settings_cannot_be_changed(page: FormPage, model: str) -> None:
    field = page.field(f"notes.{model}")
    # The library knows readonly only for text and numbers.
    assert field.disabled or (field.readonly and field.control == "number")


def test_a_click_on_a_label_ticks_its_own_checkbox_only(page: FormPage) -> None:
    before = page.model()
    boxes = [field for field in page.fields() if field.control == "checkbox" and not field.disabled]
    assert len(boxes) > 10
    for box in boxes:
        assert box.model is not None
        page.click_label(box.model)
        assert page.field(box.model).shown is not box.shown
        page.click_label(box.model)
    after = page.model()
    for box in boxes:
        assert box.model is not None
        was = value_at(before, box.model)
        assert value_at(after, box.model) is (False if was in (None, ABSENT) else was)


# --- emptied ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "expected"),
    [  # absent, and so the default where there is one
        ("integers.plain", 3),
        ("integers.limited", 5),
        ("integers.nullable_given", None),
        ("numbers.exclusive", 0.5),
        ("numbers.nullable", None),
        ("texts.plain", ""),
        ("texts.address", ""),
        ("lists.numbers", [0.485, 0.456]),
        ("lists.nullable", None),
        ("objects.weights", {"dent": 2.5, "ö": 1}),
        ("objects.union", {"kind": "a"}),
        ("objects.anything", None),
    ],
)
def test_an_emptied_field_means_no_value(
    page: FormPage, every_kind: Exported, model: str, expected: Any
) -> None:
    page.type(model, "7")
    page.clear(model)
    assert loaded(every_kind, page, model) == expected


@pytest.mark.parametrize("model", ["texts.sized", "texts.pattern"])
def test_an_emptied_text_that_must_not_be_empty_is_as_if_not_given(
    page: FormPage, every_kind: Exported, model: str
) -> None:
    was = loaded(every_kind, page, model)
    page.type(model, "abc-1")
    page.clear(model)
    assert loaded(every_kind, page, model) == was


@pytest.mark.parametrize(
    ("model", "text"), [("integers.without_default", "7"), ("lists.without_default", "[7]")]
)
def test_an_emptied_field_without_default_is_absent(
    page: FormPage, every_kind: Exported, model: str, text: str
) -> None:
    page.type(model, text)
    assert loaded(every_kind, page, model) == json.loads(text)
    page.clear(model)
    assert loaded(every_kind, page, model) is ABSENT


@pytest.mark.parametrize(
    "model", ["integers.without_default", "integers.nullable", "numbers.nullable"]
)
def test_an_emptied_number_that_may_be_absent_is_valid(page: FormPage, model: str) -> None:
    page.type(model, "7")
    page.clear(model)
    assert page.validate() == {}


@pytest.mark.parametrize(
    ("model", "expected"), [("choices.text", "green"), ("choices.nullable", None)]
)
def test_the_empty_choice_means_null_or_no_value(
    page: FormPage, every_kind: Exported, model: str, expected: Any
) -> None:
    page.choose(model, page.field(model).choices[0])
    assert value_at(page.model(), model) is None
    assert loaded(every_kind, page, model) == expected


def test_every_choice_loads_as_the_value_that_it_stands_for(
    page: FormPage, every_kind: Exported
) -> None:
    values = schema_at("choices.mixed")["enum"]
    choices = page.field("choices.mixed").choices
    found = []
    for choice in choices[-len(values) :] if NOTHING_SELECTED in choices else choices:
        page.choose("choices.mixed", choice)
        found.append(json.dumps(loaded(every_kind, page, "choices.mixed")))
    assert sorted(found) == sorted(json.dumps(value) for value in values)


def test_a_date_is_stored_as_its_text(page: FormPage, every_kind: Exported) -> None:
    assert page.field("texts.date").shown == page.model()["texts"]["date"] == "2024-01-31"
    page.type("texts.date", "2025-02-28")
    assert page.model()["texts"]["date"] == "2025-02-28"
    assert loaded(every_kind, page, "texts.day") is ABSENT
    page.type("texts.day", "1999-01-01")
    assert loaded(every_kind, page, "texts.day") == "1999-01-01"
    page.clear("texts.day")
    assert loaded(every_kind, page, "texts.day") is None
    assert page.complaints == []


def test_a_color_is_stored_as_its_text(page: FormPage, every_kind: Exported) -> None:
    assert page.field("texts.color").shown == "#ff8800"
    page.type("texts.color", "#00aaff")
    assert loaded(every_kind, page, "texts.color") == "#00aaff"


def test_each_item_of_a_list_of_fixed_length_has_a_field(
    page: FormPage, every_kind: Exported
) -> None:
    page.type("lists.mean[1]", "7.5")
    assert page.model()["lists"]["mean"] == [0.5, 7.5, 1]
    assert loaded(every_kind, page, "lists.mean") == [0.5, 7.5, 1]
    assert loaded(every_kind, page, "lists.size") is ABSENT
    page.type("lists.size[0]", "5")
    assert_told(every_kind, page, "lists.size[1]")
    page.choose("lists.size[1]", "px")
    assert loaded(every_kind, page, "lists.size") == [5, "px"]


def test_a_list_whose_fields_are_all_emptied_is_absent_or_null(
    page: FormPage, every_kind: Exported
) -> None:
    page.type("lists.size[0]", "5")
    page.clear("lists.size[0]")
    assert loaded(every_kind, page, "lists.size") is None
    for place in range(3):
        page.clear(f"lists.mean[{place}]")
    assert loaded(every_kind, page, "lists.mean") == [0.5, 0.25, 1]


def test_a_stored_list_is_edited_item_by_item(draw: Draw, every_kind: Exported) -> None:
    for stored in ([16, "mm"], None):
        settings = every_kind.cls.from_config({"lists": {"size": stored}})
        page = draw(every_kind.form, as_json(settings.get_settings()))
        page.type("lists.size[0]", "8")
        page.choose("lists.size[1]", "px")
        assert loaded(every_kind, page, "lists.size") == [8, "px"]
        assert page.complaints == []


def test_what_is_ticked_by_keys_loads_as_meant(page: FormPage, every_kind: Exported) -> None:
    was = loaded(every_kind, page, "switches.on")
    page.press("switches.on", "Space")
    assert loaded(every_kind, page, "switches.on") is not was
    page.press("switches.without_default", "Space")
    assert loaded(every_kind, page, "switches.without_default") is True
    page.press("lists.number_choices", "Space", "Tab", "Space")
    assert loaded(every_kind, page, "lists.number_choices") == [3, 2]


def test_radios_are_chosen_by_keys(draw: Draw, class_of: ClassOf) -> None:
    mode = {"enum": ["fast", "exact"], "default": "fast", "x-form": {"set": {"type": "radios"}}}
    cls = class_of({"properties": {"mode": mode, "number": {**mode, "enum": [1, 2], "default": 2}}})
    page = draw(as_json(cls.get_schema().schema))
    page.press("mode", "ArrowDown")
    page.press("number", "Space")
    assert cls.from_settings(page.model()).get_config() == {"mode": "exact", "number": 1}
    assert page.complaints == []


def test_a_checklist_keeps_the_order_of_clicks(page: FormPage, every_kind: Exported) -> None:
    page.tick("lists.number_choices", "2")
    assert loaded(every_kind, page, "lists.number_choices") == [3, 1, 2]
    page.tick("lists.number_choices", "3")
    page.tick("lists.number_choices", "3")
    assert loaded(every_kind, page, "lists.number_choices") == [1, 2, 3]
    for item in ("1", "2", "3"):
        page.tick("lists.number_choices", item)
    assert loaded(every_kind, page, "lists.number_choices") == []


# --- typed --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "text", "expected"),
    [
        ("integers.plain", "1e3", 1000),
        ("integers.plain", "-0", 0),
        ("integers.plain", "7.0", 7),
        ("numbers.plain", "1e-7", 1e-07),
        ("numbers.whole", "3", 3),
        ("texts.plain", "12", "12"),
        ("texts.plain", "null", "null"),
        ("texts.plain", "<b>&amp;</b>", "<b>&amp;</b>"),
        ("texts.nullable", "text", "text"),
        ("texts.like_json", '{"a"', '{"a"'),
        ("objects.number_or_text", "12", 12),
        ("objects.number_or_text", '"12"', "12"),
        ("objects.anything", "null", None),
        ("lists.texts", ' [\n"a"] ', ["a"]),
        ("lists.texts", "a, b", ["a", "b"]),
        ("lists.texts", "a\nb, c", ["a", "b, c"]),
        ("objects.union", '{"kind": "a", "size": 2}', {"kind": "a", "size": 2}),
        ("objects.nullable", "null", None),
        ("objects.nullable", "{}", {"patience": 5}),
    ],
)
def test_what_is_typed_loads_as_meant(
    page: FormPage, every_kind: Exported, model: str, text: str, expected: Any
) -> None:
    page.type(model, text)
    found = loaded(every_kind, page, model)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("model", "text"),
    [
        ("lists.numbers", "[1,"),
        ("lists.numbers", '["a"]'),
        ("lists.numbers", "[]"),
        ("lists.texts", '{"a": 1}'),
        ("lists.numbers", "[one]"),
        ("integers.nullable_given", "1.5"),
        ("numbers.nullable", "-2"),
        ("objects.weights", "{'a': 1}"),
        ("objects.weights", '{"a": "b"}'),
        ("objects.weights", "NaN"),
        ("objects.union", "[1]"),
        ("numbers.quarters", "0.3"),
        ("texts.unicode_pattern", "éA"),
        ("integers.of_32", "33"),
    ],
)
def test_what_the_browser_cannot_check_is_told_with_label_and_path(
    page: FormPage, every_kind: Exported, model: str, text: str
) -> None:
    page.type(model, text)
    assert_told(every_kind, page, model)


def assert_told(given: Exported, page: FormPage, model: str) -> None:
    """The form does not load, and the error names the label of the field and its path."""
    with pytest.raises(SettingsError) as refused:
        given.cls.from_settings(page.model())
    assert page.field(model).label in str(refused.value)
    assert model in str(refused.value)
    assert len(refused.value.problems) == 1


# --- enforced in the browser --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "text", "message"),
    [
        ("integers.limited", "11", "Maximum: 10"),
        ("integers.limited", "0", "Minimum: 1"),
        ("integers.limited", "1.5", "not an integer"),
        ("integers.exclusive", "10", "Maximum: 9"),
        ("integers.exclusive", "0", "Minimum: 1"),
        ("numbers.exclusive", "1.5", "Maximum: 1"),
        ("numbers.exclusive", "-1", "Minimum: 0"),
        ("texts.sized", "a", "Minimum: 2"),
        ("texts.pattern", "no", "Invalid format"),
    ],
)
def test_limits_are_enforced_in_the_browser_and_when_loading(
    page: FormPage, every_kind: Exported, model: str, text: str, message: str
) -> None:
    page.type(model, text)
    messages = page.validate()
    assert [*messages] == [model]
    assert message in messages[model][0]
    assert_told(every_kind, page, model)


def test_the_browser_takes_no_text_that_is_too_long(page: FormPage) -> None:
    page.type("texts.sized", "123456789")
    assert page.model()["texts"]["sized"] == "12345678" or "texts.sized" in page.validate()


@pytest.mark.parametrize(
    ("items", "message"), [(["blue"], "minimum 1"), (["red", "green"], "maximum 2")]
)
def test_lengths_of_checklists_are_enforced_in_the_browser(
    page: FormPage, every_kind: Exported, items: list[str], message: str
) -> None:
    for item in items:
        page.tick("lists.choices", item)
    messages = page.validate()
    assert [*messages] == ["lists.choices"]
    assert message in messages["lists.choices"][0]
    assert_told(every_kind, page, "lists.choices")


def test_a_pattern_that_the_browser_reads_otherwise_is_not_enforced_there(
    page: FormPage, every_kind: Exported
) -> None:
    page.type("texts.unicode_pattern", "Éé")
    assert page.validate() == {}
    assert page.complaints == []
    assert loaded(every_kind, page, "texts.unicode_pattern") == "Éé"


# --- settings that have to be given -------------------------------------------------------------

REQUIRED = {
    "type": "object",
    "properties": {
        "name": {"title": "Name", "type": "string", "minLength": 1},
        "size": {"title": "Size", "type": "integer", "minimum": 1},
        "depth": {"title": "Depth", "type": "integer", "default": 3},
        "kind": {"title": "Kind", "enum": ["a", "b"]},
        "modes": {
            "title": "Modes",
            "type": "array",
            "items": {"enum": ["x", "y"]},
            "uniqueItems": True,
            "minItems": 1,
        },
        "weights": {"title": "Weights", "type": "object", "additionalProperties": {}},
        "on": {"title": "On", "type": "boolean"},
        "limit": {"title": "Limit", "type": ["integer", "null"]},
    },
    "required": ["name", "size", "depth", "kind", "modes", "weights", "on", "limit"],
}
#: The fields of which an untouched form says nothing.
MISSING = ("name", "size", "kind", "modes", "weights")


def test_settings_that_have_to_be_given_are_marked_and_asked_for(
    draw: Draw, class_of: ClassOf
) -> None:
    cls = class_of(REQUIRED)
    page = draw(as_json(cls.get_schema().schema))
    for field in page.fields():
        # An empty "Limit" says null.
        assert field.required is (field.model != "limit"), field.label
    assert {*MISSING} <= {*page.validate()}
    with pytest.raises(SettingsError) as refused:
        cls.from_settings(page.model())
    for field in page.fields():
        if field.model in MISSING:
            assert f"{field.label}" in str(refused.value)
            assert f"{field.model}: " in str(refused.value)


def test_settings_that_have_to_be_given_are_filled_in(draw: Draw, class_of: ClassOf) -> None:
    cls = class_of(REQUIRED)
    page = draw(as_json(cls.get_schema().schema))
    page.fill(
        {
            "name": "n",
            "size": 2,
            "depth": 3,
            "kind": "b",
            "modes": ["y", "x"],
            "weights": {"a": 1},
            "on": value_at(page.model(), "on"),
            "limit": None,
        }
    )
    assert page.validate() == {}
    # Nobody ticked "On": that is what people see, and so what they mean.
    assert cls.from_settings(page.model()).get_config() == {
        "name": "n",
        "size": 2,
        "depth": 3,
        "kind": "b",
        "modes": ["y", "x"],
        "weights": {"a": 1},
        "on": False,
        "limit": None,
    }


def test_a_part_that_nobody_touched_is_absent(draw: Draw, class_of: ClassOf) -> None:
    cls = class_of(
        {
            "type": "object",
            "properties": {
                "camera": {
                    "title": "Camera",
                    "type": "object",
                    "properties": {
                        "port": {"title": "Port", "type": "integer"},
                        "gain": {"title": "Gain", "type": "number", "default": 2},
                    },
                    "required": ["port"],
                }
            },
        }
    )
    form = as_json(cls.get_schema().schema)
    page = draw(form)
    assert cls.from_settings(page.model()) == cls.from_config({})
    page.fill({"camera": {"port": 5, "gain": 2}})
    assert cls.from_settings(page.model()) == cls.from_config({"camera": {"port": 5}})


# --- unions -------------------------------------------------------------------------------------


def union_of(**facts: Any) -> dict[str, Any]:
    """A class whose setting `opt` is one of two kinds of objects, or null."""
    kinds = {
        "sgd": {"lr": {"type": "number", "default": 0.1}, "nesterov": {"type": "boolean"}},
        "adam": {"lr": {"type": "number", "default": 0.001}, "eps": {"type": "integer"}},
    }
    branches = [
        {
            "type": "object",
            "properties": {"name": {"const": name}, **properties},
            "required": ["name", *(["eps"] if "eps" in properties else [])],
            "additionalProperties": False,
        }
        for name, properties in kinds.items()
    ]
    opt = {"title": "Optimizer", "oneOf": [*branches, {"type": "null"}], **facts}
    return {"type": "object", "properties": {"opt": opt}}


def test_a_union_is_chosen_and_filled_in(draw: Draw, class_of: ClassOf) -> None:
    cls = class_of(union_of(default={"name": "sgd", "nesterov": True}))
    form = as_json(cls.get_schema().schema)
    page = draw(form)
    labels = ["Optimizer", "Name", "Lr", "Only for sgd", "Nesterov", "Only for adam", "Eps"]
    assert [field.label for field in page.fields()] == labels
    assert page.field("opt.name").choices == ("None", "sgd", "adam")
    assert (page.field("opt.name").shown, page.field("opt.lr").shown) == ("sgd", "")
    assert cls.from_settings(page.model()) == cls.from_config({})
    # Nobody has to fill in what the other kind requires.
    assert page.validate() == {}
    page.type("opt.lr", "0.5")
    page.choose("opt.name", "adam")
    page.type("opt.eps", "7")
    adam = cls.from_settings(page.model())
    assert adam.get_config() == {"opt": {"name": "adam", "lr": 0.5, "eps": 7}}
    page.clear("opt.lr")
    assert cls.from_settings(page.model()).opt.lr == 0.001
    page.choose("opt.name", "None")
    assert cls.from_settings(page.model()).get_config() == {"opt": None}
    assert page.validate() == {}
    assert page.complaints == []


def test_a_stored_union_is_shown(draw: Draw, class_of: ClassOf) -> None:
    cls = class_of(union_of(default={"name": "sgd", "nesterov": True}))
    form = as_json(cls.get_schema().schema)
    for opt in (None, {"name": "adam", "lr": 0.5, "eps": 7}, {"name": "sgd"}):
        stored = cls.from_config({"opt": opt})
        page = draw(form, as_json(stored.get_settings()))
        assert page.field("opt.name").shown == (opt["name"] if opt else "None")
        assert page.field("opt.nesterov").shown is (opt is None or "eps" in opt)
        assert cls.from_settings(page.model()) == stored
        page.close()


def test_a_union_that_nobody_touched_is_absent(draw: Draw, class_of: ClassOf) -> None:
    cls = class_of(union_of())
    page = draw(as_json(cls.get_schema().schema))
    assert page.field("opt.name").shown == "None"
    assert cls.from_settings(page.model()) == cls.from_config({})
    page.choose("opt.name", "sgd")
    assert cls.from_settings(page.model()).opt.lr == 0.1


# --- places that a path cannot name -------------------------------------------------------------


def test_keys_with_dots_and_brackets_reach_their_settings(draw: Draw, class_of: ClassOf) -> None:
    cls = class_of(
        {
            "type": "object",
            "properties": {
                "a.b": {"title": "Dotted", "type": "integer", "default": 1},
                "c[0]": {"title": "Bracketed", "type": "integer", "default": 2},
                "": {"title": "Nameless", "type": "integer", "default": 3},
                "a": {
                    "title": "A",
                    "type": "object",
                    "properties": {"b": {"title": "Inner", "type": "integer", "default": 4}},
                },
            },
        }
    )
    page = draw(as_json(cls.get_schema().schema))
    assert page.complaints == []
    assert cls.from_settings(page.model()) == cls.from_config({})
    labels = {field.label for field in page.fields()}
    assert "Inner" in labels


def test_parts_of_hand_written_modules_are_drawn_and_loaded(draw: Draw, exported: Exports) -> None:
    """A generated class inside a module written by hand: each part in its own manner."""
    from brevettiai.interfaces.vue_schema_utils import VueSettingsModule

    class Job(VueSettingsModule):
        def __init__(self, runs: int = 1, classifier: Any = None) -> None:
            self.runs = runs
            self.classifier = classifier

    classifier = exported["classifier"].cls
    Job.__init__.__annotations__["classifier"] = classifier

    page = draw(opened(as_json(Job.get_schema().schema)))
    page.type("runs", "3")
    page.type("classifier.training.epochs", "4")
    page.tick("classifier.training.metrics", "auc")
    job = Job.from_settings(page.model())
    assert job.runs == 3
    assert job.classifier == classifier.from_config(
        {"training": {"epochs": 4, "metrics": ["accuracy", "recall", "auc"]}}
    )
    assert page.complaints == []


# --- dates, sliders: the inputs of browsers -----------------------------------------------------


@pytest.mark.parametrize(
    ("model", "keys", "expected"),
    [
        ("input.date", ["02032024"], "2024-02-03"),
        ("input.date_number", ["02032024"], 1706914800000),  # midnight in Copenhagen
        ("input.datetime", ["02032024", "Tab", "0330PM"], "2024-02-03T15:30"),
        ("input.datetime_local", ["02032024", "Tab", "0330PM"], "2024-02-03T15:30"),
        ("input.time", ["0330PM"], "15:30"),
        ("input.week", ["062024"], "2024-W06"),
        ("input.range", ["ArrowRight"], 6),
    ],
)
def test_inputs_of_browsers_load_as_the_library_gives_them(
    draw: Draw, exported: Exports, model: str, keys: list[str], expected: Any
) -> None:
    given = exported["every_field"]
    page = draw(opened(given.form))
    page.press(model, *(key for part in keys for key in ([part] if part.isalpha() else part)))
    page.click_label("input.text")  # out of the field: dates have several parts to step through
    assert value_at(given.cls.from_settings(page.model()).get_config(), model) == expected
