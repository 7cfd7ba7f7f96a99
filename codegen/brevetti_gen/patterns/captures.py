r"""What the backreferences of a pattern can see.

ECMA-262 and Python's `re` differ in three ways: a reference to a group that took no part in the
match matches the empty text in ECMA-262 and fails in Python; ECMA-262 forgets the captures of a
loop's body when the next iteration starts, and Python keeps them; and an iteration that matches
nothing is undone in ECMA-262, while Python keeps its captures. The first is expressible by a
conditional, the other two are not, so a reference whose value could hang on them is refused.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from .errors import PatternError
from .syntax import (
    Alternation,
    Backreference,
    Boundary,
    CapturingGroup,
    End,
    Look,
    Node,
    Repeat,
    Sequence,
    Start,
    children,
)


class Captured(Enum):
    """Whether the group of a reference has a value there, as far as it is known without a text."""

    NEVER = "its group never has a value here"
    PERHAPS = "its group may have a value here"
    ALWAYS = "its group always has a value here"


class _Step(NamedTuple):
    """One step down the tree: from `node` to its child number `child`."""

    node: Node
    child: int


_Path = tuple[_Step, ...]


def captured(body: Node) -> dict[int, tuple[int, Captured]]:
    """For each backreference, by its `start`: the number of its group, and whether it has a value.

    Raises:
        PatternError: the meaning hangs on something that Python's `re` does not do.
    """
    groups: dict[int, _Path] = {}
    references: list[tuple[Backreference, _Path]] = []
    _collect(body, (), groups, references)
    return {
        reference.start: (reference.number, _captured(reference, path, groups[reference.number]))
        for reference, path in references
    }


def _collect(
    node: Node, path: _Path, groups: dict[int, _Path], references: list[tuple[Backreference, _Path]]
) -> None:
    if isinstance(node, Backreference):
        references.append((node, path))
    if isinstance(node, CapturingGroup):
        groups[node.number] = path
    for index, child in enumerate(children(node)):
        _collect(child, (*path, _Step(node, index)), groups, references)


def _captured(reference: Backreference, path: _Path, group_path: _Path) -> Captured:
    number = reference.number
    if any(isinstance(step.node, Look) and not step.node.ahead for step in (*path, *group_path)):
        raise PatternError(
            "Python cannot express a backreference into or inside a look-behind", reference.start
        )
    pairs = enumerate(zip(path, group_path, strict=False))
    fork = next((depth for depth, (a, b) in pairs if a.child != b.child), None)
    if fork is None or group_path[fork].child > path[fork].child:
        return Captured.NEVER  # inside its own group, or before it
    if isinstance(path[fork].node, Alternation):
        return Captured.NEVER
    if any(isinstance(step.node, Look) and step.node.negated for step in group_path[fork:]):
        return Captured.NEVER
    before = children(path[fork].node)[group_path[fork].child]
    certain = _always_sets(before, number)
    for step in group_path[fork:]:
        if not isinstance(step.node, Repeat) or step.node.most in (0, 1):
            continue
        if not _always_sets(step.node.body, number) or _can_be_empty(step.node.body):
            raise _loop_error(reference)
    if not certain and any(_loops(step.node) for step in path[:fork]):
        raise _loop_error(reference)
    return Captured.ALWAYS if certain else Captured.PERHAPS


def _loops(node: Node) -> bool:
    return isinstance(node, Repeat) and node.most not in (0, 1)


def _loop_error(reference: Backreference) -> PatternError:
    return PatternError(
        f"the reference to group {reference.number} depends on what earlier iterations of a loop "
        "captured, which Python's `re` treats differently; capture outside of the loop",
        reference.start,
    )


def _always_sets(node: Node, number: int) -> bool:
    """Whether every match of `node` gives group `number` a value."""
    if isinstance(node, CapturingGroup):
        return node.number == number or _always_sets(node.body, number)
    if isinstance(node, Sequence):
        return any(_always_sets(item, number) for item in node.items)
    if isinstance(node, Alternation):
        return all(_always_sets(option, number) for option in node.options)
    if isinstance(node, Repeat):
        return node.least > 0 and _always_sets(node.body, number)
    if isinstance(node, Look):
        return not node.negated and _always_sets(node.body, number)
    return False


def _can_be_empty(node: Node) -> bool:
    if isinstance(node, (Start, End, Boundary, Look, Backreference)):
        return True
    if isinstance(node, Sequence):
        return all(map(_can_be_empty, node.items))
    if isinstance(node, Alternation):
        return any(map(_can_be_empty, node.options))
    if isinstance(node, CapturingGroup):
        return _can_be_empty(node.body)
    if isinstance(node, Repeat):
        return node.least == 0 or _can_be_empty(node.body)
    return False
