"""What the name of a flag leads to. Loaded whenever a command line is parsed."""

from __future__ import annotations

from .words import MOST_STEPS, has_flag, meant, turned_on

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ..compiled import Field
    from ..settings import Settings
    from .words import Path

    #: A flag, the text of its value (None for none), and its name as typed.
    Typed = tuple["Flag", str | None, str]


class Flag:
    """A flag that a class has: the path of its property, and how it was said.

    Attributes:
        path: keys and indices, `APPENDED` for the one behind the last.
        field: its row; None for the root, `--.`. Of something inside a union one of several rows:
            `fields` are all, and what is there when the flag is put decides.
        negated: for `--no-…`.
        unset: for `--unset NAME`.
        is_inside: whether more than settings classes leads there.
        is_tag: whether it chooses the kind of the objects of a union.
        renamed: the old names in it, or old paths: each with the path that is meant.
        was: where its setting was (`old_flags.OldPlace`), if it was said so; or None.
    """

    __slots__ = (
        *("field", "fields", "is_inside", "is_tag", "negated", "path", "renamed", "unset"),
        "was",
    )

    def __init__(
        self,
        path: Path,
        field: Field | None,
        *others: Field,
        negated: bool = False,
        is_inside: bool = False,
    ) -> None:
        self.path = path
        self.field = field
        self.fields: tuple[Field, ...] = () if field is None else (field, *others)
        self.negated = negated
        self.unset = False
        self.is_inside = is_inside
        self.is_tag = False
        self.renamed: tuple[tuple[Path, str | tuple[str, ...]], ...] = ()
        self.was: Any = None

    def of_today(self, value: Any) -> Any:
        """What a value given under the name means, which may have been in another unit."""
        if self.was is None or self.was.scale is None:
            return value
        from ..config.growing import scaled

        return scaled(value, self.was.scale)


def find_flag(cls: type[Settings], name: str, *, entries: bool = False) -> Flag | None:
    """The flag of `cls` that `name`, the typed name without `--`, stands for.

    With `entries` also what is none, but has some inside: a key of a class that no property has.
    """
    if name == ".":
        return Flag((), None)
    if name.count(".") > MOST_STEPS:
        return None
    positives = [*turned_on(name)]
    found = _walk(cls, name)
    if found is not None:
        return seen(cls, Flag(*found))
    for positive in positives:
        found = _walk(cls, positive)
        if found is not None and "boolean" in found[1].kinds:
            return seen(cls, Flag(*found, negated=True))
    from .places import find_inside

    found_inside = find_inside(cls, name, positives, entries=entries)
    if found_inside is None:
        if entries or cls.__brevetti__.rename is None:
            return None
        from .old_flags import old_flag

        place, then = old_flag(cls, name, find_flag) or (None, None)
        then = then or (Flag(place.old, None) if place else None)
        if then:
            then.was = place
        return then
    path, rows, negated, is_tag, renamed = found_inside
    flag = Flag(path, *rows, negated=negated, is_inside=True)
    flag.is_tag, flag.renamed = is_tag, renamed
    return seen(cls, flag)


def seen(cls: type[Settings], flag: Flag) -> Flag:
    """The same flag, with what the schemas around its setting say of secrets in its rows."""
    compiled = cls.__brevetti__
    if compiled.hides:
        from ..messages.secrets import secrets_of

        secrets = secrets_of(compiled).at(*flag.path)
        flag.fields = tuple(map(secrets.seen, flag.fields))
        flag.field = flag.fields[0] if flag.fields else None
    return flag


def hold_secrets(fields: Iterable[Field]) -> bool:
    """Whether values of one of some fields, `seen`, are secrets or can have some in them."""
    return any(field.secret or field.secrets for field in fields)


def _walk(cls: type[Settings], name: str) -> tuple[tuple[str, ...], Field] | None:
    """The path and the field that a typed name leads to over settings classes alone."""
    path: tuple[str, ...] = ()
    inner: type[Settings] | None = cls
    field = None
    for segment in name.split("."):
        fields = {} if inner is None else {each.key: each for each in inner.__brevetti__.fields()}
        key = meant(segment, fields)
        if key is None or not has_flag(key, at_root=not path):
            return None
        path, field = (*path, key), fields[key]
        inner = field.cls
    return None if field is None else (path, field)
