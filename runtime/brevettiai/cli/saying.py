"""A config as a command line: the flags from which parsing makes it again.

Each flag is one word, `--key=value`. Keys that flags cannot say are in the JSON of the nearest
object that has a flag, as are values that their own flag cannot say.
"""

from __future__ import annotations

from ..config.json_text import json_text
from ..errors import SettingsError
from ..json_values import UNSET, is_array, is_object, json_equal
from ..messages.records import NamedTuple
from .flags import put_flags, read_words
from .inside import default_of, entry_of_class, item_of, kind_of, kinds_of, value_of
from .layers import Parsed
from .names import find_flag
from .values import Unreadable, read, takes_list
from .words import Words, has_flag, is_word, write_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from ..compiled import Field
    from ..settings import Settings
    from .words import Path

_MAX_ENTRIES = 3
"""How many entries of a map are said by flags of their own; more are JSON."""


def to_args(cls: type[Settings], config: Mapping[str, Any]) -> list[str]:
    """Flags from which parsing makes a config equal to `config`, whatever loads anyway."""
    sayer = _Sayer(cls, short=False)
    sayer.say_object(cls, config, (), {})
    return sayer.args


def shortest_args(
    cls: type[Settings],
    config: Mapping[str, Any],
    below: Mapping[str, Any] | None = None,
    *,
    loaded: Callable[[dict[str, Any]], Any] | None = None,
) -> list[str]:
    """Flags that say only what differs from what loads anyway.

    Args:
        config: of settings as they are, with all that is filled in.
        below: what layers below the flags say.
        loaded: the config of what a config loads to, to make sure; raises a `ValueError` or a
            `TypeError` where that does not load. By default as `cls` does it.
    """
    sayer = _Sayer(cls, short=True)
    try:
        sayer.say_object(cls, config, (), below or {})
    except SettingsError:
        json_text(config)  # which says where it cannot be written
        raise
    parsed = Parsed(cls, below)
    put_flags(parsed, read_words(parsed, Words(sayer.args))[0])
    said = parsed.config
    try:
        again = _loaded(cls, said) if loaded is None else loaded(said)
        if json_equal(again, config) and not parsed.problems:
            return sayer.args
    except (TypeError, ValueError):
        pass
    # Presence can matter to a schema: then only all that there is says the same.
    return to_args(cls, config)


def _loaded(cls: type[Settings], config: dict[str, Any]) -> Any:
    settings = object.__new__(cls)
    return settings.get_config() if cls.__brevetti__.load(config, settings, []) else None


class _There(NamedTuple):
    """What is at a place before a flag says anything of it, `UNSET` for nothing.

    Attributes:
        given: what a layer, or the own default of an object around it, says.
        loads: what it is when nothing is said of it.
    """

    given: Any
    loads: Any

    def part(self, field: Field) -> dict[str, Any]:
        """The object that a flag of something inside finds."""
        if self.given is UNSET:
            default: dict[str, Any] = Parsed.own_default(field, {})
            return default
        return self.given if is_object(self.given) else {}


def _there(field: Field, key: Any, holder: Mapping[Any, Any]) -> _There:
    if key in holder:
        return _There(holder[key], holder[key])
    if field.required:
        return _There(UNSET, UNSET)
    default = default_of(field)
    return _There(UNSET, {} if default is UNSET and field.filled else default)


