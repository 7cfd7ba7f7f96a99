"""Patterns of paths on S3, which mean what they mean to `glob.glob(pattern, recursive=True)`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase
from glob import has_magic

from brevettiai.io.s3_paths import SCHEME
from brevettiai.io.s3_walk import AHEAD, Listing, list_folder, list_objects


def glob(listing: Listing, exists: Callable[[str], bool], pattern: str) -> list[str]:
    """The paths of files and folders that fit, sorted.

    Each folder that wildcards ask for is listed once; from `**` on, all that is below it.

    Args:
        exists: whether there is a file or folder at a path, only a folder if that ends with `/`.
    """
    bucket, *parts = pattern.removeprefix(SCHEME).split("/")
    if not any(map(has_magic, parts)):
        return [pattern] if exists(pattern) else []
    top = f"{SCHEME}{bucket}/"
    bases = [""]
    with ThreadPoolExecutor(AHEAD, thread_name_prefix="brevettiai-glob") as pool:
        while parts:
            part, *parts = parts
            is_last = parts in ([], [""])
            ending = "/" if parts else ""
            if part == "**":
                rest = [part, *parts]
                found = pool.map(lambda base, rest=rest: _below(listing, base, rest), bases)
                bases = [path for paths in found for path in paths]
                break
            if has_magic(part):
                inside = pool.map(lambda base: (base, list_folder(listing, base)), bases)
                bases = [
                    base + entry.name + ending
                    for base, entries in inside
                    for entry in entries
                    if _fits(entry.name, part) and (entry.is_folder or not ending)
                ]
            else:
                bases = [base + part + ending for base in bases]
                if is_last:
                    there = pool.map(lambda base: exists(top + base), bases)
                    bases = [base for base, is_there in zip(bases, there, strict=True) if is_there]
            if is_last:
                break
    return sorted({top + base for base in bases})


def _below(listing: Listing, base: str, parts: Sequence[str]) -> set[str]:
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
