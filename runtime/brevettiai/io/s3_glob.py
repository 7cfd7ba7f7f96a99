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
    files: list[tuple[str, ...]] = []
    folders: set[tuple[str, ...]] = set()
    for entry in list_objects(listing, base):
        *above, name = entry.name.split("/")
        if name:
            files.append((*above, name))
        folders |= {tuple(above[:depth]) for depth in range(len(above) + 1)}
    return {
        base + "/".join(names) + (ending if names else "")  # A base has its slash.
        for group, is_folder in ((files, False), (folders, True))
        for names in group
        if "" not in names
        for ending in _endings(names, parts, is_folder)
    }


def _endings(names: Sequence[str], parts: Sequence[str], is_folder: bool) -> set[str]:
    """How a path ends where its names fit a pattern: with a slash, without, or (no fit) neither."""
    if not parts:
        return set() if names else {""}
    part, rest = parts[0], parts[1:]
    if not names and not rest and part in ("", "**"):
        return {"/"} if is_folder else set()
    if part == "**":
        found = _endings(names, rest, is_folder) if rest else set[str]()
        if names and not names[0].startswith("."):
            if rest or len(names) > 1:
                return found | _endings(names[1:], parts, is_folder)
            found.add("")
        return found
    if not names or not _fits(names[0], part):
        return set()
    return _endings(names[1:], rest, is_folder)


def _fits(name: str, part: str) -> bool:
    is_hidden = name.startswith(".") and not part.startswith(".")
    return not is_hidden and fnmatchcase(name, part)
