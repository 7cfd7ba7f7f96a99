"""The flags of a sweep: what follows them, and what they do.

They are flags of a job only where its command line asks for a sweep, by `--sweep`, or by
`--resume` together with `--sweep-dir`. Help and completion read this, so it imports nothing.
"""

from __future__ import annotations

SEARCHES = ("tpe", "random", "quasi", "grid")
PRUNERS = ("none", "median", "halving", "hyperband")
DEFAULT_RUNS = 20


FLAGS = {
    "sweep": (
        "NAMES",
        "Run the job many times, each with other values of these settings, "
        "NAME or NAME=RANGE; without a name those that the schema marks with x-search.",
    ),
    "goal": (
        "GOAL",
        'Which metric the runs are judged by: "min loss", "max iou"; several are given '
        "by a comma between them, or by repeating the flag.",
    ),
    "runs": ("N", f"How many runs; {DEFAULT_RUNS} unless given, and as many as a grid has points."),
    "search": ("|".join(SEARCHES), "How settings are proposed; tpe unless given."),
    "prune": (
        "|".join(PRUNERS),
        "Which runs are stopped early, by what they report of their epochs; none unless given.",
    ),
    "sweep-seed": (
        "N",
        "Gives other proposals, and the same number the same again; 0 unless given.",
    ),
    "sweep-dir": ("PATH", "Folder of the sweep, also on S3; sweeps/<time>-<id> unless given."),
    "resume": (
        "[=false]",
        "Go on with the sweep in --sweep-dir, which needs no other flag; --runs may be more.",
    ),
    "sweep-storage": (
        "URL",
        "A database that keeps the trials, for several machines without a common folder.",
    ),
    "workers": ("N", "How many runs at a time; as many as there are cores unless given."),
    "cluster": ("ADDRESS", "The Dask scheduler that has the workers, tcp://host:8786."),
    "run-cores": ("N", "Cores that a run takes; 1 unless given."),
    "run-memory": ("SIZE", "Memory that a run may take, 4GB say; it is killed at more."),
    "run-gpus": ("N", "GPUs that a run has for itself, by CUDA_VISIBLE_DEVICES."),
    "retries": (
        "N",
        "How often a run is tried again, whatever ended it; unless given once, where it was lost.",
    ),
}
"""By name, the flags of a sweep: what follows them, and what they are."""
ABOUT = (
    "The job is run many times, each in a process of its own, with other values of some settings. "
    "All others are the same in each run, as this command line and all that lies under it gives "
    "them. At the end the best settings are shown as a command line.\n\n"
    "A setting is named as its flag is; training.* means all inside an object. Its limits are "
    "those of the schema, or a range: 0..45, 1e-5..1e-1:log, 0..100:step=5, or values: 8,16,32."
)
"""What there is to say about sweeps."""
EXAMPLES = (
    (
        '--sweep "training.lr=1e-5..1e-1:log model" --runs 40 --goal "min loss"',
        "A range, and all inside an object that the schema says the limits or choices of.",
    ),
    (
        '--sweep "training.lr" --goal "min loss" --prune median --workers 4 --run-memory 2GB',
        "Runs that are worse than others after some epochs are stopped.",
    ),
    (
        '--sweep "training.epochs=5,10,20 model.pretrained" --search grid --goal "min loss"',
        "Each combination once.",
    ),
    ("--resume --sweep-dir sweeps/first --runs 80", "Go on where it was, with more runs."),
)
"""What may stand behind the name of a program, and what it does."""
OF_JOBS = frozenset(
    "model_id test_id job_id api_key info_file job_dir cache_path host data_bucket resume"
    " sweep".split()
)
"""The flags of every job, which no setting at the top has."""
