"""Putting layers over a config, and remembering where each of its values came from."""

from __future__ import annotations

from ..errors import Problem
from ..json_values import is_array, is_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..compiled import Field
    from ..settings import Settings

    Path = tuple[str | int, ...]


class Parsed:
    """What a command line says: a config of `cls` that grows by layers.

    Attributes:
        cls: the settings class of the root.
        config: the config so far; shares nothing with what it was made from.
        problems: what could not be read, or is wrong with the names of keys; path and source are
            empty where the message says it all.
        origins: by path, where a value came from: a flag as typed (`--augmentation.angle`), a
            file (`origins.FileOrigin`), `--preset NAME`, `$VARIABLE`. Values of the first layer
            have no origin; an object has one only if the layer made it, so that the nearest
            ancestor with an origin is where a value without one came from.
        rest: words that are no flags of these settings, in order. From `--` on all of them.
        help: what help was asked about, "" for all; None where it was not.
        shows: how the settings are to be shown instead of used, of `words.SHOWN_AS`; "" for not.
        env_prefix: what environment variables of settings begin with, None for no such layer.
    """

    def __init__(self, cls: type[Settings], config: Mapping[str, Any] | None) -> None:
        self.cls = cls
        self.problems: list[Problem] = []
        self.rest: list[str] = []
        self.help: str | None = None
        self.shows = ""
        self.env_prefix: str | None = None
        self.config: dict[str, Any] = copied(dict(config or {}))
        self._rename(cls, self.config, (), "")
        self.origins: dict[Path, str] = {}
        self._gathered: dict[Path, Any] = {}

    def refuse(
        self,
        expected: str,
        path: Path = (),
        typed: str = "",
        given: str | None = None,
        meant: str = "",
    ) -> None:
        """Note a problem of a flag; `given` is None for what would not tell or is secret."""
        from ..messages.words import given_text

        text = "" if given is None else given_text(given, meant)
        self.problems.append(Problem(path, expected, text, typed))

    def begin_layer(self) -> None:
        """What comes now replaces the lists of before, and does not append to them."""
        self._gathered.clear()

    def put(
        self,
        path: tuple[str, ...],
        field: Field,
        value: Any,
        origin: str,
        *,
        appends: bool = False,
    ) -> None:
        """Set the value at `path`, which is a value of `field`; `value` is taken over.

        Objects of settings classes are merged key by key. With `appends`, the value is added to
        what earlier calls with `appends` left there, if nothing else was put there since.
        """
        target = self.config
        for depth, key in enumerate(path[:-1], 1):
            inner = target.get(key)
            if not is_object(inner):
                # A flag of a part brings the whole, even where a lower layer had said null.
                inner = target[key] = {}
                self.origins.pop(path[:depth], None)
            target = inner
        if appends:
            old = target.get(path[-1])
            if path in self._gathered and old is self._gathered[path]:
                value = [*_items(old), *_items(value)]
            self._gathered[path] = value
        if field.cls is not None:
            self._rename(field.cls, value, path, origin)
        self._set(target, path, field.cls, value, origin)

    def _rename(self, cls: type[Settings], value: Any, path: Path, origin: str) -> None:
        """Every layer by itself, so that a later layer's new name goes before an old one here."""
        if cls.__brevetti__.rename is not None:
            from ..config.notices import rename

            for problem in rename(cls, value, origin):
                at = (*path, *problem.path)
                self.problems.append(Problem(at, problem.expected, source=origin))

    def put_all(self, config: Mapping[str, Any], origin: str) -> None:
        """Merge a partial config; its values are taken over, under the names that keys have now."""
        config = dict(config)
        self._rename(self.cls, config, (), origin)
        self._merge(self.config, (), self.cls, config, origin)

    def _merge(
        self,
        target: dict[str, Any],
        path: Path,
        cls: type[Settings],
        value: Mapping[str, Any],
        origin: str,
    ) -> None:
        classes = {field.key: field.cls for field in cls.__brevetti__.fields()}
        for key, item in value.items():
            self._set(target, (*path, key), classes.get(key), item, origin)

    def _set(
        self,
        target: dict[str, Any],
        path: Path,
        cls: type[Settings] | None,
        value: Any,
        origin: str,
    ) -> None:
        key: Any = path[-1]
        old = target.get(key)
        if cls is not None and is_object(value):
            if not is_object(old):
                target[key] = {}
                self.origins[path] = origin
            self._merge(target[key], path, cls, value, origin)
            return
        if is_object(old):
            for stale in [known for known in self.origins if known[: len(path)] == path]:
                del self.origins[stale]
        target[key] = value
        self.origins[path] = origin


def copied(value: Any) -> Any:
    """A copy of the containers of a JSON value; whatever is no JSON is for validation to refuse."""
    if is_object(value):
        return {key: copied(item) for key, item in value.items()}
    if is_array(value):
        return [copied(item) for item in value]
    return value


def _items(value: Any) -> list[Any]:
    """What a value contributes to a list."""
    if value is None:
        return []
    return value if is_array(value) else [value]