class _Sayer:
    """Collects flags of `cls`: all that a config has, or with `short` what is not there anyway."""

    def __init__(self, cls: type[Settings], *, short: bool) -> None:
        self._cls = cls
        self._short = short
        self.args: list[str] = []

    def say_object(
        self, cls: type[Settings], config: Mapping[str, Any], path: Path, below: Mapping[str, Any]
    ) -> bool:
        """Say an object of a class, where `below` is there; whether its JSON was not needed."""
        fields = {field.key: field for field in cls.__brevetti__.fields()}
        unsaid: dict[str, Any] = {}
        needs_json = False

        def flush() -> None:
            # Before the next flag, not at the end, so that keys keep their order.
            if unsaid:
                self._add(path, write_json(unsaid))
                for key, value in unsaid.items():
                    for left in _left(fields.get(key), key, value, below):
                        self._unset((*path, *left))
                unsaid.clear()

        for key, value in config.items():
            field = fields.get(key) or entry_of_class(cls, key)
            if self._is_there(field, key, value, below):
                continue
            inner = _Sayer(self._cls, short=self._short)
            if (
                field is not None
                and has_flag(key, at_root=not path)
                and inner._say(field, value, (*path, key), _there(field, key, below))
                and (key in fields or inner.says_parts((*path, key)))
            ):
                flush()
                self.args += inner.args
            else:
                unsaid[key] = value
                needs_json = True
        flush()
        for key in below:
            if key not in config:
                self._unset((*path, key))
        return not needs_json

    def _is_there(
        self, field: Field | None, key: str, value: Any, below: Mapping[str, Any]
    ) -> bool:
        if not self._short:
            return False
        if field is None:
            return key in below and json_equal(below[key], value)
        return _fills_to(field, _there(field, key, below).loads, value)

    def _say(self, field: Field, value: Any, path: Path, there: _There) -> bool:
        """Say a value by its own flag, or by those of what is inside it; False if none can."""
        if field.cls is not None and is_object(value):
            self.say_object(field.cls, value, path, there.part(field))
            if not self.args:
                self._add(path, "{}")
            return True
        if self._short and is_object(value):
            if self._say_kind(field, value, path, there.part(field)):
                return True
            self.args.clear()
            if self._say_map(field, value, path, there.part(field)):
                return True
            self.args.clear()
        text = say(field, _without_fills(field, value) if self._short else value)
        if text is not None:
            self._add(path, text)
        return text is not None

    def _say_kind(self, field: Field, value: Any, path: Path, below: dict[str, Any]) -> bool:
        """Say an object of a union by its tag, where it is another, and by what is in it."""
        kinds = kinds_of(field)
        kind = kind_of(kinds, value)
        if kind is None or kinds.tag is None or kinds.tag not in value:
            return False
        old = kind_of(kinds, below) if kinds.tag in below else None
        known = {row.key: row for row in kind.cls.__brevetti__.fields()}
        if old != kind:
            text = say(known[kinds.tag], value[kinds.tag])
            if text is None:
                return False
            self._add((*path, kinds.tag), text)
            had = [row.key for row in old.cls.__brevetti__.fields()] if old is not None else []
            below = {key: item for key, item in below.items() if key in known or key not in had}
            below[kinds.tag] = value[kinds.tag]
        return self.say_object(kind.cls, value, path, below) and bool(self.args)

    def _say_map(self, field: Field, value: Any, path: Path, below: dict[str, Any]) -> bool:
        """Say a map by its entries, if few differ from those that are there."""
        changed: dict[str, Field] = {}
        for key, item in value.items():
            row = None if kinds_of(field).kinds else value_of(field, key)
            if row is None:
                return False
            if key not in below or not _fills_to(row, below[key], item):
                changed[key] = row
        gone = [key for key in below if key not in value]
        if not 0 < len(changed) + len(gone) <= _MAX_ENTRIES:
            return False
        for key, row in changed.items():
            given = below.get(key, UNSET)
            if not self._has_flag((*path, key)):
                return False
            inner = _Sayer(self._cls, short=True)
            if not inner._say(row, value[key], (*path, key), _There(given, given)):
                return False
            self.args += inner.args
        for key in gone:
            self._unset((*path, key))
        return True

    def says_parts(self, path: Path) -> bool:
        """Whether all flags are of what lies inside the value at `path`, which has none itself."""
        names = (word[2:].partition("=")[0] for word in self.args)
        flags = (find_flag(self._cls, name) for name in names)
        return all(flag is not None and flag.path[: len(path)] == path for flag in flags)

    def _has_flag(self, path: Path) -> bool:
        flag = find_flag(self._cls, ".".join(map(str, path)))
        return flag is not None and flag.path == path and not flag.negated

    def _add(self, path: Path, text: str) -> None:
        self.args.append(f"--{'.'.join(map(str, path)) or '.'}={text}")

    def _unset(self, path: Path) -> None:
        name = ".".join(map(str, path)) if self._has_flag(path) else write_json([*path])
        self.args.append(f"--unset={name}")


def _left(
    field: Field | None, key: str, value: Any, below: Mapping[str, Any]
) -> Iterator[tuple[str, ...]]:
    """What is there and stays when the JSON of `value`, which lacks it, is put over it."""
    if field is None or field.cls is None or not is_object(value):
        return
    there = _there(field, key, below).part(field)
    rows = {row.key: row for row in field.cls.__brevetti__.fields()}
    yield from ((key, stays) for stays in there if stays not in value)
    for inner, item in value.items():
        yield from ((key, *left) for left in _left(rows.get(inner), inner, item, there))


def _fills_to(field: Field, given: Any, value: Any) -> bool:
    """Whether `given` loads as `value`, as far as the fields of classes tell."""
    if given is UNSET:
        return False
    if json_equal(given, value):
        return True
    if is_array(given) and is_array(value) and len(given) == len(value):
        item_rows = [item_of(field, index) for index in range(len(value))]
        items = zip(item_rows, given, value, strict=True)
        return all(row is not None and _fills_to(row, *both) for row, *both in items)
    if not (is_object(given) and is_object(value)) or given.keys() - value.keys():
        return False
    rows = _rows_of(field, value)
    for key, item in value.items():
        row = rows.get(key)
        if row is None:
            if key not in given or not json_equal(given[key], item):
                return False
        elif not _fills_to(row, _there(row, key, given).loads, item):
            return False
    return True


def _without_fills(field: Field, value: Any) -> Any:
    """`value` without what loads anyway in the objects of classes in it."""
    if is_array(value):
        item_rows = [item_of(field, index) for index in range(len(value))]
        pairs = zip(item_rows, value, strict=True)
        return [item if row is None else _without_fills(row, item) for row, item in pairs]
    if not is_object(value):
        return value
    rows = _rows_of(field, value)
    is_map = not kinds_of(field).kinds
    return {
        key: item if (row := rows.get(key)) is None else _without_fills(row, item)
        for key, item in value.items()
        if is_map
        or key not in rows
        or not _fills_to(rows[key], _there(rows[key], key, {}).loads, item)
    }


def _rows_of(field: Field, value: dict[str, Any]) -> dict[str, Field]:
    """The rows of what is in an object."""
    kinds = kinds_of(field)
    kind = kind_of(kinds, value)
    if kind is not None:
        return {row.key: row for row in kind.cls.__brevetti__.fields()}
    rows = {} if kinds.kinds else {key: value_of(field, key) for key in value}
    return {key: row for key, row in rows.items() if row is not None}


def say(field: Field, value: Any) -> str | None:
    """The word whose `contents` `read` turns into `value` again; None if there is none."""
    texts = [write_json(value)]
    item = value[0] if takes_list(field) and is_array(value) and len(value) == 1 else value
    if type(item) is str or (item is not value and not is_array(item)):
        texts.insert(0, item if type(item) is str else write_json(item))
    for text in texts:
        if is_word(text) and _reads_back(field, text, value):
            return f"@{text}" if text[:1] == "@" else text
    return None


def _reads_back(field: Field, text: str, value: Any) -> bool:
    try:
        return json_equal(read(field, text), value)
    except Unreadable:
        return False
