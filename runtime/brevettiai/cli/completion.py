"""What can stand at the cursor of a command line: flags, and values of the flag before it.

Flags come a part at a time, `--training.` before `--training.epochs`, so that hundreds of them
can be looked through, and only the classes on the way are loaded.
"""

from __future__ import annotations

from ..classes import Field
from ..json_values import is_array, is_object
from .flags import find_flag
from .general import GENERAL_FLAGS
from .inside import default_of, kinds_of, rows_inside
from .values import is_repeatable
from .words import SHELLS, SHOWN_AS, has_flag, is_dashed, meant, write_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..settings import Settings

_REPEATED = ("settings-file", "preset", "unset")
_MAX_DESCRIPTION = 70


class Answer:
    """What can stand where the cursor is.

    Attributes:
        start: the beginning of the word that stays: `--device=`.
        words: by what may follow it, what that means. What ends in a dot goes on behind it.
        files: whether names of files may follow instead.
    """

    def __init__(self, start: str = "", words: Mapping[str, str] = {}, files: bool = False) -> None:
        self.start = start
        self.words = words
        self.files = files


def complete(
    cls: type[Settings] | None,
    words: Sequence[str],
    current: str,
    own: Mapping[str, tuple[str, str]] = {},
) -> Answer:
    """What can stand for `current`, the beginning of a word behind `words`.

    Args:
        own: the flags that a program has beside those of `cls`: what their values are (`PATH` or
            anything else), and what they do.
    """
    line = _Line(cls, words, own)
    if current[:2] == "--" and "=" in current:
        name, _, text = current[2:].partition("=")
        return line.values(name, text, f"--{name}=")
    if "--" in words:
        return Answer()
    flag, must = line.awaited()
    if flag and not is_dashed(current):
        answer = line.values(flag, current)
        if must or current or answer.files:
            return answer
        return Answer("", {**answer.words, **line.flags("")})
    return (
        Answer("", line.flags(current)) if current in ("", "-") or current[:2] == "--" else Answer()
    )


