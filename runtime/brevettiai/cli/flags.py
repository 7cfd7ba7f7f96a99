"""The command line of settings classes: words to a config.

A flag is `--` and the path of a property, `--augmentation.angle 20`. What the words mean is
decided by `words` and the fields of the class (`brevettiai.compiled.Field`), and by nothing else:

- A field that admits true and false needs no value: `--flip` is true, `--no-flip` false, and the
  next word belongs to it only if it can be read as a value of it.
- Values are read by `values.read`. Objects of settings classes are merged key by key into
  what there is; lists, maps and unions are replaced, and changed by the names of what is inside
  them, which `places` knows.
- A list's flag takes several words, and repeating it appends: items and JSON lists alike, in the
  order of the words. The first one replaces what lower layers gave, and so does the first one
  after a JSON object that set the list as well. The last one wins for every other flag.
- Lower layers come first wherever they stand: the given config, `--preset`s and
  `--settings-file`s in their order, environment variables, then flags.

Loaded whenever a command line is parsed, so what only errors and the inside of unions, lists and
maps need is imported where they occur.
"""

from __future__ import annotations

from ..errors import too_deep
from ..json_values import is_array, is_object, is_one_of
from .layers import Parsed
from .names import Flag as Flag
from .names import find_flag as find_flag
from .names import hold_secrets, seen
from .values import Unreadable, contents, has_scalar_items, is_repeatable, read, read_json
from .words import APPENDED, GENERAL, Words, words_of_process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ..compiled import Field
    from ..settings import Settings
    from .names import Typed
    from .words import Path


def parse(
    cls: type[Settings],
    args: Sequence[str] | None,
    *,
    config: Mapping[str, Any] | None = None,
    sources: Sequence[tuple[str, str]] = (),
    env_prefix: str | None = None,
    ignore_unknown: bool = False,
) -> Parsed:
    """Parse the words of a command line into a config for `cls`, which is not checked yet.

    Without `args` the words are those of the process. The lowest layer is `config`, which is
    copied; then come `sources`, presets and settings files as `put_sources` takes them. Unknown
    flags and other words are problems, or with `ignore_unknown` left to `Parsed.rest`.
    """
    parsed = Parsed(cls, config)
    words = Words(words_of_process() if args is None else args)
    flags, typed_sources = read_words(parsed, words)
    parsed.rest, parsed.hidden = words.left + words.rest(), tuple(words.hidden)
    if parsed.rest and not ignore_unknown:
        from .unknown_flags import about_foreign, unknown_flag

        for problem in about_foreign(words, lambda typed: unknown_flag(cls, typed)):
            parsed.refuse(problem)
    if cls.__brevetti__.hides and any(not f.fields or hold_secrets(f.fields) for f, *_ in flags):
        from .secrets import warn_of_plain

        warn_of_plain(cls, flags)
    try:
        if sources or typed_sources:
            from .sources import put_sources

            put_sources(parsed, [*sources, *typed_sources], find_flag)
        if env_prefix is not None:
            _put_environment(parsed, env_prefix)
        put_flags(parsed, flags)
    except RecursionError:
        parsed.problems.append(too_deep())
    return parsed


def _put_environment(parsed: Parsed, prefix: str) -> None:
    from os import environ
    from os import name as system

    if not prefix:
        raise ValueError("env_prefix must not be empty")
    parsed.env_prefix = prefix
    # Windows knows variables by their names in capitals.
    start = f"{prefix.upper() if system == 'nt' else prefix}__"
    if any(name.startswith(start) for name in environ):
        from .environment import read_variables

        flags: list[Typed] = []
        for path, field, is_inside, text, typed in read_variables(parsed, start):
            flag = find_flag(parsed.cls, ".".join(path)) if is_inside else None
            # Keys that no flag can say are there too.
            flag = flag or seen(parsed.cls, Flag(path, field, is_inside=is_inside))
            flags.append((flag, text, typed))
        put_flags(parsed, flags)
        parsed.begin_layer()


def put_flags(parsed: Parsed, flags: list[Typed]) -> None:
    """Overlay a layer of flags."""
    if any(flag.is_tag or flag.renamed for flag, _, _ in flags):
        from .places import in_order

        flags = in_order(parsed, flags)
    for flag, text, typed in flags:
        put_flag(parsed, flag, text, typed)


def put_flag(parsed: Parsed, flag: Flag, text: str | None, typed: str) -> None:
    """Overlay what one flag says; `text` is None for a flag without a value."""
    fields: Sequence[Field] = flag.fields
    if flag.was is not None and not flag.unset:
        from .old_flags import put_old

        if put_old(parsed, flag, text, typed):
            return
    if flag.unset or flag.renamed:
        from .places import note_old_names, unset

        note_old_names(parsed, flag, typed)
        if flag.unset:
            # That a name stands for a setting is known; of keys it shows here.
            if not unset(parsed, flag.path, typed) and not flag.fields:
                parsed.refuse(f"{typed}: there is nothing to take back")
            return
    if flag.is_inside:
        from .places import fields_there

        fields = fields_there(parsed, flag.path, typed)
        if not fields:
            return
        fields = seen(parsed.cls, Flag(flag.path, *fields)).fields
    if flag.field is None:
        _put_root(parsed, text or "", typed)
    elif text is None:
        _put_alone(parsed, flag, fields, typed)
    elif flag.negated:
        parsed.refuse("takes no value", flag.path, typed, text)
    else:
        _put_text(parsed, flag, fields, text, typed)


