"""Names that lead into unions, lists and maps, and what is done to the values there.

A name is followed twice. Which flag it is, the class alone decides, so that words can be told
apart before any of them counts: a property of a union is one of all the kinds that have it. What
the flag means then, what is there decides: the kind that the tag says, the items that a list has.

Loaded when a name leads further than settings classes do, or is an old one.
"""

from __future__ import annotations

from ..errors import path_text
from ..json_values import held, is_array, is_object, lacks
from ..messages.records import NamedTuple
from .inside import Kind, Kinds, entry_of_class, item_of, kind_of, kinds_of, value_of
from .words import APPENDED, has_flag, is_index, meant, variable_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from ..compiled import Field
    from ..settings import Settings
    from .layers import Parsed
    from .names import Flag, Typed
    from .words import Path


# What a name is


class _Found(NamedTuple):
    """What a name leads to: as the attributes of a `names.Flag`."""

    path: Path
    rows: list[Field]
    negated: bool
    is_tag: bool
    renamed: tuple[tuple[Path, str], ...]


def find_inside(
    cls: type[Settings], name: str, positives: Iterable[str], *, entries: bool = False
) -> _Found | None:
    """What a typed name stands for; `positives` are what it would turn off.

    Whole `entries` of classes count only if asked for: else no name were misspelled any more.
    """
    found = _follow(cls, name, entries=entries)
    if found is not None:
        return found
    for positive in positives:
        found = _follow(cls, positive)
        if found is not None and any("boolean" in row.kinds for row in found.rows):
            return found._replace(negated=True)
    return None


def _follow(cls: type[Settings], name: str, *, entries: bool = False) -> _Found | None:
    path: Path = ()
    is_entry = False
    rows: list[Field] = []
    renamed: list[tuple[Path, str]] = []
    is_tag = False
    kinds = _root(cls)
    for segment in name.split("."):
        if path[-1:] == (APPENDED,):
            return None
        fields = _all_fields(kinds)
        key, old = _property(fields, segment)
        is_tag = is_entry = False
        step: str | int = segment
        if key is not None and has_flag(key, at_root=not path):
            step = key
            inner = _seen(cls, (*path, key), [row for row in fields if row.key == key])
            is_tag = any(key == each.tag for each in kinds)
            if old:
                renamed.append(((*path, key), old))
        elif segment == "+":
            step = APPENDED
            inner = _rows(item_of(row, 0) for row in rows)
        elif inner := _rows(item_of(row, int(segment)) for row in rows if is_index(segment)):
            step = int(segment)
        elif has_flag(segment):
            inner = _rows(value_of(row, segment) for row in rows)
            if not inner and (path or (has_flag(segment, at_root=True) and segment[:3] != "no-")):
                is_entry, inner = True, _entries(kinds, segment)
        if not inner:
            return None
        path, rows = (*path, step), [*{id(row): row for row in inner}.values()]
        kinds = [kinds_of(row) for row in rows]
    if is_entry and not entries:
        return None
    return _Found(path, rows, False, is_tag, tuple(renamed))


def _seen(cls: type[Settings], path: Path, rows: list[Field]) -> list[Field]:
    """Rows, and so those of what lies in them, without what is listed for secrets."""
    if not cls.__brevetti__.hides:
        return rows
    from ..messages.secrets import secrets_of

    return [*map(secrets_of(cls.__brevetti__).at(*path).seen, rows)]


def _root(cls: type[Settings]) -> list[Kinds]:
    return [Kinds(None, (Kind(cls, ()),))]


def _property(fields: Sequence[Field], name: str) -> tuple[str | None, str]:
    """The key that a typed name means among `fields`, and the old name that it is, or ""."""
    key = meant(name, dict.fromkeys(field.key for field in fields))
    if key is not None:
        return key, ""
    old_keys = {old: field.key for field in fields for old in field.old_keys}
    old = meant(name, old_keys)
    return (None, "") if old is None else (old_keys[old], old)


def _rows(found: Iterable[Field | None]) -> list[Field]:
    return [row for row in found if row is not None]


# What it means where it is put


class _Opening(NamedTuple):
    """Where a value is put.

    Attributes:
        holder: the object or list that has it.
        path: where it is, with the index that it has or gets.
        rows: what it can be a value of, the likeliest first.
        kinds: the kinds of objects that the holder can be.
    """

    holder: Any
    path: Path
    rows: list[Field]
    kinds: list[Kinds]