class _Line:
    """A command line up to the cursor.

    `given` has the texts that flags were given, by their names with dashes for underscores.
    """

    def __init__(
        self, cls: type[Settings] | None, words: Sequence[str], own: Mapping[str, tuple[str, str]]
    ) -> None:
        self.cls = cls
        self.words = words
        self.root = Field(".", "object", cls=cls, content=cls or ("object",))
        general = ("help", "completion") if cls is None else [*GENERAL_FLAGS]
        self.others = {**own, **{name: GENERAL_FLAGS[name] for name in general}}
        self.others.pop(".", None)
        self.given: dict[str, list[str]] = {}
        for word, following in zip(words, [*words[1:], ""], strict=False):
            if word[:2] == "--":
                name, equals, text = word[2:].partition("=")
                texts = self.given.setdefault(_plain(name), [])
                texts.append(text if equals else following)

    def awaited(self) -> tuple[str, bool]:
        """The flag of which the next word can be a value, "" without one; whether it must be."""
        flag, values = "", 0
        for word in self.words:
            if word[:2] == "--":
                flag, values = "" if "=" in word else word[2:], 0
            else:
                values += 1
        other = meant(flag, self.others)
        if other is not None:
            return ("" if values else flag), "[" not in self.others[other][0]
        rows = self.rows(flag) if flag else ()
        if any(map(is_repeatable, rows)):
            return flag, not values
        return ("" if values or not rows else flag), not any("boolean" in row.kinds for row in rows)

    def presets(self) -> Mapping[str, object]:
        return {} if self.cls is None else self.cls.presets()

    def rows(self, name: str) -> Sequence[Field]:
        """The rows that a name leads to: one of each kind of object that has it."""
        if self.cls is None or not name:
            return [self.root]
        flag = find_flag(self.cls, name, entries=True)
        return () if flag is None or flag.negated else flag.fields

    def inside(self, rows: Sequence[Field], start: str) -> dict[str, list[Field]]:
        """What lies inside settings, by steps: keys, `N`, `KEY`.

        Of a kind that is chosen by a flag with this `start` only, if one is.
        """
        found: dict[str, list[Field]] = {}
        for row in rows:
            kinds = kinds_of(row)
            tags = self.given.get(_plain(f"{start}{kinds.tag}"), ())[-1:]
            chosen = [kind for kind in kinds.kinds if tags and tags[0] in map(_text, kind.tags)]
            for kind in chosen or kinds.kinds:
                for field in kind.cls.__brevetti__.fields():
                    if has_flag(field.key, at_root=row is self.root):
                        found.setdefault(field.key, []).append(field)
            for step, inner in rows_inside(row):
                found.setdefault(step, []).append(inner)
        return found

    def flags(self, typed: str) -> dict[str, str]:
        """The flags that begin with `typed`, up to their next dot, and what they mean.

        Those that count once and were given are left out, unless there are no others.
        """
        dashes, name = ("--no-", typed[5:]) if typed[:5] == "--no-" else ("--", typed[2:])
        found = [*self.named(name, dashes)]
        if dashes != "--":
            found += self.named(typed[2:], "--")
        elif "." not in name:
            found += [
                (
                    "--" + other,
                    _line(text.partition(";")[0]),
                    other in _REPEATED or _plain(other) not in self.given,
                )
                for other, (_, text) in self.others.items()
            ]
        found = [each for each in found if _dashed(each[0]).startswith(_dashed(typed))]
        found = [each for each in found if each[0] != "--preset" or self.presets()]
        more = [each for each in found if each[2]]
        return {flag: text for flag, text, _ in more or found}

    def names(self, text: str) -> dict[str, str]:
        """The names of settings that begin with `text`, up to their next dot."""
        flags = self.flags(f"--{text}").items()
        return {name[2:]: about for name, about in flags if self.rows(name[2:].removesuffix("."))}

    def named(self, name: str, dashes: str) -> Iterator[tuple[str, str, bool]]:
        """The flags at the level of `name`, what they mean, and whether they would say more."""
        *above, last = name.split(".")
        start = "".join(f"{step}." for step in above)
        around = self.rows(".".join(above))
        inside = self.inside(around, start)
        for key, rows in inside.items():
            text = _description(rows[0])
            opens = any(map(_opens, rows))
            if key in ("N", "KEY"):
                for step in self.steps(around, key, start, inside):
                    yield f"{dashes}{start}{step}{'.' if opens else ''}", text, True
                continue
            shown = _dashed(key) if "-" in last and "_" not in last else key
            if meant(shown, inside) != key:
                shown = key
            kinds = {kind for row in rows for kind in row.kinds}
            fresh = _plain(start + key) not in self.given or any(map(is_repeatable, rows))
            if opens and (dashes == "--" or _has_switch(rows, set())):
                yield f"{dashes}{start}{shown}.", text, True
            if dashes == "--" and not (opens and {"object", "array", "null"}.issuperset(kinds)):
                yield f"--{start}{shown}", text, fresh
            if "boolean" in kinds:
                off = f"--no-{start}{shown}" if dashes != "--" else f"--{start}no-{shown}"
                yield off, f"Turn off: {text}" if text else "", fresh

    def steps(
        self, rows: Sequence[Field], kind: str, start: str, inside: Mapping[str, object]
    ) -> dict[str, None]:
        """The indices or keys that are there, by default or as the line says, and the next one."""
        found: dict[str, None] = {}
        for row in rows:
            default = None if row.secret else default_of(row)
            if kind == "KEY" and is_object(default):
                found |= dict.fromkeys(filter(has_flag, default))
            elif kind == "N" and is_array(default):
                found |= dict.fromkeys(map(str, range(len(default))))
        typed = [word[2 + len(start) :] for word in self.words if word.startswith(f"--{start}")]
        if any(row.cls for row in rows):  # Beside keys of which it has properties.
            typed = [text for text in typed if "." in text.partition("=")[0]]
        said = (text.partition(".")[0] for text in typed)
        found |= dict.fromkeys(step for step in said if step != "+" and step not in inside)
        if kind == "N":
            found = dict.fromkeys(sorted(filter(str.isdigit, found), key=int))
            found[str(len(found))] = None
        return found

    def values(self, flag: str, text: str, start: str = "") -> Answer:
        """The values of `flag` that begin with `text`, behind `start`."""
        other = meant(flag, self.others)
        if other is None and text[:1] == "@":
            return Answer(f"{start}@", files=True)
        found: dict[str, str] = {}
        if other is None:
            for row in self.rows(flag):
                found |= _choices(row)
        elif self.others[other][0].endswith(("PATH", "FILE")):
            # A file may be that of a part: `--settings-file training=FILE`.
            part = text[: text.rfind("=") + 1] if other == "settings-file" else ""
            return Answer(start + part, files=True)
        elif other in ("unset", "help") or self.others[other][0] == "NAMES":
            at = text.rfind(" ") + 1  # Of several names in one word it is the last.
            start, text = start + text[:at], text[at:]
            found = self.names(text)
            while self.others[other][0] == "NAMES" and len(found) == 1 and min(found)[-1] == ".":
                # Alone it would end a word in quotes, into which more is to go.
                text = min(found)
                found = self.names(text)
        elif other == "preset":
            found = dict.fromkeys(self.presets(), "")
        elif "|" in self.others[other][0]:
            found = dict.fromkeys(self.others[other][0].split("|"), "")
        else:
            found = dict.fromkeys(
                {"completion": SHELLS, "show-settings": SHOWN_AS}.get(other, ()), ""
            )
        return Answer(start, {word: about for word, about in found.items() if _fits(word, text)})


