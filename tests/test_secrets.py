"""One secret, wherever a schema says that it is one, is looked for in all that shows or stores."""

from __future__ import annotations

import io
import json
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import GenerationError, generate
from brevetti_gen.preview.catalog import Catalog
from brevetti_gen.preview.state import offline_document, view_document
from brevetti_gen.preview.verdict import verdict_document
from brevettiai.cli.completion import complete
from brevettiai.integrations.click import settings_command
from brevettiai.interfaces.vue_schema_utils import VueSettingsModule
from brevettiai.platform import Job
from brevettiai.platform.settings import stored_config
from brevettiai.settings import SettingsError
from rich.console import Console
from secret_places import CANARY, PLACES, SIBLING, Place, schema_of

CASES = [pytest.param(place, id=name) for name, place in PLACES.items()]
_TURNS = count()


def by_turns(*without: str) -> pytest.MarkDecorator:
    """All places but some; a third of them, each time another one, has a turn in every run."""
    turn = next(_TURNS)
    return pytest.mark.parametrize(
        "place",
        [
            pytest.param(*case.values, id=case.id, marks=marks)
            for number, case in enumerate(CASES)
            for marks in [[] if (number + turn) % 3 == 0 else pytest.mark.slow]
            if case.id not in without
        ],
    )


#: Those that have something beside the secret that is none.
with_sibling = pytest.mark.parametrize(
    "place", [case for case in CASES if SIBLING in json.dumps(case.values[0].value)]
)


