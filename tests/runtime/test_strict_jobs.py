"""No word of a job's command line is lost, and mistakes in it end a program with clean lines."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipapp
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import generate
from brevettiai.interfaces.vue_schema_utils import VueSettingsModule
from brevettiai.platform import Job
from brevettiai.platform.flags import parse_job_flags
from brevettiai.platform.foreign import foreign_problems
from brevettiai.settings import SettingsError
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

RUNTIME = Path(__file__).parents[2] / "runtime"
SCHEMA = {
    "type": "object",
    "required": ["base_model"],
    "properties": {
        "base_model": {"type": "string", "title": "Base model"},
        "training": {
            "type": "object",
            "properties": {
                "epochs": {"type": "integer", "minimum": 1, "default": 20},
                "shuffle": {"type": "boolean", "default": False},
            },
        },
        "classes": {"type": "array", "items": {"type": "string"}, "default": []},
    },
}
SCRIPT = """\
from brevettiai.platform import Job
from settings import Training

class Train(Job):
    settings: Training

    def run(self):
        print("trained", self.settings.training.epochs)

if __name__ == "__main__":
    Train.init().start()
"""
UNKNOWN = "Training: 1 problem\n  unknown flag --training.epoch, did you mean --training.epochs?\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package of settings, and a program `train` with a job that has them."""
    folder = tmp_path_factory.mktemp("desk")
    schemas = folder / "schemas"
    schemas.mkdir()
    (schemas / "training.schema.json").write_text(json.dumps(SCHEMA))
    generate([schemas], folder / "settings")
    (folder / "train.py").write_text(SCRIPT)
    return folder


