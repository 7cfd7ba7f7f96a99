"""What a schema says of searches, by `x-search`. Loaded with every table of another style."""

from __future__ import annotations

from ..json_values import is_array, is_number, is_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: What `x-search` may say of numbers.
SAID = ("scale", "range", "step")
SCALES = ("linear", "log")


def known_search(said: object) -> bool | dict[str, Any] | None:
    """What `x-search` says, as far as it is well formed; None for nothing.

    >>> known_search({"scale": "log", "range": [0.1, "1"]}), known_search({}), known_search(5)
    ({'scale': 'log'}, True, None)
    """
    if isinstance(said, bool) or not is_object(said):
        return said if isinstance(said, bool) else None
    found: dict[str, Any] = {}
    scale, given, step = map(said.get, SAID)
    if scale in SCALES:
        found["scale"] = scale
    if is_array(given) and len(given) == 2 and all(map(is_number, given)) and given[0] <= given[1]:
        found["range"] = [*given]
    if is_number(step) and step > 0:
        found["step"] = step
    return found or True
