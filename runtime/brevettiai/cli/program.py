"""A settings class as a program of its own."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from ..errors import SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..settings import Settings


def run(cls: type[Settings]) -> None:
    """Print the config that the flags on the command line make, as JSON, or what is wrong."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    if spec is None:
        print("run it as a module of its package: python -m settings.<module>", file=sys.stderr)
        raise SystemExit(2)
    if cls.__module__ == "__main__":
        # What runs was imported under another name than its machine half knows.
        cls = getattr(import_module(spec.name), cls.__name__)
    try:
        settings = cls.from_args(prog=f"python -m {spec.name}")
    except SettingsError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
    except BrokenPipeError:
        # Whoever read the help has seen enough; what is left must not be flushed to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    print(settings.to_json(indent=2))
