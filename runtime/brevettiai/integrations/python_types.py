"""Type hints of texts that are objects of Python's own classes: `start: AsText[datetime]`.

To type checkers that is `datetime`. pydantic and `SettingsAdapter` read such objects from the text
of configs, and write the very text that they were read from. msgspec has an `AsText` of its own, in
`brevettiai.integrations.msgspec`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar, get_args, get_origin

from ..formats.python_types import MODULES, read, text_of

__all__ = ["AsText", "OneOf", "from_text"]

T = TypeVar("T")


def from_text(kind: type[T], text: str) -> T:
    """The object of a class, such as `datetime`, that a text stands for; it gives that text back.

    Raises:
        ArithmeticError, ValueError: there is none.
    """
    value: T = read(name_of(kind), text)
    return value


class OneOf:
    """The texts that alone are allowed: `AsText[Annotated[date, OneOf("2026-01-31")]]`."""

    def __init__(self, *texts: str) -> None:
        self.texts = texts

    def __repr__(self) -> str:
        return f"OneOf({', '.join(map(repr, self.texts))})"

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.literal_schema([*self.texts])


class _AsText:
    """What marks such hints, and is asked by pydantic."""

    def __repr__(self) -> str:
        return "AsText"

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import PydanticSerializationUnexpectedValue, core_schema

        name = name_of(source)

        def load(text: str) -> Any:
            try:
                return read(name, text)
            except (ArithmeticError, ValueError):
                raise _refusal(name, text) from None

        def take(value: Any, check: Callable[[Any], str]) -> Any:
            if not isinstance(value, source):
                return load(check(value))
            load(check(text_of(value)))
            return value

        def save(value: Any, info: Any) -> Any:
            if not isinstance(value, source):
                raise PydanticSerializationUnexpectedValue(f"Expected `{name}`")
            return text_of(value) if info.mode == "json" else value

        text = handler(str)  # with all that stands in front of the mark
        return core_schema.json_or_python_schema(
            core_schema.no_info_after_validator_function(load, text),
            core_schema.no_info_wrap_validator_function(take, text),
            metadata={"x-python-type": name},
            serialization=core_schema.plain_serializer_function_ser_schema(save, info_arg=True),
        )

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {**handler(schema), "x-python-type": schema["metadata"]["x-python-type"]}


#: A class of Python, perhaps with what its text must be: `AsText[Annotated[date, Field(…)]]`.
AsText = Annotated[T, _AsText()]


def name_of(kind: Any) -> str:
    """How `x-python-type` calls a class.

    Raises:
        TypeError: it is not among those.
    """
    if not is_typed(kind):
        raise TypeError(f"AsText is for {', '.join(MODULES)}, not for {kind!r}")
    return str(kind.__name__)


def is_typed(kind: Any) -> bool:
    """Whether a class is one that `x-python-type` can name."""
    name = getattr(kind, "__name__", "")
    return name in MODULES and kind is getattr(__import__(MODULES[name]), name)


def text_row(hint: Any) -> dict[str, Any] | None:
    """What an `AsText[…]` asks of texts, as rows of checks say it; None of other hints."""
    arguments = get_args(hint) if get_origin(hint) is Annotated else ()
    is_marked = any(isinstance(each, _AsText) for each in arguments)
    return row_of(*arguments) if is_marked else None


def row_of(kind: Any, *notes: object) -> dict[str, Any]:
    """The same of a class and what is noted beside it."""
    texts = [text for note in notes if isinstance(note, OneOf) for text in note.texts]
    allowed = {"enum": texts} if texts else {}
    return {"type": "string", **allowed, "x-python-type": name_of(kind)}


def is_known(note: object) -> bool:
    """Whether something in an `Annotated[…]` is said by the row of its hint."""
    return isinstance(note, (_AsText, OneOf))


def expected(row: Mapping[str, Any], text: str) -> str:
    """What a text must be that does not fit; "" where it does."""
    from ..messages.findings import Findings

    findings = Findings()
    findings.explain({**row}, (), text)
    return findings.problems[0].expected if findings.problems else ""


def _refusal(name: str, text: str) -> Exception:
    from pydantic_core import PydanticCustomError

    said = expected({"x-python-type": name}, text).removeprefix("must ")
    return PydanticCustomError("python_type", "Input should {said}", {"said": said})
