"""Schemas as the later steps see them: read, recognised, and found again by URI."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

from ..problems import Problem
from ..read.document import Document, read
from ..read.find import Source, below
from ..read.mapped import MappedPlaces, path_of
from .dialects import Pointer
from .nodes import Node


@dataclass(eq=False)
class Schema:
    """A JSON Schema document, or a form that was made one."""

    document: Document
    value: Any
    is_form: bool = False
    #: Of a form: by pointer into the schema, the pointer into the form that it comes from.
    places: Mapping[Pointer, Pointer] = field(default_factory=dict[Pointer, Pointer])

    @property
    def source(self) -> Source:
        return self.document.source

    @property
    def place(self) -> str:
        return self.source.place

    def problem(
        self, code: str, message: str, pointer: Pointer = (), hint: str | None = None
    ) -> Problem:
        """An error at a place in this schema, told of where in the source file it comes from."""
        if self.is_form:
            starts = (pointer[:length] for length in range(len(pointer), 0, -1))
            pointer = next((self.places[start] for start in starts if start in self.places), ())
        return self.document.problem(code, message, pointer, hint)


def problem_at(
    node: Node,
    code: str,
    message: str,
    hint: str | None = None,
    *,
    at: Pointer = (),
    warning: bool = False,
) -> Problem:
    """A problem at `node`, or at the pointer `at` inside it, that the rule `code` finds."""
    if not isinstance(node.document, Schema):
        found = Problem(f"{message} (in {node.resource.uri})", hint=hint, code=code)
    else:
        found = node.document.problem(code, message, (*node.pointer, *at), hint)
    return replace(found, severity="warning") if warning else found


#: The schemas that documents are, or that are made of those that are forms; and what is wrong.
Making: TypeAlias = Callable[[list[Document]], tuple[list[Schema], list[Problem]]]


class MappedFiles:
    """The files that the user mapped to URLs, and those beside a given file.

    They are read when a reference asks for them.
    """

    def __init__(
        self, places: MappedPlaces, known: Iterable[Schema], making: Making | None = None
    ) -> None:
        self.places = places
        self._making = making
        #: Those beside a given file, which become modules as if they were given.
        self.neighbours: list[Schema] = []
        self._schemas: dict[Path, Schema | None] = {
            schema.source.path.resolve(): schema for schema in known
        }
        self._given = frozenset(self._schemas)
        #: What is wrong with the files that were looked at, and the URIs that led there.
        self.problems: list[Problem] = []
        self.broken: set[str] = set()

    @property
    def read(self) -> dict[str, str]:
        """The digests of the files that were read, by path."""
        read = ((path, s) for path, s in self._schemas.items() if s and path not in self._given)
        return {str(path): schema.document.digest for path, schema in read}

    def __call__(self, uri: str) -> Schema | None:
        """The schema at `uri`, if a prefix of it is mapped and the file is there."""
        path = self.places.find(uri)
        if path is None:
            return None
        found = self._schema(path)
        if found is None:
            self.broken.add(uri)
        return found

    def beside(self, document: object, uri: str, reference: str) -> tuple[Schema, str] | None:
        """The schema at a relative `reference` in `document`, which means `uri`; and its own URI.

        Only below the folders of files that were given by themselves.
        """
        parts = urlsplit(reference)
        if self._making is None or parts.scheme or parts.netloc or not isinstance(document, Schema):
            return None
        paths = [document.source.path.parent / unquote(parts.path)]
        if uri.startswith("file:"):
            paths.insert(0, path_of(uri))
        for path in paths:
            if source := below(path, self.places.folders):
                found = self._schema(source.path, source)
                self.broken |= set() if found else {uri}
                return (found, source.uri) if found else None
        return None

    def _schema(self, path: Path, source: Source | None = None) -> Schema | None:
        place = path.resolve()
        if place not in self._schemas:
            result = read(source or Source.alone(path))
            self._schemas[place] = None
            if not isinstance(result, Document):
                self.problems += result
            elif source and self._making:
                made, problems = self._making([result])
                self.problems += problems
                self.neighbours += made
                self._schemas[place] = made[0] if made else None
            else:
                self._schemas[place] = Schema(result, result.value)
        return self._schemas[place]
