"""Checks of the keywords that concern arrays."""

from __future__ import annotations

from .block import Block
from .context import NAMES, Context, Target, is_flat
from .scopes import ScopedNode


def write_array(context: Context, block: Block) -> None:
    """Write the checks of an array.

    >>> pair = {"type": "array", "items": {"type": "string"}, "maxItems": 2}
    >>> function({"type": "object", "properties": {"pair": {"not": pair}}}, "check_pair_not")
    def check_pair_not(v: Any) -> bool:
        t: object
        t = class_of(v)
        if t is not list or len(v) > 2:
            return False
        for w in v:
            if type(w) is not str:
                return False
        return True
    """
    scoped, v = context.scoped, context.value
    context.write_size(block, "minItems", "maxItems")
    start = _write_prefix(context, block)
    if scoped.rest is not None:
        _write_items(context, block, scoped.child(scoped.rest), start)
        if context.marks:
            block.add(f"{context.marks}.update(range(len({v})))")
    if scoped.get("uniqueItems") is True:
        block.fail_if(f"not {context.code.use('all_unique')}({v})")
    if scoped.has("contains"):
        _write_contains(context, block)
    if scoped.has("unevaluatedItems"):
        _write_unevaluated(context, block)


def _write_prefix(context: Context, block: Block) -> int:
    """Check the items that have schemas of their own; give their number."""
    v = context.value
    keyword, length = context.scoped.prefix
    for index in range(length):
        child = context.scoped.child(keyword, index)
        if not child.accepts_all:
            block.fail_if(f"len({v}) > {index}", f"not {context.fits(child, f'{v}[{index}]')}")
    if length and context.marks:
        block.add(f"{context.marks}.update(range(min(len({v}), {length})))")
    return length


def _write_items(context: Context, block: Block, child: ScopedNode, start: int) -> None:
    if child.accepts_all:
        return
    v, level = context.value, context.level + 1
    if child.node.schema is False:
        block.fail_if(f"len({v}) > {start}" if start else v)
        return
    item = NAMES[level] if level < len(NAMES) else "z"
    inner = block.under(f"for {item} in {v}[{start}:]:" if start else f"for {item} in {v}:")
    if level < len(NAMES) and is_flat(child, level):
        context.inline(context.code, child, inner, Target(item, level))
        if not inner:
            inner.add("pass")
    else:
        inner.fail_if(f"not {context.fits(child, item)}")


def _write_contains(context: Context, block: Block) -> None:
    scoped, v = context.scoped, context.value
    child = scoped.child("contains")
    least = int(scoped.get("minContains")) if scoped.has("minContains") else 1
    most = int(scoped.get("maxContains")) if scoped.has("maxContains") else None
    marks = context.marks if scoped.node.dialect.contains_evaluates else None
    if not marks and least == 0 and most is None:
        return
    block.add("hits = 0")
    inner = block.under(f"for i, w in enumerate({v}):" if marks else f"for w in {v}:")
    found = inner.under(f"if {context.fits(child, 'w')}:")
    found.add("hits += 1", *([f"{marks}.add(i)"] if marks else []))
    if most is not None:
        block.fail_if(f"not {least} <= hits <= {most}")
    elif least == 1:
        block.fail_if("not hits")
    elif least:
        block.fail_if(f"hits < {least}")


def _write_unevaluated(context: Context, block: Block) -> None:
    """Check the items that nobody evaluated."""
    v = context.value
    child = context.scoped.child("unevaluatedItems")
    if not child.accepts_all:
        items = block.under(f"for i, w in enumerate({v}):")
        items.fail_if(f"i not in {context.marks}", f"not {context.fits(child, 'w')}")
    if context.outer_marks:
        block.add(f"{context.marks}.update(range(len({v})))")
