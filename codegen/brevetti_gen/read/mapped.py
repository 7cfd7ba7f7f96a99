"""Where the schemas at URLs lie, as the user says with `--map`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from ..problems import Problem
from .find import Source


class MappedPlaces:
    """Files by URL prefix."""

    def __init__(self, maps: Mapping[str, str | Path]) -> None:
        """`maps` gives a file, or a folder for a prefix that ends in a slash."""
        self._maps = {prefix: Path(path) for prefix, path in maps.items()}
        self._longest_first = sorted(self._maps, key=len, reverse=True)

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the paths themselves."""
        for prefix, path in self._maps.items():
            is_folder = prefix.endswith("/")
            if path.is_dir() if is_folder else path.is_file():
                continue
            kind = "folder" if is_folder else "file"
            message = f"no such {kind}, but {prefix} is mapped to it"
            hint = "only a URL that ends in a slash stands for a folder" if path.exists() else None
            yield Problem(message, path.as_posix(), hint=hint)

    def find(self, uri: str) -> Path | None:
        """The path for `uri`, if a prefix of it is mapped.

        Below a mapped folder only a file that is there counts; else a shorter prefix may match.
        """
        for prefix in self._longest_first:
            target = self._maps[prefix]
            if uri == prefix:
                return target
            if prefix.endswith("/") and uri.startswith(prefix):
                path = target / unquote(uri.removeprefix(prefix))
                if _lies_in(path, target) and path.is_file():
                    return path
        return None

    def answers(self, asked: Iterable[str], given: Iterable[Source]) -> list[str]:
        """What is found at each of the URIs `asked`, as text that is the same for the same finds.

        It says of a file what it holds and whether it is YAML, whether it is one of the `given`
        ones, and which of the URIs lead to the same file: all that a run can make of it.

        Raises:
            OSError: a file cannot be read.
        """
        known = {source.path.resolve(): f"given {source.uri_path}" for source in given}
        found: list[str] = []
        for uri in asked:
            path = self.find(uri)
            place = path.resolve() if path is not None else None
            if path is None or place is None or not (place in known or place.is_file()):
                found.append("nothing")
                continue
            if place not in known:
                content = hashlib.sha256(place.read_bytes()).hexdigest()
                known[place] = f"file {len(found)} {path.suffix.lower()} {content}"
            found.append(known[place])
        return found


def _lies_in(path: Path, folder: Path) -> bool:
    """Whether `path` stays in `folder`, also through symbolic links."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        return False  # a NUL, a circle of links: no such file
