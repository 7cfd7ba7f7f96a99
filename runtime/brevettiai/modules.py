"""The base classes of settings: what Python asks of them all, and what hand-written ones store.

The *config* of a hand-written module is the plain JSON value of its constructor arguments, read
back from the attributes of the same names. What reads an `__init__` lies in `handwritten`, and
loads at the first use: importing this module stays cheap, and a subclass that overrides the methods
below with compiled ones never pays for it. Seed code imports these classes as
`brevettiai.utils.module` and `brevettiai.interfaces.vue_schema_utils`.
"""

from __future__ import annotations

from sys import intern

from brevettiai.errors import refuses_depth
from brevettiai.json_values import class_of, json_equal, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, ClassVar, SupportsIndex

    from typing_extensions import Self

    from brevettiai.handwritten.builder import SchemaBuilder


class Module:
    """Base class of objects that are stored as the arguments of their `__init__`.

    Subclasses keep each constructor argument in the attribute of the same name. They may
    override `get_config` and `from_config`; a module inside another one is always read and
    written by its own methods.
    """

    def get_config(self) -> dict[str, Any]:
        """The plain JSON value of this module, in fresh containers.

        Nested modules become their configs, tuples and sets become lists, numpy scalars and
        arrays become numbers and lists. Arguments without an attribute are left out.
        """
        from brevettiai.handwritten.parameters import parameters_of

        names = parameters_of(type(self))
        return {name: plain(getattr(self, name)) for name in names if hasattr(self, name)}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Make a module from a config, the inverse of `get_config`.

        Values are handed to `__init__` as they are (copied, not converted), except that the
        configs of nested modules become modules. Keys that `__init__` does not take go to its
        `**kwargs`, or else are reported by one warning on the logger of this module.

        Raises:
            ModuleError: If the config is no mapping, lacks an argument that has no default, or
                holds something else than a mapping where a module belongs.
        """
        from brevettiai.handwritten.parameters import bind

        arguments, keywords, unknown = bind(cls, config)
        if unknown:
            from brevettiai.config.notices import warn_of_unknown

            warn_of_unknown(", ".join(unknown))
        return cls(*arguments, **keywords)

    def copy(self) -> Self:
        """A new module from this one's config; nothing is shared."""
        return type(self).from_config(self.get_config())

    # Modules as fields of pydantic models: see `brevettiai.integrations.pydantic`.

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        if hasattr(cls, "__pydantic_decorators__"):  # A class of pydantic's own, too.
            return handler(source)
        from brevettiai.integrations.pydantic import core_schema_of

        return core_schema_of(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> dict[str, Any]:
        if hasattr(cls, "__pydantic_decorators__"):
            return dict(handler(core_schema))
        from brevettiai.integrations.embedding import embeddable_schema

        return embeddable_schema(cls)


class VueSettingsModule(Module):
    """A module that people edit in a web form on the platform.

    Its *form model* is its config in which JSON-typed fields are text. Three methods may be
    overridden, each for a single aspect: `to_schema` says how a parameter looks in the form,
    `to_config` and `to_settings` how a form model becomes a config, and back.
    """

    @classmethod
    def get_schema(cls, namespace: str | None = None) -> SchemaBuilder:
        """The form of this module, with every field under the dotted path `namespace`."""
        from brevettiai.handwritten.builder import SchemaBuilder
        from brevettiai.handwritten.parameters import parameters_of

        builder = SchemaBuilder(namespace=namespace)
        for name, parameter in parameters_of(cls).items():
            cls.to_schema(builder, name, parameter.ptype, parameter.default)
        return builder

    def get_settings(self) -> dict[str, Any]:
        """The form model of this module."""
        return self.to_settings(self.get_config())

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any] | None) -> Self:
        """Make a module from a form model, the inverse of `get_settings`.

        Absent values get the defaults of the form; `null` stays `null`. `settings` is not changed.

        Raises:
            ModuleError: If a value does not fit its field, or the config does not fit the module.
        """
        from brevettiai.handwritten import forms

        return cls.from_config(forms.read_form_model(cls, settings))

    @classmethod
    def to_schema(
        cls, builder: SchemaBuilder, name: str, ptype: Any, default: Any, **kwargs: Any
    ) -> Any:
        """Add the field of one parameter to a form, or the heading and fields of a module.

        Override it to give a parameter another field; `builder.add_field` adds it.

        Args:
            builder: The form so far.
            name: The name of the parameter.
            ptype: Its type: what is annotated, else the type of the default.
            default: Its default, or `inspect.Parameter.empty`.
            kwargs: Facts of the field, as `min=1`, `visible=True` or `label="Shown text"`.
        """
        from brevettiai.handwritten import forms

        forms.add_to_form(builder, name, ptype, default, kwargs)

    @classmethod
    def to_config(cls, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Turn a form model, read by the form already, into a config."""
        from brevettiai.handwritten import forms

        return forms.config_of(cls, settings)

    @classmethod
    def to_settings(cls, config: Mapping[str, Any]) -> dict[str, Any]:
        """Turn a config into a form model."""
        from brevettiai.handwritten import forms

        return forms.settings_of(cls, config)


class SettingsObject(VueSettingsModule):
    """What Python and its tools do with objects of generated classes: compare, copy, show them."""

    __slots__ = ()
    __declared__: ClassVar[tuple[Any, Any, dict[str, Any]]]

    @refuses_depth
    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        assert isinstance(other, SettingsObject)
        return json_equal(self.get_config(), other.get_config())

    __hash__ = None  # type: ignore[assignment]

    @refuses_depth
    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        from .config.copying import deep_copy

        return deep_copy(self, memo, SettingsObject)

    def __repr__(self) -> str:
        from .show.shown import repr_of

        try:
            return repr_of(self)
        except RecursionError:
            # Who prints an object wants to see something, at least its class.
            return f"<{type(self).__name__} that is nested too deeply>"

    def __rich_repr__(self) -> Iterator[tuple[str, object]]:
        from .show.shown import shown_attributes

        return shown_attributes(self)

    def _repr_html_(self) -> str:
        from .show.html import table_of

        return table_of(self)

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        if len(self.__dict__) != len(self.__declared__[2]):
            from .config.pickles import refuse_misassigned

            refuse_misassigned(self)
        return super().__reduce_ex__(protocol)

    def __setstate__(self, state: Any) -> None:
        parts: Any = state if class_of(state) is tuple else (state, ())
        attributes, slots = parts
        held = self.__dict__
        for name in attributes or ():
            # As pickle does without this method: attributes are found faster then.
            held[intern(name)] = attributes[name]
        for name in slots:
            setattr(self, name, slots[name])
        if held.keys() != self.__declared__[2].keys():
            from .config.pickles import renew

            renew(self)
