"""The command line of settings classes: words to a config, and a config to words.

A flag is `--` and the path of a property, `--augmentation.angle 20`. What the words mean is
decided by `words` and the fields of the class (`brevettiai.compiled.Field`), and by nothing else:

- A field that admits true and false needs no value: `--flip` is true, `--no-flip` false, and the
  next word belongs to it only if it can be read as a value of it.
- Values are read by `values.read`. Objects of settings classes are merged key by key into
  what there is; lists, maps and unions are replaced.
- Repeating the flag of a list appends: items and JSON lists alike, in the order of the words. The
  first one replaces what lower layers gave, and so does the first one after a JSON object that
  set the list as well. The last one wins for every other flag.
- Lower layers come first wherever they stand: the given config, `--preset`s and
  `--settings-file`s in their order, environment variables, then flags.

Loaded whenever a command line is parsed, so what only errors need is imported where they occur.
"""

from __future__ import annotations

from ..json_values import is_object
from .layers import Parsed
from .values import Unreadable, is_repeatable, read, say, write_json
from .words import GENERAL, SHOWN_AS, Words, has_flag, meant, turned_on, words_of_process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ..compiled import Field
    from ..settings import Settings


class Flag:
    """A flag that a class has: the path of its property; `negated` for `--no-…`.

    `field` is None for the root, `--.`.
    """

    __slots__ = ("field", "negated", "path")

    def __init__(self, path: tuple[str, ...], field: Field | None, negated: bool = False) -> None:
        self.path = path
        self.field = field
        self.negated = negated


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
    flags, typed_sources = _read_words(parsed, words)
    parsed.rest = words.left + words.rest()
    if parsed.rest and not ignore_unknown:
        from .hints import about_foreign, unknown_flag

        for problem in about_foreign(words, lambda typed: unknown_flag(cls, typed)):
            parsed.refuse(problem)
    if sources or typed_sources:
        from .sources import put_sources

        put_sources(parsed, [*sources, *typed_sources], find_flag)
    if env_prefix is not None:
        _put_environment(parsed, env_prefix)
    for flag, text, typed in flags:
        put_flag(parsed, flag, text, typed)
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

        for path, field, text, typed in read_variables(parsed, start):
            flag = Flag(path, field) if field is not None else find_flag(parsed.cls, ".".join(path))
            if flag is None:
                parsed.refuse(f"the variable {typed} names nothing that a flag can set")
            else:
                put_flag(parsed, flag, text, typed)
        parsed.begin_layer()


def put_flag(parsed: Parsed, flag: Flag, text: str | None, typed: str) -> None:
    """Overlay what one flag says; `text` is None for a flag without a value."""
    field, path = flag.field, flag.path
    if field is None:
        _put_root(parsed, text, typed)
    elif text is None and "boolean" in field.kinds:
        parsed.put(path, field, not flag.negated, typed)
    elif text is None:
        hint = f"; one that starts with -- is given by {typed}=" if "string" in field.kinds else ""
        parsed.refuse(f"needs a value{hint}", path, typed)
    elif flag.negated:
        parsed.refuse("takes no value", path, typed, text)
    else:
        try:
            value = read(field, text)
        except Unreadable as error:
            given = None if field.secret or "object" in field.kinds else text
            parsed.refuse(str(error), path, typed, given, error.meant)
        else:
            parsed.put(path, field, value, typed, appends=is_repeatable(field))


def _put_root(parsed: Parsed, text: str | None, typed: str) -> None:
    from .values import read_json

    expected = "must be a JSON object"
    try:
        value = read_json(text or "", expected)
    except Unreadable as error:
        parsed.refuse(str(error), (), typed)
        return
    if is_object(value):
        parsed.put_all(value, typed)
    else:
        parsed.refuse(expected, (), typed)


def _read_words(
    parsed: Parsed, words: Words
) -> tuple[list[tuple[Flag, str | None, str]], list[tuple[str, str]]]:
    """Flags, each with the text of its value and its name as typed; presets and settings files."""
    flags: list[tuple[Flag, str | None, str]] = []
    sources: list[tuple[str, str]] = []
    for word, name, text in words:
        typed = f"--{name}"
        flag = None
        if name == "help":
            parsed.help = words.take_topic() if text is None else text
        elif name in ("show-settings", "show_settings"):
            _read_show(parsed, words, typed, text)
        elif name == "completion":
            from .shells import respond

            parsed.refuse(respond(words.take_value() if text is None else text, parsed.cls))
        elif name is not None and name in GENERAL:
            text = words.take_value() if text is None else text
            if text is None:
                parsed.refuse(f"{typed} needs a value")
            else:
                sources.append((name, text))
        elif name is not None and (flag := find_flag(parsed.cls, name)) is not None:
            flags.append((flag, _value_of(flag, words) if text is None else text, typed))
        else:
            words.leave(word)
    return flags, sources


def _read_show(parsed: Parsed, words: Words, typed: str, text: str | None) -> None:
    if text is None and words.next_value() in SHOWN_AS:
        text = words.take_value()
    parsed.shows = "table" if text is None else text
    if parsed.shows not in SHOWN_AS:
        from ..messages.words import either

        parsed.refuse(f"{typed} must be {either(SHOWN_AS)}, not {text!r}")


def _value_of(flag: Flag, words: Words) -> str | None:
    word = words.next_value()
    if word is None or flag.negated:
        return None
    if flag.field is not None and "boolean" in flag.field.kinds:
        try:
            read(flag.field, word)
        except Unreadable:
            return None
    return words.take_value()


def read_foreign(cls: type[Settings], args: Sequence[str]) -> Words:
    """The words of a command line, in which those are left that are no flags of `cls`."""
    words = Words(args)
    _read_words(Parsed(cls, None), words)
    return words


def find_flag(cls: type[Settings], name: str) -> Flag | None:
    """The flag of `cls` that `name`, the typed name without `--`, stands for."""
    if name == ".":
        return Flag((), None)
    found = _walk(cls, name)
    if found is not None:
        return Flag(*found)
    for positive in turned_on(name):
        found = _walk(cls, positive)
        if found is not None and "boolean" in found[1].kinds:
            return Flag(*found, negated=True)
    return None


def to_args(cls: type[Settings], config: Mapping[str, Any]) -> list[str]:
    """Flags, as `--key=value`, from which `parse` makes a config equal to `config`.

    Keys keep their order. What has no flag of its own, or a value that its flag cannot say, is in
    the JSON of the nearest object that has one.
    """
    args: list[str] = []
    _say_object(cls, config, (), args)
    return args


def _say_object(
    cls: type[Settings], config: Mapping[str, Any], path: tuple[str, ...], args: list[str]
) -> None:
    name = "--" + (".".join(path) or ".")
    fields = {field.key: field for field in cls.__brevetti__.fields()}
    unsaid: dict[str, Any] = {}

    def flush() -> None:
        # Before the next flag, not at the end, so that keys keep their order.
        if unsaid:
            args.append(f"{name}={write_json(unsaid)}")
            unsaid.clear()

    for key, value in config.items():
        field = fields.get(key) if has_flag(key, at_root=not path) else None
        if field is None:
            unsaid[key] = value
        elif field.cls is not None and is_object(value) and value:
            flush()
            _say_object(field.cls, value, (*path, key), args)
        else:
            text = say(field, value)
            if text is None:
                unsaid[key] = value
            else:
                flush()
                args.append(f"--{'.'.join((*path, key))}={text}")
    flush()


def _walk(cls: type[Settings], name: str) -> tuple[tuple[str, ...], Field] | None:
    """The path and the field that a typed name leads to."""
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
