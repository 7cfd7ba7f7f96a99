"""brevetti-gen: compiles JSON Schemas and platform forms to typed Python settings classes."""

from __future__ import annotations

from ._version import VERSION as __version__
from .generate import Report, generate
from .problems import GenerationError, Problem

__all__ = ["GenerationError", "Problem", "Report", "__version__", "generate"]
