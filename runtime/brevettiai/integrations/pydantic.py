"""Settings objects as fields of pydantic models, and in the bodies of FastAPI's requests.

Loaded when pydantic asks a settings class for its schema, so pydantic is there.
"""

from __future__ import annotations

from typing import Any

from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, ValidationError
from pydantic_core.core_schema import (
    SerializationInfo,
    no_info_plain_validator_function,
    plain_serializer_function_ser_schema,
)

from ..errors import ModuleError, Problem, SettingsError
from ..json_values import class_of, is_module, is_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..modules import Module


def core_schema_of(cls: type[Module]) -> CoreSchema:
    """Takes objects of the class as they are, and loads configs; writes configs."""
    return no_info_plain_validator_function(
        lambda value: _validated(cls, value),
        serialization=plain_serializer_function_ser_schema(_serialized, info_arg=True),
        ref=f"{cls.__module__}.{cls.__qualname__}:{id(cls)}",
    )


def _validated(cls: type[Module], value: Any) -> Module:
    if isinstance(value, cls):
        return value
    try:
        return cls.from_config(value)
    except SettingsError as error:
        problems = error.problems
    except ModuleError as error:
        problems = (Problem(error.path, error.problem),)
    raise ValidationError.from_exception_data(cls.__name__, [_details(each) for each in problems])


def _details(problem: Problem) -> InitErrorDetails:
    """A problem in pydantic's words. Its input is what may be shown of the value given."""
    facts = {"expected": problem.expected, "given": problem.given}
    kind = PydanticCustomError("settings", "{expected}", facts)
    return {"type": kind, "loc": problem.path, "input": problem.given}


def _serialized(value: Any, info: SerializationInfo) -> Any:
    """The config; in JSON without secrets, as pydantic writes none of its own there."""
    if is_settings(value):
        return value.get_config(hide_secrets=info.mode == "json")
    return value.get_config() if is_module(class_of(value)) else value
