"""The manifest of an output folder: which files are ours, and what we wrote into them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from .._version import VERSION

MANIFEST = ".brevetti-manifest.json"
_FORMAT = 1


class ManifestError(Exception):
    """The manifest is there but makes no sense."""


@dataclass(frozen=True)
class Manifest:
    """What a run left in an output folder.

    Attributes:
        tool: version of the generator.
        inputs: digest of all that the output depends on; None while a run is under way.
        files: relative path to the digests that the file may have. A finished run leaves one;
            while a run is under way there are those before and after it, so that after a kill
            none of our files looks like somebody's edit.
        asked: the URIs of documents that the run looked for among the mapped ones; what is found
            there is part of `inputs`.
    """

    tool: str = ""
    inputs: str | None = None
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, "tuple[str, ...]"])
    asked: tuple[str, ...] = ()

    def text(self) -> str:
        """The manifest as the text of its file, the same for the same manifest."""
        value = {
            "format": _FORMAT,
            "tool": self.tool,
            "inputs": self.inputs,
            **({"asked": list(self.asked)} if self.asked else {}),
            "files": {
                path: digests[0] if len(digests) == 1 else list(digests)
                for path, digests in sorted(self.files.items())
            },
        }
        return json.dumps(value, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def load(cls, output: Path) -> Manifest:
        """The manifest of a folder; an empty one where there is none.

        Raises:
            ManifestError: it is broken, or made by a later version of the generator.
            OSError: it cannot be read.
        """
        try:
            content = (output / MANIFEST).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return cls()
        try:
            value = cast("dict[str, Any]", json.loads(content))
            if value["format"] != _FORMAT:
                raise ManifestError("the manifest is of another version of brevetti-gen")
            files = cast("dict[str, str | list[str]]", value["files"])
            manifest = cls(
                str(value["tool"]),
                cast("str | None", value["inputs"]),
                {
                    path: (digests,) if isinstance(digests, str) else tuple(digests)
                    for path, digests in files.items()
                },
                tuple(map(str, value.get("asked", ()))),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise ManifestError("the manifest of the generated files is broken") from None
        if not all(map(is_inside, manifest.files)):
            raise ManifestError("the manifest names files outside its folder")
        return manifest

    def is_current(self, output: Path, inputs_digest: str) -> bool:
        """Whether a run with these inputs finished in `output`, and its files are as it left them.

        Raises:
            OSError: one of them cannot be read.
        """
        return (self.inputs, self.tool) == (inputs_digest, VERSION) and all(
            _digest_of(f"{output}/{path}") in digests for path, digests in self.files.items()
        )


def digest(content: bytes) -> str:
    """SHA-256 of a text file in hex, its line ends taken as LF.

    Version control may check a generated file out with CR LF; that is nobody's edit.
    """
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def is_inside(path: str) -> bool:
    """Whether a relative path with forward slashes stays in its folder, on every system."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or part[-1] in ". " for part in parts):
        return False
    return not any(c in '\\:*?"<>|' or ord(c) < 32 for c in path)


def _digest_of(path: str) -> str:
    # Without pathlib and buffers: for a thousand small files, they cost more than the reading.
    with open(path, "rb", buffering=0) as file:
        return digest(file.read())
