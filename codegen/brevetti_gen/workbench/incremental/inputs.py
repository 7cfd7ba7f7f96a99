"""What a run begins with: its documents by their digests, in groups; read only where need be."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

from ...problems import Problem
from ...read.document import Document, read
from ...read.find import Source
from ...read.mapped import MappedPlaces
from ...schema.metaschemas import metaschema
from ...write.options import Options, text_of
from .groups import Group, Names, Outside, grouped, joined, names_of
from .notes import Note, Overtaken

_STANDARD = "json-schema.org/"


class Inputs:
    """The documents of a run.

    Attributes:
        groups: those of the documents, by their numbers.
        names: those in each document that could be read, which are noted.
    """

    def __init__(
        self, sources: Sequence[Source], places: MappedPlaces, options: Options, note: Note
    ) -> None:
        self._sources, self._places, self._note = sources, places, note
        self._options = text_of(options)
        self._read: dict[int, Document | list[Problem]] = {}
        self._folders: dict[str, str] = {}
        self._paths = [os.path.abspath(source.path) for source in sources]
        self._outside: dict[str, Outside | int | None] = {}
        self.names: dict[str, list[Any]] = {}
        uris = [self._uri(source) for source in sources]
        self._numbers = {uri: number for number, uri in enumerate(uris)}
        found = [self._document(number, uri) for number, uri in enumerate(uris)]
        self._facts = [
            (path, uri, s.module, s.uri_path, digest)
            for s, path, uri, (digest, _) in zip(sources, self._paths, uris, found, strict=True)
        ]
        self.groups = grouped([names for _, names in found], self._beyond)
        if options["--style"] != "plain":  # whose library makes all modules at once
            self.groups = [joined(self.groups)] if sources else []
        note.names = self.names

    def _uri(self, source: Source) -> str:
        """Its URI, with one look at the links on the way to each folder."""
        folder, file = os.path.split(source.path)
        if os.path.islink(source.path):
            return source.uri
        if folder not in self._folders:
            self._folders[folder] = Path(os.path.realpath(folder)).as_uri().rstrip("/")
        return f"{self._folders[folder]}/{quote_from_bytes(os.fsencode(file))}"

    def key(self, group: Group) -> str:
        """A digest of all that is made of a group depends on."""
        facts = [self._facts[number] for number in group.members]
        outside = sorted((uri, *each[:3]) for uri, each in (group.outside or {}).items())
        parts = (self._options, facts, outside)
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    def documents(self, group: Group) -> list[Document | list[Problem]]:
        """The documents of a group, or why they cannot be read.

        Raises:
            Overtaken: one is not any more what the groups were made by.
        """
        found: list[Document | list[Problem]] = []
        for number in group.members:
            result = self._read.get(number) or read(self._sources[number])
            digest = result.digest if isinstance(result, Document) else ""
            if digest != self._facts[number][-1]:
                raise Overtaken
            found.append(result)
        return found

    def told_as(self, group: Group) -> list[str]:
        """What the places of problems are called by."""
        return [os.getcwd(), *(self._sources[number].name for number in group.members)]

    def _document(self, number: int, uri: str) -> tuple[str, Names]:
        source = self._sources[number]
        path = self._paths[number]
        digest = _digest(path)
        names = self._noted(source, path, uri, digest)
        if names is None:
            self._read[number] = found = read(source)
            digest = found.digest if isinstance(found, Document) else ""
            names = self._new_names(source, path, uri, found)
        return digest, names

    def _noted(self, source: Source, path: str, uri: str, digest: str) -> Names | None:
        key = f"{uri} {path}"
        was = self._note.names.get(key)
        if not was or not digest or was[:2] != [digest, source.uri_path]:
            return None
        self.names[key] = was
        return Names(tuple(was[2]), tuple(was[3]))

    def _new_names(
        self, source: Source, path: str, uri: str, found: Document | Iterable[Problem]
    ) -> Names:
        value = found.value if isinstance(found, Document) else None
        names = names_of(value, uri, source.place, Path(path))
        if isinstance(found, Document) and not names.is_open:
            facts = [found.digest, source.uri_path, names.known, names.asked]
            self.names[f"{uri} {path}"] = facts
        return names

    def _beyond(self, uri: str) -> Outside | int | None:
        """What lies at a URI beyond the documents: one of them, another file, a metaschema."""
        if uri not in self._outside:
            self._outside[uri] = self._find(uri)
        return self._outside[uri]

    def _find(self, uri: str) -> Outside | int | None:
        try:
            answer = self._places.answer(uri)
            if answer is None:
                found = metaschema(uri) if _STANDARD in uri else None
                if found is None:
                    return None
                return Outside(uri, "", (), names_of(found.value, uri, None, None))
            source, is_beside = answer
            own = source.uri
            if own in self._numbers:
                return self._numbers[own]
            base = own if is_beside else uri
            path = os.path.abspath(source.path)
            digest = _digest(path)
            names = self._noted(source, path, base, digest)
            if names is None:
                document = read(source)
                digest = document.digest if isinstance(document, Document) else ""
                names = self._new_names(source, path, base, document)
            module = source.module if is_beside else ()
            return Outside(str(source.path.resolve()), digest, module, names)
        except (OSError, RuntimeError, ValueError):  # a circle of links: no such file
            return None


def _digest(path: str) -> str:
    """The digest of a file; "" where it cannot be read."""
    try:
        with open(path, "rb", buffering=0) as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return ""
