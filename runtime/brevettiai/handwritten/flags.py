"""Command lines, read by a form: `--training.epochs 10 --classes '["a", "b"]'`."""

from __future__ import annotations

from brevettiai.cli.values import BOOLEANS, Unreadable, contents
from brevettiai.cli.words import Words, meant, turned_on, variable_of, words_of_process
from brevettiai.errors import ModuleError
from brevettiai.handwritten.builder import set_at
from brevettiai.handwritten.models import document_of, read_value, with_whole_parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from brevettiai.handwritten.builder import SchemaBuilder
    from brevettiai.handwritten.fields import Field


def parse_settings_args(
    schema: Mapping[str, Any] | SchemaBuilder, args: Sequence[str] | None = None
) -> dict[str, Any]:
    """Read the flags of a form from a command line, and leave all other words alone.

    A field with the model `training.epochs` is the flag `--training.epochs 10` or
    `--training.epochs=10`; underscores may be typed as dashes. JSON fields take JSON text.
    Checkboxes take yes or no in the usual words, or stand alone: `--flip`, `--no-flip`. `@FILE` is
    what a file holds, `@@text` the text `@text`.
    Of a repeated flag the last value counts. `--help` prints the flags and ends the program.

    Args:
        schema: The form document, or its builder.
        args: The words of the command line; `sys.argv[1:]` by default.

    Returns:
        The values given, nested by their models. Flags with `null` or empty JSON text are left
        out.

    Raises:
        ModuleError: If a flag has no value, or one that does not fit its field.
    """
    values: dict[str, Any] = {}
    for path, (value, _) in read_flags(schema, args).items():
        set_at(values, path, value, f"--{path}")
    return values


def read_flags(
    schema: Mapping[str, Any] | SchemaBuilder,
    args: Sequence[str] | None = None,
    env_prefix: str | None = None,
) -> dict[str, tuple[Any, str]]:
    """What `parse_settings_args` reads, by model, and where it stands: the flag or variable.

    Variables, those with `env_prefix`, lie under flags.
    """
    fields = _fields_of(schema)
    words = Words(words_of_process() if args is None else args)
    given = [*_variables(fields, env_prefix), *_flags(schema, words, ends=args is None)]
    read = [(path, _read(fields[path], word, flag), flag) for path, word, flag in given]
    return {path: (value, flag) for path, value, flag in read if value is not None}


def _variables(
    fields: Mapping[str, Field], prefix: str | None
) -> Iterator[tuple[str, str | bool | None, str]]:
    """As `_flags`, of environment variables."""
    from os import environ

    names = [name for name in sorted(environ) if prefix and name.startswith(f"{prefix}__")]
    if not names or prefix is None:
        return
    from brevettiai.cli.environment import unknown_variable

    known = {variable_of(prefix, path.split(".")): path for path in fields}
    for name in names:
        if f"${name}" not in known:
            raise ModuleError(unknown_variable(name, known))
        yield known[f"${name}"], environ[name], f"${name}"


def read_foreign_of_form(schema: Mapping[str, Any] | SchemaBuilder, args: Sequence[str]) -> Words:
    """The words of a command line, in which those are left that are no flags of a form."""
    words = Words(args)
    for _ in _flags(schema, words, ends=False):
        pass
    return words


def unknown_flag_of_form(
    schema: Mapping[str, Any] | SchemaBuilder, typed: str, others: Iterable[str]
) -> str:
    """The message about a flag that neither a form has nor the program around it."""
    from brevettiai.cli.unknown_flags import suggestion

    fields = _fields_of(schema)
    checkboxes = {path: field.get("type") == "checkbox" for path, field in fields.items()}
    return suggestion(typed, dict.fromkeys(["help", *others], False) | checkboxes)


def _flags(
    schema: Mapping[str, Any] | SchemaBuilder, words: Words, *, ends: bool
) -> Iterator[tuple[str, str | bool | None, str]]:
    """The flags of the form in `words`: model, text (a lone checkbox: a bool), flag as typed."""
    fields = _fields_of(schema)
    checkboxes = [path for path, field in fields.items() if field.get("type") == "checkbox"]
    for word, name, text in words:
        if name == "help":
            from brevettiai.cli.program import show_help
            from brevettiai.handwritten.manual import manual_of_form

            topic = words.take_topic() if text is None else text
            show_help(manual_of_form(schema), topic, ends=ends)
        typed = word.partition("=")[0]
        path = meant(name or "", fields)
        if path is None:
            off = (meant(positive, checkboxes) for positive in turned_on(name or ""))
            path = next(filter(None, off), None)
            if path is not None and text is not None:
                raise ModuleError(f"{typed} takes no value", tuple(path.split(".")))
            if path is not None:
                yield path, False, typed
            else:
                words.leave(word)
        elif text is not None:
            yield path, text, typed
        elif path not in checkboxes:
            yield path, words.take_value(), typed
        else:
            following = words.next_value()
            lone = following is None or following[:1] == "-"
            yield path, True if lone else words.take_value(), typed


def _read(field: Field, word: str | bool | None, flag: str) -> Any:
    path = tuple(str(field["model"]).split("."))
    if word is None:
        raise ModuleError(
            f"{flag} needs a value; write {flag}=VALUE if it starts with a dash", path
        )
    if isinstance(word, bool):
        return word
    try:
        word = contents(word)
    except Unreadable as error:
        raise ModuleError(f"{error} (from {flag})", path) from None
    if field.get("type") == "checkbox" and not field.get("isJson"):
        if word.lower() not in BOOLEANS:
            known = "true or false, yes or no, on or off, 1 or 0"
            raise ModuleError(f"expected {known}, got {word!r} from {flag}", path)
        return BOOLEANS[word.lower()]
    try:
        return read_value(field, word)
    except ModuleError as error:
        raise ModuleError(f"{error.problem} from {flag}", error.path) from None


def _fields_of(schema: Mapping[str, Any] | SchemaBuilder) -> dict[str, Field]:
    entries = with_whole_parts(document_of(schema)["fields"])
    return {entry["model"]: entry for entry in entries if "model" in entry}
