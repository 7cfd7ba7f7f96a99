"""The class styles of other libraries, and what their type hints can say of a schema."""

from __future__ import annotations

from dataclasses import dataclass

#: Keywords that limit values of one kind, by that kind, with the library's word for each.
LIMITS: dict[str, dict[str, str]] = {
    "number": {
        "minimum": "ge",
        "maximum": "le",
        "exclusiveMinimum": "gt",
        "exclusiveMaximum": "lt",
        "multipleOf": "multiple_of",
    },
    "string": {"minLength": "min_length", "maxLength": "max_length", "pattern": "pattern"},
    "array": {"minItems": "min_length", "maxItems": "max_length"},
    "object": {"minProperties": "min_length", "maxProperties": "max_length"},
}


@dataclass(frozen=True)
class Style:
    """One style.

    Attributes:
        name: as `--style` has it.
        library_type: as `datamodel-code-generator` calls it.
        template: the library's template for a class of this style, below our folder of templates.
        limits: whether its hints hold the keywords in `LIMITS`.
        closes: whether its classes refuse keys that the schema forbids.
        types_extra: whether its classes say what the values of keys are that no property declares.
        keeps_others: whether its library keeps such keys, and not our adapter alone.
        tells_apart: whether one annotation can name several classes, lists or maps as alternatives
            without a tag, and constants of any kind.
        discriminates: whether a hint can say which property tells classes apart.
        tuples: whether its objects hold lists of a fixed length as tuples.
        names_laxness: whether a hint has to say that a tuple is read from a list.
        patterns_beside_lists: whether texts with a pattern can be alternatives to lists and maps.
            With msgspec (0.22) such a type frees memory that is not its own.
        rounds: whether multiples of binary fractions are told with some tolerance.
        reads_old_names: whether a field can have several names in configs.
        hides_secrets: whether its classes can leave a field out of their `repr`.
        shows_others: whether the `repr` has what lies under keys that are no fields all the same.
    """

    name: str
    library_type: str
    template: str
    limits: bool = False
    closes: bool = True
    types_extra: bool = False
    keeps_others: bool = True
    tells_apart: bool = True
    discriminates: bool = False
    tuples: bool = True
    names_laxness: bool = False
    patterns_beside_lists: bool = True
    rounds: bool = True
    reads_old_names: bool = False
    hides_secrets: bool = True
    shows_others: bool = False


PYDANTIC = Style(
    "pydantic",
    "pydantic_v2.BaseModel",
    "pydantic_v2/BaseModel.jinja2",
    limits=True,
    types_extra=True,
    discriminates=True,
    names_laxness=True,
    reads_old_names=True,
    shows_others=True,
)
DATACLASS = Style(
    "dataclass",
    "dataclasses.dataclass",
    "dataclass.jinja2",
    types_extra=True,
    keeps_others=False,
)
MSGSPEC = Style(
    "msgspec",
    "msgspec.Struct",
    "msgspec.jinja2",
    limits=True,
    keeps_others=False,
    tells_apart=False,
    patterns_beside_lists=False,
    rounds=False,
    hides_secrets=False,
)
TYPEDDICT = Style(
    "typeddict", "typing.TypedDict", "TypedDict.jinja2", tuples=False, hides_secrets=False
)

STYLES: dict[str, Style] = {
    style.name: style for style in (PYDANTIC, DATACLASS, MSGSPEC, TYPEDDICT)
}
