"""Classes and parsers that people wrote, with hostile texts in their sources, for `from-class`."""

from __future__ import annotations

import builtins
import importlib
import linecache
import re
import sys
import unicodedata
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from keyword import iskeyword
from pathlib import Path
from random import Random

from .desk import Case
from .texts import KINDS, hostile_text

#: Of each a class or a function `Root`. Words within quotes are literals; of the others those
#: with `n_` are identifiers, and those with `c_` stand in comments.
_SOURCES: Mapping[str, str] = {
    "dataclass": """
class Kind(enum.Enum):
    A = "w_one"
    B = "w_two"


@dataclass
class Inner:
    "w_about_inner"

    text: str = "w_default"  # c_comment


@dataclass
class Root:
    "w_about"

    text: str = "w_default"
    "w_about_text"
    #: c_comment_above
    kind: Kind = Kind.A
    choice: Literal["w_one", "w_two"] = "w_one"
    items: List[str] = field(default_factory=lambda: ["w_item"])
    map: Dict[str, Any] = field(default_factory=lambda: {"w_key": ["w_value"]})
    inner: Inner = field(default_factory=Inner)
    told: str = field(
        default="w_default",
        metadata={"title": "w_title", "description": "w_about_told", "examples": ["w_example"]},
    )
    odd: "w_hint" = None
    password: str = "w_secret_value"
    n_name: Annotated[str, "w_note"] = "w_default"
""",
    "documented": '''
@dataclass
class Root:
    """About it.

    Args:
        text: of it.
        n_name: of it.
    """

    __doc__ = "w_about" + "\\n\\nArgs:\\n    text: " + "w_text" + "\\n    n_name: " + "w_of_name"
    text: str = "w_default"
    n_name: int = 1


Root.__name__ = Root.__qualname__ = "w_class"
''',
    "typed dict": """
Inner = TypedDict("w_inner", {"w_key": Literal["w_one", "w_two"]})
Root = TypedDict("w_root", {"w_name": str, "w_other": Inner, "n_name": "w_hint"}, total=False)
Root.__doc__ = "w_about"
""",
    "pydantic": """
class Inner(pydantic.BaseModel):
    "w_about_inner"

    text: str = "w_default"


class Root(pydantic.BaseModel):
    "w_about"

    model_config = pydantic.ConfigDict(
        title="w_title", json_schema_extra={"w_extra": "w_value", "x-form": {"w_extra": "w_value"}}
    )
    text: str = pydantic.Field("w_default", title="w_title", description="w_about_text")
    named: str = pydantic.Field("w_default", alias="w_alias", examples=["w_example"])
    choice: Literal["w_one", "w_two"] = "w_one"
    like: str = pydantic.Field("w_default", json_schema_extra={"pattern": "w_like", "w_x": ["w_y"]})
    inner: Inner = Inner()
    many: List[Inner] = [Inner(text="w_item")]
    n_name: str = "w_default"
    secret: pydantic.SecretStr = pydantic.SecretStr("w_secret_value")
""",
    "msgspec": """
class A(msgspec.Struct, tag="w_a", tag_field="w_kind"):
    "w_about_a"

    text: str = "w_default"


class B(msgspec.Struct, tag="w_b", tag_field="w_kind"):
    number: int = 1


class Root(msgspec.Struct, rename={"text": "w_renamed"}):
    "w_about"

    text: Annotated[
        str,
        msgspec.Meta(title="w_title", description="w_about_text", examples=["w_example"]),
    ] = "w_default"
    more: Annotated[str, msgspec.Meta(extra_json_schema={"w_extra": {"w_key": "w_value"}})] = ""
    either: Union[A, B] = msgspec.field(default_factory=A, name="w_either")
    n_name: str = "w_default"
""",
    "module": """
class Inner(vue.VueSettingsModule):
    def __init__(self, text: str = "w_default"):
        "w_about_inner"
        self.text = text


class Root(vue.VueSettingsModule):
    "w_about"

    def __init__(
        self,
        text: str = "w_default",  # c_comment
        choice: Literal["w_one", "w_two"] = "w_one",
        items: List[str] = None,
        inner: Inner = Inner(),
        n_name: str = "w_default",
        odd="w_default",
    ):
        self.text, self.choice, self.odd, self.n_name = text, choice, odd, n_name
        self.items, self.inner = items or ["w_item"], inner

    @classmethod
    def get_schema(cls, namespace=None):
        builder = super().get_schema(namespace)
        builder += [vue.label("w_label"), vue.text_input("w_title", "n_model", "w_default")]
        return builder
""",
    "parser": """
def Root():
    parser = argparse.ArgumentParser(prog="w_program", description="w_about", epilog="w_epilog")
    parser.add_argument("--" + "w_flag", help="w_help", metavar="w_metavar", default="w_default")
    parser.add_argument("--n", type=int, dest="w_dest", default="w_number", help="w %(default)s")
    parser.add_argument("w_place", choices=["w_one", "w_two"], help="w_help_place")
    group = parser.add_argument_group("w_heading", "w_about_group")
    group.add_argument("--kind", choices=["w_one", "w_two"], default="w_one")
    group.add_argument("--n_name", action="append", default=["w_item"])
    group.add_argument("--mode", action="store_const", const="w_const", default="w_default")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--a", default="w_a_value")
    only.add_argument("--b", nargs="?", const="w_const", default=None)
    parser.add_argument("--password", default="w_secret_value", help="w_help %(default)s")
    return parser
""",
    "commands": """
def Root():
    parser = argparse.ArgumentParser(prog="w_program")
    commands = parser.add_subparsers(title="w_title")
    for name in ("w_command", "w_other", "go"):
        command = commands.add_parser(name, help="w_help", description="w_about")
        command.add_argument("--" + "w_flag", default="w_default")
    return parser
""",
}
_HEAD = """\
import argparse, enum
from dataclasses import dataclass, field
from typing import Annotated, Any, Dict, List, Literal, TypedDict, Union

import msgspec, pydantic
from brevettiai.interfaces import vue_schema_utils as vue
"""
_TAKEN = {*dir(builtins), *re.findall(r"\w+", _HEAD)}
_WORDS = re.compile(r'"([wn]_\w+)"|\b([cn]_\w+)')