def fields_there(parsed: Parsed, path: Path, origin: str) -> Sequence[Field]:
    """What a value at `path` can be a value of, as things are; a problem and () for none."""
    opening = _open(parsed, path, origin)
    return () if opening is None else opening.rows


def opened(parsed: Parsed, path: Path, value: Any, origin: str) -> tuple[Any, Path] | None:
    """What holds the value at `path`, made if need be, ready for `value`; and where that is.

    A value that chooses another kind of object drops what only the kind that was there has.
    """
    opening = _open(parsed, path, origin)
    if opening is None:
        return None
    for kinds in opening.kinds:
        if path[-1] == kinds.tag:
            _choose(parsed, opening, kinds, value, origin)
    return opening.holder, opening.path


def _open(parsed: Parsed, path: Path, origin: str, *, makes: bool = True) -> _Opening | None:
    """Go to where `path` leads; what is not there yet is made, unless `makes` is False.

    Then only what an object's own default says is, and where that says nothing, it is None.
    """
    holder: Any = parsed.config
    at: Path = ()
    rows: list[Field] = []
    kinds = _root(parsed.cls)
    for depth, typed in enumerate(path, 1):
        step = str(typed) if is_object(holder) else typed
        if is_array(holder) and type(step) is int:
            step = len(holder) if step == APPENDED else step
            if step > len(holder):
                if makes:
                    parsed.refuse(_of_missing_items(at, len(holder)), at, origin)
                return None
        at = (*at, step)
        found = _inside(kinds, rows, step, holder)
        if not found and makes:
            parsed.refuse(_of_other_kinds(kinds, at, holder), at, origin)
            return None
        if depth == len(path):
            return _Opening(holder, at, found, kinds)
        row = next((row for row in found if row.default is not None), found[0] if found else None)
        empty: Any = [] if type(path[depth]) is int else {}
        if empty == [] and is_object(held(holder, step)) and any(value_of(r, "") for r in found):
            empty = {}
        is_there = type(held(holder, step)) is type(empty)
        if not (makes or is_there or (lacks(holder, step) and _is_filled(row, empty))):
            return None
        holder = parsed.part(holder, at, row, empty)
        rows, kinds = found, [kinds_of(row) for row in found]
    return None


def _is_filled(row: Field | None, empty: Any) -> bool:
    """Whether an absent property becomes an object, or a list as `empty` is, if nobody gives it.

    Then its parts may have own defaults, even where it is empty itself.
    """
    if row is None or not row.filled:
        return False
    return (row.default or "{}")[0] == ("{" if is_object(empty) else "[")


def _inside(kinds: list[Kinds], rows: list[Field], step: str | int, holder: Any) -> list[Field]:
    """The rows of what is at a step into `holder`, which is a value of one of `rows`."""
    if isinstance(step, int):
        return _rows(item_of(row, step) for row in rows)
    classes: list[type[Settings]] = []
    for each in kinds:
        there = kind_of(each, holder)
        is_told = there is not None and each.tag in holder
        first = [there.cls] if there is not None else []
        classes += first if is_told else [*first, *(kind.cls for kind in each.kinds)]
    found = [
        row
        for cls in dict.fromkeys(classes)
        for row in cls.__brevetti__.fields()
        if row.key == step
    ]
    if found or any(row.key == step for row in _all_fields(kinds)):
        return found
    return [*_rows(value_of(row, step) for row in rows), *_entries(kinds, step)]


def _entries(kinds: list[Kinds], key: str) -> list[Field]:
    """The rows of what objects have under a key that is no property."""
    return _rows(entry_of_class(kind.cls, key) for each in kinds for kind in each.kinds)


def _all_fields(kinds: list[Kinds]) -> list[Field]:
    return [row for each in kinds for kind in each.kinds for row in kind.cls.__brevetti__.fields()]


def _of_other_kinds(kinds: list[Kinds], path: Path, holder: Any) -> str:
    """What to say of a property that the kind of object which is there does not have."""
    from ..messages.words import either, shown

    for each in kinds:
        there = kind_of(each, holder)
        having = [kind for kind in each.kinds if _has(kind, path[-1])]
        if there is not None and having:
            tags = [tag for kind in having for tag in kind.tags]
            choose = _name((*path[:-1], str(each.tag)))
            choice = f" {tags[0]}" if len(tags) == 1 else ""
            return (
                f"belongs to {either(map(shown, tags))}, but {shown(holder[each.tag])} is there; "
                f"give {choose}{choice}"
            )
    return "is not there"


