"""What people do with generated classes, with hostile flags, configs and variables."""

from __future__ import annotations

import importlib
import io
import json
import os
import pickle
import sys
import warnings
from collections.abc import Generator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from random import Random
from typing import Any
from unittest import mock

from brevettiai.cli.completion import complete
from brevettiai.cli.program import run
from brevettiai.search.exports import ENGINES
from brevettiai.settings import Settings, SettingsError

from .desk import Desk
from .documents import damaged
from .texts import hostile_text

_REFUSALS = (SettingsError, SystemExit)


def use_package(desk: Desk, folder: str, random: Random, *, is_plain: bool) -> None:
    """Import a generated package; ask the classes of our own style for all that they can do."""
    with imported(desk, folder) as package:
        for name in getattr(package, "__all__", ()) if is_plain else ():
            cls = getattr(package, name)
            if isinstance(cls, type) and issubclass(cls, Settings):
                _use(desk, cls, random)


@contextmanager
def imported(desk: Desk, folder: str) -> Generator[Any, None, None]:
    """A generated package, until the block ends; None where it cannot be imported."""
    sys.path.insert(0, os.getcwd())
    importlib.invalidate_caches()
    try:
        yield desk.attempt(lambda: _imported(folder))
    finally:
        sys.path.remove(os.getcwd())
        for name in [n for n in sys.modules if n.partition(".")[0] == folder]:
            del sys.modules[name]


def _imported(folder: str) -> Any:
    package = importlib.import_module(folder)
    for name in sorted(os.listdir(folder)):
        if name.endswith(".py"):
            importlib.import_module(f"{folder}.{name[:-3]}")
    return package


def _use(desk: Desk, cls: Any, random: Random) -> None:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _use_quietly(desk, cls, random)
    desk.look_at_output(out.getvalue())


def _use_quietly(desk: Desk, cls: Any, random: Random) -> None:
    presets = desk.attempt(cls.presets) or {}
    settings = desk.attempt(lambda: cls.from_config({}), *_REFUSALS)
    config: Any = {} if settings is None else settings.get_config()
    for _ in range(2):
        given = damaged(random, {**config, "?": 1})
        desk.attempt(lambda given=given: cls.from_config(given), *_REFUSALS)
    if settings is not None:
        for doing in (repr, pickle.dumps, Settings._repr_html_, Settings.to_json):
            desk.attempt(lambda doing=doing: doing(settings))
        again = desk.attempt(lambda: cls.from_args(settings.to_args()))
        if again is not None and again != settings:
            desk.fault(f"other settings from {settings.to_args()}")
        form = desk.attempt(lambda: cls.get_schema().schema)
        if form is not None:
            desk.attempt(lambda: cls.from_settings(damaged(random, {**config, "?": 1})), *_REFUSALS)
    for words in _command_lines(random, config, list(presets)):
        desk.attempt(lambda words=words: cls.from_args(words), *_REFUSALS)
        desk.attempt(lambda words=words: complete(cls, words[:-1], words[-1]), *_REFUSALS)
    with mock.patch.object(sys, "argv", ["settings"]):
        desk.attempt(lambda: run(cls), *_REFUSALS)
    _with_variables(desk, cls, random, config)
    _export(desk, cls, random)


def _command_lines(random: Random, config: dict[str, Any], presets: list[str]) -> list[list[str]]:
    keys = [*config, hostile_text(random)]
    key = random.choice(keys)
    text = hostile_text(random)
    return [
        ["--help"],
        [f"--help={text}"],
        [f"--show-settings={random.choice(['table', 'json', 'toml', 'yaml', text])}"],
        [f"--{key}={text}"],
        [f"--{key}", text],
        [f"--{key}.{text}", text],
        [f"--unset={key}"],
        [f"--preset={random.choice([*presets, text])}"],
        [f"--settings-file={text}"],
        [text],
    ]


def _with_variables(desk: Desk, cls: Any, random: Random, config: dict[str, Any]) -> None:
    name = random.choice([*config, hostile_text(random)])
    text = hostile_text(random)
    try:
        os.environ[f"ZQX__{name}"] = text
    except (ValueError, UnicodeError, OSError):
        return
    try:
        desk.attempt(lambda: cls.from_args([], env_prefix="ZQX"), *_REFUSALS)
    finally:
        del os.environ[f"ZQX__{name}"]


def _export(desk: Desk, cls: Any, random: Random) -> None:
    space = desk.attempt(cls.search_space, ValueError)
    if space is None:
        return
    engine = random.choice(list(ENGINES))
    program = ["python", hostile_text(random)]
    goal = random.choice(["min loss", f"min {hostile_text(random)}"])
    found = desk.attempt(lambda: space.export(engine, program=program, goal=goal), ValueError)
    if found is not None:
        desk.attempt(lambda: json.dumps(found.document))
        if engine == "ray":
            desk.attempt(lambda: compile(str(found), "ray.py", "exec"))
