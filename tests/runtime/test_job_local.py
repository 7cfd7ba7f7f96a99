"""A job without a platform: folders, settings, flags, output, log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

import pytest
from brevettiai.interfaces.vue_schema_utils import VueSettingsModule
from brevettiai.platform import Job, JobError
from brevettiai.platform.flags import parse_job_flags
from brevettiai.settings import SettingsError

RUNTIME = Path(__file__).parents[2] / "runtime"
pytestmark = pytest.mark.usefixtures("workplace")


class Compiled:
    """Stands for a generated settings class: the part of it that a Job uses."""

    @classmethod
    def schema_digest(cls) -> str:
        return "sha256:1234"

    def __init__(self, config: dict[str, Any], words: list[str]) -> None:
        self.config = config
        self.words = words

    @classmethod
    def from_args(
        cls, args: list[str], *, config: dict[str, Any], env_prefix: str, ignore_unknown: bool
    ) -> Compiled:
        assert ignore_unknown
        assert env_prefix == "BREVETTIAI_SETTINGS"
        return cls(config, args)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Compiled:
        return cls(config, [])

    @classmethod
    def to_config(cls, form_model: dict[str, Any]) -> dict[str, Any]:
        return {name: json.loads(value) for name, value in form_model.items()}

    def get_config(self, hide_secrets: bool = False) -> dict[str, Any]:
        return dict(self.config) if hide_secrets else {**self.config, "password": "hunter2"}

    @classmethod
    def format_help(cls) -> str:
        return "settings:\n  --epochs INT\n"


class AnnotatedJob(Job):
    settings: Compiled

    def run(self) -> str:
        self.add_output_metric("loss", float("inf"))
        self.add_output_metrics({"classes": {"b", "a"}, "f1": 0.5})
        path = self.temp_path("model.bin")
        self.io.write_file(path, b"weights")
        return path


class NamedJob(Job):
    Settings = Compiled


class InheritingJob(AnnotatedJob):
    pass


def output_of(job: Job) -> dict[str, Any]:
    return json.loads(job.io.read_file(job.artifact_path("output.json")))


def test_a_job_runs_locally_from_start_to_completion(workplace: Path) -> None:
    job = AnnotatedJob.init()
    assert Path(job.job_dir).parent == workplace / "jobs"
    assert Path(job.job_dir).name.endswith(f"-{job.id}")
    assert job.datasets == ()
    assert job.tags == ()
    assert output_of(job)["output"] == {}

    package = job.start()
    assert package is not None
    output = output_of(job)
    assert output["output"] == {"loss": None, "classes": ["a", "b"], "f1": 0.5}
    assert output["config"]["schema_digest"] == "sha256:1234"
    assert output["environment"]["brevetti"]
    assert any(module.startswith("boto3==") for module in output["environment"]["modules"])
    artifacts = Path(job.job_dir, "artifacts")
    assert sorted(os.listdir(artifacts)) == ["model.bin", "output.json"]
    assert (artifacts / "model.bin").read_bytes() == b"weights"


@pytest.mark.parametrize("job_class", [AnnotatedJob, NamedJob, InheritingJob])
def test_settings_come_from_the_stored_form_model_and_the_flags(
    job_class: type[Job], workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = {"id": "the-id", "settings": {"classes": '["a"]'}}
    (workplace / "info.json").write_text(json.dumps(info))
    monkeypatch.setattr(
        sys, "argv", ["job.py", "--epochs", "3", "word", "--x=1", "--info-file=info.json"]
    )
    job = job_class.init()
    assert isinstance(job.settings, Compiled)
    assert job.settings.config == {"classes": ["a"]}
    assert job.settings.words == ["--epochs", "3", "word", "--x=1"]
    assert job.id == "the-id"


def test_a_job_dir_with_info_is_taken_up_again(workplace: Path) -> None:
    folder = workplace / "again"
    folder.mkdir()
    (folder / "info.json").write_text('{"name": "n", "settings": {"a": 1, "b c": {"d": 2}}}')
    job = Job.init(job_dir=folder)
    assert job.name == "n"
    assert job.settings.a == 1
    assert job.settings.get_config() == {"a": 1, "b c": {"d": 2}}
    assert output_of(job)["config"]["settings"] == {"a": 1, "b c": {"d": 2}}


def test_any_settings_are_taken_even_the_names_of_methods(workplace: Path) -> None:
    (workplace / "info.json").write_text('{"settings": {"get_config": 1, "class": 2}}')
    job = Job.init(info_file="info.json", args=["--get_config", "3", "--host=h", "-x"])
    assert vars(job.settings) == {"get_config": 1, "class": 2}
    assert output_of(job)["config"]["settings"] == {"get_config": 1, "class": 2}


class Written(VueSettingsModule):
    """A hand-written module with generated classes in it."""

    def __init__(
        self, rate: float = 0.5, one: dict | None = None, many: list | None = None
    ) -> None:
        self.rate = rate
        self.one = one or Compiled({"a": 1}, [])
        self.many = many or [Compiled({"b": 2}, [])]


class WrittenJob(Job):
    settings: Written


@pytest.mark.parametrize("job_class", [AnnotatedJob, WrittenJob])
def test_secrets_are_not_stored(job_class: type[Job]) -> None:
    job = job_class.init()
    assert "hunter2" in str(job.settings.get_config())
    assert "hunter2" not in job.io.read_file(job.artifact_path("output.json")).decode()


def test_flags_go_over_the_stored_form_model_of_a_hand_written_module(workplace: Path) -> None:
    info = {"settings": {"rate": 0.25, "one": '{"a": 2}'}}
    (workplace / "info.json").write_text(json.dumps(info))
    stored = WrittenJob.init(info_file="info.json", args=[])
    assert (stored.settings.rate, stored.settings.one) == (0.25, {"a": 2})
    given = WrittenJob.init(info_file="info.json", args=["--rate=0.75", "--one", "[1]"])
    assert (given.settings.rate, given.settings.one) == (0.75, [1])
    with pytest.raises(ValueError, match="rate"):
        WrittenJob.init(args=["--rate", "fast"])


def test_artifacts_are_listed_with_their_sizes(workplace: Path) -> None:
    job = Job.init(args=["--job_dir", "job"])
    job.upload_artifact(("models", "a.bin"), b"12345")
    sizes = {entry.name: entry.size for entry in job.artifacts()}
    assert sizes.keys() == {"models/a.bin", "output.json"}
    assert sizes["models/a.bin"] == 5
    assert job.io.isfile(job.artifact_path("models/a.bin"))


def test_artifacts_are_text_bytes_files_and_nested_names(workplace: Path) -> None:
    job = Job.init(job_dir=workplace / "job")
    assert job.upload_artifact("a.txt", "ä") == "artifacts/a.txt"
    assert job.upload_artifact(("b", "c.bin"), b"\x00") == "artifacts/b/c.bin"
    (workplace / "file").write_text("from a file")
    assert job.upload_artifact("b/d", str(workplace / "file"), is_file=True) == "artifacts/b/d"
    assert (workplace / "job" / "artifacts" / "b" / "d").read_text() == "from a file"
    assert job.upload_job_output() == "artifacts/output.json"
    assert os.path.isdir(job.artifact_path("deep", "er", dir=True))


@pytest.mark.parametrize(
    "names", [("..", "x"), ("a/../../x",), ("/etc/x",), ("..\\x",), ("C:\\x",), ("",), ("a", "..")]
)
def test_names_cannot_leave_their_folder(names: tuple[str, ...]) -> None:
    job = Job.init()
    for place in (job.artifact_path, job.temp_path):
        with pytest.raises(ValueError, match="no name inside a folder"):
            place(*names)


def test_temporary_files_go_with_the_process(workplace: Path) -> None:
    script = (
        "from brevettiai.platform import Job\n"
        "import os\n"
        "job = Job.init(args=['--cache_path', 'cache'])\n"
        "path = job.temp_path('a', 'b.txt')\n"
        "job.io.write_file(path, 'x')\n"
        "assert os.path.isfile(path)\n"
        "assert f'config-id-{job.id}-' in path\n"
        "if os.name != 'nt' and os.fork() == 0:\n"
        "    raise SystemExit\n"
        "if os.name != 'nt':\n"
        "    os.wait()\n"
        "assert os.path.isfile(path)\n"
    )
    run_script(script, workplace)
    assert os.listdir(workplace / "cache") == []


def test_a_package_of_the_job_stays_where_it_is(workplace: Path) -> None:
    job = Job.init(job_dir=workplace / "job")
    job.upload_artifact("model.bin", b"x")
    job.complete(job.artifact_path("model.bin"))
    with pytest.raises(FileNotFoundError, match=r"no-such\.bin"):
        job.complete(job.temp_path("no-such.bin"))


# Flags


def test_a_package_can_be_told_as_uploading_gave_it(workplace: Path) -> None:
    job = Job.init(job_dir="here", args=[])
    stored = job.upload_artifact("model.txt", "a model")
    assert job._place_package(stored) == "artifacts/model.txt"
    with pytest.raises(FileNotFoundError, match="no such package"):
        job.complete("artifacts/other.txt")


def test_the_flags_of_the_job_come_out_of_the_command_line() -> None:
    flags = parse_job_flags(
        ["--model_id", "a", "x", "--lr", "1", "--test-id=b", "--host", "-1", "--hosts", "y"]
    )
    assert flags.job_id == "b"
    assert flags.host == "-1"
    assert flags.rest == ["x", "--lr", "1", "--hosts", "y"]


@pytest.mark.parametrize("words", [["--api_key"], ["--api_key", "--lr", "1"], ["--api_key="]])
def test_a_flag_without_its_value_is_said(words: list[str]) -> None:
    (problem,) = parse_job_flags(words).problems
    assert str(problem) == "--api_key needs a value"
    with pytest.raises(SettingsError, match="--api_key needs a value"):
        Job.init(args=words)


def test_help_shows_both_kinds_of_flags(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["job.py", "--help"])
    with pytest.raises(SystemExit) as caught:
        AnnotatedJob.init()
    assert caught.value.code == 0
    text = capsys.readouterr().out
    assert "--job_dir" in text
    assert "--epochs INT" in text
    assert not os.path.exists("jobs")


# Bad input


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is no JSON"),
        ("[]", "should be an object, not a list"),
        ('{"settings": []}', "settings should be an object, not a list"),
        ('{"settings": "{"}', "settings are text that is no JSON"),
        ('{"datasets": {}}', "datasets should be a list, not an object"),
        ('{"datasets": [{}]}', r"datasets\[0\] has no id"),
        ('{"id": "../x"}', "job id '../x'"),
    ],
)
def test_a_broken_info_file_is_said(workplace: Path, content: str, message: str) -> None:
    (workplace / "info.json").write_text(content)
    with pytest.raises(JobError, match=message) as caught:
        Job.init(info_file="info.json")
    assert "info.json" in str(caught.value)


def test_an_absent_info_file_is_said() -> None:
    with pytest.raises(JobError, match=r"nowhere\.json: there is no such file"):
        Job.init(info_file="nowhere.json")


@pytest.mark.parametrize("job_id", ["../x", "a/b", "a?key=1", "", ".", "..", "a b"])
def test_an_id_that_cannot_be_one_is_refused(job_id: str) -> None:
    with pytest.raises(JobError, match="job id"):
        Job.init(job_id=job_id)


def test_an_annotation_that_names_nothing_is_said() -> None:
    class LostJob(Job):
        settings: Nowhere  # type: ignore[name-defined]  # noqa: F821

    class PlainJob(Job):
        Settings: ClassVar[Any] = dict

    with pytest.raises(JobError, match="'settings: Nowhere' names nothing"):
        LostJob.init()
    with pytest.raises(JobError, match="is no settings class"):
        PlainJob.init()


# Log and imports


def run_script(script: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(RUNTIME)}
    return subprocess.run(
        [sys.executable, "-c", script, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )


def test_the_log_is_shown_once_and_follows_captured_stderr(workplace: Path) -> None:
    script = (
        "import contextlib, io\n"
        "from brevettiai.platform import Job\n"
        "Job.init(job_dir='a')\n"
        "with contextlib.redirect_stderr(io.StringIO()) as captured:\n"
        "    Job.init(job_dir='b')\n"
        "print(captured.getvalue(), end='')\n"
    )
    done = run_script(script, workplace)
    line = "INFO:brevettiai.platform.job:Uploading output.json to {}\n"
    assert done.stderr == line.format(workplace / "a" / "artifacts" / "output.json")
    assert done.stdout == line.format(workplace / "b" / "artifacts" / "output.json")


def test_the_log_is_left_to_those_who_configure_it(workplace: Path) -> None:
    for when in ("before", "after"):
        script = (
            "import logging, sys\n"
            "from brevettiai.platform import Job\n"
            f"when = {when!r}\n"
            "configure = lambda: logging.basicConfig(format='mine: %(message)s', level='INFO')\n"
            "configure() if when == 'before' else None\n"
            "job = Job.init(job_dir='a')\n"
            "configure() if when == 'after' else None\n"
            "job.upload_job_output()\n"
        )
        lines = run_script(script, workplace).stderr.splitlines()
        assert len(lines) == 2
        assert lines[1].startswith("mine: ")


def test_importing_the_job_loads_nothing_heavy(workplace: Path) -> None:
    script = (
        "import sys\n"
        "before = set(sys.modules)\n"
        "from brevettiai.platform import Job\n"
        "print(*sorted(set(sys.modules) - before))\n"
    )
    loaded = set(run_script(script, workplace).stdout.split())
    heavy = "boto3 requests inspect argparse logging json re typing dataclasses tempfile datetime"
    assert not loaded & set(heavy.split())


def test_a_local_job_loads_no_client(workplace: Path) -> None:
    script = (
        "import sys\n"
        "from brevettiai.platform import Job\n"
        "Job.init().start()\n"
        "print(*sorted(sys.modules))\n"
    )
    loaded = set(run_script(script, workplace).stdout.split())
    assert not loaded & {"boto3", "botocore", "requests", "urllib3"}
