"""Classes as somebody would write them by hand, for each library that the benchmarks compare with.

They are written once, as a text in which classes have no base, `Limit` says what a value must keep,
`field` gives what is made anew, and `Tagged[A, B]` is a union of classes that `kind` tells apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_TYPING = "from typing import Annotated, Dict, List, Literal, Optional, Union\n"
_CLASS = re.compile(r"^class (\w+):", re.MULTILINE)
_LIMITED = re.compile(r"Annotated\[(?P<type>.+?), Limit\((?P<limits>.*?)\)\](?= = |,|\]|\n)")
_LIMITED_FIELD = re.compile(
    rf"(?P<opens>Optional\[)?{_LIMITED.pattern}\]?(?: = (?P<default>.+))?$", re.MULTILINE
)
_TAGGED = re.compile(r"Tagged(\[.+?\])")
_KIND = re.compile(r"^(class \w+):\n    kind: Literal\[(\"\w+\")\]\n", re.MULTILINE)


def pydantic(text: str, root: str = "") -> str:
    """Models of pydantic; the class of the name `root` reads settings from elsewhere too."""
    text = _CLASS.sub(r"class \1(BaseModel):", text)
    text = text.replace(f"class {root}(BaseModel):", f"class {root}(BaseSettings):")
    text = _TAGGED.sub(r'Annotated[Union\1, Field(discriminator="kind")]', text)
    text = text.replace("Limit(", "Field(").replace("= field(", "= Field(")
    return "from pydantic import BaseModel, Field\n" + _TYPING + text


def msgspec(text: str) -> str:
    """Structs of msgspec, which keep the tag of a union in their type."""
    text = _KIND.sub(r'\1(Struct, tag_field="kind", tag=\2):\n', text)
    text = _CLASS.sub(r"class \1(Struct):", text).replace("Limit(", "Meta(")
    text = re.sub(r"\(kind=\"\w+\"\)", "()", _TAGGED.sub(r"Union\1", text))
    text = re.sub(r"(tag=\"\w+\"\):\n)(?=\n|$)", r"\1    pass\n", text)
    return "from msgspec import Meta, Struct, field\n" + _TYPING + text


def attrs(text: str) -> str:
    """Classes of attrs, whose validators hold the limits."""
    names = {"min_length": "min_len", "max_length": "max_len", "pattern": "matches_re"}

    def limited(match: re.Match[str]) -> str:
        pairs = [pair.partition("=")[::2] for pair in match["limits"].split(", ")]
        checks = ", ".join(f"{names.get(name, name)}({value})" for name, value in pairs)
        kind, default = match["type"], match["default"]
        if match["opens"]:
            kind, checks = f"Optional[{kind}]", f"optional([{checks}])"
        given = f"default={default}, " if default else ""
        return f"{kind} = field({given}validator=[{checks}])"

    text = text.replace("default_factory=", "factory=")
    text = _LIMITED_FIELD.sub(limited, text)
    text = _CLASS.sub(r"@define\nclass \1:", _TAGGED.sub(r"Union\1", text))
    checks = "ge, le, matches_re, max_len, min_len, optional"
    return (
        f"from attrs import define, field\nfrom attrs.validators import {checks}\n{_TYPING}{text}"
    )


def dataclasses(text: str, decorator: str = "", tagged: str = r"Union\1") -> str:
    """Dataclasses, without limits; what many libraries take without more ado."""
    text = _LIMITED.sub(r"\g<type>", _TAGGED.sub(tagged, text))
    text = _CLASS.sub(rf"{decorator}@dataclass\nclass \1:", text)
    return "from dataclasses import dataclass, field\n" + _TYPING + text


def mashumaro(text: str) -> str:
    """Dataclasses; those of a union have what tells them apart as a default."""
    tagged = r'Annotated[Union\1, Discriminator("kind", include_supertypes=True)]'
    text = dataclasses(_KIND.sub(r"\1:\n    kind: Literal[\2] = \2\n", text), tagged=tagged)
    text = text.replace("@dataclass\n", "@dataclass(kw_only=True)\n")
    return "from mashumaro.types import Discriminator\n" + text


def dataclasses_json(text: str) -> str:
    """Dataclasses that have methods of dataclasses-json."""
    head = "from dataclasses_json import dataclass_json\n"
    return head + dataclasses(text, "@dataclass_json\n")


def cyclopts(text: str) -> str:
    """Dataclasses with the limits of cyclopts."""

    def limited(match: re.Match[str]) -> str:
        limits = re.sub(r"\b([gl])e=", r"\1te=", match["limits"])
        return f"Annotated[{match['type']}, Parameter(validator=Number({limits}))]"

    head = "from cyclopts import Parameter\nfrom cyclopts.validators import Number\n"
    return head + dataclasses(_LIMITED.sub(limited, text))


#: The classes of each library that loads and saves.
OF_OBJECTS: dict[str, Callable[[str], str]] = {
    "pydantic": pydantic,
    "msgspec": msgspec,
    "attrs with cattrs": attrs,
    "mashumaro": mashumaro,
    "dataclasses-json": dataclasses_json,
}
