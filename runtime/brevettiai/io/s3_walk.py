"""Listing objects on S3, as one stream of keys or as folders top down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from itertools import chain
from typing import TypeAlias

from brevettiai.io.local import FileEntry
from brevettiai.io.threads import StoppingThreads

AHEAD = 16
"""How many folders are listed at once."""

Listing: TypeAlias = "Callable[[str, str], Iterator[list[FileEntry]]]"
"""Lists what is below a (prefix, delimiter), named from there on, some at a time in S3's order."""


def list_objects(listing: Listing, prefix: str) -> Iterator[FileEntry]:
    """All objects below a prefix, named from there on, in S3's order; memory stays bounded.

    Marks that a folder exists are among them, their names end with a slash or are empty.
    """
    return chain.from_iterable(listing(prefix, ""))


def list_folder(listing: Listing, prefix: str) -> list[FileEntry]:
    """The files and folders right below a prefix, by their names.

    A key that ends with a slash is a mark that a folder exists, no file; a name that is empty (two
    slashes in a row) has no path and is left out.
    """
    found = chain.from_iterable(listing(prefix, "/"))
    return sorted((entry for entry in found if entry.name), key=lambda entry: entry.name)


def walk_folders(
    listing: Listing, top: str, prefix: str
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Folders top down as `os.walk` gives them; the next ones are listed while one is looked at.

    Args:
        top: the path of the folder to begin with, which all paths begin with.
        prefix: of its keys, empty or with a slash at its end.
    """
    results: dict[str, Future[list[FileEntry]]] = {}
    # The folders still to come, the next one last: (path, prefix).
    pending = [(top, prefix)]
    with StoppingThreads(AHEAD, "brevettiai-walk") as pool:
        while pending:
            for _, ahead in pending[-AHEAD:]:
                if ahead not in results:
                    results[ahead] = pool.submit(list_folder, listing, ahead)
            path, prefix = pending.pop()
            entries = results.pop(prefix).result()
            folders = [entry.name for entry in entries if entry.is_folder]
            files = [entry.name for entry in entries if not entry.is_folder]
            if not folders and not files and path == top:
                break
            yield path, folders, files
            base = path if path.endswith("/") else path + "/"
            pending += [(base + name, f"{prefix}{name}/") for name in reversed(folders)]
