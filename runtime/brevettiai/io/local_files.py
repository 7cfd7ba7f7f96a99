"""A local file that stands for one anywhere, under a name that ends as its own."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Generator
from contextlib import contextmanager

from brevettiai.io.whole import Destination

_LONGEST_END = 100


@contextmanager
def local_file(destination: Destination, mode: str) -> Generator[str]:
    """The path of a temporary file, which is put in place when the block ends.

    Args:
        destination: where it belongs; in mode `r` it is thrown away instead.
    """
    if mode == "r":
        destination = Destination(destination.part, destination.target, lambda part: None)
    # Libraries look at the ending; of what may be in an address not all may be in a name.
    name = os.path.basename(destination.target)[-_LONGEST_END:]
    destination.part += "-" + re.sub(r'[\x00-\x1f<>:"|?*\\]', "_", name)
    try:
        with destination as part:
            yield part
            if os.path.isdir(part):
                text = "Is a folder: for folders there are job.temp_path and upload_tree"
                raise IsADirectoryError(errno.EISDIR, text, destination.target)
            if not os.path.exists(part) and mode != "r":
                text = "Nothing was written to the local file"
                raise FileNotFoundError(errno.ENOENT, text, destination.target)
    finally:
        _remove(destination.part)


def _remove(path: str) -> None:
    """Remove what may be a file, or a folder, or nothing."""
    import shutil

    if os.path.isdir(path):
        shutil.rmtree(path, ignore_errors=True)
    elif os.path.lexists(path):
        os.remove(path)
