"""What `json_schema()` is made of: the document of each module, and those it leads to.

A module holds its own document and knows its neighbours'; the runtime follows them when it is
asked, and embeds what it finds under `$defs` with an `$id`, as the specification of 2020-12
describes compound documents. So every reference means what it meant between files, and what is
generated grows with the schemas alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urldefrag

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
        text: the document as JSON, if it is not.
    """

    identifier: str
    module: Module | None
    text: str


class Bundler:
    """Knows the documents of all modules."""

    def __init__(self, index: Index, modules: Sequence[Module]) -> None:
        self.index = index
        self._modules = {id(module.root.document): module for module in modules}
        self._by_path = {module.path: module for module in modules}
        self._referring = self._find_references()
        self._identifiers = self._find_identifiers(modules)
        self._next: dict[int, list[SchemaDocument]] = {}
        self._digests: dict[int, bytes] = {}
        self._neighbours: dict[int, list[Neighbour]] = {}
        self._wanted = {id(found.module) for module in modules for found in self.neighbours(module)}

    def neighbours(self, module: Module) -> list[Neighbour]:
        """The documents that a module's leads to, as far as no other module tells of them."""
        if id(module) not in self._neighbours:
            self._neighbours[id(module)] = self._find_neighbours(module)
        return self._neighbours[id(module)]

    def _find_neighbours(self, module: Module) -> list[Neighbour]:
        found: dict[int, SchemaDocument] = {}
        stack = [*self._after(module)]
        while stack:
            document = stack.pop()
            if id(document) in found or document is module.root.document:
                continue
            found[id(document)] = document
            if id(document) not in self._modules:
                stack += self._targets(document)
        neighbours = [
            Neighbour(
                self._identifier(document),
                self._modules.get(id(document)),
                "" if id(document) in self._modules else self._text(document),
            )
            for document in found.values()
        ]
        return sorted(neighbours, key=lambda found: found.identifier)

    def is_neighbour(self, module: Module) -> bool:
        """Whether some module needs the document of `module`."""
        return id(module) in self._wanted

    def name_of(self, module: Module) -> str:
        """The identifier of a module's document."""
        return self._identifier(module.root.document)

    def place_of(self, cls: SettingsClass) -> tuple[str, ...]:
        """References to the schemas of a class from its module's document; () for the root."""
        if cls.is_root:
            return ()
        own = self._by_path[cls.module].root.document
        return tuple(
            pointer_text(node.pointer)
            if node.document is own
            else self._identifier(node.document) + pointer_text(node.pointer)
            for node in cls.shape
        )

    def digest_of(self, cls: SettingsClass) -> str:
        """A short digest of everything that the schema of `cls` consists of."""
        whole = hashlib.sha256(repr(self.place_of(cls)).encode())
        whole.update(self._module_digest(self._by_path[cls.module]))
        return whole.hexdigest()[:16]

    # Documents and where they lead

    def _find_references(self) -> dict[int, list[Node]]:
        referring: dict[int, list[Node]] = {}
        for node in self.index.everywhere():
            if not node.keywords.isdisjoint(REFERENCES):
                referring.setdefault(id(node.document), []).append(node)
        return referring

    def _targets(self, document: SchemaDocument) -> list[SchemaDocument]:
        if id(document) not in self._next:
            found = {
                id(target): target
                for node in self._referring.get(id(document), ())
                for keyword in REFERENCES
                if node.has(keyword)
                for target in [self.index.target(node, keyword).document]
            }
            self._next[id(document)] = list(found.values())
        return self._next[id(document)]

    def _after(self, module: Module) -> Iterator[SchemaDocument]:
        """Where a module's document leads to, or classes come from without a reference in it."""
        yield from self._targets(module.root.document)
        for cls in module.classes:
            for node in cls.shape:
                yield node.document

    def _module_digest(self, module: Module) -> bytes:
        key = id(module)
        if key not in self._digests:
            found: dict[int, SchemaDocument] = {}
            stack: list[SchemaDocument] = [module.root.document, *self._after(module)]
            while stack:
                document = stack.pop()
                if id(document) not in found:
                    found[id(document)] = document
                    stack += self._targets(document)
            whole = hashlib.sha256()
            for document in sorted(found.values(), key=self._identifier):
                whole.update(self._identifier(document).encode())
                whole.update(self._own_digest(document))
            self._digests[key] = whole.digest()
        return self._digests[key]

    def _own_digest(self, document: SchemaDocument) -> bytes:
        key = id(document)
        if key not in self._digests:
            text = json.dumps(document.value, ensure_ascii=False)
            self._digests[key] = hashlib.sha256(text.encode()).digest()
        return self._digests[key]

    def _text(self, document: SchemaDocument) -> str:
        """A document that no module has, with what it gets its meaning from."""
        schema = document.value
        if is_object(schema) and "$schema" not in schema:
            schema = {"$schema": self.index.root_of(document).dialect.uri, **schema}
        return json.dumps(schema, ensure_ascii=False)

    # Identifiers

    def _identifier(self, document: SchemaDocument) -> str:
        given = self._identifiers.get(id(document))
        return given or self.index.root_of(document).resource.uri

    def _find_identifiers(self, modules: Iterable[Module]) -> dict[int, str]:
        """Identifiers for the documents of modules that give themselves none.

        It is their path, from which relative references between such documents lead on; but where
        a document with an identifier refers to one, what that reference says it is.
        """
        found: dict[int, str] = {}
        for module in modules:
            root = module.root
            identifier = root.get(root.dialect.id_keyword)
            if not isinstance(identifier, str) or identifier.startswith("#"):
                found[id(root.document)] = root.document.place or ""
        for node in (node for nodes in self._referring.values() for node in nodes):
            if node.resource.uri.startswith("file:") or not node.has("$ref"):
                continue
            target = self.index.target(node).document
            if id(target) in found and target is not node.document:
                try:
                    uri = joined(node.resource.uri, node.get("$ref"))
                except Nowhere:
                    continue
                found[id(target)] = urldefrag(uri)[0]
        return found
