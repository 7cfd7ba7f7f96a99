"""The remote monitor: metrics of a running job, shown on the platform."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from brevettiai.platform.client import PlatformClient
from brevettiai.platform.errors import PlatformError
from brevettiai.platform.output import storable

_log = logging.getLogger(__name__)


class RemoteMonitor:
    """Sends the metrics of each epoch to the platform.

    A platform that does not take them is a warning in the log: the training goes on.
    """

    def __init__(self, client: PlatformClient, remote_url: str) -> None:
        self._client = client
        self._remote_url = remote_url

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Send the metrics of an epoch.

        Args:
            epoch: its number.
            logs: its metrics by name; arrays and scalars of numpy and the like are fine.
        """
        data = json.dumps(storable({"epoch": epoch, **(logs or {})}), allow_nan=False)
        try:
            self._client.send_metrics(self._remote_url, data)
        except PlatformError as error:
            _log.warning("The metrics of epoch %s were not sent: %s", epoch, error)
