"""The *resolve* step: every subschema of every document as a `Node`, and what references mean.

Nothing is fetched. A reference leads into the given documents, into those that `--map` names, or
to the metaschemas of the drafts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Protocol
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from .dialects import DIALECTS, DRAFT_2020_12, Dialect, Pointer, subschemas, with_vocabularies
from .metaschemas import metaschema
from .problems import pointer_text


class SchemaDocument(Protocol):
    """What this step needs of a document that was read."""

    @property
    def value(self) -> Any: ...


class UnresolvableReference(ValueError):
    """A `$ref`, `$schema` or `$id` that leads nowhere, with what to do about it.

    Attributes:
        node: the subschema that says so, if it was indexed already.
        at: pointer from there to the text that is wrong.
    """

    def __init__(
        self,
        message: str,
        node: Node | None = None,
        hint: str | None = None,
        at: Pointer = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.node = node
        self.hint = hint
        self.at = at

    @property
    def pointer(self) -> Pointer:
        """Where the text that is wrong stands in its document."""
        return (*self.node.pointer, *self.at) if self.node else self.at


@dataclass(eq=False)
class Resource:
    """A schema resource: a document's root, or a subschema with an `$id` of its own."""

    uri: str
    root: Node = field(init=False, repr=False)
    anchors: dict[str, Node] = field(default_factory=dict[str, "Node"], repr=False)
    #: `$dynamicAnchor`s by name; `$recursiveAnchor: true` under the name of its keyword.
    dynamic_anchors: dict[str, Node] = field(default_factory=dict[str, "Node"], repr=False)


class Node:
    """One subschema in its place. Nodes are compared by identity."""

    __slots__ = ("_counting", "dialect", "document", "pointer", "resource", "schema")

    def __init__(
        self,
        schema: Mapping[str, Any] | bool,
        pointer: Pointer,
        document: SchemaDocument,
        resource: Resource,
        dialect: Dialect,
    ) -> None:
        self.schema = schema
        self.pointer = pointer
        self.document = document
        self.resource = resource
        self.dialect = dialect
        #: `keywords`, once somebody asked for them: by then the dialect is settled.
        self._counting: frozenset[str] | None = None

    def __repr__(self) -> str:
        return f"<Node {self.resource.uri} #/{'/'.join(map(str, self.pointer))}>"

    def get(self, keyword: str) -> Any:
        """The value of an annotation or other key, whether or not the dialect asserts it."""
        return self.schema.get(keyword) if isinstance(self.schema, dict) else None

    def has(self, keyword: str) -> bool:
        """Whether `keyword` stands here and counts under this node's dialect."""
        return keyword in self.keywords

    @property
    def keywords(self) -> frozenset[str]:
        """The keywords that stand here and count under this node's dialect."""
        counting = self._counting
        if counting is None:
            counting = self._counting = self._find_counting()
        return counting

    def _find_counting(self) -> frozenset[str]:
        schema, dialect = self.schema, self.dialect
        if not isinstance(schema, dict):
            return frozenset()
        if dialect.ref_hides_siblings and "$ref" in schema:
            return frozenset(["$ref"])
        return dialect.keywords.intersection(schema)

    def keyword(self, keyword: str) -> Any:
        """The value of `keyword` where it counts, else None."""
        return self.get(keyword) if self.has(keyword) else None


#: Where the tree lies that all given folders make up together; `.invalid` is nobody's.
_MERGED = "http://given.invalid"
RECURSIVE_ANCHOR = "$recursiveAnchor"


