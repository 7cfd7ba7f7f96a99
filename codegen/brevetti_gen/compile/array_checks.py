"""Checks of the keywords that concern arrays."""

from __future__ import annotations

from .block import Block
from .frame import NAMES, Frame, Target, is_flat
from .keywords import accepts_all, prefix_of, rest_of
from .literals import INDENT
from .scope import Site


def write_array(frame: Frame, block: Block) -> None:
    """Write the checks of an array."""
    site, v = frame.site, frame.value
    frame.write_size(block, "minItems", "maxItems")
    start = _write_prefix(frame, block)
    rest = rest_of(site)
    if rest is not None:
        _write_items(frame, block, frame.child(rest), start)
        if frame.marks:
            block.add(f"{frame.marks}.update(range(len({v})))")
    if site.get("uniqueItems") is True:
        block.fail_if(f"not {frame.unit.use('all_unique')}({v})")
    if site.has("contains"):
        _write_contains(frame, block)
    if site.has("unevaluatedItems"):
        _write_unevaluated(frame, block)


def _write_prefix(frame: Frame, block: Block) -> int:
    """Check the items that have schemas of their own; give their number."""
    v = frame.value
    keyword, length = prefix_of(frame.site)
    for index in range(length):
        child = frame.child(keyword, index)
        if not accepts_all(child):
            block.fail_if(f"len({v}) > {index}", f"not {frame.fits(child, f'{v}[{index}]')}")
    if length and frame.marks:
        block.add(f"{frame.marks}.update(range(min(len({v}), {length})))")
    return length


def _write_items(frame: Frame, block: Block, child: Site, start: int) -> None:
    if accepts_all(child):
        return
    v, level = frame.value, frame.level + 1
    if child.node.schema is False:
        block.fail_if(f"len({v}) > {start}" if start else v)
        return
    item = NAMES[level] if level < len(NAMES) else ""
    source = f"{v}[{start}:]" if start else v
    if item and is_flat(child, level):
        block.add(f"for {item} in {source}:")
        inner = block.deeper()
        frame.inline(child, inner, Target(item, level))
        block.extend(inner.lines or [INDENT * inner.depth + "pass"])
    else:
        item = item or "z"
        block.add(f"for {item} in {source}:")
        block.inner().fail_if(f"not {frame.fits(child, item)}")


def _write_contains(frame: Frame, block: Block) -> None:
    site, v = frame.site, frame.value
    child = frame.child("contains")
    least = int(site.get("minContains")) if site.has("minContains") else 1
    most = int(site.get("maxContains")) if site.has("maxContains") else None
    marks = frame.marks if site.node.dialect.contains_evaluates else None
    if not marks and least == 0 and most is None:
        return
    block.add("hits = 0")
    block.add(f"for i, w in enumerate({v}):" if marks else f"for w in {v}:")
    inner = block.inner()
    inner.add(f"if {frame.fits(child, 'w')}:")
    inner.add(f"{INDENT}hits += 1")
    if marks:
        inner.add(f"{INDENT}{marks}.add(i)")
    if most is not None:
        block.fail_if(f"not {least} <= hits <= {most}")
    elif least == 1:
        block.fail_if("not hits")
    elif least:
        block.fail_if(f"hits < {least}")


def _write_unevaluated(frame: Frame, block: Block) -> None:
    """Check the items that nobody evaluated."""
    v = frame.value
    child = frame.child("unevaluatedItems")
    if not accepts_all(child):
        block.add(f"for i, w in enumerate({v}):")
        block.inner().fail_if(f"i not in {frame.marks}", f"not {frame.fits(child, 'w')}")
    if frame.outer_marks:
        block.add(f"{frame.marks}.update(range(len({v})))")