def draw_class(random: Random) -> Case:
    """A module of a kind of settings, with hostile texts for some of its words."""
    kind = random.choice(list(_SOURCES))
    words = list(dict.fromkeys(a or b for a, b in _WORDS.findall(_SOURCES[kind])))
    some = random.sample(words, min(len(words), random.choice([1, 1, 3, 8, len(words)])))
    texts = {word: _text_for(random, word) for word in some}
    commands = random.choice([[], ["go"], [hostile_text(random)[:200]]])
    more = commands if kind == "commands" else []
    # Names of commands are words of a command line: no process is started with others.
    more = [word.replace("\0", "").encode("utf-8", "replace").decode() for word in more]
    output = random.choice([["-o", "schema.json"], ["-o", "schema.json"], []])
    return Case("from-class", {"texts.json": texts}, ["from-class", "m:Root", *more, *output], kind)


def _text_for(random: Random, word: str) -> str:
    if word == "w_hint":  # Code of its author, whom nobody has to guard against himself.
        return random.choice(random.choice([KINDS["names"], KINDS["pages"], KINDS["characters"]]))
    if word.startswith("n_"):  # None that hints use: libraries would read the default for one.
        names = [name for name in KINDS["names"] if _is_name(name) and name not in _TAKEN]
        return random.choice([*names, word])
    return hostile_text(random)


def _is_name(text: str) -> bool:
    return text.isidentifier() and not iskeyword(unicodedata.normalize("NFKC", text))


def _source_of(kind: str, texts: Mapping[str, str]) -> str:
    """The module: texts are literals in it, but for identifiers and comments."""

    def put(found: re.Match[str]) -> str:
        text = texts.get(found[1] or found[2])
        if text is None:
            return found[0]
        if found[0].startswith("c_"):
            return re.sub(r"[\0\n\r\f\ud800-\udfff]", " ", text)
        return text if _is_name(text) and not found[1] else ascii(text)

    return _HEAD + _WORDS.sub(put, _SOURCES[kind])


@contextmanager
def class_of(case: Case) -> Generator[None, None, None]:
    """The module, as its author would have it imported while the block lasts."""
    Path("m.py").write_text(_source_of(case.more, case.files.get("texts.json", {})), "utf-8")
    importlib.invalidate_caches()
    linecache.clearcache()
    try:
        yield
    finally:
        sys.modules.pop("m", None)
