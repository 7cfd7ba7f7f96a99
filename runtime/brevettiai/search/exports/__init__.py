"""A search space in the words of other engines: W&B, Ray Tune, Katib, Hydra's Optuna sweeper.

What an engine cannot say is a loss: it stands in the comments of the export, and in `losses`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ...errors import visible
from ..goals import read_goals
from ..space import Parameter
from . import hydra, katib, ray, wandb
from .plan import Export as Export
from .plan import Plan as Plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...settings import Settings
    from ..spaces import Space

ENGINES: dict[str, Callable[[Plan], Export]] = {
    "wandb": wandb.sweep,
    "ray": ray.script,
    "katib": katib.experiment,
    "hydra": hydra.config,
}
"""By the name that `--for` takes, what writes a space for that engine."""


def export(
    parameters: Sequence[Parameter],
    engine: str,
    *,
    program: Sequence[str],
    goals: Sequence[str] | str,
    runs: int = 40,
    search: str = "tpe",
    image: str = "",
) -> Export:
    """A search space as a definition for another engine.

    Args:
        engine: `wandb`, `ray`, `katib` or `hydra`.
        program: the words of the command that starts the job.
        goals: what is sought, as `min loss` or `max iou/scratch`.
        runs: how many the engine may do.
        search: `tpe`, `random`, `quasi` or `grid`; engines call them by names of their own.
        image: the container image of the program, for Katib.

    Raises:
        ValueError: no engine has that name, a goal cannot be read, or a grid has no end.
    """
    if engine not in ENGINES:
        raise ValueError(f"no export for {engine!r}: there are {', '.join(ENGINES)}")
    found = ENGINES[engine](
        Plan(tuple(parameters), tuple(program), read_goals(goals), runs, search, image)
    )
    return replace(found, losses=tuple(map(visible, found.losses)))


def export_space(
    space: Space, engine: str, program: str | Sequence[str], goal: str | Sequence[str], **more: Any
) -> Export:
    """See `Space.export`."""
    from warnings import warn

    from ...cli.saying import to_args

    facts: type[Settings] = getattr(space.owner, "facts", space.owner)
    words = ["python", "-m", program] if isinstance(program, str) else program
    words = [*words, *to_args(facts, _public_base(space))]
    found = export(space.parameters, engine, program=words, goals=goal, **more)
    for loss in found.losses:
        warn(loss, stacklevel=3)
    return found


def _public_base(space: Space) -> dict[str, Any]:
    """The settings that a space lies over, without secrets, as far as they are not filled in."""
    if not space.base:
        return {}
    settings = space.owner.from_config(space.base)
    if isinstance(space.owner, type):
        return dict(settings.get_config(hide_secrets=True, exclude_defaults=True))
    return dict(space.owner.get_config(settings, hide_secrets=True))
