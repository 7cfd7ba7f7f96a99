"""`VueSettingsModule`: a module whose form is read from its `__init__`."""

from __future__ import annotations

from brevettiai.utils.module import Module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from typing_extensions import Self

    from brevettiai.interfaces.vue_schema_utils._builder import SchemaBuilder


class VueSettingsModule(Module):
    """A module that people edit in a web form on the platform.

    Its *form model* is its config in which JSON-typed fields are text. Three methods may be
    overridden, each for a single aspect: `to_schema` says how a parameter looks in the form,
    `to_config` and `to_settings` how a form model becomes a config, and back.
    """

    @classmethod
    def get_schema(cls, namespace: str | None = None) -> SchemaBuilder:
        """The form of this module, with every field under the dotted path `namespace`."""
        from brevettiai.interfaces.vue_schema_utils._builder import SchemaBuilder
        from brevettiai.utils._parameters import parameters_of

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
        from brevettiai.interfaces.vue_schema_utils import _reflection

        return cls.from_config(_reflection.read_form_model(cls, settings))

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
        from brevettiai.interfaces.vue_schema_utils import _reflection

        _reflection.add_to_form(builder, name, ptype, default, kwargs)

    @classmethod
    def to_config(cls, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Turn a form model, read by the form already, into a config."""
        from brevettiai.interfaces.vue_schema_utils import _reflection

        return _reflection.config_of(cls, settings)

    @classmethod
    def to_settings(cls, config: Mapping[str, Any]) -> dict[str, Any]:
        """Turn a config into a form model."""
        from brevettiai.interfaces.vue_schema_utils import _reflection

        return _reflection.settings_of(cls, config)
