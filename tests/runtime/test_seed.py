"""The document that the project starts from: its code runs unchanged and shows what it shows."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from standins.notebook import run_notebook
from standins.platform_server import JOB_ID, KEY, PlatformServer
from standins.s3_server import S3Server

BUCKET = "data.criterion.ai"
PLACE = f"s3://{BUCKET}/{JOB_ID}"
FOUND = f"INFO:brevettiai.platform.job:Config args found at: '{PLACE}/info.json'\n"
UNKNOWN = "WARNING:brevettiai.utils.module:Invalid config keys: some_setting_i_need\n"
UPLOADING = f"INFO:brevettiai.platform.job:Uploading output.json to {PLACE}/artifacts/output.json\n"
# Lines of other libraries that the document's own machine showed.
NOISE = re.compile(
    r"\d{4}-\d\d-\d\d .*stream_executor.*|DEBUG:(tensorflow|h5py).*|kwargs <class .* not known"
)


@pytest.fixture
def environment(s3_server: S3Server, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The stand-ins with the job of the document, and an environment that leads to them."""
    owner = boto3.client("s3", region_name="eu-west-1", endpoint_url=s3_server.direct_url)
    owner.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    info = {
        "id": JOB_ID,
        "name": "seed",
        "settings": {"some_setting_i_need": 1},
        "datasets": [],
        "models": [],
        "tags": [],
        "host_name": "https://platform.brevetti.ai",
        "complete_url": "/complete?path=",
        "remote_url": "/remote",
        "api_key": KEY,
    }
    owner.put_object(Bucket=BUCKET, Key=f"{JOB_ID}/info.json", Body=json.dumps(info).encode())
    platform = PlatformServer(JOB_ID, KEY)
    runtime = Path(__file__).parents[2] / "runtime"
    (tmp_path / "tmp").mkdir()
    yield {
        **{name: value for name, value in os.environ.items() if name != "AWS_ACCESS_KEY_ID"},
        "PYTHONPATH": str(runtime),
        "TMPDIR": str(tmp_path / "tmp"),
        "TEMP": str(tmp_path / "tmp"),
        "job_id": JOB_ID,
        "api_key": KEY,
        "BREVETTIAI_HOST_NAME": platform.url,
    }
    platform.stop()
    for item in owner.list_objects_v2(Bucket=BUCKET)["Contents"]:
        owner.delete_object(Bucket=BUCKET, Key=item["Key"])
    owner.delete_bucket(Bucket=BUCKET)


def cells_of_document() -> list[tuple[str, list[str]]]:
    """The code cells, each with the lines that the document shows below it."""
    shared = os.environ.get("BREVETTI_SHARED")
    if not shared:
        pytest.skip("BREVETTI_SHARED, the folder of the document, is not set")
    document = Path(shared, "seed", "job-interface.md").read_text(encoding="utf-8")
    found: list[tuple[str, list[str]]] = []
    for cell, below in re.findall(r"^```python\n(.*?)^```\n(.*?)(?=^\S|\Z)", document, re.M | re.S):
        lines = [line.strip() for line in below.splitlines() if line.strip()]
        found.append((cell, [line for line in lines if not NOISE.fullmatch(line)]))
    return found


def without_randomness(line: str) -> str:
    """A line without object addresses and the random part of the folder of temporary files."""
    line = re.sub(r"0x[0-9a-f]+", "0x", line)
    return re.sub(r"\S*[/\\](config-id-[0-9a-f-]{36})-\w+[/\\]", r"\1/", line).strip()