class Index:
    """All nodes of a set of documents by place, and all resources by URI."""

    def __init__(self, mapped: Callable[[str], SchemaDocument | None] = lambda uri: None) -> None:
        """`mapped` gives the document that the user mapped to a URI, or None."""
        self._nodes: dict[int, dict[Pointer, Node]] = {}
        #: Keeps the documents alive whose identities are keys of `_nodes`.
        self._documents: list[SchemaDocument] = []
        self._starts: list[Node] = []
        self._targets: dict[tuple[Node, str], Node] = {}
        self._resources: dict[str, Resource] = {}
        self._mapped = mapped
        self._dialects: dict[str, Dialect] = dict(DIALECTS)
        self.has_dynamic_references = False

    def add(self, document: SchemaDocument, uri: str, dialect: Dialect = DRAFT_2020_12) -> Node:
        """Index `document`, retrieved from `uri`, and give its root.

        `dialect` is that of a document without `$schema`.

        Raises:
            UnresolvableReference: an unknown `$schema`, or an `$id` that another document has too.
        """
        uri = _without_empty_fragment(uri)
        if id(document) in self._nodes:
            known = self.root_of(document)
            self._claim(uri, known.resource, None)
            return known
        resource = Resource(uri)
        self._claim(uri, resource, None)
        nodes = self._nodes[id(document)] = {}
        self._documents.append(document)
        dialect = self._dialect(document.value, dialect, None)
        self._walk(document, nodes, (), document.value, resource, dialect)
        resource.root = nodes[()]
        self._starts.append(nodes[()])
        place = getattr(document, "place", None)
        if place is not None:
            self._resources.setdefault(_MERGED + place, resource)
        return nodes[()]

    def load(self, uri: str) -> Node:
        """The root of the metaschema or mapped document at `uri`.

        Raises:
            UnresolvableReference: there is none.
        """
        document = self._mapped(uri) or _metaschema(uri)
        if document is None:
            raise UnresolvableReference(f"there is no schema at {uri!r}")
        return self.add(document, uri)

    def root_of(self, document: SchemaDocument) -> Node:
        """The root of a document that was added."""
        return self._nodes[id(document)][()]

    def resolve_everything(self) -> list[UnresolvableReference]:
        """Follow every reference, so that all documents they lead to are here; those that fail."""
        failures: list[UnresolvableReference] = []
        followed: set[Node] = set()
        busy = True
        while busy:
            # References may bring in documents, and places that only they take for schemas.
            waiting = [node for node in self.everywhere() if node not in followed]
            followed.update(waiting)
            busy = bool(waiting)
            for node in waiting:
                for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
                    # What is no text is for the metaschema to refuse.
                    if node.has(keyword) and isinstance(node.get(keyword), str):
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
        found = self._nodes[id(near.document)].get(pointer)
        return found if found is not None else self._index_late(near, pointer)

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
            uri, fragment = urldefrag(_join(node.resource.uri, reference))
            resource = self._resource(uri, node, reference)
            if fragment == "" or fragment.startswith("/"):
                return self._at_pointer(resource, unquote(fragment), reference)
            name = unquote(fragment)
            found = resource.anchors.get(name) or resource.dynamic_anchors.get(name)
            if found is None:
                raise _Nowhere(f"leads nowhere: there is no anchor {name!r}")
        except _Nowhere as failure:
            message = f"{keyword} {reference!r} {failure.message}"
            raise UnresolvableReference(message, node, failure.hint, (keyword,)) from None
        return found

    def dynamic_name(self, node: Node) -> str | None:
        """The anchor that `node`'s `$dynamicRef` or `$recursiveRef` looks up, if it is dynamic."""
        if node.has("$dynamicRef"):
            name = unquote(urldefrag(node.get("$dynamicRef"))[1])
            target = self.target(node, "$dynamicRef")
            return name if name and target.get("$dynamicAnchor") == name else None
        if node.has("$recursiveRef"):
            target = self.target(node, "$recursiveRef")
            return RECURSIVE_ANCHOR if target.get(RECURSIVE_ANCHOR) is True else None
        return None

    def dynamic_targets(self, name: str) -> Iterator[Node]:
        """Everything that a dynamic reference to `name` can lead to."""
        for resource in {id(found): found for found in self._resources.values()}.values():
            if name in resource.dynamic_anchors:
                yield resource.dynamic_anchors[name]

    def nodes(self, document: SchemaDocument) -> Iterator[Node]:
        """The nodes of `document` in document order."""
        return iter(list(self._nodes[id(document)].values()))

    def starts(self) -> list[Node]:
        """The roots of all documents, and the places that only references take for schemas."""
        return list(self._starts)

    def everywhere(self) -> list[Node]:
        """The nodes of all documents."""
        return [node for document in self._documents for node in self.nodes(document)]

    # Indexing

    def _walk(
        self,
        document: SchemaDocument,
        nodes: dict[Pointer, Node],
        start: Pointer,
        schema: Any,
        resource: Resource,
        dialect: Dialect,
    ) -> None:
        stack: list[tuple[Pointer, Any, Resource, Dialect]] = [(start, schema, resource, dialect)]
        while stack:
            pointer, schema, resource, dialect = stack.pop()
            node = Node(schema, pointer, document, resource, dialect)
            nodes[pointer] = node
            if not isinstance(schema, dict):
                continue
            if pointer != start or not start:
                self._enter_resource(node)
            self._register_anchors(node)
            children = [
                ((*pointer, *path), child, node.resource, node.dialect)
                for path, child in subschemas(schema, node.dialect)
            ]
            stack.extend(reversed(children))

    def _enter_resource(self, node: Node) -> None:
        """Give `node` a resource of its own if it has an `$id`."""
        schema = node.schema
        assert isinstance(schema, dict)
        dialect = node.dialect
        if node.pointer and "$schema" in schema:
            dialect = self._dialect(schema, dialect, node)
        identifier = schema.get(dialect.id_keyword)
        if not isinstance(identifier, str) or (dialect.ref_hides_siblings and "$ref" in schema):
            return
        if dialect.id_may_be_anchor and identifier.startswith("#"):
            if len(identifier) > 1:
                node.resource.anchors[identifier[1:]] = node
            return
        try:
            uri = _without_empty_fragment(_join(node.resource.uri, identifier))
        except _Nowhere as failure:
            message = f"{dialect.id_keyword} {identifier!r} {failure.message}"
            raise UnresolvableReference(message, node, at=(dialect.id_keyword,)) from None
        if node.pointer:
            node.resource = Resource(uri)
            node.resource.root = node
            node.dialect = dialect
        else:
            # The retrieval URI stays an alias of the document's own `$id`.
            node.resource.uri = uri
            node.resource.root = node
        self._claim(uri, node.resource, node)

    def _register_anchors(self, node: Node) -> None:
        schema, resource = node.schema, node.resource
        assert isinstance(schema, dict)
        for keyword, table in (
            ("$anchor", resource.anchors),
            ("$dynamicAnchor", resource.dynamic_anchors),
        ):
            name = schema.get(keyword)
            if isinstance(name, str) and keyword in node.dialect.keywords:
                table.setdefault(name, node)
        if "$recursiveRef" in node.dialect.keywords and schema.get(RECURSIVE_ANCHOR) is True:
            resource.dynamic_anchors.setdefault(RECURSIVE_ANCHOR, node)
        if node.has("$dynamicRef") or node.has("$recursiveRef"):
            self.has_dynamic_references = True

    def _claim(self, uri: str, resource: Resource, node: Node | None) -> None:
        other = self._resources.setdefault(uri, resource)
        if other is not resource:
            raise UnresolvableReference(
                f"two schemas have the identifier {uri!r}",
                node,
                hint="give each schema an $id of its own, or leave one of them out",
                at=(node.dialect.id_keyword,) if node else (),
            )

    def _index_late(self, near: Node, pointer: Pointer) -> Node:
        """Index a place that no keyword says is a schema, but that a reference takes for one."""
        value: Any = near.document.value
        for token in pointer:
            value = value[token]
        nodes = self._nodes[id(near.document)]
        self._walk(near.document, nodes, pointer, value, near.resource, near.dialect)
        self._starts.append(nodes[pointer])
        return nodes[pointer]

    # References

    def _resource(self, uri: str, node: Node, reference: str) -> Resource:
        uri = _without_empty_fragment(uri)
        found = self._resources.get(uri) or self._merged(node, reference)
        if found is None:
            document = self._mapped(uri) or _metaschema(uri)
            if document is None:
                raise _unresolvable(uri)
            self.add(document, uri, node.dialect)
            found = self._resources[uri]
        return found

    def _merged(self, node: Node, reference: str) -> Resource | None:
        """What a relative reference means where several given folders make up one tree."""
        place = getattr(node.document, "place", None)
        if place is None or urlsplit(reference).scheme:
            return None
        return self._resources.get(urldefrag(urljoin(_MERGED + place, reference))[0])

    def _at_pointer(self, resource: Resource, path: str, reference: str) -> Node:
        current = resource.root
        value: Any = current.schema
        pointer = current.pointer
        nodes = self._nodes[id(current.document)]
        for token in path.split("/")[1:]:
            step = _step(value, token.replace("~1", "/").replace("~0", "~"), pointer)
            value = value[step]
            pointer = (*pointer, step)
            current = nodes.get(pointer, current)
        if pointer not in nodes:
            if not isinstance(value, (dict, bool)):
                raise _Nowhere(f"leads to {pointer_text(pointer)}, which is no schema")
            return self._index_late(current, pointer)
        return nodes[pointer]

    def _dialect(self, schema: Any, default: Dialect, node: Node | None) -> Dialect:
        uri = schema.get("$schema") if isinstance(schema, dict) else None
        if not isinstance(uri, str):
            return default
        uri = _without_empty_fragment(uri)
        if uri not in self._dialects:
            self._dialects[uri] = self._custom_dialect(uri, node)
        return self._dialects[uri]

    def _custom_dialect(self, uri: str, node: Node | None) -> Dialect:
        document = self._mapped(uri)
        known = self._resources.get(uri)
        metaschema = known.root.schema if known else document.value if document else None
        if not isinstance(metaschema, dict):
            raise UnresolvableReference(
                f"$schema {uri!r} is not known",
                node,
                hint="use the $schema of draft 4, 6, 7, 2019-09 or 2020-12, or give the custom "
                "metaschema with --map URL=PATH",
                at=("$schema",),
            )
        parent = self._dialect(metaschema, DRAFT_2020_12, node)
        vocabularies = metaschema.get("$vocabulary")
        if not isinstance(vocabularies, dict) or "$vocabulary" not in parent.keywords:
            return parent
        wanted = [
            name
            for name, required in vocabularies.items()
            if required or name.startswith(parent.vocabulary_prefix)
        ]
        dialect = with_vocabularies(parent, uri, wanted)
        if isinstance(dialect, str):
            raise UnresolvableReference(
                f"$schema {uri!r} requires the unknown vocabulary {dialect!r}",
                node,
                at=("$schema",),
            )
        return dialect