def _put_alone(parsed: Parsed, flag: Flag, fields: Sequence[Field], typed: str) -> None:
    for field in fields:
        if "boolean" in field.kinds:
            parsed.put(flag.path, field, not flag.negated, typed)
            return
    if any(field.secret for field in fields):
        from .secrets import ask

        if parsed.help is None:
            ask(parsed, flag.path, fields[0], typed)
        return
    hints: list[str] = []
    if any("string" in field.kinds for field in fields):
        hints.append(f"one that starts with -- is given by {typed}=")
    if any(is_repeatable(field) for field in fields):
        hints.append(f"a list without items is {typed}=[]")
    parsed.refuse("; ".join(["needs a value", *hints]), flag.path, typed)


def _put_text(parsed: Parsed, flag: Flag, fields: Sequence[Field], text: str, typed: str) -> None:
    path = flag.path
    try:
        field, value = _read_first(parsed, path, fields, contents(text))
        value = flag.of_today(value)
    except Unreadable as error:
        is_secret = hold_secrets(fields)
        # What is in a file is long, and in an object may be a secret.
        hidden = (
            is_secret
            or text[:1] == "@"
            or any("object" in field.kinds or _are_objects(field, text) for field in fields)
        )
        expected = error.untold if is_secret else str(error)
        parsed.refuse(expected, path, typed, None if hidden else text, error.meant)
    else:
        parsed.put(path, field, value, typed, appends=is_repeatable(field))


def _are_objects(field: Field, text: str) -> bool:
    """Whether a text that cannot be read may have been meant as objects in a list."""
    is_json = text.lstrip()[:1] in ("{", "[")
    return is_json and "array" in field.kinds and not has_scalar_items(field)


def _read_first(
    parsed: Parsed, path: Path, fields: Sequence[Field], text: str
) -> tuple[Field, Any]:
    """The first of `fields` that can read a text, and the value; one with that choice first."""
    if len(fields) == 1 and not is_repeatable(fields[0]):
        return fields[0], read(fields[0], text)
    gathered = parsed.gathered(path)
    index = len(gathered) if is_array(gathered) else 0
    found: list[tuple[Field, Any]] = []
    reasons: list[Unreadable] = []
    for field in fields:
        try:
            value = read(field, text, index)
        except Unreadable as error:
            reasons.append(error)
            continue
        if not field.choices or is_one_of(value, field.choices):
            return field, value
        found.append((field, value))
    if not found:
        raise reasons[0]
    return found[0]


def _put_root(parsed: Parsed, text: str, typed: str) -> None:
    expected = "must be a JSON object"
    try:
        value = read_json(contents(text), expected)
    except Unreadable as error:
        parsed.refuse(str(error), (), typed)
        return
    if is_object(value):
        parsed.put_all(value, typed)
    else:
        parsed.refuse(expected, (), typed)


def read_words(parsed: Parsed, words: Words) -> tuple[list[Typed], list[tuple[str, str]]]:
    """Flags, each with the text of its value and its name as typed; presets and settings files."""
    flags: list[Typed] = []
    sources: list[tuple[str, str]] = []
    secret = ""
    for word, name, text in words:
        flag = None
        if name in GENERAL:
            from .general import note

            note(parsed, words, name, text, flags, sources)
        elif name is not None and (flag := find_flag(parsed.cls, name)) is not None:
            typed = f"--{name}"
            texts = _values_of(flag, words, typed) if text is None else [text]
            flags += [(flag, each, typed) for each in texts]
            secret = typed if hold_secrets(flag.fields) else ""
        elif name is None and secret:
            words.leave(word, secret)
        else:
            # A name that nobody has may be meant for that of a secret.
            secret = word.partition("=")[0] if parsed.cls.__brevetti__.hides else ""
            words.leave(word)
    return flags, sources


def _values_of(flag: Flag, words: Words, typed: str) -> list[str | None]:
    """The following words that belong to a flag; None for none."""
    word = words.next_value()
    if word is None or flag.negated:
        return [None]
    if any("boolean" in field.kinds for field in flag.fields):
        if not any(_reads(field, word) for field in flag.fields):
            words.refused[word] = typed
            return [None]
    elif flag.path[-1:] != (APPENDED,) and any(map(is_repeatable, flag.fields)):
        return [words.take_value(), *words.take_others()]
    return [words.take_value()]


def _reads(field: Field, word: str) -> bool:
    try:
        read(field, word)
    except Unreadable:
        return word[:1] == "@"
    return True


def read_foreign(cls: type[Settings], args: Sequence[str]) -> Words:
    """The words of a command line, in which those are left that are no flags of `cls`."""
    words = Words(args)
    read_words(Parsed(cls, None), words)
    return words
