"""What is shipped: the wheel and the source archive, installed outside the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from brevetti_gen import generate

ROOT = Path(__file__).resolve().parents[1]
WINDOWS = sys.platform == "win32"
pytestmark = pytest.mark.slow


class Environment:
    """A virtual environment, and an empty home and working directory to use it in."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder / "env", with_pip=True, symlinks=not WINDOWS)
        self.bin = folder / "env" / ("Scripts" if WINDOWS else "bin")
        self.home, self.desk = folder / "home", folder / "desk"
        self.home.mkdir()
        self.desk.mkdir()

    def run(self, command: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the environment."""
        # Where packages come from is the machine's own business; all else starts empty.
        kept = [name for name in os.environ if name.upper().startswith(("PIP_", "SSL_"))]
        kept += ["PATH", "SYSTEMROOT", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"]
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        home = str(self.home)
        environment |= {"HOME": home, "USERPROFILE": home}
        return subprocess.run(
            [str(self.bin / command), *words],
            cwd=self.desk,
            env=environment,
            capture_output=True,
            text=True,
        )

    def install(self, *what: str) -> None:
        # As this process may: `pip` reads its configuration from the home that is hidden below.
        command = [str(self.bin / "python"), "-m", "pip", "install", "--quiet", *what]
        subprocess.run(command, check=True, cwd=self.desk)


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel and the source archive, built from the checkout."""
    folder = tmp_path_factory.mktemp("dist")
    for target in ("wheel", "sdist"):
        command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
        subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    [wheel], [sdist] = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


def test_the_wheel_holds_both_packages_and_what_they_read(archives: tuple[Path, Path]) -> None:
    names = set(zipfile.ZipFile(archives[0]).namelist())
    assert names >= {
        "brevetti_gen/cli/main.py",
        "brevetti_gen/py.typed",
        "brevetti_gen/patterns/unicode_properties.txt",
        "brevetti_gen/templates/docs/page.html.jinja",
        "brevetti_gen/templates/docs/page.md.jinja",
        "brevetti_gen/templates/module.py.jinja",
        "brevetti_gen/templates/package.py.jinja",
        "brevetti_gen/templates/new/job.py.jinja",
        "brevetti_gen/templates/preview/page.html.jinja",
        "brevettiai/settings.py",
        "brevettiai/show/base.css",
        "brevettiai/sweep/reports/page.css",
        "brevettiai/sweep/reports/page.html.jinja",
        "brevettiai/sweep/reports/page.js",
        "brevettiai/py.typed",
    }
    packages = {name.partition("/")[0] for name in names}
    assert {name for name in packages if not name.endswith(".dist-info")} == {
        "brevetti_gen",
        "brevettiai",
    }
    assert not [name for name in names if name.endswith(".pyc")]


def test_they_are_the_same_wherever_and_whenever_they_are_built(
    archives: tuple[Path, Path], tmp_path: Path
) -> None:
    with tarfile.open(archives[1]) as archive:
        archive.extractall(tmp_path, **({"filter": "data"} if sys.version_info >= (3, 12) else {}))
    [source] = tmp_path.iterdir()
    for path in source.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
        path.chmod(0o700 if path.is_dir() else 0o600)
    elsewhere = {**os.environ, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1", "LC_ALL": "C"}
    for target in ("wheel", "sdist"):
        command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(tmp_path)]
        subprocess.run(command, check=True, cwd=source, capture_output=True, env=elsewhere)
    [wheel], [sdist] = tmp_path.glob("*.whl"), tmp_path.glob("*.tar.gz")
    assert wheel.read_bytes() == archives[0].read_bytes()
    assert sdist.read_bytes() == archives[1].read_bytes()


def test_a_user_installs_the_runtime_then_the_generator(
    archives: tuple[Path, Path], tmp_path: Path
) -> None:
    environment = Environment(tmp_path)
    environment.install(str(archives[0]))
    check_the_runtime_alone(environment)
    environment.install(f"{archives[0]}[gen]")
    check_the_main_job(environment)


def check_the_runtime_alone(environment: Environment) -> None:
    """It runs generated code, and says how to get the generator."""
    generate([ROOT / "schemas"], environment.desk / "generated")
    result = environment.run("python", "-m", "generated.segmentation", "--training.epochs", "2")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["training"]["epochs"] == 2
    missing = environment.run("brevetti-gen", str(ROOT / "schemas"), "-o", "other")
    assert missing.returncode == 1
    assert missing.stderr.count("\n") == 1
    assert 'pip install "brevetti[gen]"' in missing.stderr
    assert not (environment.desk / "other").exists()


def check_the_main_job(environment: Environment) -> None:
    """README's job, a page, and a project begun anew."""
    result = environment.run("brevetti-gen", str(ROOT / "schemas"), "-o", "settings")
    assert result.returncode == 0, result.stderr
    example = (ROOT / "examples" / "train_segmentation.py").read_text(encoding="utf-8")
    (environment.desk / "train.py").write_text(example, encoding="utf-8")
    result = environment.run("python", "train.py", "--training.epochs", "2", "--job_dir", "job")
    assert result.returncode == 0, result.stderr
    [output] = (environment.desk / "job").rglob("output.json")
    assert '"epochs": 2' in output.read_text(encoding="utf-8")
    schema = str(ROOT / "schemas" / "segmentation.schema.json")
    preview = environment.run("brevetti-gen", "preview", schema, "--html", "form.html")
    assert preview.returncode == 0, preview.stderr
    checkout = "import brevettiai, brevetti_gen; print(brevettiai.__file__, brevetti_gen.__file__)"
    assert str(ROOT) not in environment.run("python", "-c", checkout).stdout
    begun = environment.run("brevetti-gen", "new", "training", "begun")
    assert begun.returncode == 0, begun.stderr
    assert (environment.desk / "begun" / "job.py").exists()
    again = environment.run("brevetti-gen", str(ROOT / "schemas"), "-o", "settings")
    assert again.returncode == 0, again.stderr
