"""Regular expressions of schemas: ECMA-262 in, Python `re` out, and what they may cost.

`translate` gives the Python pattern, `remarks` what a schema author should look at again,
`slowness` how long a search can take, and `found_in` searches one text without taking long.
"""

from .backtracking import Slow, slowness
from .errors import PatternError
from .finding import found_in
from .translation import remarks, translate

__all__ = ["PatternError", "Slow", "found_in", "remarks", "slowness", "translate"]
