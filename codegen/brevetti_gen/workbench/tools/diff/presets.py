"""What changed about the presets of a module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from brevettiai.json_values import json_equal

from ....json_values import is_object
from ....meaning import Meaning
from ....model.types import Module
from .change import GIVEN
from .loading import Loading
from .sides import Side


def changed_presets(was: Module, new: Meaning, now: Module) -> Iterator[tuple[str, ...]]:
    """What is to be said, and what that breaks.

    What a preset says in old names is the same, if the new version reads it as what it says now.
    """
    olds, news = (_presets(module) for module in (was, now))
    loading = Loading(Side(new), now)
    for name in olds:
        if name not in news:
            yield (f"the preset {name!r} is gone", "code", *GIVEN)
        elif not json_equal(olds[name], news[name]):
            one, other = map(loading.rewritten, (olds[name], news[name]))
            if not json_equal(one, other):
                yield f"the preset {name!r} sets something else", "output"
    yield from ((f"the preset {name!r} is new",) for name in news if name not in olds)


def _presets(module: Module) -> Mapping[str, Any]:
    given = module.root.get("x-presets")
    return given if is_object(given) else {}
