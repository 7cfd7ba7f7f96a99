"""Random platform forms, for hypothesis: good ones, odd ones, and what nobody would write."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

NAMES = st.sampled_from(
    """a b c width a.b a.b.c data.x data.y é class m[0] m[1] m[0] m[1] n[1] data.x[0] a[0].b
    """.split()
)
TEXTS = st.sampled_from(["", "A", "Width in px", "a < b & c", "<b>x</b>", "A &amp; B", " x ", "名"])
NUMBERS = st.one_of(
    st.integers(-5, 300),
    st.sampled_from([0, 1, 100, 0.5, 1.0, -1.0, 1e-3, 2**60, 1e300, "5", "0.5", "many", None]),
)
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(NAMES | TEXTS, inner, max_size=3)
    ),
    max_leaves=6,
)
JSON_TEXTS = st.one_of(
    JSON.map(json.dumps), JSON.map(lambda v: json.dumps(v, indent=1)), TEXTS, st.just("{'a'}")
)
CHOICES = st.one_of(
    st.lists(st.sampled_from(["r", "g", "b", 1, 2, 0.5, True, False]), max_size=4),
    st.lists(
        st.fixed_dictionaries(
            {}, optional={"id": SCALARS, "value": SCALARS, "name": TEXTS, "group": TEXTS}
        ),
        max_size=3,
    ),
    st.lists(JSON, max_size=3),
    JSON,
)
TYPES = st.sampled_from(
    """input input input textArea checkbox checklist select radios label submit upload switch
    rangeSlider noUiSlider vueMultiSelect dateTimePicker pikaday spectrum cleave masked selectEx
    image object nonsense""".split()
)
INPUTS = st.sampled_from(
    """number number text range email url password color date datetime datetime-local time month
    checkbox radio file hidden submit nonsense""".split()
)
VALIDATORS = st.one_of(
    st.sampled_from(["required", "number", "integer", "double", "string", "array", "regexp"]),
    st.lists(st.sampled_from(["required", "integer", "string", "regexp", "nonsense"]), max_size=2),
    JSON,
)
COMMON = {
    "label": TEXTS | JSON,
    "default": JSON | JSON_TEXTS | NUMBERS,
    "min": NUMBERS,
    "max": NUMBERS,
    "step": NUMBERS,
    "values": CHOICES,
    "isJson": st.sampled_from([True, True, False, None, "yes"]),
    "required": st.sampled_from([True, False, None]),
    "visible": st.sampled_from([True, False]),
    "readonly": st.booleans(),
    "validator": VALIDATORS,
    "pattern": st.sampled_from(["^a+$", "(", "\\p{L}", "(a+)+$", 5]),
    "hint": TEXTS | JSON,
    "help": TEXTS,
    "tag": NAMES | JSON,
    "rows": NUMBERS,
    "id": TEXTS,
    "maxlength": NUMBERS,
    "criterionType": st.sampled_from(["classes", "class_mapping", "x"]),
    "selectOptions": st.sampled_from([{"value": "k", "name": "n"}, {"multiple": True}, {}, 5]),
    "format": st.sampled_from(["YYYY-MM-DD", "x", None]),
    "valueOn": st.sampled_from(["on", 1, 0]),
    "valueOff": st.sampled_from(["off", 0, None]),
    "rangeSliderOptions": st.sampled_from([{"type": "double"}, {}]),
}


@st.composite
def fields(draw: st.DrawFn) -> dict[str, Any]:
    """A field whose keys come in any order."""
    field: dict[str, Any] = {}
    if draw(st.integers(0, 19)):
        field["type"] = draw(TYPES if draw(st.integers(0, 19)) else JSON)
    if field.get("type") == "input" or not draw(st.integers(0, 9)):
        field["inputType"] = draw(INPUTS)
    if draw(st.integers(0, 9)):
        field["model"] = draw(NAMES if draw(st.integers(0, 9)) else JSON)
    for key in draw(st.lists(st.sampled_from(sorted(COMMON)), unique=True, max_size=8)):
        field[key] = draw(COMMON[key])
    return dict(draw(st.permutations(list(field.items()))))


ENTRIES = st.one_of(fields(), fields(), fields(), fields(), JSON)
GROUPS = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"fields": st.lists(ENTRIES, max_size=4)}, optional={"legend": TEXTS, "x": JSON}
        ),
        JSON,
    ),
    max_size=3,
)
MODELS: st.SearchStrategy[Any] = st.recursive(
    JSON | JSON_TEXTS,
    lambda inner: st.dictionaries(
        st.sampled_from(["a", "b", "c", "data", "x", "width"]), inner, max_size=3
    ),
    max_leaves=5,
)
PRESETS = st.one_of(st.dictionaries(TEXTS, MODELS, max_size=3), JSON)


@st.composite
def forms(draw: st.DrawFn) -> dict[str, Any]:
    """A form, by what the generator takes for one."""
    form: dict[str, Any] = {}
    if draw(st.integers(0, 4)):
        form["fields"] = draw(st.lists(ENTRIES, max_size=6))
    if not form or not draw(st.integers(0, 3)):
        form["groups"] = draw(GROUPS)
        if "fields" not in form and not draw(st.integers(0, 4)):
            form["fields"] = draw(JSON)
    if draw(st.booleans()):
        form["presets"] = draw(PRESETS)
    if not draw(st.integers(0, 4)):
        form["title"] = draw(JSON)
    return dict(draw(st.permutations(list(form.items()))))
