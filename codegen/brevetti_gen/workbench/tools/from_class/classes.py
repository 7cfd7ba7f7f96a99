"""Classes of settings to JSON Schemas: hand-written modules, dataclasses, TypedDicts, models."""

from __future__ import annotations

import dataclasses
import inspect
import sys
import typing
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any, cast

from brevettiai.adapters import SettingsAdapter, is_adaptable
from brevettiai.handwritten.parameters import MISSING as NO_DEFAULT
from brevettiai.handwritten.parameters import Parameter, Unresolved, is_inherited, parameters_of
from brevettiai.integrations.embedding import embeddable_schema
from brevettiai.json_values import is_module
from brevettiai.settings import Settings

from ....json_values import is_object
from ....model.names import attribute_name
from ....schema.keywords import KEYWORDS
from .hints import MISSING, NO_JSON, RENAMED, HintReader, is_json, json_of
from .models import merged, nested, refined, unsaid
from .texts import Place, texts_of

_OVERRIDDEN = ("from_config", "get_config", "to_config", "to_settings", "from_settings")


class ClassReader(HintReader):
    """Writes JSON Schemas of classes; those inside others become definitions."""

    def __init__(self) -> None:
        super().__init__()
        self._names: dict[type[Any], str] = {}
        self._made: dict[type[Any], dict[str, Any] | None] = {}

    def document(self, cls: type[Any]) -> dict[str, Any]:
        """The schema of a class, as a document."""
        self._names[cls] = "#"
        schema = self._schema_of_class(cls, Place(cls.__name__))
        definitions = {**schema.pop("$defs", {}), **self.definitions}
        head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
        return {**head, **schema, **({"$defs": definitions} if definitions else {})}

    def class_schema(self, cls: type[Any], place: Place) -> dict[str, Any] | None:
        if not (is_module(cls) or is_adaptable(cls)):
            return None
        name = self._names.get(cls)
        if name is None:
            name = cls.__name__
            while name in self.definitions:
                name += "_"
            self._names[cls] = name
            self.definitions[name] = {}
            schema = self._schema_of_class(cls, place)
            inner = schema.pop("$defs", {})
            self.definitions[name] = merged(schema, inner, self.definitions)
        return {"$ref": "#" if name == "#" else f"#/$defs/{name}"}

    def config_of_nothing(self, cls: type[Any]) -> dict[str, Any] | None:
        """The config of a hand-written module that is made without arguments.

        None where it needs some, or its constructor fails.
        """
        if cls not in self._made:
            try:
                self._made[cls] = json_of(cls().get_config())
            except Exception:
                self._made[cls] = None
        return self._made[cls]

    def _schema_of_class(self, cls: type[Any], place: Place) -> dict[str, Any]:
        if issubclass(cls, Settings):
            self.remark(place, f"{cls.__name__} is generated: a $ref to its schema would be better")
            return embeddable_schema(cls)
        if is_module(cls):
            return self._object(cls, self._of_module(cls))
        if dataclasses.is_dataclass(cls) and not hasattr(cls, "__pydantic_fields__"):
            return self._object(cls, self._of_dataclass(cls))
        if hasattr(cls, "__required_keys__"):
            return self._object(cls, self._of_typed_dict(cls))
        schema = refined(SettingsAdapter.of(cls).json_schema())
        classes = {each.__name__: each for each in (cls, *nested(cls))}
        for name, found in {"": schema, **schema.get("$defs", {})}.items():
            self._tell_of(classes.get(name, cls), found)
        return schema

    def _tell_of(self, cls: Any, schema: dict[str, Any]) -> None:
        """Add what stands in the source alone; leave out defaults of secrets; tell what is lost."""
        texts, properties = texts_of(cls), schema.get("properties")
        if not is_object(properties):
            properties = {}
        for name, found in properties.items():
            if is_object(found):
                if name in texts.members:
                    found.setdefault("description", texts.members[name])
                at = texts.place(cls.__name__, name)
                if "default" in found:
                    found["default"] = json_of(found["default"])
                    if not is_json(found["default"]):
                        self.remark(at, NO_JSON)
                        del found["default"]
                properties[name] = self.secret(name, found, at)
        for member, message in unsaid(cls):
            self.remark(texts.place(cls.__name__, member), message)

    def _object(
        self, cls: Any, members: Iterator[tuple[str, dict[str, Any], bool]]
    ) -> dict[str, Any]:
        texts = texts_of(cls)
        properties: dict[str, Any] = {}
        required: list[str] = []
        for name, found, is_required in members:
            schema = self.secret(name, found, texts.place(cls.__name__, name))
            said = texts.members.get(name)
            told = {"description": said} if said and "description" not in schema else {}
            properties[name] = {**told, **schema}
            required += [name] if is_required else []
        return {
            **({"description": texts.about} if texts.about else {}),
            "type": "object",
            "properties": properties,
            **({"required": required} if required else {}),
        }

    # Hand-written modules

    def _of_module(self, cls: Any) -> Iterator[tuple[str, dict[str, Any], bool]]:
        made = self.config_of_nothing(cls)
        texts, place = texts_of(cls), Place(cls.__name__, texts_of(cls).path, texts_of(cls).line)
        for method in _OVERRIDDEN:
            if hasattr(cls, method) and not is_inherited(cls, method):
                self.remark(place, f"what its own {method} does is not in the schema")
        parameters = parameters_of(cls)
        needed = [p for p in parameters.values() if p.default is NO_DEFAULT and not p.variadic]
        if made is None and not needed:
            self.remark(
                place,
                "it cannot be made without arguments, so that defaults are those of "
                "the signature, whatever __init__ makes of them",
            )
        for name, parameter in parameters.items():
            at = texts.place(cls.__name__, name)
            if parameter.variadic:
                self.remark(at, "any number of arguments is not in the schema")
                continue
            schema = self._of_annotation(cls, parameter, at)
            if made is None:
                default = (
                    json_of(parameter.default) if parameter.default is not NO_DEFAULT else MISSING
                )
            else:
                default = made.get(name, MISSING)
                if name not in made:
                    self.remark(at, "is not kept as an attribute, so configs never have it")
            yield name, self._with_default(schema, default, parameter, at), parameter in needed

    def _of_annotation(self, cls: type[Any], parameter: Parameter, at: Place) -> dict[str, Any]:
        annotation: Any = parameter.annotation
        given = inspect.signature(cls).parameters[parameter.name].annotation
        if isinstance(annotation, Unresolved):
            self.remark(
                at, f"the annotation {annotation.text!r} cannot be resolved: any value is taken"
            )
            return {}
        if given is not NO_DEFAULT:
            return self.schema_of(annotation, at)
        if parameter.default is NO_DEFAULT or parameter.default is None:
            self.remark(at, "has no annotation: any value is taken")
            return {}
        if annotation is int:  # A rate with the default 1 may well be 0.5.
            self.remark(at, "has no annotation: as its default is a number, numbers are taken")
            return {"type": "number"}
        return self.schema_of(annotation, at)

    def _with_default(
        self, schema: dict[str, Any], default: Any, parameter: Parameter, at: Place
    ) -> dict[str, Any]:
        is_made = parameter.default is None and not (default is None or default is MISSING)
        if is_made and not is_module(parameter.ptype):
            self.remark(
                at, "its default is now what __init__ makes of None, and null itself is refused"
            )
        return self.with_default(schema, default, at)

    # Dataclasses and TypedDicts

    def _of_dataclass(self, cls: Any) -> Iterator[tuple[str, dict[str, Any], bool]]:
        hints, texts = self._hints(cls), texts_of(cls)
        for field in dataclasses.fields(cls):
            at = texts.place(cls.__name__, field.name)
            if not field.init:
                self.remark(at, "is no argument of __init__, so configs never have it")
                continue
            schema = {**self.schema_of(hints.get(field.name, Any), at), **_facts(field)}
            default = field.default
            if field.default_factory is not dataclasses.MISSING:
                try:
                    default = field.default_factory()
                except Exception as error:
                    self.remark(at, f"its default cannot be made ({error!r}), and is left out")
                    default = None
            is_required = default is dataclasses.MISSING
            value = MISSING if is_required else json_of(default)
            if field.metadata.get("nullable") is False and value is None:
                value = MISSING
            key = str(field.metadata.get("alias", field.name))
            if attribute_name(key) != field.name:
                self.remark(at, RENAMED.format(attribute_name(key)))
            yield key, self.with_default(schema, value, at), is_required
        stored = {field.name for field in dataclasses.fields(cls)}
        for name in inspect.signature(cls).parameters.keys() - stored:
            self.remark(texts.place(cls.__name__, name), "is given to __init__ and not stored")
        if "__post_init__" in dir(cls):
            place = Place(cls.__name__, texts.path, texts.line)
            self.remark(place, "what __post_init__ checks and changes is not in the schema")

    def _of_typed_dict(self, cls: Any) -> Iterator[tuple[str, dict[str, Any], bool]]:
        for name, hint in self._hints(cls).items():
            at = texts_of(cls).place(cls.__name__, name)
            yield name, self.schema_of(hint, at), name in cls.__required_keys__

    def _hints(self, cls: Any) -> dict[str, Any]:
        try:
            return typing.get_type_hints(cls, include_extras=True)
        except Exception:
            texts, hints = texts_of(cls), dict[str, Any]()
        for base in reversed(cls.__mro__):
            names = vars(sys.modules.get(base.__module__, typing))
            own: dict[str, Any] = {**vars(base)}
            try:
                annotations = inspect.get_annotations(base)
            except Exception:  # From Python 3.14 on, they are evaluated only now.
                continue
            for name, annotation in annotations.items():
                if "ClassVar" in str(annotation) or "InitVar" in str(annotation):
                    continue
                one: Any = SimpleNamespace(__annotations__={"it": annotation})
                try:
                    hints |= {name: typing.get_type_hints(one, names, own, True)["it"]}
                except Exception as error:
                    at = texts.place(cls.__name__, name)
                    self.remark(at, f"its hint cannot be resolved ({error}): any value is taken")
                    hints[name] = Any
        return hints


def _facts(field: dataclasses.Field[Any]) -> dict[str, Any]:
    """Words of a schema in the metadata of a field."""
    found = cast("Mapping[Any, Any]", field.metadata)
    known = {key: value for key, value in found.items() if key in KEYWORDS and key != "default"}
    return {str(key): value for key, value in known.items() if is_json(value)}
