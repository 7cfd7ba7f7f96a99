"""Where the runs of a sweep are stored: an Optuna storage in its folder, or a database."""

from __future__ import annotations

import random
import re
import time
from typing import TYPE_CHECKING, Any

from brevettiai.sweep.errors import SweepError, SweepWordsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from optuna.storages import BaseStorage

    from brevettiai.io import Storage

LOG = "optuna.log"
"""Optuna's journal, in a local folder."""
OBJECTS = "optuna"
"""The folder of the numbered objects that are the journal on S3."""

_MADE_MEANWHILE = re.compile("already exists|duplicate|unique", re.IGNORECASE)
"""What databases say to one of those who make the same tables at once."""


def open_storage(io: Storage, folder: str, url: str = "") -> tuple[BaseStorage, Callable[[], None]]:
    """The Optuna storage of a sweep, which is made if it is not there, and what writes the rest.

    That is a function which writes what the storage has not written yet, if there is such.

    Args:
        url: of a database, with its password; "" for Optuna's journal in the folder.

    Raises:
        SweepError: it cannot be opened.
    """
    if url:
        return _open_database(url), lambda: None
    from optuna.storages import JournalStorage

    from brevettiai.sweep.journals import FileJournal, Journal, ObjectJournal

    journal: Journal
    if io.path.is_address(folder):
        journal = ObjectJournal(io, io.path.join(folder, OBJECTS))
    else:
        io.make_dirs(folder)
        journal = FileJournal(io.path.join(folder, LOG))
    return JournalStorage(journal), journal.flush


def without_password(url: str) -> str:
    """The URL of a database as it may be stored and shown.

    Raises:
        SweepWordsError: it is none.
    """
    if not url:
        return ""
    parsed = _parsed(url)
    secret = [name for name in parsed.query if "pass" in name.lower()]
    bare = parsed._replace(password=None).difference_update_query(secret)
    return str(bare.render_as_string(hide_password=False))


def _open_database(url: str, attempts: int = 4) -> BaseStorage:
    import optuna
    from sqlalchemy.exc import SQLAlchemyError

    shown = without_password(url)
    # SQLite waits that many seconds for others that write.
    patience = {"connect_args": {"timeout": 60}} if shown.startswith("sqlite") else {}
    try:
        return optuna.storages.get_storage(optuna.storages.RDBStorage(url, patience))
    except ImportError as error:
        raise SweepError(f"--sweep-storage {shown}: its driver is not installed: {error}") from None
    except SQLAlchemyError as error:
        if attempts > 1 and _MADE_MEANWHILE.search(str(error)):
            time.sleep(random.random())
            return _open_database(url, attempts - 1)
        said = str(error).partition("\n")[0]
        named, password = _parsed(url).username, _parsed(url).password
        said = said.replace(password, "…") if password else said
        hint = (
            ""
            if password or not named
            else "; its password is not stored: give the whole URL again"
        )
        raise SweepError(f"--sweep-storage {shown}: cannot be opened{hint}: {said}") from None


def _parsed(url: str) -> Any:
    try:
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError
    except ImportError:
        raise SweepError("--sweep-storage needs the extra: pip install 'brevetti[sweep]'") from None
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise SweepWordsError(
            "--sweep-storage is the URL of a database, as sqlite:///FILE or "
            "postgresql://USER:PASSWORD@HOST/NAME"
        ) from None
