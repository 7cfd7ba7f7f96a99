"""The *resolve* step: every subschema of every document as a `Node`, and what references mean.

Nothing is fetched. A reference leads into the given documents, into those that `--map` names, or
to the metaschemas of the drafts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property
from typing import Any, TypeAlias
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from brevettiai.messages.words import MOST_GUESSES, close_match, guess

from ..json_values import is_object
from ..problems import pointer_text
from . import dialects
from .dialects import DIALECTS, DRAFT_4, DRAFT_2020_12, Dialect, Pointer, held, subschemas
from .keywords import ANCHORS, IN_PLACE, KEYWORDS, LEADING, REFERENCES
from .metaschemas import metaschema
from .nodes import Node, Resource, SchemaDocument, UnresolvableReference
from .references import Nowhere, joined, step_into

#: Where the tree lies that all given folders make up together; `.invalid` is nobody's.
MERGED = "http://given.invalid"
_SCHEMA_HINT = """use the $schema of draft 4, 6, 7, 2019-09 or 2020-12, or give the custom \
metaschema with --map URL=PATH"""
RECURSIVE_ANCHOR = "$recursiveAnchor"
#: What makes places known by other names than their pointers, or asks for such.
_ANCHORING = ANCHORS | {"$dynamicRef", "$recursiveRef"}

Beside: TypeAlias = Callable[[SchemaDocument, str, str], "tuple[SchemaDocument, str] | None"]


class Index:
    """All nodes of a set of documents by place, and all resources by URI."""

    def __init__(
        self,
        mapped: Callable[[str], SchemaDocument | None] = lambda uri: None,
        beside: Beside = lambda document, uri, reference: None,
    ) -> None:
        """Take what gives further documents, or None.

        Args:
            mapped: the document that the user mapped to a URI.
            beside: that which a relative reference in a document leads to, and its own URI; of
                the document, the URI that the reference means, and the reference.
        """
        self._nodes: dict[SchemaDocument, dict[Pointer, Node]] = {}
        #: The roots of all documents, and the places that only references take for schemas.
        self.starts: list[Node] = []
        self._targets: dict[tuple[Node, str], Node] = {}
        #: What was probably meant by references that lead nowhere.
        self._meant: dict[tuple[SchemaDocument, str], str] = {}
        self._resources: dict[str, Resource] = {}
        self._mapped, self._beside = mapped, beside
        self._dialects: dict[str, Dialect] = dict(DIALECTS)
        #: The custom metaschemas that were asked for their dialect.
        self._opened: set[str] = set()
        #: Where a `$schema` is not written as its draft has it, and how it was written.
        self.respelled: dict[Node, str] = {}
        self.has_dynamic_references = False

    def add(self, document: SchemaDocument, uri: str, dialect: Dialect = DRAFT_2020_12) -> Node:
        """Index `document`, retrieved from `uri`, and give its root.

        `dialect` is that of a document without `$schema`.

        Raises:
            UnresolvableReference: an unknown `$schema`, or an `$id` that another document has too.
        """
        uri = uri.removesuffix("#")
        known = self._nodes.get(document)
        resource = known[()].resource if known else Resource(uri)
        self._claim(uri, resource)
        if known:
            return known[()]
        self._nodes[document] = {}
        resource.root = root = Node(document.value, (), document, resource, dialect)
        try:
            root.dialect = self._dialect(document.value, dialect, root)
            self._walk(root)
        except UnresolvableReference:
            self._forget(document)
            raise
        self.starts.append(root)
        if document.place is not None:
            self._resources.setdefault(MERGED + document.place, resource)
        return root

    def _forget(self, document: SchemaDocument) -> None:
        """Take back what was indexed of a document before it turned out to be no good."""
        del self._nodes[document]
        known = self._resources.items()
        self._resources = {u: r for u, r in known if r.root.document is not document}

    def root_of(self, document: SchemaDocument) -> Node:
        """The root of a document that was added."""
        return self._nodes[document][()]

    def resolve_everything(self) -> list[UnresolvableReference]:
        """Follow every reference, so that all documents they lead to are here; those that fail."""
        failures: list[UnresolvableReference] = []
        followed: set[Node] = set()
        # References may bring in documents, and places that only they take for schemas.
        while waiting := [node for node in self.everywhere() if node not in followed]:
            followed.update(waiting)
            for node in waiting:
                for keyword in REFERENCES:
                    # What is no text is for the metaschema to refuse; that of draft 4 does not.
                    is_looked_at = node.dialect is DRAFT_4 or isinstance(node.get(keyword), str)
                    if keyword in node.keywords and is_looked_at:
                        try:
                            self.target(node, keyword)
                        except UnresolvableReference as failure:
                            failures.append(failure)
        return failures

    def child(self, node: Node, *path: str | int) -> Node:
        """The subschema at `path` below `node`."""
        return self.at(node, node.pointer + path)

    def at(self, near: Node, pointer: Pointer) -> Node:
        """The node at `pointer` in the document of `near`."""
        found = self._nodes[near.document].get(pointer)
        return found if found is not None else self._index_late(near, pointer)

    def parts(self, node: Node, keyword: str) -> list[Node]:
        """The subschemas that stand under `keyword` in `node`, where it counts."""
        if keyword not in node.keywords:
            return []
        inside = held(KEYWORDS[keyword], node.get(keyword), node.dialect)
        return [self.child(node, keyword, *path) for path, _ in inside]

    def referred(self, node: Node) -> Iterator[Node]:
        """Where the references of `node` lead, statically, as far as they lead anywhere."""
        for keyword in REFERENCES:
            if node.has(keyword):
                with suppress(UnresolvableReference):
                    yield self.target(node, keyword)

    def in_place(self, node: Node) -> Iterator[Node]:
        """The schemas that `node` refers to and holds for the value itself, if it is fine."""
        if not node.keywords.isdisjoint(LEADING):
            yield from self.referred(node)
            for keyword in IN_PLACE:
                yield from self.parts(node, keyword)

    def target(self, node: Node, keyword: str = "$ref") -> Node:
        """Where the reference `keyword` of `node` leads, statically.

        Raises:
            UnresolvableReference: it leads nowhere.
        """
        found = self._targets.get((node, keyword))
        if found is None:
            found = self._targets[node, keyword] = self._find_target(node, keyword)
        return found

    def _find_target(self, node: Node, keyword: str) -> Node:
        reference = node.get(keyword)
        if not isinstance(reference, str):
            raise UnresolvableReference(f"{keyword} must be text", node, at=(keyword,))
        try:
            uri, fragment = urldefrag(joined(node.resource.uri, reference))
            resource = self._resource(uri, node, reference)
            if fragment == "" or fragment.startswith("/"):
                return self._at_pointer(resource, unquote(fragment))
            name = unquote(fragment)
            found = resource.anchors.get(name) or resource.dynamic_anchors.get(name)
            if found is None:
                raise Nowhere(f"leads nowhere: there is no anchor {name!r}")
        except Nowhere as failure:
            text = f"{keyword} {reference!r} {failure.message}"
            key = node.document, reference
            if key not in self._meant:
                self._meant[key] = self._near(*key, failure, turn=len(self._meant))
            hint = self._meant[key] or failure.hint
            raise UnresolvableReference(text, node, hint, (keyword,), failure.uri) from None
        return found

    def _near(
        self, document: SchemaDocument, reference: str, failure: Nowhere, *, turn: int
    ) -> str:
        """The definition in a document, or the name beside, that was meant by the `turn`th one."""
        if turn >= MOST_GUESSES:
            return ""
        names = {
            str(other.pointer[-1]): pointer_text(other.pointer)
            for other in self._nodes[document].values()
            if other.is_definition
        }
        name = re.split("[/#]", reference)[-1]
        meant = name if name in names else close_match(name, names, 0.8)
        if meant in names:
            return f"did you mean {names[meant]!r}?"
        return guess(failure.name, failure.beside)

    def dynamic_name(self, node: Node) -> str | None:
        """The anchor that `node`'s `$dynamicRef` or `$recursiveRef` looks up, if it is dynamic."""
        if node.has("$dynamicRef"):
            reference: str = node.get("$dynamicRef")
            name = unquote(urldefrag(reference)[1])
            target = self.target(node, "$dynamicRef")
            return name if name and target.get("$dynamicAnchor") == name else None
        if node.has("$recursiveRef"):
            target = self.target(node, "$recursiveRef")
            return RECURSIVE_ANCHOR if target.get(RECURSIVE_ANCHOR) is True else None
        return None

    def dynamic_targets(self, name: str) -> Iterator[Node]:
        """Everything that a dynamic reference to `name` can lead to."""
        for resource in dict.fromkeys(self._resources.values()):
            if name in resource.dynamic_anchors:
                yield resource.dynamic_anchors[name]

    def nodes(self, document: SchemaDocument) -> Iterator[Node]:
        """The nodes of `document` in document order."""
        return iter(list(self._nodes[document].values()))

    def everywhere(self) -> list[Node]:
        """The nodes of all documents."""
        return [node for document in self._nodes for node in self.nodes(document)]

    def saying(self, *words: str) -> list[Node]:
        """The nodes in whose schema one of `words` stands, whether or not it counts."""
        return [node for node in self.everywhere() if not node.said.keys().isdisjoint(words)]

    @cached_property
    def secrets(self) -> set[Node]:
        """The nodes that say of values that they are secret, once all are here."""
        return {node for node in self.everywhere() if node.is_secret}

    # Indexing

    def _walk(self, start: Node) -> None:
        document = start.document
        nodes = self._nodes[document]
        stack = [start]
        while stack:
            node = stack.pop()
            nodes[node.pointer] = node
            if not is_object(node.schema):
                continue
            if node is not start or not start.pointer:
                self._enter_resource(node)
            self._register_anchors(node)
            pointer, resource, dialect = node.pointer, node.resource, node.dialect
            children = [
                Node(child, (*pointer, *path), document, resource, dialect)
                for path, child in subschemas(node.schema, dialect)
            ]
            stack.extend(reversed(children))

    def _enter_resource(self, node: Node) -> None:
        """Give `node` a resource of its own if it has an `$id`."""
        schema: Any = node.schema
        dialect = self._dialect(schema, node.dialect, node) if node.pointer else node.dialect
        identifier = schema.get(dialect.id_keyword)
        if not isinstance(identifier, str) or (dialect.ref_hides_siblings and "$ref" in schema):
            return
        if dialect.id_may_be_anchor and identifier.startswith("#"):
            if len(identifier) > 1:
                node.resource.anchors[identifier[1:]] = node
            return
        try:
            uri = joined(node.resource.uri, identifier).removesuffix("#")
        except Nowhere as failure:
            message = f"{dialect.id_keyword} {identifier!r} {failure.message}"
            raise UnresolvableReference(message, node, at=(dialect.id_keyword,)) from None
        if node.pointer:
            node.resource, node.dialect = Resource(uri), dialect
        # Of a document, the retrieval URI stays an alias of its own `$id`.
        node.resource.uri = uri
        node.resource.root = node
        self._claim(uri, node.resource, node)

    def _register_anchors(self, node: Node) -> None:
        resource = node.resource
        for keyword in node.keywords & _ANCHORING:
            name = node.get(keyword)
            if keyword in ("$dynamicRef", "$recursiveRef"):
                self.has_dynamic_references = True
            elif keyword == RECURSIVE_ANCHOR and name is True:
                resource.dynamic_anchors.setdefault(keyword, node)
            elif isinstance(name, str):
                anchors = resource.anchors if keyword == "$anchor" else resource.dynamic_anchors
                anchors.setdefault(name, node)

    def _claim(self, uri: str, resource: Resource, node: Node | None = None) -> None:
        other = self._resources.setdefault(uri, resource)
        if other is not resource:
            message = f"two schemas have the identifier {uri!r}"
            hint = "give each schema an $id of its own, or leave one of them out"
            at = (node.dialect.id_keyword,) if node else ()
            raise UnresolvableReference(message, node, hint, at)

    def _index_late(self, near: Node, pointer: Pointer) -> Node:
        """Index a place that no keyword says is a schema, but that a reference takes for one."""
        value: Any = near.document.value
        for token in pointer:
            value = value[token]
        node = Node(value, pointer, near.document, near.resource, near.dialect)
        self._walk(node)
        self.starts.append(node)
        return node

    # References

    def _resource(self, uri: str, node: Node, reference: str) -> Resource:
        uri = uri.removesuffix("#")
        found = self._resources.get(uri)
        if found is not None:
            return found
        document = self._mapped(uri)
        if document is None and (other := self._beside(node.document, uri, reference)):
            # As if it were given: who refers to it says nothing about its URI and dialect.
            document = other[0]
            self.add(*other)
        else:
            found, document = self._merged(node, reference), document or metaschema(uri)
        if found is None and document is not None:
            self.add(document, uri, node.dialect)
            found = self._resources[uri]
        if found is None:
            hint = "give this file too, or a folder that holds both"
            if urlsplit(uri).scheme in ("http", "https"):
                hint = f"nothing is fetched: say where it lies with --map {uri}=PATH"
            if meant := dialects.dialect_meant(uri):
                hint = f"did you mean {meant.canonical!r}?"
            raise Nowhere("cannot be resolved", hint, uri)
        return found

    def _merged(self, node: Node, reference: str) -> Resource | None:
        """What a relative reference means where several given folders make up one tree."""
        place = node.document.place
        if place is None or urlsplit(reference).scheme:
            return None
        return self._resources.get(urldefrag(urljoin(MERGED + place, reference))[0])

    def _at_pointer(self, resource: Resource, path: str) -> Node:
        current = resource.root
        value: Any = current.schema
        pointer = current.pointer
        nodes = self._nodes[current.document]
        for token in path.split("/")[1:]:
            step = step_into(value, token.replace("~1", "/").replace("~0", "~"), pointer)
            value = value[step]
            pointer = (*pointer, step)
            current = nodes.get(pointer, current)
        if pointer not in nodes:
            if not isinstance(value, (dict, bool)):
                raise Nowhere(f"leads to {pointer_text(pointer)}, which is no schema")
            return self._index_late(current, pointer)
        return nodes[pointer]

    def _dialect(self, schema: Any, default: Dialect, node: Node) -> Dialect:
        uri = schema.get("$schema") if is_object(schema) else None
        if not isinstance(uri, str):
            return default
        bare = uri.removesuffix("#")
        if bare not in self._dialects:
            self._dialects[bare] = self._custom_dialect(bare, node)
        found = self._dialects[bare]
        if bare not in DIALECTS and dialects.dialect_meant(bare) is found:
            self.respelled[node] = uri
            # Others who read the schema in `json_schema()` shall know it too.
            schema["$schema"] = found.canonical
        return found

    def _custom_dialect(self, uri: str, node: Node) -> Dialect:
        if uri in self._opened:
            message = f"$schema {uri!r} leads back to itself, not to a draft"
            raise UnresolvableReference(message, node, _SCHEMA_HINT, at=("$schema",))
        self._opened.add(uri)
        document = self._mapped(uri)
        known = self._resources.get(uri)
        metaschema = known.root.schema if known else document.value if document else None
        if not is_object(metaschema) and (meant := dialects.dialect_meant(uri)):
            return meant
        if not is_object(metaschema):
            message = f"$schema {uri!r} is not known"
            hint = f"{_SCHEMA_HINT}; if this is no schema, --exclude leaves it out"
            raise UnresolvableReference(message, node, hint, at=("$schema",))
        parent = self._dialect(metaschema, DRAFT_2020_12, node)
        vocabularies = metaschema.get("$vocabulary")
        if not is_object(vocabularies) or "$vocabulary" not in parent.keywords:
            return parent
        dialect = dialects.with_vocabularies(parent, uri, vocabularies)
        if isinstance(dialect, str):
            message = f"$schema {uri!r} requires the unknown vocabulary {dialect!r}"
            raise UnresolvableReference(message, node, at=("$schema",))
        return dialect
