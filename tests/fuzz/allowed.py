"""What generated Python may consist of, whatever a schema says: the one list of it.

`tests/test_fuzz.py` compares it with what is generated for harmless schemas.
"""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from .texts import CANARY

#: Kinds of nodes in what people read.
PEOPLE = frozenset(
    """AnnAssign Assign Attribute BinOp BitOr Call ClassDef Compare Constant Dict Eq Expr
    FunctionDef If Import ImportFrom Is Lambda List Load Module Name Return Store Subscript Tuple
    USub UnaryOp With alias arg arguments keyword withitem""".split()
)
#: Those that the first file of a package has besides, and those of the machine's half.
FIRST = PEOPLE | frozenset("BoolOp Del Delete FormattedValue JoinedStr NotIn Or Raise".split())
MACHINE = PEOPLE | frozenset(
    """Add And AugAssign BoolOp Break Continue Del Delete DictComp Div ExceptHandler For
    FormattedValue GeneratorExp Gt GtE IfExp In IsNot JoinedStr ListComp Lt LtE Mod Not NotEq
    NotIn Or Raise Starred Sub Try comprehension""".split()
)
#: Names by the modules that they are imported from; modules of the package itself may be any.
IMPORTS = {
    "__future__": {"annotations"},
    "brevettiai.compiled": {"*"},
    "brevettiai.integrations.msgspec": {"AsText"},
    "brevettiai.integrations.python_types": {"AsText", "from_text"},
    "brevettiai.settings": {
        *{"Settings", "UNSET", "Unset", "construct", "construct_given", "grow_object", "main"},
    },
    "builtins": {"*"},
    "dataclasses": {"dataclass", "field"},
    "datetime": {"date", "datetime", "time", "timedelta"},
    "decimal": {"Decimal"},
    "msgspec": {"Meta", "Struct", "UNSET", "UnsetType", "field"},
    "pathlib": {"Path"},
    "pydantic": {"AliasChoices", "BaseModel", "ConfigDict", "Field", "field_validator"},
    "types": {"ModuleType"},
    "typing": {"Annotated", "Any", "ClassVar", "Literal", "TypeAlias"},
    "typing_extensions": {"NotRequired", "Required", "TypedDict"},
    "uuid": {"UUID"},
    "warnings": {"catch_warnings", "simplefilter"},
}
#: Built-in names that are used though nothing in the package defines them.
BUILTINS = frozenset(
    """AttributeError KeyError TYPE_CHECKING __import__ __name__ __package__ bool dict
    float frozenset int isinstance len list object property set str tuple type vars""".split()
)
#: Methods that are called though nothing in the package defines them.
METHODS = frozenset(
    """AttributeError __save__ add append bind complete copy get get_config getattr
    globals isinstance is_integer items search setdefault update values""".split()
)
#: Hints that stand as texts where a class has the name of what they are of.
_QUOTED = ("list[str]", "dict[str, str]")
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")


def python_faults(folder: Path, skipped: Iterable[str] = ()) -> Iterator[str]:
    """What the Python files below a folder have that none of ours has."""
    sources = {path: path.read_bytes() for path in sorted(folder.rglob("*.py"))}
    trees: dict[Path, list[ast.AST]] = {}
    for path, source in sources.items():
        if any(_COOKIE.match(line) for line in source.split(b"\n")[:2]):
            yield f"{path}: it says how it is encoded"
        try:
            trees[path] = list(ast.walk(ast.parse(source)))
        except (SyntaxError, ValueError) as error:
            yield f"{path}: {error!r}"
    defined = {name for tree in trees.values() for name in defined_names(tree)}
    for path, tree in trees.items():
        kinds = FIRST if path.name == "__init__.py" else PEOPLE
        kinds = MACHINE if "_brevetti" in path.parts else kinds
        faults = [*tree_faults(tree, defined, kinds), *_token_faults(sources[path])]
        yield from (f"{path}: {fault}" for fault in faults)


def defined_names(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """All names that a module of these nodes gives to something."""
    for node in nodes:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name


def tree_faults(
    nodes: Iterable[ast.AST], defined: set[str], kinds: frozenset[str]
) -> Iterator[str]:
    """What the nodes of a tree have that the lists above do not."""
    names, methods = defined | BUILTINS, defined | METHODS
    for node in nodes:
        if type(node).__name__ not in kinds:
            yield f"line {getattr(node, 'lineno', 0)}: a node {type(node).__name__}"
        if isinstance(node, ast.Import):
            wrong = [a.name for a in node.names if a.name not in ("builtins", "sys")]
        elif isinstance(node, ast.ImportFrom):
            known = {"*"} if node.level else IMPORTS.get(node.module or "", set())
            wrong = [a.name for a in node.names if "*" not in known and a.name not in known]
        elif isinstance(node, ast.Name):
            wrong = [node.id] if node.id not in names else []
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            wrong = [node.func.attr] if node.func.attr not in methods else []
        elif isinstance(node, ast.Call):
            wrong = [] if isinstance(node.func, ast.Name) else [ast.unparse(node.func)]
        elif isinstance(node, ast.AnnAssign):
            wrong = list(_evaluated_texts(node.annotation))
        else:
            continue
        if wrong:
            yield f"line {node.lineno}: {type(node).__name__} of {', '.join(wrong)[:200]}"


def _evaluated_texts(hint: ast.expr) -> Iterator[str]:
    """Texts in a type hint that whoever asks for the hint has evaluated as code."""
    stack: list[ast.AST] = [hint]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if not node.value.isidentifier() and node.value not in _QUOTED:
                yield repr(node.value)
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            if node.value.id.startswith("Annotated") and isinstance(node.slice, ast.Tuple):
                stack.append(node.slice.elts[0])
            elif not node.value.id.startswith("Literal"):
                stack.append(node.slice)
        elif not isinstance(node, ast.Call):
            stack += ast.iter_child_nodes(node)


def _token_faults(source: bytes) -> Iterator[str]:
    """Texts of the schema outside of literals and comments, and what nobody can see."""
    text = source.decode("utf-8")
    if not text.replace("\n", "").isprintable():
        yield "it has characters that nobody can see"
    if CANARY not in text:
        return
    try:
        tokens = list(tokenize.tokenize(BytesIO(source).readline))
    except (SyntaxError, tokenize.TokenError):
        return  # said by the parser
    for token in tokens:
        is_text = token.type in (tokenize.STRING, tokenize.COMMENT, tokenize.NAME)
        if not is_text and CANARY in token.string and "\n" in token.string:
            yield f"line {token.start[0]}: text in {tokenize.tok_name[token.type]}"
