"""`repr`: short, different for different objects, and an expression for the same object."""

from __future__ import annotations

from typing import Any

import pytest
from brevettiai.settings import UNSET
from random_classes import try_random
from reference import valid

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "seed": {"type": ["integer", "null"]},
        "size": {"type": ["integer", "null"], "default": 3},
        "name": {"type": "string"},
        "crop": {"type": "object", "properties": {"width": {"type": "integer"}}},
    },
}


@pytest.mark.parametrize(
    ("config", "text"),
    [
        ({}, "Training(size=3, crop=Crop())"),
        ({"seed": None}, "Training(seed=None, size=3, crop=Crop())"),
        ({"seed": 1, "size": None}, "Training(seed=1, size=None, crop=Crop())"),
        ({"name": "", "crop": {"width": 0}}, "Training(size=3, name='', crop=Crop(width=0))"),
    ],
)
def test_null_and_absence_look_different(config: Any, text: str, class_of: Any) -> None:
    cls = class_of(SCHEMA)
    loaded = cls.from_config(config)
    assert repr(loaded) == text
    assert ("seed" in loaded._repr_html_()) == ("seed" in config)
    assert ("seed" in dict(loaded.__rich_repr__())) == ("seed" in config)


def test_what_stands_for_absence_is_shown_where_a_default_would_replace_it(class_of: Any) -> None:
    loaded = class_of(SCHEMA).from_config({})
    loaded.size = UNSET
    assert repr(loaded) == "Training(size=UNSET, crop=Crop())"
    loaded.crop = None
    assert repr(loaded) == "Training(size=UNSET, crop=None)"
    del loaded.size
    assert repr(loaded) == "Training(crop=None)"


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_it_evaluates_to_the_same(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """But for `extra`, which no constructor takes, and classes where fills can do harm if given."""

    def same(module: Any, schema: Any, value: Any) -> None:
        if not (isinstance(value, dict) and valid(schema, value)):
            return
        loaded = module.Training.from_config(value)
        text = repr(loaded)
        if "extra=" in text or "***" in text or module.Training.__brevetti__.tracks:
            return
        again = eval(text, {**vars(module), "UNSET": UNSET})
        assert again == loaded
        assert repr(again) == text

    try_random(same, tmp_path_factory, 25, number=seed)
