"""What a job prints instead of running: its help, or what completes its command line."""

from __future__ import annotations

from typing import NoReturn

from brevettiai.platform.flags import FLAGS, Given
from brevettiai.platform.settings import facts_of, with_methods


def answer(cls: type | None, flags: Given) -> NoReturn:
    """Do what `--completion` or `--help` of a job asks for, and end the process.

    Of a hand-written module completion knows no flags.
    """
    if flags.completion is not None:
        from brevettiai.cli.shells import respond
        from brevettiai.sweep.flags import FLAGS as SWEEP_FLAGS

        more = SWEEP_FLAGS if "--sweep" in flags.completion else {}
        own = {**more, **FLAGS, "sweep": SWEEP_FLAGS["sweep"]}
        respond(flags.completion, None if cls is None else facts_of(with_methods(cls)), own)
    from brevettiai.cli.program import show_help
    from brevettiai.platform.manual import manual_of_job

    show_help(manual_of_job(cls), flags.help or "", ends=False)
