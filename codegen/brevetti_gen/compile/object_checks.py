"""Checks of the keywords that concern objects."""

from __future__ import annotations

from .block import Block
from .context import NAMES, Context, Target, is_flat
from .literals import literal
from .scopes import ScopedNode


def write_object(context: Context, block: Block) -> None:
    """Write the checks of an object.

    >>> one = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
    >>> function({**one, "additionalProperties": False, "maxProperties": 1}, "check_root")
    def check_root(v: Any) -> bool:
        t: object
        w: Any
        t = class_of(v)
        if t is not dict or len(v) > 1:
            return False
        n = 0
        if "a" in v:
            n += 1
            w = v["a"]
            if type(w) is not str:
                return False
        else:
            return False
        return not (len(v) != n)
    """
    context.write_size(block, "minProperties", "maxProperties")
    scoped = context.scoped
    # Where no other names may be, these can be told by counting the known ones.
    is_closed = scoped.get("additionalProperties") is False
    counted = is_closed and not scoped.table("patternProperties")
    if counted:
        block.add("n = 0")
    properties, required = scoped.table("properties"), scoped.required
    for name in properties:
        _write_property(context, block, name, required=name in required, counted=counted)
    for name in required:
        if name not in properties:
            block.fail_if(f"{literal(name)} not in {context.value}")
    if counted:
        block.fail_if(f"len({context.value}) != n")
    else:
        write_other_properties(context, block)
    if scoped.has("propertyNames"):
        _write_names(context, block)
    _write_dependencies(context, block)
    if scoped.has("unevaluatedProperties"):
        _write_unevaluated(context, block)


# Declared properties


def _write_property(
    context: Context, block: Block, name: str, *, required: bool, counted: bool
) -> None:
    child = context.scoped.child("properties", name)
    key, v = literal(name), context.value
    inner = block.deeper()
    if counted:
        inner.add("n += 1")
    if context.marks:
        inner.add(f"{context.marks}.add({key})")
    _write_value(context, inner, child, f"{v}[{key}]")
    if not required:
        block.suite_if([f"{key} in {v}"], inner)
    elif inner:
        block.under(f"if {key} in {v}:").take(inner)
        block.under("else:").add(block.refusal)
    else:
        block.fail_if(f"{key} not in {v}")


def _write_value(context: Context, block: Block, child: ScopedNode, source: str) -> None:
    """Check the value that `source` gives, in place if `child` is small."""
    if not is_flat(child):
        block.fail_if(f"not {context.fits(child, source)}")
        return
    level = context.level + 1
    inner = block.beside()
    context.inline(context.code, child, inner, Target(NAMES[level], level))
    if inner:
        if child.node.schema is not False:
            block.add(f"{NAMES[level]} = {source}")
        block.take(inner)


# Other properties


def write_other_properties(context: Context, block: Block, known: str | None = None) -> None:
    """Check the properties that patterns match, and those that nothing declares.

    `known` is the name of a container with the declared ones, where no pattern matches these; ""
    where they are not there.
    """
    scoped, v = context.scoped, context.value
    extra = scoped.child("additionalProperties") if scoped.has("additionalProperties") else None
    patterns: list[tuple[str, ScopedNode]] = []
    for pattern in scoped.table("patternProperties"):
        child = scoped.child("patternProperties", pattern)
        if not child.accepts_all or context.marks or extra is not None:
            patterns.append((context.code.pattern(scoped, pattern), child))
    inner = block.deeper()
    for name, child in patterns:
        _write_pattern(context, inner, name, child)
    if extra is not None and not extra.accepts_all:
        names = () if known is not None else tuple(scoped.table("properties"))
        if patterns or names or context.level or context.marks or not is_flat(extra):
            tests = _unknown_tests(context, names, [name for name, _ in patterns], extra)
            inner.fail_if(*tests)
        else:
            context.inline(context.code, extra, inner, Target("w", 1))
    if inner:
        needs_key = patterns or known or (known is None and scoped.table("properties"))
        head = f"for k, w in {v}.items():" if needs_key else f"for w in {v}.values():"
        suite = block.under(head)
        if known:
            suite.under(f"if k in {known}:").add("continue")
        suite.take(inner)
    if extra is not None and context.marks:
        block.add(f"{context.marks}.update({v})")


def _write_pattern(context: Context, block: Block, name: str, child: ScopedNode) -> None:
    """Check the value `w` where the pattern called `name` matches its key `k`."""
    if child.node.schema is False:
        block.fail_if(f"{name}.search(k)")
    elif context.marks:
        body = block.under(f"if {name}.search(k):")
        body.add(f"{context.marks}.add(k)")
        if not child.accepts_all:
            body.fail_if(f"not {context.fits(child, 'w')}")
    elif not child.accepts_all:
        inner = block.deeper()
        if is_flat(child):
            context.inline(context.code, child, inner, Target("w", 1))
        else:
            inner.fail_if(f"not {context.fits(child, 'w')}")
        block.suite_if([f"{name}.search(k)"], inner)


def _unknown_tests(
    context: Context, names: tuple[str, ...], patterns: list[str], extra: ScopedNode
) -> list[str]:
    """Tests that hold for a key `k` that no other keyword knows, with a value not allowed."""
    tests: list[str] = []
    if names:
        text = literal(names)
        if len(text) > 30:
            text = context.code.constant(context.scoped, "properties", names)
        tests.append(f"k not in {text}")
    tests += [f"{name}.search(k) is None" for name in patterns]
    if extra.node.schema is not False:
        tests.append(f"not {context.fits(extra, 'w')}")
    return tests or ["True"]


def _write_names(context: Context, block: Block) -> None:
    child = context.scoped.child("propertyNames")
    if child.node.schema is False:
        block.fail_if(context.value)
    elif not child.accepts_all:
        block.under(f"for k in {context.value}:").fail_if(f"not {context.fits(child, 'k')}")


def _write_dependencies(context: Context, block: Block) -> None:
    v = context.value
    for keyword, name, others in context.scoped.dependencies():
        present = f"{literal(name)} in {v}"
        if others is None:
            child = context.scoped.child(keyword, name)
            if not child.accepts_all:
                block.fail_if(present, f"not {context.apply(child)}")
            continue
        for other in others:
            block.fail_if(present, f"{literal(other)} not in {v}")


def _write_unevaluated(context: Context, block: Block) -> None:
    """Check the properties that nobody evaluated."""
    v = context.value
    child = context.scoped.child("unevaluatedProperties")
    if child.node.schema is False:
        block.under(f"for k in {v}:").fail_if(f"k not in {context.marks}")
    elif not child.accepts_all:
        items = block.under(f"for k, w in {v}.items():")
        items.fail_if(f"k not in {context.marks}", f"not {context.fits(child, 'w')}")
    if context.outer_marks:
        block.add(f"{context.marks}.update({v})")
