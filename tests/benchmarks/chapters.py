"""What is measured, in the order in which it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import bench_checking
import bench_generation
import bench_objects
import bench_processes
import bench_sweep
import storage_cases
from measuring import Case

_CODECS = (
    "What a library builds once (adapter, decoder, converter) is built before. msgspec, `attrs`, "
    "mashumaro and dataclasses-json drop keys that no class names, the last three judge no types."
)
_NESTED = "Alternatives inside themselves that only what they hold tells apart: no tag says which."
_CPU = "Processor time over that of a bare interpreter."
_S3 = "Processor time of the client; the server, on the same machine, has its own."


@dataclass(frozen=True)
class Work:
    """A chapter before it is measured."""

    name: str
    title: str
    told: str
    axis: str
    measure: Callable[[bool], list[Case]]
    unit: str = "s"
    in_quick: bool = True


WORKS = (
    Work(
        "start",
        "Start a program, parse flags",
        "From the start of a process to validated settings, five flags of 22 settings, else one. "
        f"{_CPU} tyro, jsonargparse, simple-parsing and Hydra have dataclasses, without limits.",
        "settings",
        bench_processes.start,
    ),
    Work(
        "start-without",
        "The same without bytecode",
        f"Neither settings nor program have bytecode, as in images that are told so. {_CPU}",
        "settings",
        bench_processes.start_without_bytecode,
    ),
    Work(
        "import",
        "Import the classes",
        f"A program that imports its settings classes, and with them the library. {_CPU}",
        "settings",
        bench_processes.import_of_classes,
    ),
    Work(
        "help",
        "Show `--help`",
        _CPU,
        "settings",
        bench_processes.help_page,
    ),
    Work(
        "completion",
        "Complete a flag",
        f"What a shell waits for at a tab where the program answers. {_CPU} "
        "Static scripts, which know nothing of what was typed before, run no process.",
        "settings",
        bench_processes.completion,
    ),
    Work("load", "Load a config", _CODECS, "records", bench_objects.load),
    Work("save", "Save a config", _CODECS, "records", bench_objects.save),
    Work("load-nested", "Load what nests untold", _NESTED, "levels", bench_objects.load_nested),
    Work("save-nested", "Save what nests untold", _NESTED, "levels", bench_objects.save_nested),
    Work("read", "Load JSON text", _CODECS, "records", bench_objects.read),
    Work("write", "Save JSON text", _CODECS, "records", bench_objects.write),
    Work(
        "construct",
        "Construct objects",
        "Constructors called with all settings. Those of mashumaro and dataclasses-json are "
        "dataclasses; those of attrs have validators for the limits.",
        "records",
        bench_objects.construct,
    ),
    Work(
        "check",
        "Check a config",
        "Whether a config is valid under its schema, without objects of it. What is compiled once "
        "is compiled before.",
        "records",
        bench_checking.check,
    ),
    Work(
        "memory",
        "Memory of a program that loads a config",
        "The most that a process held, over one that only has the config, the library included.",
        "records",
        bench_processes.memory,
        unit="B",
    ),
    Work(
        "generate",
        "Generate classes",
        "All of some schemas of 25 settings, in a cold process, into an empty folder. The peer has "
        "its `builtin` formatter, which its help advises for speed.",
        "schemas",
        bench_generation.generate,
    ),
    Work(
        "again",
        "Generate again, nothing changed",
        "The peer does all of it again.",
        "schemas",
        bench_generation.again,
    ),
    Work(
        "changed",
        "Generate again, one limit changed",
        "The peer does all of it again.",
        "schemas",
        bench_generation.changed,
    ),
    Work(
        "size",
        "Bytes of generated code",
        "What people read, beside the peer's models; and with the machine's half, which nobody has "
        "to read.",
        "",
        bench_generation.size_of_generated,
        unit="B",
    ),
    Work(
        "small-up",
        "Upload 10 KB files to S3",
        f"Files of 10 KB each, into one folder. {_S3}",
        "files",
        storage_cases.small_up,
        in_quick=False,
    ),
    Work(
        "small-down",
        "Download 10 KB files from S3",
        f"The same files back, found by their folder. {_S3}",
        "files",
        storage_cases.small_down,
        in_quick=False,
    ),
    Work(
        "large-up",
        "Upload one file, clock",
        "**Clock**, on which others who use the machine count.",
        "MiB",
        storage_cases.large_up,
        in_quick=False,
    ),
    Work(
        "large-down",
        "Download one file, clock",
        "**Clock**, on which others who use the machine count.",
        "MiB",
        storage_cases.large_down,
        in_quick=False,
    ),
    Work(
        "large-memory",
        "Memory of one large file",
        "What the process holds more at most than before, sampled; once.",
        "",
        storage_cases.large_memory,
        unit="B",
        in_quick=False,
    ),
    Work(
        "sweep",
        "A run of a sweep",
        "What a run costs that does nothing: proposed, validated, handed out, recorded. Processor "
        "time of all processes over the number of processors. Processes do one run after another, "
        "as Optuna's do, which share a journal; and at last each run has one of its own.",
        "runs",
        bench_sweep.cases,
        in_quick=False,
    ),
)