def _has(kind: Kind, key: str | int) -> bool:
    return any(row.key == key for row in kind.cls.__brevetti__.fields())


def _of_missing_items(path: Path, size: int) -> str:
    from ..messages.words import counted

    next_one, appended = _name((*path, size)), _name((*path, APPENDED))
    return f"has {counted(size, 'item')}; the next one is {next_one} or {appended}"


def _choose(parsed: Parsed, opening: _Opening, kinds: Kinds, value: Any, origin: str) -> None:
    """Drop what only the kind has that is there, where `value` is the tag of another."""
    holder, union = opening.holder, opening.path[:-1]
    if kinds.tag not in holder:
        return
    old, new = kind_of(kinds, holder), kind_of(kinds, {kinds.tag: value})
    if old is None or new is None or old == new:
        return
    known = {row.key for row in new.cls.__brevetti__.fields()}
    for row in old.cls.__brevetti__.fields():
        if row.key in holder and row.key not in known:
            _drop(parsed, holder, (*union, row.key), origin)


def _drop(parsed: Parsed, holder: Any, path: Path, origin: str) -> None:
    del holder[path[-1]]
    if is_object(holder):
        parsed.forget(path)
        parsed.dropped[path] = origin
    else:  # The items behind it have other places now.
        parsed.forget(path[:-1])
        parsed.origins[path[:-1]] = origin


def unset(parsed: Parsed, path: Path, origin: str) -> bool:
    """Take back what there is at `path`, or what the own default of an object around it says.

    Returns:
        Whether anything was there.
    """
    opening = _open(parsed, path, origin, makes=False)
    if opening is None or lacks(opening.holder, opening.path[-1]):
        return False
    _drop(parsed, opening.holder, opening.path, origin)
    return True


def note_old_names(parsed: Parsed, flag: Flag, typed: str) -> None:
    """Tell that a flag has old names."""
    if flag.renamed:
        from ..config.notices import warn_of_change

        now, what = _name(flag.path), "flag"
        if typed[:1] == "$" and parsed.env_prefix is not None:
            now, what = variable_of(parsed.env_prefix, flag.path), "variable"
        scale = None if flag.was is None else flag.was.scale
        times = "" if scale is None else f", times {scale}"
        warn_of_change(parsed.cls, f"Renamed {what}: {typed} (now {now}{times})")
        flag.renamed = ()  # a word for all of its values


# The order of flags


def in_order(parsed: Parsed, flags: list[Typed]) -> list[Typed]:
    """The flags of one layer with those that choose a kind of object before its other flags.

    Where the whole object is said in between, the order is kept. That a setting is given by its
    old and its new name is a problem.
    """
    _refuse_both_names(parsed, flags)
    ordered: list[Typed] = []
    known: set[Path] = set()
    for entry in flags:
        flag = entry[0]
        at = len(ordered)
        if flag.is_tag and not flag.unset and flag.path[:-1] in known:
            union = flag.path[:-1]
            while at and not _is_barrier(ordered[at - 1][0], flag.path):
                at -= 1
            behind = enumerate(ordered[at:], at)
            inside = (i for i, (other, *_) in behind if other.path[: len(union)] == union)
            at = next(inside, len(ordered))
        ordered.insert(at, entry)
        known.update(flag.path[:depth] for depth in range(len(flag.path)))
    return ordered


def _is_barrier(other: Flag, tag: Path) -> bool:
    """Whether a flag says the object as a whole that a tag is in, or the tag itself."""
    return other.path == tag[: len(other.path)]


def _refuse_both_names(parsed: Parsed, flags: list[Typed]) -> None:
    old = {at: (name, typed) for flag, _, typed in flags for at, name in flag.renamed}
    for flag, _, _ in flags:
        for length in range(1, len(flag.path) + 1):
            at = flag.path[:length]
            if at in old and at not in dict(flag.renamed):
                name, typed = old.pop(at)
                is_path = isinstance(name, tuple)
                was: Path = name if isinstance(name, tuple) else (*at[:-1], name)
                new = path_text(at if is_path else at[-1:])
                parsed.refuse(f"is the old name of {new!r}, which is given too", was, typed)


def _name(path: Path) -> str:
    return f"--{'.'.join('+' if step == APPENDED else str(step) for step in path)}"
