"""Settings objects in what cattrs structures and unstructures.

converter = cattrs.Converter()
register(converter)
converter.structure({"training": {"epochs": 3}}, Whole)
"""

from __future__ import annotations

from operator import methodcaller
from typing import Any

from cattrs import BaseConverter

from ..json_values import is_module

__all__ = ["register"]


def register(converter: BaseConverter) -> None:
    """Let a converter structure configs to settings objects, and unstructure them to configs.

    It then serves all settings classes, generated and hand-written ones. What does not fit is a
    `SettingsError`; with detailed validation it is among the exceptions of cattrs' group.
    """
    converter.register_structure_hook_func(is_module, _structure)
    converter.register_unstructure_hook_func(is_module, methodcaller("get_config"))


def _structure(value: Any, cls: Any) -> Any:
    return value if isinstance(value, cls) else cls.from_config(value)
