"""Patterns of paths on S3, which mean what they mean to `glob.glob(pattern, recursive=True)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from functools import partial
from glob import has_magic

from brevettiai.io.s3_walk import AHEAD, Listing, list_folder, list_objects
from brevettiai.io.threads import StoppingThreads


def glob(listing: Listing, exists: Callable[[str], bool], pattern: str) -> list[str]:
    """The paths of files and folders that fit, sorted.

    Each folder that wildcards ask for is listed once; from `**` on, all that is below it.

    Args:
        exists: whether there is a file or folder at a path, only a folder if that ends with `/`.
    """
    scheme, _, rest = pattern.partition("://")
    bucket, *parts = rest.split("/")
    if not any(map(has_magic, parts)):
        return [pattern] if exists(pattern) else []
    top, bases = f"{scheme}://{bucket}/", [""]
    with StoppingThreads(AHEAD, "brevettiai-glob") as pool:
        for number, part in enumerate(parts):
            left = parts[number + 1 :]
            is_last, ending = left in ([], [""]), "/" if left else ""
            step: Callable[[str], Iterable[str]]
            if part == "**":
                step = partial(_below, listing, parts[number:])
            elif has_magic(part):
                step = partial(_inside, listing, part, ending)
            else:
                asked = exists if is_last else None
                step = partial(_named, asked, top, part + ending)
            bases = [path for paths in pool.map(step, bases) for path in paths]
            if is_last or part == "**":
                break
    return sorted({top + base for base in bases})


def _named(exists: Callable[[str], bool] | None, top: str, name: str, base: str) -> list[str]:
    return [base + name] if exists is None or exists(top + base + name) else []


def _inside(listing: Listing, part: str, ending: str, base: str) -> list[str]:
    """What fits a part with wildcards in a folder; folders only if more is to follow."""
    return [
        base + entry.name + ending
        for entry in list_folder(listing, base)
        if _fits(entry.name, part) and (entry.is_folder or not ending)
    ]


def _below(listing: Listing, parts: Sequence[str], base: str) -> set[str]:
    """What fits the rest of a pattern, which begins with `**`, in all that is below a folder."""
    found: set[str] = set()
    # The folders above the last file, from the base on, and how many parts may fit each.
    above = [("", _skipping(parts, {0}))]
    for entry in list_objects(listing, base):
        if _endings(parts, above[0][1], True):
            found.add(base)
        while not entry.name.startswith(above[-1][0]):
            above.pop()
        path, fits = above[-1]
        names = entry.name[len(path) :].split("/")
        for number, name in enumerate(names, 1):
            fits, is_folder = _after(parts, fits, name), number < len(names)
            found |= {base + path + name + ending for ending in _endings(parts, fits, is_folder)}
            path += name + "/"
            if is_folder:
                above.append((path, fits))
    return found


def _endings(parts: Sequence[str], fits: set[int], is_folder: bool) -> list[str]:
    """How a path ends that a pattern fits: with a slash, without, or (no fit) neither."""
    last = len(parts) - 1
    in_slash = is_folder and last in fits and parts[last] in ("", "**")
    return ["/"] * in_slash + [""] * (last + 1 in fits)


def _after(parts: Sequence[str], fits: set[int], name: str) -> set[int]:
    """How many parts may fit a path with a name more; all, if the name is for a `**` at the end."""
    found: set[int] = set()
    for number in fits:
        part = parts[min(number, len(parts) - 1)]
        if part != "**":
            if number < len(parts) and _fits(name, part):
                found.add(number + 1)
        elif name and not name.startswith("."):
            found.add(number if number < len(parts) - 1 else len(parts))
    return _skipping(parts, found)


def _skipping(parts: Sequence[str], fits: set[int]) -> set[int]:
    """The same, where a `**` that more follows may be for nothing."""
    for number in [*fits]:
        while number < len(parts) - 1 and parts[number] == "**":
            number += 1
            fits.add(number)
    return fits


def _fits(name: str, part: str) -> bool:
    is_hidden = name.startswith(".") and not part.startswith(".")
    return bool(name) and not is_hidden and fnmatchcase(name, part)
