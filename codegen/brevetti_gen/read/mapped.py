"""Where the schemas at URLs lie, as the user says with `--map`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..problems import Problem
from .find import Source, below


class MappedPlaces:
    """Files by URL prefix."""

    def __init__(self, maps: Mapping[str, str | Path], folders: Iterable[Path] = ()) -> None:
        """Take the places of schemas.

        Args:
            maps: for a URL a file, for a prefix that ends in a slash a folder.
            folders: those of files that were given, in which relative references lead on.
        """
        self._maps = {prefix: Path(path) for prefix, path in maps.items()}
        self.folders = list(folders)

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the paths themselves."""
        for prefix, path in self._maps.items():
            is_folder = prefix.endswith("/")
            if os.path.isdir(path) if is_folder else os.path.isfile(path):
                continue
            kind = "folder" if is_folder else "file"
            message = f"no such {kind}, but {prefix} is mapped to it"
            is_there = os.path.exists(path)
            hint = "only a URL that ends in a slash stands for a folder" if is_there else None
            yield Problem(message, path.as_posix(), hint=hint, code="not-found")

    def find(self, uri: str) -> Path | None:
        """The path for `uri`, if a prefix of it is mapped.

        Below a mapped folder only a file that is there counts; else a shorter prefix may match.
        """
        for prefix in sorted(self._maps, key=len, reverse=True):
            target = self._maps[prefix]
            if uri == prefix:
                return target
            if prefix.endswith("/") and uri.startswith(prefix):
                path = target / unquote(uri.removeprefix(prefix))
                if _lies_in(path, target) and os.path.isfile(path):
                    return path
        return None

    def answer(self, uri: str) -> tuple[Source, bool] | None:
        """The file at `uri`, and whether it is one beside a file that was given."""
        if path := self.find(uri):
            return Source.alone(path), False
        is_file = bool(self.folders) and uri.startswith("file:")
        found = below(path_of(uri), self.folders) if is_file else None
        return (found, True) if found else None


def path_of(uri: str) -> Path:
    """The path that a `file:` URI names."""
    if os.name != "nt":
        return Path(unquote(urlsplit(uri).path))
    from urllib.request import url2pathname  # which brings in all of HTTP

    return Path(url2pathname(urlsplit(uri).path))


def _lies_in(path: Path, folder: Path) -> bool:
    """Whether `path` stays in `folder`, also through symbolic links."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        return False  # a NUL, a circle of links: no such file
