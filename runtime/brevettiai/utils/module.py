"""`Module` and what belongs to it, under the name that the platform's library gives it."""

from brevettiai.errors import ModuleError
from brevettiai.json_values import is_module, plain
from brevettiai.modules import Module

__all__ = ["Module", "ModuleError", "is_module", "plain"]
