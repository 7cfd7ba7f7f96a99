"""Schemas as the later steps see them: read, recognised, and found again by URI."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..problems import Problem
from ..read.document import Document, read
from ..read.find import Source
from ..read.mapped import MappedPlaces
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
        """The path in the tree that all given folders make up together, as a URI has it."""
        return quote("/" + self.source.uri_path)

    def problem(
        self,
        message: str,
        pointer: Sequence[str | int] = (),
        hint: str | None = None,
        *,
        warning: bool = False,
    ) -> Problem:
        """A problem at a place in this schema."""
        found = self.document.problem(message, self._place_of(pointer), hint)
        return replace(found, severity="warning") if warning else found

    def _place_of(self, pointer: Sequence[str | int]) -> Pointer:
        """Where in the source file a part of the schema comes from."""
        if not self.is_form:
            return tuple(pointer)
        for length in range(len(pointer), 0, -1):
            place = self.places.get(tuple(pointer[:length]))
            if place is not None:
                return place
        return ()


def problem_at(
    node: Node,
    message: str,
    hint: str | None = None,
    *,
    at: Sequence[str | int] = (),
    warning: bool = False,
) -> Problem:
    """A problem at `node`, or at the pointer `at` inside it."""
    if isinstance(node.document, Schema):
        return node.document.problem(message, (*node.pointer, *at), hint, warning=warning)
    return Problem(f"{message} (in {node.resource.uri})", hint=hint)


class MappedFiles:
    """The files that the user mapped to URLs, read when a reference asks for them."""

    def __init__(self, places: MappedPlaces, known: Iterable[Schema]) -> None:
        self.places = places
        self._schemas: dict[Path, Schema | None] = {
            schema.source.path.resolve(): schema for schema in known
        }
        #: The URIs that were asked for, mapped or not: what was found there made the result.
        self.asked: set[str] = set()
        #: What is wrong with the files that were looked at, and the URIs that led there.
        self.problems: list[Problem] = []
        self.broken: set[str] = set()

    def __call__(self, uri: str) -> Schema | None:
        """The schema at `uri`, if a prefix of it is mapped and the file is there."""
        self.asked.add(uri)
        path = self.places.find(uri)
        if path is None:
            return None
        found = self._schema(path)
        if found is None:
            self.broken.add(uri)
        return found

    def _schema(self, path: Path) -> Schema | None:
        place = path.resolve()
        if place not in self._schemas:
            name = path.as_posix()
            result = read(Source(path, name, (name,), name))
            if isinstance(result, Document):
                self._schemas[place] = Schema(result, result.value)
            else:
                self._schemas[place] = None
                self.problems += result
        return self._schemas[place]