@pytest.fixture(scope="module")
def class_of(kept_class_of: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return kept_class_of


def texts_of(settings: Any) -> Iterator[str]:
    """Settings as people see them, and as they are stored."""
    yield repr(settings)
    yield str(settings)
    yield repr(pickle.loads(pickle.dumps(settings))) if _can_pickle(settings) else ""
    yield repr([settings.copy()])
    console = Console(file=io.StringIO(), width=300)
    console.print(settings)
    yield console.file.getvalue()  # type: ignore[attr-defined]
    yield settings._repr_html_()
    yield json.dumps(settings.get_config(hide_secrets=True))


def _can_pickle(settings: Any) -> bool:
    try:
        pickle.dumps(settings)
    except pickle.PicklingError:
        return False
    return True


@by_turns()
def test_a_secret_is_not_shown(class_of: Callable[..., Any], place: Place) -> None:
    settings = class_of(schema_of(place)).from_config({"p": place.value})
    assert json.dumps(settings.get_config()["p"]) == json.dumps(place.value)
    for text in texts_of(settings):
        assert CANARY not in text


@with_sibling
def test_what_lies_beside_it_is_shown(class_of: Callable[..., Any], place: Place) -> None:
    settings = class_of(schema_of(place)).from_config({"p": place.value, "visible": ""})
    assert all(SIBLING in text for text in texts_of(settings))


# Mistakes


def broken(value: Any) -> Iterator[Any]:
    """A value with what holds the secret of another kind, or with the secret at another place."""
    yield [[value]] if isinstance(value, list) else [value]
    yield CANARY
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for step, part in () if isinstance(value, str) else parts:
        for other in broken(part) if CANARY in json.dumps(part) else ():
            copy = dict(value) if isinstance(value, dict) else list(value)
            copy[step] = other
            yield copy


def chain(error: BaseException | None) -> Iterator[str]:
    """All that an error says, and those that led to it."""
    while error is not None:
        yield f"{error} {error!r} {error.args!r} {getattr(error, 'problems', '')!r}"
        error = error.__cause__ or error.__context__


@by_turns()
def test_mistakes_do_not_tell(
    class_of: Callable[..., Any], place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    cls = class_of({**schema_of(place), "required": ["visible"]})
    attempts: list[Callable[[], Any]] = []
    for value in broken(place.value):
        attempts += [
            lambda value=value: cls.from_config({"p": value}),
            lambda value=value: cls.from_config({"p": value, "visible": 1}),
            lambda value=value: cls(p=value, visible=1),
            lambda value=value: cls.from_json(json.dumps({"p": value})),
            lambda value=value: cls.from_settings({"p": value}),
            lambda value=value: cls.from_settings({"p": json.dumps(value)}),
            lambda value=value: cls.from_settings({"p": json.dumps(value)[:-1]}),
            lambda value=value: cls.from_args([f"--p={json.dumps(value)}"]),
            lambda value=value: cls.from_args([f"--p={json.dumps(value)[:-1]}"]),
            lambda value=value: cls.from_args(["--p", json.dumps(value), CANARY]),
            lambda value=value: cls.from_args(["--q", "my", CANARY]),
            lambda value=value: cls.from_args(["--.", json.dumps({"p": value})]),
            lambda value=value: cls.from_args(["--.", json.dumps({"p": value})[:-1]]),
        ]
    for attempt in attempts:
        try:
            attempt()
        except (SettingsError, TypeError) as error:
            for text in chain(error):
                assert CANARY not in text
    assert CANARY not in caplog.text


def test_tracebacks_with_the_values_of_frames_do_not_tell(class_of: Callable[..., Any]) -> None:
    cls = class_of(schema_of(PLACES["property"]))
    for load in (
        lambda text: cls.from_config(json.loads(text)),
        lambda text: cls.from_json(text),
        lambda text: cls.from_settings(json.loads(text)),
    ):
        with pytest.raises(SettingsError) as caught:
            load(json.dumps({"p": [CANARY]}))
        # The first two frames are those of this test.
        inner = traceback.walk_tb(caught.value.__traceback__.tb_next.tb_next)  # type: ignore[union-attr]
        summary = traceback.StackSummary.extract(inner, capture_locals=True)
        assert CANARY not in "".join(summary.format())


@by_turns()
def test_warnings_do_not_tell(
    class_of: Callable[..., Any], place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    cls = class_of(schema_of(place))
    cls.from_config({"p": place.value, "unknown": 1})
    cls.from_args([f"--p={said(place.value)}", "--visible=x"])
    assert "unknown" in caplog.text
    assert CANARY not in caplog.text


def said(value: Any) -> str:
    """A value as a flag takes it."""
    return value if isinstance(value, str) else json.dumps(value)


@by_turns("then of the root")
def test_the_generator_does_not_tell(place: Place, tmp_path: Path) -> None:
    """What it says of defaults and presets that do not fit, by the schemas of a property alone."""
    path = tmp_path / "training.schema.json"
    said = []
    for value in broken(place.value):
        schema = schema_of(place)
        schema["properties"]["p"]["default"] = value
        schema["x-presets"] = {"one": {"p": value}}
        path.write_text(json.dumps(schema), encoding="utf-8")
        try:
            report = generate([path], tmp_path / "settings")
        except GenerationError as error:
            said += [*error.problems]
        else:
            said += [*report.warnings]
    assert CANARY not in repr([(problem.message, problem.hint) for problem in said])


# The command line


@by_turns()
def test_files_and_variables_do_not_tell(
    class_of: Callable[..., Any],
    place: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cls = class_of({**schema_of(place), "required": ["visible"]})
    path = tmp_path / "some.json"
    for value in broken(place.value):
        path.write_text(json.dumps({"p": value}), encoding="utf-8")
        whole, text = f"--settings-file={path}", json.dumps(value)
        for said in (text, text[:-1], f"@{CANARY}"):
            monkeypatch.setenv("TRAIN__P", said)
            for arguments in ([], [f"--settings-file=p={path}"], [whole], [f"--p=@{path}"]):
                with pytest.raises(SettingsError) as caught:
                    cls.from_args(arguments, env_prefix="TRAIN")
                assert all(CANARY not in each for each in chain(caught.value))
        with pytest.raises(SettingsError) as caught:
            cls.from_file(path)
        assert all(CANARY not in each for each in chain(caught.value))


def test_commands_of_click_do_not_tell_words_that_may_be_a_part(
    class_of: Callable[..., Any],
) -> None:
    click = pytest.importorskip("click", reason="needs click")
    testing = pytest.importorskip("click.testing", reason="needs click")
    cls = class_of(schema_of(PLACES["anyOf null"]))
    command = settings_command(cls, click.Command)("train", callback=lambda: None)
    done = testing.CliRunner().invoke(command, ["--p", "my", CANARY])
    assert done.exit_code == 2
    assert "unexpected extra argument" in done.output
    assert CANARY not in done.output


def printed(capsys: pytest.CaptureFixture[str], cls: Any, *args: str) -> str:
    with pytest.raises((SystemExit, SettingsError)):
        cls.from_args([*args])
    out, err = capsys.readouterr()
    return out + err


@by_turns()
def test_the_command_line_does_not_tell(
    class_of: Callable[..., Any], place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    cls = class_of(schema_of(place, filled=True))
    names = ["", "p", "p.s", "p.0", "p.k", "p.next", "p.next.next.s", "preset"]
    texts = [printed(capsys, cls, "--help", name) for name in names]
    given = f"--p={said(place.value)}"
    for shows in ("table", "json", "toml", "yaml"):
        texts += [printed(capsys, cls, f"--show-settings={shows}")]
        texts += [printed(capsys, cls, given, f"--show-settings={shows}")]
        texts += [printed(capsys, cls, "--preset=one", f"--show-settings={shows}")]
    assert SIBLING in texts[0]
    for words, current in (
        ([], ""),
        ([], "--p"),
        ([], "--p."),
        ([], "--p="),
        ([], "--p.s="),
        ([], "--p.0="),
        (["--p"], ""),
        (["--preset"], ""),
        (["--help"], "p."),
    ):
        texts.append(repr(complete(cls, words, current).words))
    for text in texts:
        assert CANARY not in text


# Forms and pages


@by_turns()
def test_forms_and_pages_do_not_tell(
    class_of: Callable[..., Any], place: Place, tmp_path: Path
) -> None:
    schema = schema_of(place, filled=True)
    cls = class_of(schema)
    form = cls.get_schema().schema
    assert CANARY not in json.dumps(form)
    assert SIBLING in json.dumps(form)
    assert CANARY not in json.dumps(cls.get_schema("inside").schema)
    path = tmp_path / "training.schema.json"
    path.write_text(json.dumps(schema), encoding="utf-8")
    view = Catalog([path]).view("training")
    assert view is not None
    assert view.cls is not None
    for document in (view_document(view), offline_document(view)):
        assert CANARY not in json.dumps(document)
    model = view.cls.from_config({"p": place.value}).get_settings()
    others = [value for value in broken(place.value) if value != CANARY]
    for edited in (model, {"p": f'["{CANARY}'}, *({"p": value} for value in others)):
        verdict = verdict_document(view.cls, "training", edited, "one")
        assert CANARY not in json.dumps(verdict)


@pytest.mark.parametrize("name", ["property", "anyOf null", "oneOf with $ref", "enum", "object"])
def test_a_form_asks_for_a_secret_unseen(class_of: Callable[..., Any], name: str) -> None:
    cls = class_of(schema_of(PLACES[name], filled=True))
    fields = [f for f in cls.get_schema().schema["fields"] if f.get("model", "").startswith("p")]
    assert fields
    for field in fields:
        assert field["inputType"] == "password"
        assert field.keys().isdisjoint(["default", "placeholder", "values"])
    settings = cls.from_config({"p": PLACES[name].value})
    assert cls.from_settings(settings.get_settings()) == settings


def test_what_a_form_says_nothing_of_is_filled_in(class_of: Callable[..., Any]) -> None:
    cls = class_of(schema_of(PLACES["prefixItems"], filled=True))
    assert cls.from_settings({}).p == [SIBLING, CANARY]


# Jobs, and other libraries


@by_turns("enum")  # whose schema has the secret itself
def test_jobs_do_not_store_it(
    class_of: Callable[..., Any],
    place: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["job.py"])
    cls = class_of(schema_of(place))

    class Training(Job):
        Settings = cls

    Training.init(settings={"p": place.value}).start()

    class Around(VueSettingsModule):
        def __init__(self, inner: Any = None, by_name: Any = None) -> None:
            self.inner = inner
            self.by_name = by_name

    held = cls.from_config({"p": place.value})
    around = Around([held], {"one": held})
    assert CANARY not in json.dumps(stored_config(around))
    stored = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "output.json" for path in stored)
    for path in stored:
        assert CANARY not in path.read_text(encoding="utf-8", errors="replace")
    assert CANARY not in caplog.text


@by_turns("enum")  # whose schema has the secret itself
def test_pydantic_and_fastapi_do_not_write_it(class_of: Callable[..., Any], place: Place) -> None:
    pydantic = pytest.importorskip("pydantic", reason="needs pydantic")
    cls = class_of(schema_of(place, filled=True))
    model = pydantic.create_model("Model", training=(cls, ...))
    held = model(training=cls.from_config({"p": place.value}))
    texts = [repr(held), str(held), held.model_dump_json(), json.dumps(model.model_json_schema())]
    for value in broken(place.value):
        try:
            model(training={"p": value})
        except pydantic.ValidationError as error:
            texts += [*chain(error), error.json()]
    for text in texts:
        assert CANARY not in text
