"""Putting layers over a config, and remembering where each of its values came from.

Under all layers lies what the schema says: an object of a settings class that no layer has given
yet starts from the property's own default when a layer gives a part of it.
"""

from __future__ import annotations

from ..errors import Problem, SettingsError, too_deep
from ..json_values import held, is_array, is_object, lacks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypeVar

    from ..compiled import Field
    from ..settings import Settings
    from .words import Path

    S = TypeVar("S", bound=Settings)


class Parsed:
    """What a command line says: a config of `cls` that grows by layers.

    Attributes:
        cls: the settings class of the root.
        config: the config so far; shares nothing with what it was made from.
        given: what it was made from, the first layer.
        problems: what could not be read, or is wrong with the names of keys; path and source are
            empty where the message says it all.
        origins: by path, where a value came from: a flag as typed (`--augmentation.angle`), a
            file (`files.FileOrigin`), `--preset NAME`, `$VARIABLE`. Values of the first layer
            have no origin; an object has one only if the layer made it, so that the nearest
            ancestor with an origin is where a value without one came from.
        dropped: by path, what took away the value there: the flag that chose another kind of
            object, `--unset NAME`.
        rest: words that are no flags of these settings, in order. From `--` on all of them.
        hidden: those of them that may be parts of secrets.
        help: what help was asked about, "" for all; None where it was not.
        shows: how the settings are to be shown instead of used, of `words.SHOWN_AS`; "" for not.
        completion: what `--completion` asks for, "" for nothing.
        env_prefix: what environment variables of settings begin with, None for no such layer.
    """

    def __init__(self, cls: type[Settings], config: Mapping[str, Any] | None) -> None:
        self.cls = cls
        self.problems: list[Problem] = []
        self.rest: list[str] = []
        self.hidden: tuple[str, ...] = ()
        self.help: str | None = None
        self.shows = ""
        self.completion = ""
        self.env_prefix: str | None = None
        self.given = config
        try:
            self.config: dict[str, Any] = copied(dict(config or {}))
            self._rename(cls, self.config, (), "")
        except RecursionError:
            raise SettingsError([too_deep()], cls.__name__) from None
        self.origins: dict[Path, str] = {}
        self.dropped: dict[Path, str] = {}
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
        self, path: Path, field: Field, value: Any, origin: str, *, appends: bool = False
    ) -> None:
        """Set the value at `path`, which is a value of `field`; `value` is taken over.

        Objects of settings classes are merged key by key. With `appends`, the value is added to
        what earlier calls with `appends` left there, if nothing else was put there since. What is
        inside lists, maps and unions changes what is there.
        """
        holder: Any = self._holder(path)
        if holder is None:
            from .places import opened

            opening = opened(self, path, value, origin)
            if opening is None:
                return
            holder, path = opening
        if appends:
            before = self.gathered(path)
            if before:
                more, value = _items(value), _items(before)
                value += more  # In place: a copy for each of many items would take forever.
            self._gathered[path] = value
        if field.cls is not None:
            self._rename(field.cls, value, path, origin)
        self._set(holder, path, field.cls, value, origin, field)

    def gathered(self, path: Path) -> Any:
        """What `put` with `appends` has left at `path`; None where it did not, or nothing of it."""
        value: Any = self.config
        for key in path if path in self._gathered else ():
            value = held(value, key)
        return value if path in self._gathered and value is self._gathered[path] else None

    def _holder(self, path: Path) -> dict[str, Any] | None:
        """What holds the property at `path`; None where more than settings classes leads there."""
        target, cls = self.config, self.cls
        for depth, key in enumerate(path[:-1], 1):
            row = _row(cls, key)
            if row is None or row.cls is None:
                return None
            target = self.part(target, path[:depth], row, {})
            cls = row.cls
        return None if _row(cls, path[-1]) is None else target

    def part(self, holder: Any, path: Path, row: Field | None, empty: Any) -> Any:
        """What `holder` has at `path`, of the type of `empty`: made there, if it is not."""
        key: Any = path[-1]
        inner = held(holder, key)
        if type(inner) is not type(empty):
            # A flag of a part brings the whole, even where a lower layer had said null.
            if lacks(holder, key):
                inner = self.own_default(row, empty)
            else:
                inner = empty
                self.forget(path)
            place(holder, key, inner)
        return inner

    @staticmethod
    def own_default(row: Field | None, empty: Any) -> Any:
        """A copy of the default of a property, if it is of the type of `empty`, else `empty`."""
        text = None if row is None else row.default
        if not text or text[0] != ("{" if is_object(empty) else "["):
            return empty
        from ..config.json_text import parse_json

        return parse_json(text)

    def forget(self, path: Path) -> None:
        """Forget the origins of what is at `path`."""
        for stale in [known for known in self.origins if known[: len(path)] == path]:
            del self.origins[stale]

    def _rename(self, cls: type[Settings], value: Any, path: Path, origin: str) -> None:
        """Every layer by itself, so that a later layer's new name goes before an old one here."""
        if cls.__brevetti__.rename is not None:
            from ..config.notices import rename

            for problem in rename(cls, value, origin):
                at = (*path, *problem.path)
                self.problems.append(type(problem)(at, problem.expected, problem.given, origin))

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
        fields = {field.key: field for field in cls.__brevetti__.fields()}
        for key, item in value.items():
            field = fields.get(key)
            inner = None if field is None else field.cls
            self._set(target, (*path, key), inner, item, origin, field)

    def _set(
        self,
        target: Any,
        path: Path,
        cls: type[Settings] | None,
        value: Any,
        origin: str,
        field: Field | None,
    ) -> None:
        key: Any = path[-1]
        old = held(target, key)
        self.dropped.pop(path, None)
        if cls is not None and is_object(value):
            if not is_object(old):
                below: dict[str, Any] = {}
                if lacks(target, key):
                    below = self.own_default(field, below)
                else:
                    self.forget(path)
                place(target, key, below)
                if not below:
                    self.origins[path] = origin
            self._merge(target[key], path, cls, value, origin)
            return
        if old is not value and (is_object(old) or is_array(old)):
            self.forget(path)
        place(target, key, value)
        self.origins[path] = origin


def place(holder: Any, key: Any, value: Any) -> None:
    """Put a value under a key or an index, at the end of a list behind its last item."""
    if is_array(holder) and key == len(holder):
        holder.append(value)
    else:
        holder[key] = value


def _row(cls: type[Settings], key: Any) -> Field | None:
    for field in cls.__brevetti__.fields():
        if field.key == key:
            return field
    return None


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