def _choices(field: Field) -> dict[str, str]:
    """The values that a setting can be, where they can be counted, and their names for people."""
    if field.secret:
        return {}
    from .saying import say

    found: dict[str, str] = {}
    for values, names in (
        (field.choices, field.choice_names),
        (field.item_choices, field.item_names),
    ):
        for value, name in zip(values, names or [""] * len(values), strict=True):
            found[say(field, value) or _text(value)] = _line(name or "")
    if "boolean" in field.kinds and not found:
        found = {"true": "", "false": ""}
    if found and field.nullable:
        found.setdefault("null", "")
    return found


def _opens(field: Field) -> bool:
    """Whether names go on behind a dot: into objects, and lists of them."""
    if {"object", "array"}.isdisjoint(field.kinds):
        return False
    return bool(kinds_of(field).kinds) or any(
        step == "KEY" or _opens(inner) for step, inner in rows_inside(field)
    )


def _has_switch(rows: Iterable[Field], seen: set[type]) -> bool:
    """Whether something inside settings, in a class that is not `seen`, can be turned off."""
    inside: list[Field] = []
    for row in rows:
        classes = {kind.cls for kind in kinds_of(row).kinds}.difference(seen)
        seen |= classes
        inside += (field for cls in classes for field in cls.__brevetti__.fields())
        inside += (item for _, item in rows_inside(row))
    return any("boolean" in row.kinds for row in inside) or (
        bool(inside) and _has_switch(inside, seen)
    )


def _description(field: Field) -> str:
    return _line(field.title or field.description.partition(". ")[0])


def _line(text: str) -> str:
    """`text` in one short line that does nothing to a terminal."""
    if not text.isprintable():
        from .layout import visible

        text = visible(text)
    text = " ".join(text.split()).removesuffix(".")
    return text if len(text) <= _MAX_DESCRIPTION else text[: _MAX_DESCRIPTION - 1] + "…"


def _plain(name: str) -> str:
    """A typed name as all its spellings have it, those that turn it off too."""
    *above, last = _dashed(name).split(".")
    name = ".".join([*above, last.removeprefix("no-")])
    return name.removeprefix("no-")


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _text(value: object) -> str:
    return value if isinstance(value, str) else write_json(value)


def _fits(word: str, text: str) -> bool:
    """Whether a value can be sent to a shell, and begins with what was typed."""
    return word.isprintable() and word.startswith(text) and word != ""
