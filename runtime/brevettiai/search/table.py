"""A space as people read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf, nextafter
from sys import float_info

from ..errors import visible
from ..messages.words import counted
from .space import Choices, Parameter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .spaces import Space


def table_of(space: Space) -> str:
    """What varies, a line for each parameter; what there is only under a choice is indented."""
    lines = [*_lines(space.parameters, 1)]
    width = max((len(name) for name, _ in lines), default=0)
    size = "" if space.size is None else f", {space.size:,} points"
    head = f"{_name(space)}: {counted(len(lines), 'parameter')}{size}"
    return "\n".join([head, *(visible(f"{name:{width}}  {text}") for name, text in lines)])


def _name(space: Space) -> str:
    cls = getattr(space.owner, "cls", space.owner)
    return f"Search space of {cls.__name__}"


def _lines(parameters: Iterable[Parameter], depth: int) -> Iterator[tuple[str, str]]:
    for parameter in parameters:
        yield "  " * depth + parameter.name, values_text(parameter)
        for choice in parameter.choices if isinstance(parameter, Choices) else ():
            yield from _lines(choice.inside, depth + 1)


def values_text(parameter: Parameter) -> str:
    """What a parameter can be, in words.

    >>> from .space import Numbers
    >>> values_text(Numbers("a", ("a",), 1e-5, 0.1, log=True))
    '1e-05 to 0.1, log'
    """
    if isinstance(parameter, Choices):
        labels = [each.label for each in parameter.choices]
        more = f" and {len(labels) - 8} others" if len(labels) > 8 else ""
        return (
            ", ".join(label if len(label) <= 30 else label[:27] + "..." for label in labels[:8])
            + more
        )
    low, high = _short(parameter.low), _short(parameter.high)
    if parameter.size is None:
        # A limit that is excluded has a number next to it for a limit.
        low = f"above {low}" if parameter.low == nextafter(float(low), inf) else low
        high = f"below {high}" if parameter.high == nextafter(float(high), -inf) else high
    words = [f"{low} to {high}"]
    if parameter.integer and parameter.step is None:
        words[0] += " (integers)"
    if parameter.step is not None:
        words.append(f"step {_short(parameter.step)}")
    return ", ".join([*words, *(["log"] if parameter.log else [])])


def _short(number: float) -> str:
    if isinstance(number, int):
        return str(number)
    return "0" if abs(number) < float_info.min else f"{number:.6g}"
