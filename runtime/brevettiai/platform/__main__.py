"""`python -m brevettiai.platform send FOLDER`: send what a job could not upload."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence


def main(words: Sequence[str] | None = None) -> int:
    """Do what a command line says; the exit code."""
    from brevettiai.messages.hidden import Secret
    from brevettiai.platform.errors import JobError
    from brevettiai.platform.flags import VARIABLES
    from brevettiai.platform.log import show_log
    from brevettiai.platform.unsent import send

    parser = argparse.ArgumentParser(prog="python -m brevettiai.platform")
    commands = parser.add_subparsers(dest="command", required=True)
    about = "send what a job could not upload, then tell the platform if the job was complete"
    command = commands.add_parser("send", help=about, description=about)
    command.add_argument("folder", help="the folder that the job's error names: config-id-…")
    command.add_argument("--api_key", help="the job's key; better given as the variable $api_key")
    command.add_argument("--host", help="address of the platform, if it is another now")
    given = parser.parse_args(words)
    key = given.api_key or os.environ.get(VARIABLES["api_key"])
    show_log()
    try:
        send(given.folder, Secret(key) if key else None, given.host, print)
    except (JobError, OSError) as error:
        print(f"not sent: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
