"""What `json_schema()` is made of: the document of each module, and those it leads to.

A module holds its own document and knows its neighbours'; the runtime follows them when it is
asked, and embeds what it finds under `$defs` with an `$id`, as the specification of 2020-12
describes compound documents. So every reference means what it meant between files, and what is
generated grows with the schemas alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from copy import deepcopy
from functools import reduce
from operator import getitem
from typing import Any, NamedTuple
from urllib.parse import urldefrag

from ..graphs import walked
from ..json_values import is_object
from ..model.types import Module, SettingsClass
from ..problems import pointer_text
from ..schema.keywords import REFERENCES
from ..schema.nodes import Node, SchemaDocument
from ..schema.references import Nowhere, joined
from ..schema.resolve import Index


class Neighbour(NamedTuple):
    """A document that another one refers to, by the identifier that it gets in a bundle.

    Attributes:
        module: whose document it is, if it is a module's.
        schema: the document's schema, with the dialect that gives it its meaning.
    """

    identifier: str
    module: Module | None
    schema: Any


class Bundler:
    """Knows the documents of all modules.

    Attributes:
        neighbours: the documents that a module's leads to, as far as no other module tells of them.
        wanted: the modules whose documents others need.
    """

    def __init__(self, index: Index, modules: Sequence[Module]) -> None:
        self.index = index
        self._modules = {module.root.document: module for module in modules}
        self._targets = self._find_targets()
        self._identifiers = self._find_identifiers(modules)
        self._spellings = self._find_spellings()
        self.neighbours = {module: self._find_neighbours(module) for module in modules}
        self.wanted = {found.module for every in self.neighbours.values() for found in every}

    def _find_neighbours(self, module: Module) -> list[Neighbour]:
        reached = self._reached(module)
        named = {self.identifier(other): other for other in reached}
        for document in (module.root.document, *reached):
            if document is module.root.document or document not in self._modules:
                named.update(self._spellings.get(document, {}))
        return [
            Neighbour(name, self._modules.get(other), self._schema(other))
            for name, other in sorted(named.items(), key=lambda item: item[0])
        ]

    def _find_spellings(self) -> dict[SchemaDocument, dict[str, SchemaDocument]]:
        """What else than their identifiers the references of a document say to others, by files."""
        found: dict[SchemaDocument, dict[str, SchemaDocument]] = {}
        for node, target in self._leading_out():
            own, uri = node.document, node.resource.uri
            with suppress(Nowhere):
                base = self.identifier(own) if uri.startswith("file:") else uri
                spelled = urldefrag(joined(base, node.get("$ref")))[0]
                if spelled != self.identifier(target):
                    found.setdefault(own, {})[spelled] = target
        return found

    def _leading_out(self) -> Iterator[tuple[Node, SchemaDocument]]:
        """The nodes whose `$ref` leads to another document, and that."""
        for node in self.index.saying("$ref"):
            target = self.index.target(node).document if node.has("$ref") else node.document
            if target is not node.document:
                yield node, target

    def place_of(self, cls: SettingsClass, module: Module) -> tuple[str, ...]:
        """References to the schemas of a class from the document of its module; () for the root."""
        if cls.is_root:
            return ()
        return tuple(
            pointer_text(node.pointer)
            if node.document is module.root.document
            else self.identifier(node.document) + pointer_text(node.pointer)
            for node in cls.shape
        )

    # Documents and where they lead

    def _find_targets(self) -> dict[SchemaDocument, dict[SchemaDocument, None]]:
        found: dict[SchemaDocument, dict[SchemaDocument, None]] = {}
        for node in self.index.saying(*REFERENCES):
            for target in self.index.referred(node):
                found.setdefault(node.document, {})[target.document] = None
        return found

    def _reached(self, module: Module) -> list[SchemaDocument]:
        """The other documents that references in a module's lead to, up to those of modules.

        Its classes can come from one that no reference in it leads to.
        """
        own = module.root.document

        def onward(document: SchemaDocument) -> Iterable[SchemaDocument]:
            return () if document in self._modules else self._targets.get(document, ())

        starts = [*self._targets.get(own, ())]
        starts += [node.document for cls in module.classes for node in cls.shape]
        return [document for document in walked(starts, onward) if document is not own]

    def _schema(self, document: SchemaDocument) -> Any:
        schema = self.stated(document)
        if document in self._modules or not is_object(schema) or "$schema" in schema:
            return schema
        return {"$schema": self.index.root_of(document).dialect.uri, **schema}

    def stated(self, document: SchemaDocument) -> Any:
        """The schema of a document, without what is for its author and our lint alone."""
        saying = [n for n in self.index.nodes(document) if n.get("x-lint") is not None]
        schema = deepcopy(document.value) if saying else document.value
        for node in saying:
            reduce(getitem, node.pointer, schema).pop("x-lint")
        return schema

    # Identifiers

    def identifier(self, document: SchemaDocument) -> str:
        """What a document is called where others refer to it."""
        given = self._identifiers.get(document)
        return given or self.index.root_of(document).resource.uri

    def _find_identifiers(self, modules: Iterable[Module]) -> dict[SchemaDocument, str]:
        """Identifiers for the documents of modules that give themselves none.

        It is their path, from which relative references between such documents lead on; but where
        a document with an identifier refers to one, what that reference says it is.
        """
        found: dict[SchemaDocument, str] = {}
        for module in modules:
            root = module.root
            identifier = root.get(root.dialect.id_keyword)
            if not isinstance(identifier, str) or identifier.startswith("#"):
                found[root.document] = root.document.place or ""
        for node, target in self._leading_out():
            if target in found and not node.resource.uri.startswith("file:"):
                with suppress(Nowhere):
                    found[target] = urldefrag(joined(node.resource.uri, node.get("$ref")))[0]
        return found