def run(
    desk: Path, *words: str, variables: dict[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run Python with the words, in the folder."""
    names = {"job_id", "api_key", "LOCAL_RANK", "PYTEST_ADDOPTS"}
    environment = {name: value for name, value in os.environ.items() if name not in names}
    environment |= {"PYTHONPATH": os.pathsep.join([str(desk), str(RUNTIME)])}
    return subprocess.run(
        [sys.executable, *words],
        cwd=desk,
        env={**environment, **(variables or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        **options,
    )


BASE = ["train.py", "--base_model", "m"]
WRONG = {
    "a flag misspelled": (["--training.epoch", "5"], UNKNOWN),
    "a part without the whole": (
        ["--epochs", "5"],
        UNKNOWN.replace("--training.epoch,", "--epochs,"),
    ),
    "a flag of the job misspelled": (
        ["--job_dri", "x"],
        "Training: 1 problem\n  unknown flag --job_dri, did you mean --job_dir?\n",
    ),
    "an id misspelled, which leaves a key alone": (
        ["--modle_id=x", "--api_key", "secret"],
        "Training: 1 problem\n  unknown flag --modle_id, did you mean --model_id?\n",
    ),
    "a word without a flag": (["5"], "Training: 1 problem\n  unexpected word '5'\n"),
    "a second word": (
        ["--classes=a", "b"],
        "Training: 1 problem\n  unexpected word 'b'\n",
    ),
    "a word that is no boolean": (
        ["--training.shuffle", "maybe"],
        "Training: 1 problem\n  unexpected word 'maybe'; --training.shuffle takes true or false, "
        "also as yes or no, on or off, 1 or 0\n",
    ),
    "a file's flag misspelled": (
        ["--settings-flie", "c.json"],
        "Training: 1 problem\n  unknown flag --settings-flie, did you mean --settings-file?\n",
    ),
    "a short flag": (["-x"], "Training: 1 problem\n  unknown flag -x; --help lists all\n"),
    "words after the end of flags": (
        ["--", "x"],
        "Training: 1 problem\n  unexpected word 'x' after --\n",
    ),
    "a flag of the job without its value": (
        ["--api_key"],
        "Training: 1 problem\n  --api_key needs a value\n",
    ),
    "an id without a key": (
        ["--job_id", "x"],
        "job x, from the command line, has no api key: pass api_key=, --api_key or $api_key; "
        "for a local job pass no id, or --job_dir\n",
    ),
    "all at once": (
        ["--training.epoch", "5", "-x", "--training.epochs", "0", "y", "--job_dir"],
        "Training: 5 problems\n"
        "  --job_dir needs a value\n"
        "  unknown flag --training.epoch, did you mean --training.epochs?\n"
        "  unknown flag -x; --help lists all\n"
        "  unexpected word 'y'\n"
        "  training.epochs: must be at least 1 (got 0, from --training.epochs)\n",
    ),
}


@pytest.mark.parametrize(("words", "told"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_in_clean_lines(desk: Path, words: list[str], told: str) -> None:
    done = run(desk, *BASE, *words)
    assert (done.stdout, done.stderr, done.returncode) == ("", told, 2)


def test_what_is_missing_comes_with_the_flag_that_gives_it(desk: Path) -> None:
    done = run(desk, "train.py", "--training.epoch", "5")
    assert done.returncode == 2
    assert done.stderr == (
        UNKNOWN.replace("1 problem", "2 problems")
        + "  base_model: is required; give --base_model or --settings-file\n"
    )


def test_a_folder_that_cannot_be_one_is_told_in_clean_lines(desk: Path) -> None:
    (desk / "file").touch()
    done = run(desk, *BASE, "--job_dir", "file")
    told = f"{desk / 'file'}: the job cannot write to its folder (Not a directory)\n"
    assert (done.stdout, done.stderr, done.returncode) == ("", told, 2)


def test_a_folder_that_nobody_can_look_into_is_told_in_clean_lines(desk: Path) -> None:
    bucket = {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9", "AWS_ACCESS_KEY_ID": "a"}
    bucket |= {"AWS_SECRET_ACCESS_KEY": "b", "AWS_MAX_ATTEMPTS": "1", "NO_PROXY": "*"}
    done = run(desk, *BASE, "--job_dir", "s3://bucket/job", variables=bucket)
    assert done.stderr.startswith("s3://bucket/job/info.json: cannot be looked for: ")
    assert (done.stdout, done.returncode, done.stderr.count("\n")) == ("", 1, 1)


def test_what_was_typed_does_not_play_with_the_terminal(desk: Path) -> None:
    done = run(desk, *BASE, "--gone\x1b[2J", "1")
    assert done.returncode == 2
    assert "\x1b" not in done.stderr
    assert "--gone\\x1b[2J" in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a full device")
def test_a_full_disk_ends_with_one_line(desk: Path) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "train.py", "--help"],
            cwd=desk,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(desk), str(RUNTIME)])},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr == "the output cannot be written: No space left on device\n"


def test_a_failing_platform_is_no_mistake_of_usage(desk: Path) -> None:
    job = {"job_id": "a", "api_key": "the-key", "BREVETTIAI_HOST_NAME": "http://127.0.0.1:9"}
    job["BREVETTIAI_PLATFORM_PATIENCE"] = "1"
    done = run(desk, *BASE, variables=job | {"NO_PROXY": "*"})
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "the-key" not in done.stderr


def test_a_job_shows_its_settings_and_does_nothing_else(desk: Path) -> None:

    def files() -> set[Path]:
        return {path for path in desk.rglob("*") if "__pycache__" not in path.parts}

    before = files()
    words = ["--training.epochs", "5", "--show-settings"]
    variable = {"BREVETTIAI_SETTINGS__TRAINING__SHUFFLE": "true"}
    done = run(desk, *BASE, *words, variables=variable)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "setting           value  default  from\n"
        'base_model        "m"             --base_model\n'
        "training.epochs   5      20       --training.epochs\n"
        "training.shuffle  true   false    $BREVETTIAI_SETTINGS__TRAINING__SHUFFLE\n"
        "classes           []     []       default\n"
    )
    assert files() == before
    done = run(desk, *BASE, *words, "--training.epoch=1")
    assert (done.stdout, done.stderr, done.returncode) == ("", UNKNOWN, 2)


def test_help_of_a_job_names_its_variables(desk: Path) -> None:
    assert "$BREVETTIAI_SETTINGS__TRAINING__EPOCHS" in run(desk, "train.py", "--help").stdout


# However a program is started


STARTS = {
    "script": ["train.py"],
    "module": ["-m", "train"],
    "command": ["-c", "import train; train.Train.init().start()"],
    "packed": ["train.pyz"],
    "entry point": [
        "-c",
        "import sys; sys.argv[0] = 'bin/train'; import train; train.Train.init().start()",
    ],
}


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_a_program_is_started_in_many_ways(desk: Path, start: list[str], tmp_path: Path) -> None:
    if start == ["train.pyz"]:
        (tmp_path / "__main__.py").write_text("import train\ntrain.Train.init().start()\n")
        zipapp.create_archive(tmp_path, desk / "train.pyz")
    words = ["--base_model=m", "--job_dir", str(tmp_path / "job")]
    done = run(desk, *start, *words, "--training.epochs", "5")
    assert (done.stdout, done.returncode) == ("trained 5\n", 0)
    done = run(desk, *start, *words, "--training.epoch", "5")
    assert (done.stdout, done.stderr, done.returncode) == ("", UNKNOWN, 2)


@pytest.mark.parametrize("word", ["--local_rank=3", "--local-rank=3"])
def test_launchers_of_distributed_training_add_a_word(
    desk: Path, word: str, tmp_path: Path
) -> None:
    words = [word, "--base_model=m", "--job_dir", str(tmp_path)]
    rank = {"RANK": "3", "LOCAL_RANK": "3", "WORLD_SIZE": "4", "MASTER_ADDR": "127.0.0.1"}
    assert run(desk, "-u", "train.py", *words, variables=rank).returncode == 0
    assert run(desk, "-u", "train.py", *words, "--x", variables=rank).returncode == 2
    assert run(desk, "train.py", *words).returncode == 2


def test_words_of_a_test_runner_are_its_own(desk: Path) -> None:
    (desk / "test_train.py").write_text(
        "import sys, unittest\n"
        "from train import Train\n"
        "def test_train(tmp_path='job'):\n"
        "    sys.argv += ['--base_model=m', '--job_dir', str(tmp_path), '--training.epochs=3']\n"
        "    assert Train.init().settings.training.epochs == 3\n"
        "class Test(unittest.TestCase):\n"
        "    def test(self):\n"
        "        test_train()\n"
    )
    for start in (["-m", "pytest", "-q", "-p", "no:cacheprovider"], ["-m", "unittest", "-q"]):
        done = run(desk, *start, "test_train.py")
        assert done.returncode == 0, done.stdout + done.stderr


# Where people go on


def test_an_interactive_session_goes_on(desk: Path) -> None:
    script = "import train\ntrain.Train.init()\nprint('still here')\n"
    done = run(desk, "-i", "-c", "", "--training.epoch=5", "--base_model=m", input=script)
    assert "SettingsError: " + UNKNOWN in done.stderr
    assert (done.stdout, done.returncode) == ("still here\n", 0)
    done = run(desk, "-i", "train.py", "--training.epoch=5", input="print('still here')\n")
    assert "SettingsError: " in done.stderr
    assert done.stdout == "still here\n"


def test_a_kernel_of_jupyter_has_words_of_its_own(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(desk), str(RUNTIME), *sys.path]))
    cells = [
        "import sys, train\n"
        "from settings import Training\n"
        "sys.argv += ['--base_model', 'm', '--job_dir', 'job-of-notebook']\n"
        "print(Training.from_args(ignore_unknown=True).base_model, sys.argv[1])",
        "sys.argv += ['--training.epochs', '7']\ntrain.Train.init().start()",
        "sys.argv += ['--training.epoch', '5']\ntrain.Train.init()",
        "print('still here')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    options = {"resources": {"metadata": {"path": str(desk)}}, "allow_errors": True}
    nbclient.NotebookClient(notebook, kernel_name="python3", timeout=300, **options).execute()
    first, second, third, fourth = (
        {each.get("name", "error"): each for each in cell.outputs} for cell in notebook.cells
    )
    assert first["stdout"].text == "m -f\n"
    assert second["stdout"].text == "trained 7\n"
    assert (third["error"].ename, third["error"].evalue + "\n") == ("SettingsError", UNKNOWN)
    assert fourth["stdout"].text == "still here\n"


# What a program says of its words


def test_words_given_to_a_job_are_refused_by_an_error(desk: Path) -> None:
    told = run(desk, "-c", "import train; train.Train.init(args=['--training.epoch', '5'])")
    assert "SettingsError: Training: 2 problems" in told.stderr
    assert told.returncode == 1


def test_a_job_may_have_flags_of_its_own(desk: Path, tmp_path: Path) -> None:
    words = ["--gpu", "1", "--base_model=m", "--job_dir", str(tmp_path)]
    own = "import train; train.Train.init(unknown='ignore').start()"
    assert run(desk, "-c", own, *words, "stray").stdout == "trained 20\n"
    shared = (
        "import argparse, train\n"
        "parser = argparse.ArgumentParser(allow_abbrev=False)\n"
        "parser.add_argument('--gpu')\n"
        "own, left = parser.parse_known_args()\n"
        "train.Train.init(args=left).start()\n"
    )
    assert run(desk, "-c", shared, *words).stdout == "trained 20\n"
    assert "unexpected word 'stray'" in run(desk, "-c", shared, *words, "stray").stderr
    with pytest.raises(ValueError, match="unknown must be 'refuse' or 'ignore', not 'ignored'"):
        Job.init(args=[], unknown="ignored")  # type: ignore[arg-type]


#: What is said, and what nobody can know, each in one or two words.
KNOWN = [["--base_model=m"], ["--training.epochs", "5"], ["--training.shuffle"], ["--job_dir", "x"]]
FOREIGN = [["word"], ["-x"], ["--epoch"], ["--no-epochs=1"], ["--training.x", "5"], ["-5"], ["--é"]]


def test_a_flag_of_the_job_is_no_bridge(class_of: Callable[..., Any], tmp_path: Path) -> None:
    class Train(Job):
        Settings = class_of(SCHEMA)

    with pytest.raises(SettingsError) as caught:
        Train.init(args=["--base_model", "--job_dir", str(tmp_path), "m"])
    assert [str(problem) for problem in caught.value.problems] == [
        "unexpected word 'm'",
        "base_model: needs a value; one that starts with -- is given by --base_model= "
        "(from --base_model)",
    ]


def test_no_word_of_nobody_is_ever_lost(class_of: Callable[..., Any]) -> None:
    cls = class_of(SCHEMA)

    @given(st.lists(st.sampled_from(KNOWN + FOREIGN)))
    def each_is_told_of(parts: list[list[str]]) -> None:
        rest = parse_job_flags([word for part in parts for word in part]).rest
        told = "\n".join(map(str, foreign_problems(cls, rest, on_platform=True)))
        lone = False  # A word behind a flag that nobody knows is taken for its value.
        for part in parts:
            is_value = lone and part in (["word"], ["-5"])
            assert part in KNOWN or is_value or part[0].partition("=")[0] in told
            lone = part in (["-x"], ["--epoch"], ["--é"])
        assert bool(told) == any(part in FOREIGN for part in parts)

    each_is_told_of()


class Augmentation(VueSettingsModule):
    def __init__(self, angle: int = 5, flip: bool = False) -> None:
        self.angle = angle
        self.flip = flip


class Module(VueSettingsModule):
    def __init__(self, epochs: int = 20, augmentation: Augmentation | None = None) -> None:
        self.epochs = epochs
        self.augmentation = augmentation or Augmentation()


class Model(BaseModel):
    epochs: int = 20
    base_model: str


class ModuleJob(Job):
    settings: Module


class ModelJob(Job):
    settings: Model


@pytest.mark.parametrize(
    ("job_class", "words", "told"),
    [
        (ModuleJob, ["--epoch", "5"], ["unknown flag --epoch, did you mean --epochs?"]),
        (ModuleJob, ["--angle=5"], ["unknown flag --angle, did you mean --augmentation.angle?"]),
        (
            ModuleJob,
            ["--no-flip", "--epochs", "many", "word", "--hots=h"],
            [
                "unknown flag --no-flip, did you mean --no-augmentation.flip?",
                "unexpected word 'word'",
                "unknown flag --hots, did you mean --host?",
                "epochs: .*many.* from --epochs",
            ],
        ),
        (
            ModelJob,
            ["--epoch", "5", "--epochs=x"],
            [
                "unknown flag --epoch, did you mean --epochs?",
                "epochs: must be a whole number .*from --epochs",
                "base_model: is required; give --base_model or --settings-file",
            ],
        ),
    ],
)
def test_jobs_with_other_settings_are_as_strict(
    job_class: type[Job],
    words: list[str],
    told: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError) as caught:
        job_class.init(args=words)
    assert len(caught.value.problems) == len(told)
    for problem, text in zip(caught.value.problems, told, strict=True):
        assert re.match(re.escape(text).replace(r"\.\*", ".*"), str(problem))
    assert not os.listdir(tmp_path)


def test_a_job_without_a_settings_class_takes_any_words(tmp_path: Path) -> None:
    words = ["--epochs", "5", "--job_dir", str(tmp_path), "word", "-x", "--", "y"]
    assert Job.init(args=words).job_dir == str(tmp_path)


def test_a_local_job_speaks_of_no_form_that_nobody_used(desk: Path) -> None:
    told = "  base_model: is required; give --base_model or --settings-file"
    assert run(desk, "train.py").stderr == f"Training: 1 problem\n{told}\n"
    (desk / "info.json").write_text('{"settings": {}}')
    shown = run(desk, "train.py", "--info_file", "info.json").stderr
    assert f"{told} (from the field 'Base model')\n" in shown


# Settings classes as programs


def test_a_class_ends_its_program_as_a_job_does(desk: Path) -> None:
    script = "from settings import Training; Training.from_args({})"
    words = ["--training.epoch", "5", "--base_model=m"]
    done = run(desk, "-c", script.format(""), *words)
    assert (done.stdout, done.stderr, done.returncode) == ("", UNKNOWN, 2)
    done = run(desk, "-c", script.format(words))
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    done = run(desk, "-m", "settings.training", *words)
    assert (done.stdout, done.stderr, done.returncode) == ("", UNKNOWN, 2)


@pytest.mark.parametrize(
    "words",
    [
        ["train.py", "--help"],
        ["-m", "settings.training", "--help"],
        ["-m", "settings.training", "--base_model=m"],
    ],
)
def test_a_reader_that_has_seen_enough_leads_to_no_traceback(desk: Path, words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(desk), str(RUNTIME)])}
    try:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=desk,
            env=environment,
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(writing)
    assert (done.stderr, done.returncode) == (b"", 1)
