"""`SchemaBuilder`: a form under construction."""

from __future__ import annotations

from brevettiai.handwritten.fields import json_text, label
from brevettiai.json_values import is_array, is_object, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from typing_extensions import Self

    from brevettiai.handwritten.fields import Field


_KEEP = object()  # an argument that leaves the attribute as the class has it


class SchemaBuilder:
    """Collects the fields and presets of a form.

    Args:
        fields: Fields to start with, taken as they are.
        presets: Presets to start with: name to nested partial form model.
        advanced: Whether fields added later are hidden until a person asks for advanced settings,
            where they do not say themselves whether they are `visible`.
        namespace: Dotted path under which `schema` places everything. The models of fields and
            presets given to the methods do not carry it.
    """

    def __init__(
        self,
        fields: Iterable[Field] | None = None,
        presets: Mapping[str, Any] | None = None,
        advanced: bool = True,
        namespace: str | None = None,
    ) -> None:
        self.fields: list[Field] = list(fields or ())
        self.presets: dict[str, Any] = plain(dict(presets or {}))
        self.advanced = advanced
        self.namespace = namespace

    @staticmethod
    def from_schema(schema: Mapping[str, Any]) -> SchemaBuilder:
        """A builder that continues the form document `schema`, which stays as it is."""
        return SchemaBuilder(schema.get("fields"), schema.get("presets"))

    def add_field(self, field: Field, **presets: Any) -> None:
        """Add a field, and its value in presets: `add_field(epochs, fast=1, slow=100)`."""
        self.fields.append({**field, "visible": field.get("visible", not self.advanced)})
        if presets and "model" not in field:
            raise ValueError(
                f"{field.get('label', 'the field')!r} has no model, so presets can hold no value "
                "for it; give the presets with a field that has one"
            )
        for preset, value in presets.items():
            self.add_preset(preset, field["model"], value)

    def add_preset(self, preset: str, field: str, value: Any) -> None:
        """Set the value that a preset gives to the field with the model `field`.

        JSON fields get the value as JSON text. For other fields, `None` means no value.

        Raises:
            ValueError: If no field has that model, or the preset has a value in its place.
        """
        target = next((entry for entry in self.fields if entry.get("model") == field), None)
        if target is None:
            models = ", ".join(entry["model"] for entry in self.fields if "model" in entry)
            raise ValueError(
                f"preset {preset!r}: there is no field {field!r}; there are: {models or 'none'}"
            )
        values = self.presets.setdefault(preset, {})
        if target.get("isJson"):
            value = json_text(value, sort_keys=False)
        if value is not None:
            set_at(values, field, value, f"preset {preset!r}")

    def append(self, item: Any, *args: Any, **kwargs: Any) -> Self:
        """Add all fields of another builder, of a list, or of a `SchemaBuilderFunc`.

        The fields of a builder come under its own namespace; its presets are left behind, as the
        platform's library leaves them. `args` and `kwargs` go to the `SchemaBuilderFunc`.

        Returns:
            This builder.
        """
        if isinstance(item, SchemaBuilderFunc):
            item = item.builder(*args, **kwargs)
        if is_array(item):
            for field in item:
                self.add_field(field)
        elif isinstance(item, SchemaBuilder):
            self.fields.extend(dict(field) for field in item.placed_fields() if is_object(field))
        elif isinstance(getattr(item, "schema", None), dict):
            self.fields.extend(dict(field) for field in item.schema["fields"])
        elif item is not None:
            raise TypeError(
                f"cannot append {type(item).__name__}; append a SchemaBuilder or a list of fields, "
                "and add a single field by add_field"
            )
        return self

    def __add__(self, other: SchemaBuilder | list[Field]) -> Self:
        """The same as `append`: the builder on the left is extended, and is the result."""
        return self.append(other)

    def filter_fields(
        self,
        incl_fields: Iterable[str] | None = None,
        excl_fields: Iterable[str] | None = None,
        make_visible: Iterable[str] | None = None,
    ) -> None:
        """Keep some fields only, and show some only. Fields are named by model, headings by tag.

        Args:
            incl_fields: The fields to keep. Headings without a tag go.
            excl_fields: The fields to drop; not looked at where `incl_fields` is given.
            make_visible: The fields to show; the others are hidden.
        """
        included, excluded, shown = (
            [names] if isinstance(names, str) else list(names or ())
            for names in (incl_fields, excl_fields, make_visible)
        )
        if included:
            self.fields = [field for field in self.fields if _path(field) in included]
        elif excluded:
            self.fields = [field for field in self.fields if _path(field) not in excluded]
        if shown:
            self.fields = [{**field, "visible": _path(field) in shown} for field in self.fields]

    @property
    def schema(self) -> dict[str, Any]:
        """The form document, under the namespace.

        Presets lie under the namespace too, `{"data": {"fast": {...}}}` for the namespace `data`,
        because that is where the platform's library puts them.
        """
        if not self.namespace:
            return {"fields": self.fields, "presets": self.presets}
        fields = self.placed_fields()
        presets: dict[str, Any] = {}
        if self.presets:
            set_at(presets, self.namespace, self.presets, "presets")
        return {"fields": fields, "presets": presets}

    def placed_fields(self) -> list[Field]:
        """The fields with their models and headings under the namespace, out of any groups."""
        if not self.namespace:
            return self.fields
        return [_prefixed(field, self.namespace) for field in self.fields]

    def __str__(self) -> str:
        return json_text(self.schema, indent=2)


class SchemaBuilderFunc:
    """A named part of a form: a subclass with a method `schema` that adds the fields.

    Attributes:
        label: The heading of the part, or `None` for none.
        ns: The path under which its fields belong; `schema` gets it with a dot behind.
        advanced: Whether its fields are hidden until a person asks for advanced settings.
    """

    label: str | None = None
    ns: str | None = None
    advanced: bool = False

    def __init__(self, label: Any = _KEEP, ns: Any = _KEEP, advanced: Any = _KEEP) -> None:
        for name, value in (("label", label), ("ns", ns), ("advanced", advanced)):
            if value is not _KEEP:
                setattr(self, name, value)

    def schema(self, builder: SchemaBuilder, ns: str, *args: Any, **kwargs: Any) -> None:
        """Add the fields of this part to `builder`, their models prefixed by `ns`."""
        raise NotImplementedError(f"{type(self).__name__} needs a method schema(self, builder, ns)")

    def builder(self, *args: Any, **kwargs: Any) -> SchemaBuilder:
        """A builder with the heading and the fields; arguments go to `schema`."""
        builder = SchemaBuilder(advanced=self.advanced)
        if self.label:
            builder.add_field(label(self.label))
        self.schema(builder, f"{self.ns}." if self.ns else "", *args, **kwargs)
        return builder


def _path(field: Field) -> Any:
    return field.get("model", field.get("tag"))


def _prefixed(field: Field, namespace: str) -> Field:
    for name in ("model", "tag"):
        if name in field:
            return {**field, name: f"{namespace}.{field[name]}"}
    return field


def set_at(tree: dict[str, Any], path: str, value: Any, where: str) -> None:
    node: Any = tree
    *parents, last = path.split(".")
    for name in parents:
        node = node.setdefault(name, {})
        if not is_object(node):
            raise ValueError(f"{where}: {path!r} lies inside of {name!r}, which has a value itself")
    node[last] = value
