"""`json_schema()`: the schema of a class as one document, cross-file references bundled.

A referenced document is embedded under `$defs` with an `$id`, as the specification of 2020-12
describes compound documents, so that every reference means what it meant between files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .compile.module import Schemas
from .json_values import is_object
from .model import Module, SettingsClass
from .nodes import Node, SchemaDocument
from .problems import pointer_text
from .resolve import Index


class Bundler(Schemas):
    """Makes the schema texts. `names` gives documents that have no `$id` a relative one."""

    def __init__(self, index: Index, names: Mapping[int, str]) -> None:
        self.index = index
        self._names = dict(names)
        self._references: dict[int, list[Node]] = {}

    def text_of(self, module: Module) -> str:
        """The schema of a module's root, with all documents that its references lead to."""
        root = module.root
        documents = self._reachable([root.document, *self._foreign(module)])
        whole = dict(root.schema) if isinstance(root.schema, dict) else {}
        embedded = [document for document in documents if document is not root.document]
        return json.dumps(self._embed(whole, embedded, root), ensure_ascii=False)

    def place_of(self, cls: SettingsClass) -> tuple[str, ...]:
        """References to the schemas of a class from its module's document; () for the root."""
        if cls.is_root:
            return ()
        own = cls.module.root.document
        return tuple(
            pointer_text(node.pointer)
            if node.document is own
            else self._identifier(node.document) + pointer_text(node.pointer)
            for node in cls.shape
        )

    def name_of(self, module: Module) -> str:
        """The identifier of a module's document."""
        return self._identifier(module.root.document)

    def _foreign(self, module: Module) -> list[SchemaDocument]:
        """The documents that classes of `module` come from without a reference in its schema."""
        return [node.document for cls in module.classes for node in cls.shape]

    def _embed(self, schema: Any, documents: list[SchemaDocument], root: Node) -> Any:
        keyword = "definitions" if root.dialect.id_may_be_anchor else "$defs"
        if not documents:
            return schema
        definitions = dict(schema.get(keyword) or {})
        for document in documents:
            name = self._identifier(document)
            inner = document.value
            if is_object(inner):
                node = self._root(document)
                identifier = node.dialect.id_keyword
                inner = {identifier: name, **{k: v for k, v in inner.items() if k != identifier}}
                if node.dialect is not root.dialect:
                    inner.setdefault("$schema", node.dialect.uri)
            definitions[name] = inner
        schema[keyword] = definitions
        return schema

    def _root(self, document: SchemaDocument) -> Node:
        return self.index.root_of(document)

    def _identifier(self, document: SchemaDocument) -> str:
        own = self._root(document)
        given = own.get(own.dialect.id_keyword)
        if isinstance(given, str) and not given.startswith("#"):
            return own.resource.uri
        return self._names.get(id(document), own.resource.uri)

    def _reachable(self, start: list[SchemaDocument]) -> list[SchemaDocument]:
        """The documents that references lead to, those of the drafts' metaschemas included."""
        found: dict[int, SchemaDocument] = {}
        stack = list(start)
        while stack:
            document = stack.pop()
            if id(document) in found:
                continue
            found[id(document)] = document
            for node in self._referring(document):
                for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
                    if node.has(keyword):
                        stack.append(self.index.target(node, keyword).document)
        return sorted(found.values(), key=self._identifier)

    def _referring(self, document: SchemaDocument) -> list[Node]:
        key = id(document)
        if key not in self._references:
            self._references[key] = [
                node
                for node in self.index.nodes(document)
                if any(node.has(k) for k in ("$ref", "$dynamicRef", "$recursiveRef"))
            ]
        return self._references[key]