def test_the_code_of_the_document_runs_unchanged(
    environment: dict[str, str], tmp_path: Path
) -> None:
    cells = cells_of_document()
    assert len(cells) == 8
    shown = run_notebook([cell for cell, _ in cells], tmp_path, environment)
    for (cell, lines), (printed, logged, value) in zip(cells, shown, strict=True):
        is_log = [re.match(r"(INFO|WARNING):", line) is not None for line in lines]
        expected_log = [line for line, log in zip(lines, is_log, strict=True) if log]
        expected = [line for line, log in zip(lines, is_log, strict=True) if not log]
        assert logged.splitlines() == expected_log, cell
        both = [*printed.splitlines(), *value.splitlines()]
        assert [without_randomness(line) for line in both] == [
            without_randomness(line) for line in expected
        ], cell
    assert os.listdir(tmp_path / "tmp") == []


def test_the_code_of_the_document_runs_in_a_kernel_of_jupyter(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    for name in {*os.environ, *environment}:
        monkeypatch.setenv(name, environment.get(name, ""))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([environment["PYTHONPATH"], *sys.path]))
    cells = [nbformat.v4.new_code_cell(cell) for cell, _ in cells_of_document()]
    notebook = nbformat.v4.new_notebook(cells=cells)
    path = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, kernel_name="python3", resources=path).execute()
    outputs = [each for cell in notebook.cells for each in cell.outputs]
    assert "'custom': {'custom_param': 5}" in "".join(each.get("text", "") for each in outputs)


def test_a_notebook_of_our_own_does_the_same(environment: dict[str, str], tmp_path: Path) -> None:
    cells = [
        "import os\n"
        "from brevettiai.platform import Job\n"
        "from brevettiai.interfaces import vue_schema_utils\n"
        "job = Job.init(job_id=os.environ['job_id'], api_key=os.environ['api_key'])\n",
        "from brevettiai.interfaces.vue_schema_utils import VueSettingsModule\n"
        "class Optimizer(VueSettingsModule):\n"
        "    def __init__(self, rate: float = 0.1):\n"
        "        self.rate = rate\n"
        "class Training(VueSettingsModule):\n"
        "    def __init__(self, epochs: int = 3, classes: dict = None,\n"
        "                 optimizer: Optimizer = None):\n"
        "        self.epochs = epochs\n"
        "        self.classes = classes or {'a set as default'}\n"
        "        self.optimizer = optimizer or Optimizer()\n"
        "class PlainDefaults(Job):\n"
        "    settings: Training\n"
        "PlainDefaults.init(os.environ['job_id'], os.environ['api_key']).settings.get_config()\n",
        "import sys\n"
        "sys.argv += ['--optimizer.rate', '0.5', '--classes={\"a\": 1}']\n"
        "class TrainingJob(Job):\n"
        "    Settings = Training\n"
        "    settings: Settings\n"
        "job = TrainingJob.init(os.environ['job_id'], os.environ['api_key'])\n"
        "print(job.settings.get_config())\n",
        "job.upload_job_output()",
        "path = job.temp_path('a.txt')\n"
        "job.io.write_file(path, 'ä')\n"
        "print(os.path.basename(os.path.dirname(path)).startswith(f'config-id-{job.id}-'))\n"
        "job.io.read_file(path).decode()",
        "path = job.artifact_path('a.txt')\n"
        "job.io.write_file(path, 'b')\n"
        "print(f'{job.host_name}/models/{job.id}/artifacts', path)\n"
        "str(job.io.read_file(path), 'utf-8')",
    ]
    shown = run_notebook(cells, tmp_path, environment)
    defaults = "{'epochs': 3, 'classes': ['a set as default'], 'optimizer': {'rate': 0.1}}"
    given = "{'epochs': 3, 'classes': {'a': 1}, 'optimizer': {'rate': 0.5}}\n"
    address = f"https://platform.brevetti.ai/models/{JOB_ID}/artifacts {PLACE}/artifacts/a.txt\n"
    assert [tuple(cell) for cell in shown] == [
        ("", FOUND + UPLOADING, ""),
        ("", FOUND + UNKNOWN + UPLOADING, defaults),
        (given, FOUND + UNKNOWN + UPLOADING, ""),
        ("", UPLOADING, "'artifacts/output.json'"),
        ("True\n", "", "'ä'"),
        (address, "", "'b'"),
    ]
