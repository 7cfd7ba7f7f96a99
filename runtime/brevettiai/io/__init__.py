"""Storage of jobs: one set of file operations over local folders and S3."""

from brevettiai.io.errors import StorageError, TransferError
from brevettiai.io.local import FileEntry
from brevettiai.io.results import Progress, SyncResult
from brevettiai.io.settings import StorageSettings
from brevettiai.io.storage import Storage

__all__ = [
    "FileEntry",
    "Progress",
    "Storage",
    "StorageError",
    "StorageSettings",
    "SyncResult",
    "TransferError",
]
