"""Regular expressions of schemas: ECMA-262 in, Python `re` out, and what they may cost.

`translate` gives the Python pattern, `remarks` what a schema author should look at again, and
`catastrophic` the part of a pattern that can backtrack without bound.
"""

from .backtracking import catastrophic
from .errors import PatternError
from .translation import remarks, translate

__all__ = ["PatternError", "catastrophic", "remarks", "translate"]
