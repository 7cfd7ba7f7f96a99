"""The report of a sweep: one HTML page that needs nothing else."""

from __future__ import annotations

from importlib import import_module

from brevettiai.sweep.errors import SweepError
from brevettiai.sweep.folder import SweepFolder

FILE = "report.html"


def report_of(sweep: SweepFolder, url: str = "") -> str:
    """The page.

    Args:
        url: of the database of the sweep, if it has one, with its password.

    Raises:
        SweepError: the runs cannot be read, or libraries are missing.
    """
    try:
        import_module("plotly")
        from brevettiai.sweep.reports.figures import figures_of
        from brevettiai.sweep.reports.page import page_of
    except ImportError as error:
        raise SweepError(f"a report needs {error.name}: pip install 'brevetti[sweep]'") from None
    from brevettiai.sweep.store import REJECTED

    trials = sweep.trials(url)
    rejected = sum(trial.user_attrs.get(REJECTED, 0) for trial in trials)
    return page_of(sweep, figures_of(trials, sweep.definition.goals), rejected)
