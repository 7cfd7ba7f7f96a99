"""Who proposes the points of a sweep, and who ends runs, by the names that people give."""

from __future__ import annotations

from typing import Any

from optuna import pruners
from optuna.pruners import BasePruner

from brevettiai.search.spaces import Space
from brevettiai.sweep.definition import Definition
from brevettiai.sweep.proposing import GridProposer, Proposer, QuasiProposer
from brevettiai.sweep.tpe import TpeProposer


def pruner_of(definition: Definition) -> BasePruner | None:
    """Who ends runs that promise nothing; None for nobody, as of several goals nobody can."""
    if len(definition.goals) > 1:
        return None
    match definition.prune:
        case "median":
            return pruners.MedianPruner()
        case "halving":
            return pruners.SuccessiveHalvingPruner()
        case "hyperband":
            return pruners.HyperbandPruner()
        case _:
            return None


def proposer_of(definition: Definition, space: Space, base: Any) -> Proposer:
    """Who proposes the points of a sweep."""
    kinds = {"tpe": TpeProposer, "quasi": QuasiProposer, "grid": GridProposer}
    return kinds.get(definition.search, Proposer)(definition, space, base)
