"""Subclasses whose annotations narrow the classes of nested objects."""

from __future__ import annotations

import copy
import inspect
import pickle
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import generated_code
import pytest
from brevetti_gen import generate
from brevettiai.settings import SettingsError
from conformance.generated import write_json

SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "default": "n"},
        "point": {"$ref": "#/$defs/point"},
        "other": {"$ref": "#/$defs/point"},
        "line": {"type": "array", "items": {"$ref": "#/$defs/point"}},
        "maybe": {"anyOf": [{"$ref": "#/$defs/point"}, {"type": "null"}]},
        "by_name": {"type": "object", "additionalProperties": {"$ref": "#/$defs/point"}},
    },
    "$defs": {
        "point": {
            "type": "object",
            "properties": {"x": {"type": "number", "default": 0, "minimum": 0}, "deep": {}},
        }
    },
}
STRICT = {**SCHEMA, "minProperties": 0, "dependentRequired": {"maybe": ["name"]}}
CODE = """
    from __future__ import annotations
    from settings.shape import Point, Shape

    class Far(Point):
        def distance(self) -> float:
            return abs(self.x)

    class Mine(Shape):
        point: Far
        line: list[Far] | None  # type: ignore[assignment]
        maybe: Far | None
        by_name: dict[str, Far] | None  # type: ignore[assignment]

    class Mine2(Mine):
        other: Far
"""
CONFIG: dict[str, Any] = {
    "name": "a",
    "point": {"x": 1},
    "other": {"x": 2},
    "line": [{"x": 3}, {"x": 4}],
    "maybe": {"x": 5},
    "by_name": {"a": {"x": 6}},
}


@pytest.fixture(params=[SCHEMA, STRICT], ids=["simple", "more than properties"])
def user(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module of someone who narrows."""
    write_json(tmp_path / "shape.json", request.param)
    generate([tmp_path / "shape.json"], tmp_path / "settings")
    (tmp_path / "narrowing_user.py").write_text(dedent(CODE))
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield __import__("narrowing_user")
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in ("settings", "narrowing_user"):
            del sys.modules[name]


def test_what_is_loaded_has_the_narrower_classes(user: Any) -> None:
    settings = user.Mine.from_config(CONFIG)
    assert settings.get_config() == user.Shape.from_config(CONFIG).get_config()
    assert settings.point.distance() == 1
    assert type(settings.other) is user.Point
    assert [type(point) for point in settings.line] == [user.Far, user.Far]
    assert type(settings.maybe) is type(settings.by_name["a"]) is user.Far
    assert type(user.Mine2.from_config(CONFIG).other) is user.Far
    assert type(user.Mine2.from_config(CONFIG).point) is user.Far
    assert type(user.Shape.from_config(CONFIG).point) is user.Point


def test_every_other_way_to_an_object(user: Any) -> None:
    made = [
        user.Mine(),
        user.Mine.from_args(["--point.x", "2"]),
        user.Mine.from_json("{}"),
        user.Mine.from_settings(user.Mine().get_settings()),
        user.Mine.from_config(CONFIG).replace(name="b"),
        user.Mine.from_config(CONFIG).copy(),
        copy.copy(user.Mine()),
        pickle.loads(pickle.dumps(user.Mine())),
    ]
    for settings in made:
        assert type(settings) is user.Mine
        assert type(settings.point) is user.Far
        settings.validate()
        assert settings == user.Mine.from_config(settings.get_config())
    assert user.Mine(name="b", maybe=None, line=None).maybe is None


def test_given_objects_are_kept(user: Any) -> None:
    far, plain = user.Far(x=2), user.Point(x=1)
    settings = user.Mine(point=far, other=plain, line=[far])
    assert settings.point is far
    assert settings.other is plain
    assert type(plain) is user.Point
    assert settings.line[0] is far
    with pytest.raises(SettingsError, match="at least 0"):
        user.Mine.from_config({"point": {"x": -1}})


def test_the_signature_stays(user: Any) -> None:
    assert list(inspect.signature(user.Mine).parameters) == list(SCHEMA["properties"])  # type: ignore[call-overload]


def test_a_class_whose_module_nobody_can_import_narrows_too(user: Any) -> None:
    namespace = {"__annotations__": {"point": user.Far}, "__module__": "nowhere"}
    own: Any = type("Own", (user.Shape,), namespace)
    assert own.from_config(CONFIG).point.distance() == 1


def test_what_narrows_nothing_is_refused(user: Any) -> None:
    namespace = {"__annotations__": {"point": int}, "__module__": user.__name__}
    with pytest.raises(TypeError, match=r"Wrong.point must be annotated with a subclass of Point"):
        type("Wrong", (user.Shape,), namespace)
    namespace = {"__annotations__": {"point": "Nowhere"}, "__module__": user.__name__}
    with pytest.raises(TypeError, match=r"Wrong.point: the annotation 'Nowhere' has no meaning"):
        type("Wrong", (user.Shape,), namespace).from_config({})  # type: ignore[attr-defined]


def test_who_narrows_nothing_pays_nothing(user: Any, tmp_path: Path) -> None:
    code = (
        "import sys, settings.shape as s\n"
        "class Sub(s.Shape):\n    extra_one: int = 3\n"
        "Sub.from_config({}); Sub()\n"
        "assert 'brevettiai.config.narrowing' not in sys.modules\n"
        "assert '__brevetti__' not in vars(Sub) and '__init__' not in vars(Sub)\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, env=_environment())


def test_type_checkers_agree(user: Any, tmp_path: Path) -> None:
    assert generated_code.mypy(tmp_path / "narrowing_user.py") == ""


def _environment() -> dict[str, str]:
    return {"PYTHONPATH": str(generated_code.RUNTIME)}
