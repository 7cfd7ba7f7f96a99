"""What a job does first, in the background: clear away what killed attempts left in its folder."""

from __future__ import annotations

import logging
import os
import tempfile
import time

from brevettiai.io.leftovers import remove_parts
from brevettiai.io.storage import CACHE, SPOOL
from brevettiai.platform.checkpoint_store import CheckpointStore
from brevettiai.platform.launch import Launch
from brevettiai.platform.ranks import rank
from brevettiai.platform.unsent import send_earlier

_log = logging.getLogger(__name__)


def clear_storage(launch: Launch, began: float) -> None:
    """Remove what killed processes left in the folder of a job, and on the way to it.

    Then what earlier attempts did not upload is.

    Args:
        began: when this attempt did, by the monotonic clock.
    """
    folders = [launch.io.settings.spool_folder or tempfile.gettempdir()]
    if launch.temp_dir.parent is not None:
        folders += [os.path.join(launch.temp_dir.parent, name) for name in (SPOOL, CACHE)]
    for folder in folders:
        remove_parts(folder, below=folder.endswith(CACHE))
    if rank() == 0:
        try:
            CheckpointStore(launch.io, launch.job_dir).remove_torn()
            launch.io.remove_leftovers(launch.job_dir, time.monotonic() - began)
        except Exception as error:  # What is left costs space; the job goes on without.
            _log.debug("%s was not cleared of what killed jobs left: %s", launch.job_dir, error)
        launch.temp_dir.cleared.set()
        send_earlier(launch)
