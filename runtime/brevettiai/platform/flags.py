"""The flags of a job itself, which come out of the command line before its settings' flags.

A job's own flag is always the job's: the platform starts jobs with them, so what they mean must not
depend on a settings class. A setting at the top of the tree that has the name of a job's flag is
set by the JSON of its object instead (`--. '{"host": "…"}'`) or in a settings file; deeper ones
(`--server.host`) never meet them.
"""

from __future__ import annotations

from brevettiai.cli.words import Words, meant
from brevettiai.platform.errors import JobError
from brevettiai.platform.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_HELP = {
    "model_id": "ID         id of the training job on the platform",
    "test_id": "ID          id of the test job on the platform",
    "job_id": "ID           id of the job on the platform",
    "api_key": "KEY         the job's key",
    "info_file": "PATH      the job's info.json, where it is not in the job's folder",
    "job_dir": "PATH        folder of the job; locally jobs/<time>-<id> unless given",
    "cache_path": "PATH     local folder for temporary files and files read from S3",
    "host": "URL            address of the platform",
    "data_bucket": "PATH    where the platform keeps jobs and datasets",
}


class JobFlags:
    """What the command line says to the job: one attribute a flag, None where it is not given.

    Attributes:
        job_id: of `--model_id`, `--test_id` or `--job_id`, the last one given.
        rest: the other words, in order: flags of the settings, and foreign ones.
        help: whether `--help` or `-h` is among them.
    """

    def __init__(self, values: dict[str, str], rest: list[str], is_help: bool) -> None:
        self.job_id = values.get("job_id")
        key = values.get("api_key")
        self.api_key = None if key is None else Secret(key)
        self.info_file = values.get("info_file")
        self.job_dir = values.get("job_dir")
        self.cache_path = values.get("cache_path")
        self.host = values.get("host")
        self.data_bucket = values.get("data_bucket")
        self.rest = rest
        self.help = is_help


def parse_job_flags(words: Sequence[str]) -> JobFlags:
    """Take the job's own flags out of a command line.

    Of repeated flags the last counts.

    Raises:
        JobError: a job's flag has no value.
    """
    given: dict[str, str] = {}
    rest: list[str] = []
    is_help = False
    remaining = Words(words)
    for word, typed, text in remaining:
        name = meant(typed or "", _HELP)
        if name is None:
            is_help = is_help or typed == "help"
            rest.append(word)
            continue
        value = remaining.take_value() if text is None else text
        if not value:
            raise JobError(f"--{typed}: a value must follow (--{typed} VALUE)")
        given["job_id" if name in ("model_id", "test_id") else name] = value
    return JobFlags(given, [*rest, *remaining.rest()], is_help)


def format_job_help() -> str:
    """The help text of the job's own flags."""
    return "\n".join(["job:", *(f"  --{name} {text}" for name, text in _HELP.items())]) + "\n"
