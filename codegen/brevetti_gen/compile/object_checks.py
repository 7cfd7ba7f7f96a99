"""Checks of the keywords that concern objects."""

from __future__ import annotations

from .block import Block
from .frame import NAMES, Frame, Target, is_flat
from .keywords import accepts_all, dependencies, required_names
from .literals import INDENT, literal
from .scope import Site


def write_object(frame: Frame, block: Block) -> None:
    """Write the checks of an object."""
    frame.write_size(block, "minProperties", "maxProperties")
    counted = _counts_properties(frame.site)
    if counted:
        block.add("n = 0")
    _write_properties(frame, block, counted)
    if counted:
        block.fail_if(f"len({frame.value}) != n")
    else:
        write_other_properties(frame, block)
    if frame.site.has("propertyNames"):
        _write_names(frame, block)
    _write_dependencies(frame, block)
    if frame.site.has("unevaluatedProperties"):
        _write_unevaluated(frame, block)


# Declared properties


def _counts_properties(site: Site) -> bool:
    """Whether unknown names can be told by counting the known ones."""
    return site.get("additionalProperties") is False and not site.table("patternProperties")


def _write_properties(frame: Frame, block: Block, counted: bool) -> None:
    properties = frame.site.table("properties")
    required = required_names(frame.site)
    for name in properties:
        _write_property(frame, block, name, required=name in required, counted=counted)
    for name in required:
        if name not in properties:
            block.fail_if(f"{literal(name)} not in {frame.value}")


def _write_property(
    frame: Frame, block: Block, name: str, *, required: bool, counted: bool
) -> None:
    child = frame.child("properties", name)
    key, v = literal(name), frame.value
    inner = block.deeper()
    if counted:
        inner.add("n += 1")
    if frame.marks:
        inner.add(f"{frame.marks}.add({key})")
    is_one_call = not is_flat(child) and not isinstance(child.node.schema, bool)
    if not inner and not required and is_one_call:
        block.fail_if(f"{key} in {v}", f"not {frame.fits(child, f'{v}[{key}]')}")
        return
    _write_value(frame, inner, child, f"{v}[{key}]")
    if inner:
        block.add(f"if {key} in {v}:")
        block.extend(inner.lines)
        if required:
            block.add("else:")
            block.add(f"{INDENT}{block.refusal}")
    elif required:
        block.fail_if(f"{key} not in {v}")


def _write_value(frame: Frame, block: Block, child: Site, source: str) -> None:
    """Check the value that `source` gives, in place if `child` is small."""
    if accepts_all(child):
        return
    if not is_flat(child):
        block.fail_if(f"not {frame.fits(child, source)}")
        return
    level = frame.level + 1
    inner = block.beside()
    frame.inline(child, inner, Target(NAMES[level], level))
    if inner:
        if child.node.schema is not False:
            block.add(f"{NAMES[level]} = {source}")
        block.take(inner)


# Other properties


def write_other_properties(frame: Frame, block: Block, known: str = "") -> None:
    """Check the properties that patterns match, and those that nothing declares.

    `known` is the name of a container with the declared ones, where no pattern matches these.
    """
    site, v = frame.site, frame.value
    extra = frame.child("additionalProperties") if site.has("additionalProperties") else None
    patterns: list[tuple[str, Site]] = []
    for pattern in site.table("patternProperties"):
        child = frame.child("patternProperties", pattern)
        if not accepts_all(child) or frame.marks or extra is not None:
            patterns.append((frame.unit.pattern(site, pattern), child))
    inner = block.deeper()
    for name, child in patterns:
        _write_pattern(frame, inner, name, child)
    if extra is not None and not accepts_all(extra):
        names = () if known else tuple(site.table("properties"))
        inner.fail_if(*_unknown_tests(frame, names, [name for name, _ in patterns], extra))
    if inner:
        needs_key = patterns or site.table("properties")
        block.add(f"for k, w in {v}.items():" if needs_key else f"for w in {v}.values():")
        if known:
            block.extend([f"{INDENT * 2}if k in {known}:", f"{INDENT * 3}continue"])
        block.extend(inner.lines)
    if extra is not None and frame.marks:
        block.add(f"{frame.marks}.update({v})")


def _write_pattern(frame: Frame, block: Block, name: str, child: Site) -> None:
    """Check the value `w` where the pattern called `name` matches its key `k`."""
    test = None if accepts_all(child) else f"not {frame.fits(child, 'w')}"
    if child.node.schema is False:
        block.fail_if(f"{name}.search(k)")
    elif frame.marks:
        block.add(f"if {name}.search(k):")
        body = block.inner()
        body.add(f"{frame.marks}.add(k)")
        if test:
            body.fail_if(test)
    elif test:
        block.fail_if(f"{name}.search(k)", test)


def _unknown_tests(
    frame: Frame, names: tuple[str, ...], patterns: list[str], extra: Site
) -> list[str]:
    """Tests that hold for a key `k` that no other keyword knows, with a value not allowed."""
    tests: list[str] = []
    if names:
        text = literal(names)
        if len(text) > 30:
            text = frame.unit.constant(frame.site, "properties", names)
        tests.append(f"k not in {text}")
    tests += [f"{name}.search(k) is None" for name in patterns]
    if extra.node.schema is not False:
        tests.append(f"not {frame.fits(extra, 'w')}")
    return tests or ["True"]


def _write_names(frame: Frame, block: Block) -> None:
    child = frame.child("propertyNames")
    if accepts_all(child):
        return
    if child.node.schema is False:
        block.fail_if(frame.value)
        return
    block.add(f"for k in {frame.value}:")
    block.inner().fail_if(f"not {frame.fits(child, 'k')}")


def _write_dependencies(frame: Frame, block: Block) -> None:
    v = frame.value
    for keyword, name, others in dependencies(frame.site):
        present = f"{literal(name)} in {v}"
        if others is None:
            child = frame.child(keyword, name)
            if not accepts_all(child):
                block.fail_if(present, f"not {frame.apply(child)}")
            continue
        for other in others:
            block.fail_if(present, f"{literal(other)} not in {v}")


def _write_unevaluated(frame: Frame, block: Block) -> None:
    """Check the properties that nobody evaluated."""
    v = frame.value
    child = frame.child("unevaluatedProperties")
    if child.node.schema is False:
        block.add(f"for k in {v}:")
        block.inner().fail_if(f"k not in {frame.marks}")
    elif not accepts_all(child):
        block.add(f"for k, w in {v}.items():")
        block.inner().fail_if(f"k not in {frame.marks}", f"not {frame.fits(child, 'w')}")
    if frame.outer_marks:
        block.add(f"{frame.marks}.update({v})")
