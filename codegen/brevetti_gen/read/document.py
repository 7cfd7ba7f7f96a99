"""Step *read*: the text of a source file to a document, whose values know their places."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from brevettiai.cli.json_text import parse_json, scan_json
from brevettiai.cli.text import Json, Lines, Position, TextError

from ..problems import Problem, failed, pointer_text
from .find import Source

_FOREIGN_ENCODINGS = {
    "UTF-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
    "UTF-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
}
_ENCODING_HINT = "save the file as UTF-8"


@dataclass(frozen=True, eq=False)
class Document:
    """A source file that was read.

    Attributes:
        source: the file.
        value: its JSON value; no object or array in it occurs twice.
        digest: SHA-256 of the file's bytes, in hex.
    """

    source: Source
    value: Json
    digest: str
    _text: str = field(repr=False)

    def position(self, pointer: Sequence[str | int] = ()) -> tuple[int, int]:
        """Line and column (from 1, in characters) of the value at a path of keys and indices.

        Of a path that does not exist, the place of the innermost value that does. The text is
        scanned at the first call only.
        """
        return self._lines.position(self._places.find(pointer))

    def problem(
        self, code: str, message: str, pointer: Sequence[str | int] = (), hint: str | None = None
    ) -> Problem:
        """An error at the value at `pointer` of this document, that the rule `code` finds."""
        line, column = self.position(pointer)
        place = pointer_text(pointer) if pointer else None
        return Problem(message, self.source.name, line, column, place, hint=hint, code=code)

    @cached_property
    def _lines(self) -> Lines:
        return Lines.of(self._text)

    @cached_property
    def _places(self) -> Position:
        if not self.source.is_yaml:
            return scan_json(self._text)
        from brevettiai.cli.yaml_text import scan_yaml

        return scan_yaml(self._text)


def read(source: Source) -> Document | list[Problem]:
    """Read a JSON or YAML file (UTF-8, by its suffix) into a document, or say why not."""
    try:
        content = source.path.read_bytes()
    except OSError as error:
        return [failed("read", source.name, error)]
    # A place in it is one in the file up to where this is no text.
    text = content.removeprefix(codecs.BOM_UTF8).decode(errors="replace")
    try:
        _check_encoding(content.removeprefix(codecs.BOM_UTF8))
        if source.is_yaml:
            from brevettiai.cli.yaml_text import parse_yaml  # loads ruamel.yaml, which is slow

            value = parse_yaml(text)
        else:
            value = parse_json(text)
    except TextError as error:
        if source.is_foreign:
            message = "a symbolic link leads out of the folder, to a file that is no schema"
            hint = "give that file itself"
            return [Problem(message, source.name, hint=hint, code="leads-outside")]
        line, column = Lines.of(text).position(error.offset)
        place = (source.name, line, column)
        return [Problem(error.message, *place, hint=error.hint, code="syntax")]
    return Document(source, value, hashlib.sha256(content).hexdigest(), text)


def read_all(sources: Iterable[Source]) -> tuple[list[Document], list[Problem]]:
    """The documents in `sources`, and why others cannot be read."""
    results = [read(source) for source in sources]
    documents = [result for result in results if isinstance(result, Document)]
    return documents, [p for result in results if isinstance(result, list) for p in result]


def _check_encoding(content: bytes) -> None:
    for encoding, marks in _FOREIGN_ENCODINGS.items():
        if content.startswith(marks):
            raise TextError(f"the file is {encoding} text, not UTF-8", 0, _ENCODING_HINT)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        message = f"the byte 0x{content[error.start]:02X} is not UTF-8 text"
        before = content[: error.start].decode()
        raise TextError(message, len(before), _ENCODING_HINT) from None
    if "\0" in text[:4]:
        raise TextError("the file is UTF-16 or UTF-32 text, not UTF-8", 0, _ENCODING_HINT)
