"""The flags of a job itself, which come out of the command line before its settings' flags.

A job's own flag is always the job's: the platform starts jobs with them, so what they mean must not
depend on a settings class. A setting at the top of the tree that has the name of a job's flag is
set by the JSON of its object instead (`--. '{"host": "…"}'`) or in a settings file; deeper ones
(`--server.host`) never meet them.
"""

from __future__ import annotations

from dataclasses import dataclass

from brevettiai.cli.values import BOOLEANS
from brevettiai.cli.words import ASKED, GAP, SHELLS, Words, meant
from brevettiai.errors import Problem
from brevettiai.messages.hidden import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

FLAGS = {
    "model_id": ("ID", "Id of the training job on the platform."),
    "test_id": ("ID", "Id of the test job on the platform."),
    "job_id": ("ID", "Id of the job on the platform."),
    "api_key": ("KEY", "The job's key."),
    "info_file": ("PATH", "The job's info.json, where it is not in the job's folder."),
    "job_dir": ("PATH", "Folder of the job; locally jobs/<time>-<id> unless given."),
    "cache_path": ("PATH", "Local folder for temporary files and files read from S3."),
    "host": ("URL", "Address of the platform."),
    "data_bucket": ("PATH", "Where the platform keeps jobs and datasets."),
    "resume": (
        "[=false]",
        "Go on with an earlier attempt, which there must be; =false begins anew, and keeps of the "
        "earlier attempts their history only.",
    ),
}
"""By name, the flags of a job: what follows them, and what they are."""
VARIABLES = {
    "job_id": "job_id",
    "api_key": "api_key",
    "cache_path": "BREVETTI_AI_CACHE",
    "host": "BREVETTIAI_HOST_NAME",
    "data_bucket": "BREVETTIAI_DATA_BUCKET",
}
"""The environment variables that count where a flag is not given."""
NAMES = (*FLAGS, "sweep")


def asks_for_sweep(words: Sequence[str]) -> bool:
    """Whether a command line asks for many runs; `brevettiai.sweep.flags` has their flags."""
    before = words[: words.index("--")] if "--" in words else words
    names = {word.partition("=")[0].replace("_", "-") for word in before}
    return "--sweep" in names or names.issuperset(("--resume", "--sweep-dir"))


@dataclass(frozen=True)
class Given:
    """What a job is told from outside: None for what is not given.

    Attributes:
        job_id: of `--model_id`, `--test_id` or `--job_id`, the last one given.
        id_source: where the id comes from, for messages.
        resume: go on with an earlier attempt; None where there is one.
        problems: what is wrong with the flags of the job.
        rest: the other words, in order: flags of the settings, and foreign ones.
        help: what `--help` or `-h` asks about, "" for all; None where it is not among them.
        completion: the text of `--completion`, if it is one of a shell.
    """

    job_id: str | None = None
    id_source: str = "the command line"
    api_key: Secret | None = None
    info_file: str | None = None
    job_dir: str | None = None
    cache_path: str | None = None
    host: str | None = None
    data_bucket: str = ""
    resume: bool | None = None
    problems: Sequence[Problem] = ()
    rest: Sequence[str] = ()
    help: str | None = None
    completion: str | None = None


def parse_job_flags(words: Sequence[str]) -> Given:
    """Take the job's own flags out of a command line.

    Of repeated flags the last counts.
    """
    given: dict[str, Any] = {}
    rest: list[str] = []
    problems: list[Problem] = []
    remaining = Words(words)
    for word, typed, text in remaining:
        name = meant(typed or "", FLAGS)
        if typed == "help":
            given["help"] = remaining.take_topic() if text is None else text
            continue
        if name is None:
            if typed == "completion":
                asked = text or remaining.next_value() or ""
                given[typed] = asked if asked.partition(ASKED)[0] in SHELLS else None
            rest.append(word)
            continue
        if name == "resume":
            given[name] = BOOLEANS.get((text or "true").lower())
            if given[name] is None:
                problems.append(Problem((), f"--{typed} is true or false", text or ""))
            continue
        value = remaining.take_value() if text is None else text
        if rest and remaining.next_value() is not None:
            rest.append(GAP)
        if not value:
            problems.append(Problem((), f"--{typed} needs a value"))
            continue
        key = "job_id" if name in ("model_id", "test_id") else name
        given[key] = Secret(value) if name == "api_key" else value
    return Given(**given, problems=problems, rest=[*rest, *remaining.rest()])
