"""What the user names, `module:Class`: imported as `python -m` would import it."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from brevettiai.messages.words import did_you_mean

from ....problems import GenerationError, printable, refused


def imported(target: str) -> Any:
    """The object that `target`, `module:name`, names; names may have dots.

    What the module prints goes to standard error.

    Raises:
        GenerationError: the module raises an error, or has no such name.
    """
    module_name, _, names = target.partition(":")
    folder = os.getcwd()
    if folder not in sys.path:
        sys.path.insert(0, folder)
    words, sys.argv = sys.argv, [module_name]
    try:
        with redirect_stdout(sys.stderr):
            found: Any = importlib.import_module(module_name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise _failure(f"importing {module_name} failed", module_name, error) from None
    finally:
        sys.argv = words
    for name in names.split("."):
        if not hasattr(found, name):
            known = [each for each in dir(found) if not each.startswith("_")]
            message = f"there is no {name!r} in {getattr(found, '__name__', found)!s}"
            hint = did_you_mean(name, known).removeprefix(", ") or None
            raise refused("not-imported", message, target, hint)
        found = getattr(found, name)
    return found


def called(function: Any, target: str) -> Any:
    """What a function without arguments gives.

    Raises:
        GenerationError: it raises an error.
    """
    try:
        with redirect_stdout(sys.stderr):
            return function()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise _failure(f"calling {target} failed", target, error) from None


def _failure(what: str, target: str, error: BaseException) -> GenerationError:
    """The error of the user's own code, with the line of it where it was raised."""
    said = "".join(traceback.format_exception_only(type(error), error)).strip()
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _is_of_users(frame.filename)]
    where = f" (in {shown_path(own[-1].filename)}, line {own[-1].lineno})" if own else ""
    hint = None
    if isinstance(error, ModuleNotFoundError) and target.startswith(f"{error.name}"):
        hint = "give the module as Python imports it here, such as jobs.train:Settings"
    return refused("not-imported", f"{what}: {printable(said)}{where}", target, hint)


def _is_of_users(filename: str) -> bool:
    path = Path(filename)
    is_library = "site-packages" in path.parts or filename == importlib.__file__
    is_ours = path.is_relative_to(Path(__file__).parents[3])
    return path.is_absolute() and os.path.exists(path) and not (is_library or is_ours)


def shown_path(filename: str) -> str:
    """A file as one would name it in the working directory."""
    path = Path(filename)
    if path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return printable(path.as_posix())
