"""Subschemas in their places, and the schema resources that they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from brevettiai.messages.secrets import marks_secret

from ..json_values import is_number
from .dialects import Dialect, Pointer
from .keywords import DEFINITIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .documents import Schema


SchemaDocument: TypeAlias = "Schema | Unfiled"


@dataclass(eq=False)
class Unfiled:
    """A schema that stands in no file of the user's, as a document."""

    value: Any
    is_form: bool = False
    place: None = None


@dataclass(eq=False)
class UnresolvableReference(ValueError):
    """A `$ref`, `$schema` or `$id` that leads nowhere, with what to do about it.

    Attributes:
        node: the subschema that says so, if it was indexed already.
        at: pointer from there to the text that is wrong.
        uri: where a schema was looked for, if none was there.
    """

    message: str
    node: Node | None = None
    hint: str | None = None
    at: Pointer = ()
    uri: str | None = None

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


@dataclass(eq=False, repr=False)
class Node:
    """One subschema in its place. Nodes are compared by identity."""

    schema: Mapping[str, Any] | bool
    pointer: Pointer
    document: SchemaDocument
    resource: Resource
    dialect: Dialect
    #: What the schema holds: nothing, for a Boolean.
    said: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.said = self.schema if isinstance(self.schema, dict) else {}

    def __repr__(self) -> str:
        return f"<Node {self.resource.uri} #/{'/'.join(map(str, self.pointer))}>"

    def get(self, keyword: str) -> Any:
        """The value of an annotation or other key, whether or not the dialect asserts it."""
        return self.said.get(keyword)

    def has(self, keyword: str) -> bool:
        """Whether `keyword` stands here and counts under this node's dialect."""
        return keyword in self.keywords

    @property
    def is_secret(self) -> bool:
        """Whether it says that its values must not be shown."""
        return marks_secret(self.said)

    @property
    def is_definition(self) -> bool:
        """Whether it stands in a table of definitions."""
        return len(self.pointer) > 1 and self.pointer[-2] in DEFINITIONS

    @cached_property
    def keywords(self) -> frozenset[str]:
        """The keywords that stand here and count; first asked for when the dialect is settled."""
        said, dialect = self.said, self.dialect
        if dialect.ref_hides_siblings and "$ref" in said:
            return frozenset(["$ref"])
        return dialect.keywords.intersection(said)

    def keyword(self, keyword: str) -> Any:
        """The value of `keyword` where it counts, else None."""
        return self.get(keyword) if keyword in self.keywords else None

    def limits(self, keywords: Iterable[str]) -> Iterator[tuple[str, float]]:
        """Limits by their keywords; one that a Boolean of draft 4 excludes is an exclusive one."""
        for keyword in filter(self.keywords.__contains__, keywords):
            limit, exclusive = self.said[keyword], f"exclusive{keyword.capitalize()}"
            if is_number(limit):
                yield exclusive if self.keyword(exclusive) is True else keyword, limit

    def table(self, keyword: str) -> dict[str, Any]:
        """The members of an object-valued `keyword` by name; none where it does not count."""
        return self.keyword(keyword) or {}
