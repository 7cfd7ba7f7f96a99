"""Values that JSON holds and Python, text files or terminals have their own mind about."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from brevettiai.platform.attempts import Attempt
from brevettiai.platform.output import format_output
from brevettiai.settings import SettingsError

ClassOf: TypeAlias = Callable[..., Any]

# Arrays

#: A schema, arrays that fit it, and arrays that do not.
ARRAYS: list[tuple[Any, list[Any], list[Any]]] = [
    ({"enum": [[1, 2], "x", 3]}, [[1, 2], 3], [[5, 6], [], [[1, 2], [3, 4]], 4]),
    ({"enum": [1, 2]}, [1], [[1, 2], [1], 3]),
    ({"enum": ["a", "b"]}, ["a"], [["a"], "c"]),
    ({"const": [1, 2]}, [[1, 2]], [[1, 3], [1, 2, 3], 1]),
    ({"const": 1}, [1], [[1], [1, 1]]),
    ({"not": {"const": [1]}}, [[1, 2]], [[1]]),
    ({"type": "array", "uniqueItems": True}, [[1, 2], [[1], [2]]], [[1, 1], [[1], [1]]]),
    ({"type": "array", "contains": {"const": 2}}, [[1, 2]], [[1, 1]]),
    ({"type": "array", "contains": {"enum": [[1], 2]}}, [[[1], [0]]], [[[0], [3]]]),
    ({"type": "array", "items": {"enum": [[1], [2]]}}, [[[1], [2]]], [[[1], [3]]]),
    ({"anyOf": [{"const": [1]}, {"items": {"const": 2}, "type": "array"}]}, [[1], [2]], [[3]]),
    ({"oneOf": [{"enum": [[1], [2]]}, {"type": "string"}]}, [[1], "a"], [[3]]),
    ({"additionalProperties": {"enum": [[1], 2]}, "type": "object"}, [], [[1]]),
]


@pytest.mark.parametrize(("schema", "fitting", "others"), ARRAYS)
def test_arrays_of_numpy_are_the_lists_that_they_stand_for(
    schema: Any, fitting: list[Any], others: list[Any], class_of: ClassOf
) -> None:
    numpy = pytest.importorskip("numpy")
    Root: Any = class_of(
        root={"properties": {"a": schema, "map": {"additionalProperties": schema}}}
    )
    for plain in fitting:
        array = numpy.array(plain)
        for given in ({"a": array}, {"map": {"k": array}}, {"a": plain, "map": {"k": array}}):
            loaded = Root.from_config(given)
            assert loaded == Root(**given)
            assert json.loads(loaded.to_json()) == loaded.get_config()
        assigned = Root()
        assigned.a = array
        assigned.validate()
        assert Root.from_json(assigned.to_json()) == Root.from_config({"a": plain})
    for plain in others:
        for given in ({"a": numpy.array(plain)}, {"map": {"k": numpy.array(plain)}}):
            for load in (Root.from_config, lambda config: Root(**config)):
                with pytest.raises(SettingsError, match=r"^Root: 1 problem\n  (a|map\.k)"):
                    load(given)


# Numbers

HUGE = 3 * 10**5000
STEPS = {"multipleOf": 1.5}, {"multipleOf": 0.1}, {"multipleOf": 7}, {"multipleOf": 1e-300}
LIMITS = {"minimum": 0.5}, {"maximum": 1e300}, {"exclusiveMinimum": -0.5}, {"enum": [1.5, 2]}


@pytest.mark.parametrize("keywords", [*STEPS, *LIMITS, {"const": 1.5}, {}], ids=repr)
@pytest.mark.parametrize("kind", ["integer", "number", None])
def test_integers_of_any_length_are_judged(
    keywords: dict[str, Any], kind: str | None, class_of: ClassOf
) -> None:
    schema = {**keywords, **({"type": kind} if kind else {})}
    Root: Any = class_of(
        root={"properties": {"n": schema, "list": {"items": schema, "type": "array"}}}
    )
    fits = {
        "multipleOf": lambda step: step != 7,
        "maximum": lambda _: False,
        "enum": lambda _: False,
        "const": lambda _: False,
    }
    is_fitting = all(fits[k](v) for k, v in keywords.items() if k in fits)
    for given in ({"n": HUGE}, {"list": [HUGE]}):
        if not is_fitting:
            with pytest.raises(SettingsError, match="got a very large number"):
                Root.from_config(given)
            continue
        settings = Root.from_config(given)
        assert settings.get_config() == given
        assert settings == Root(**given) == settings.copy()
        assert pickle.loads(pickle.dumps(settings)) == settings
        assert repr(settings) == "<Root that holds a very large number>"
        assert "a very large number" in settings._repr_html_()


def test_what_has_too_many_digits_for_text_is_told_with_its_place(
    tmp_path: Path, class_of: ClassOf
) -> None:
    Root: Any = class_of(root={"properties": {"list": {"type": "array", "items": {}}, "n": {}}})
    settings = Root(list=[1, HUGE], n={"k": HUGE})
    writes: list[Any] = [settings.to_json, settings.to_args, settings.get_settings]
    names = [str(tmp_path / f"a.{suffix}") for suffix in ("json", "toml", "yaml")]
    writes += [lambda name=name: settings.to_file(name) for name in names]
    for write in writes:
        with pytest.raises(SettingsError, match="4300 digits to be written"):
            write()
    for write in writes[:2]:
        with pytest.raises(SettingsError, match=r"(?s)  list\[1\]: must .*  n\.k: must"):
            write()
    digits = "1" + "0" * 5000
    for load in (
        lambda: Root.from_json(f'{{"n": {digits}}}'),
        lambda: Root.from_json(f'{{"n": {digits}.5}}'),
        lambda: Root.from_args([f"--list=[{digits}]"]),
    ):
        with pytest.raises(SettingsError) as caught:
            load()
        assert len(str(caught.value)) < 300


# Text


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\udc80 ä", "\udc00\ud800"])
def test_lone_surrogates_are_saved_as_they_were_loaded(
    text: str, tmp_path: Path, class_of: ClassOf
) -> None:
    Root: Any = class_of(
        root={"properties": {"text": {"type": "string"}, "map": {"type": "object"}}}
    )
    settings = Root.from_json(json.dumps({"text": text, "map": {text: [text]}}))
    assert settings.get_config() == {"text": text, "map": {text: [text]}}
    for indent in (None, 2):
        written = settings.to_json(indent=indent)
        assert Root.from_json(written.encode()) == Root.from_json(written) == settings
    assert "ä" in Root(text="ä" + text).to_json()
    settings.to_file(str(tmp_path / "a.json"))
    assert Root.from_file(str(tmp_path / "a.json")) == settings
    assert Root.from_args(settings.to_args()) == settings
    assert all(word.encode() for word in settings.to_args())
    repr(settings).encode()


def test_the_output_of_a_job_can_be_written_whatever_it_measured() -> None:
    attempt = Attempt(metrics={"text": "\ud800ä", "number": HUGE, "map": {"\udc00": 1}})
    text = format_output(attempt, {}, {}, None)
    output = json.loads(text.encode())["output"]
    assert output == {"text": "\ud800ä", "number": hex(HUGE), "map": {"\udc00": 1}}


#: What a terminal obeys, in one and in two bytes, and what turns the order of what it shows.
TERMINAL = "\x1b[2J\x9b1m\x07\x7f\u202e\u2066"


def test_nothing_that_a_terminal_obeys_is_in_messages_or_flags(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, class_of: ClassOf
) -> None:
    key = f"k{TERMINAL}"
    kinds: dict[str, Any] = {
        "pattern": {"type": "string", "pattern": f"^{TERMINAL[3:]}$"},
        "enum": {"enum": [TERMINAL, [TERMINAL]]},
        "const": {"const": {key: TERMINAL}},
        "map": {"type": "object", "propertyNames": {"const": key}},
        "required": {"type": "object", "required": [key]},
        "needs": {"type": "object", "dependentRequired": {"a": [key]}},
        "never": {"type": "object", "properties": {key: False}, "additionalProperties": False},
        key: {"type": "integer"},
        "text": {"type": "string"},
        "list": {"type": "array", "items": {"type": "string"}},
    }
    presets = {f"p{TERMINAL}": {"text": "a"}}
    Root: Any = class_of(root={"title": TERMINAL, "properties": kinds, "x-presets": presets})
    told: list[str] = []

    def refused(load: Any) -> None:
        with pytest.raises(SettingsError) as caught:
            load()
        told.append(str(caught.value))

    # What `name` is given may fit; `text` never does.
    for name in kinds:
        for given in (5, TERMINAL, [TERMINAL], {key: TERMINAL}, {"a": 1}, {f"x{TERMINAL}": 1}):
            refused(lambda name=name, given=given: Root.from_config({name: given, "text": 5}))
            flags = [f"--{name}", json.dumps(given), "--text.x", "5"]
            refused(lambda flags=flags: Root.from_args(flags))
    refused(lambda: Root.from_args([f"--x{TERMINAL}", TERMINAL]))
    refused(lambda: Root.from_args(["--preset", TERMINAL]))
    refused(lambda: Root.from_args(["--settings", f"{tmp_path}/{TERMINAL}.json"]))
    refused(lambda: Root.from_file(f"{tmp_path}/{TERMINAL}.json"))
    refused(lambda: Root.from_file(f"{tmp_path}/{TERMINAL}.txt"))
    refused(lambda: Root.from_preset(TERMINAL))
    refused(lambda: Root.from_json(TERMINAL))
    refused(lambda: Root.from_json(f'{{"{TERMINAL[3:4]}": 1, "{TERMINAL[3:4]}": 2}}'))
    refused(lambda: Root.from_settings({"text": 5, key: TERMINAL}))
    told += [repr(Root(text=TERMINAL, list=[TERMINAL])), Root.format_help()]
    Root.from_config({f"unknown{TERMINAL}": 5})
    told += [record.getMessage() for record in caplog.records]
    settings = Root(text=TERMINAL, list=["a", TERMINAL])
    setattr(settings, Root.__match_args__[list(kinds).index(key)], 5)
    assert Root.from_args(settings.to_args()) == settings
    told += settings.to_args()
    told += Root(list=[TERMINAL], text="a\nb").to_args()
    for text in told:
        assert text.replace("\n", "").isprintable(), ascii(text)
    assert Root(text="a\nb\u3000c").to_args() == ["--text=a\nb\u3000c"]