def _without_empty_fragment(uri: str) -> str:
    return uri[:-1] if uri.endswith("#") else uri


def _join(base: str, reference: str) -> str:
    try:
        if reference.startswith("#"):
            return urldefrag(base)[0] + reference
        if not base or urlsplit(reference).scheme:
            return reference
        return urljoin(base, reference)
    except ValueError as error:
        raise _Nowhere(f"is no URI: {error}") from None


class _Nowhere(Exception):
    """Why a reference leads nowhere, as the rest of a sentence."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def _step(value: Any, name: str, pointer: Pointer) -> str | int:
    """The key or index in `value` that a token of a JSON Pointer means."""
    if isinstance(value, dict):
        if name in value:
            return name
        near = get_close_matches(name, value, 1)
        hint = f"did you mean {near[0]!r}?" if near else None
        raise _Nowhere(f"leads nowhere: there is no {name!r} at {pointer_text(pointer)}", hint)
    if isinstance(value, list) and _INDEX.fullmatch(name) and int(name) < len(value):
        return int(name)
    raise _Nowhere(f"leads nowhere: there is no {name!r} at {pointer_text(pointer)}")


_INDEX = re.compile("0|[1-9][0-9]{0,9}")


def _unresolvable(uri: str) -> _Nowhere:
    if urlsplit(uri).scheme in ("http", "https"):
        hint = f"nothing is fetched: say where it lies with --map {uri}=PATH"
    else:
        hint = "the file must be among the given files and folders"
    return _Nowhere("cannot be resolved", hint)


@dataclass(frozen=True)
class _Metaschema:
    value: Any


def _metaschema(uri: str) -> SchemaDocument | None:
    value = metaschema(uri)
    return None if value is None else _Metaschema(value)
