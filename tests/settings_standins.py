"""Settings classes as far as the command line knows them, for tests of it.

Real ones are generated; these carry only the table of fields that the command line reads.
"""

from __future__ import annotations

from typing import Any

from brevettiai.compiled import Field

ANY = ("null", "boolean", "integer", "number", "string", "array", "object")


class Compiled:
    """The part of `brevettiai.compiled.Compiled` that the command line uses."""

    def __init__(self, fields: list[Field], title: str) -> None:
        self.title = title
        self.description = ""
        self.rename = None
        self.hides = False
        self._fields = tuple(fields)

    def fields(self) -> tuple[Field, ...]:
        return self._fields


def settings(
    name: str,
    *fields: Field,
    title: str = "",
    doc: str = "",
    presets: dict[str, dict[str, Any]] | None = None,
) -> Any:
    """A class that looks like a generated one to the command line."""
    return type(
        name,
        (),
        {
            "__brevetti__": Compiled(list(fields), title),
            "__doc__": doc,
            "presets": staticmethod(lambda: presets or {}),
        },
    )


def field(key: str, *kinds: str, **facts: Any) -> Field:
    """A field; `field("angle", "integer", limits={"minimum": 0})`."""
    return Field(key, " ".join(kinds), **facts)


Blur = settings(
    "Blur",
    field("radius", "number", default="1.5", limits={"minimum": 0}),
    field("no-border", "boolean"),
)

Augmentation = settings(
    "Augmentation",
    field(
        "angle",
        "integer",
        default="20",
        limits={"minimum": 0, "maximum": 180},
        description="Largest rotation, in degrees, to either side.",
    ),
    field("flip", "boolean", default="true", description="Mirror images at random."),
    field("blur", "object", "null", cls=Blur, title="Blur"),
    title="Augmentation",
    doc="How images are changed before they are used.",
)

Training = settings(
    "Training",
    field("epochs", "integer", required=True, limits={"minimum": 1}, description="Passes."),
    field("learning_rate", "number", default="0.001"),
    field("name", "string", default='"run"'),
    field("optimizer_kind", "string", choices=("adam", "sgd"), default='"adam"'),
    field("level", "integer", choices=(1, 2, 3)),
    field("verbose", "boolean"),
    field("note", "string", "null"),
    field("classes", "array", item_kinds="string", default='["a"]'),
    field("sizes", "array", "null", item_kinds="integer"),
    field("tags", "string", "array", item_kinds="string"),
    field("stages", "array"),
    field("weights", "object"),
    field("optimizer", "object"),
    field("cache", "boolean", "string"),
    field("limit", "boolean", "integer"),
    field("token", "string", secret=True, default='"hunter2"'),
    field("pin", "integer", secret=True),
    field("anything", *ANY),
    field("augmentation", "object", cls=Augmentation),
    field("a.b", "integer"),
    field("preset", "string"),
    title="Training",
    doc="Train a model.",
    presets={"fast": {"epochs": 2, "augmentation": {"angle": 5}}, "slow": {"epochs": 200}},
)

Tree = settings("Tree", field("value", "integer"))
Tree.__brevetti__ = Compiled(
    [field("value", "integer"), field("child", "object", "null", cls=Tree)], "Tree"
)
