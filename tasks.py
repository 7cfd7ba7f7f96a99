"""The tasks of this project, for whoever works on it: `python tasks.py check`.

Needs nothing beyond what `pip install --editable '.[dev]'` brings, and works in whatever
environment its interpreter belongs to. Words after the task go to its tests: `check -k flags`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

TOP = Path(__file__).resolve().parent


def run(*words: str, python: str = sys.executable) -> None:
    """Run a module of this environment, or of that of another Python; stop where it fails."""
    print("==", *words, flush=True)
    done = subprocess.run([python, "-m", *words], cwd=TOP)
    if done.returncode:
        raise SystemExit(done.returncode)


def _ruff() -> None:
    run("ruff", "check", ".")
    run("ruff", "format", "--check", ".")


def check(words: Sequence[str] = ()) -> None:
    """ruff, mypy, and the tests that take no minutes: before each commit"""
    _ruff()
    run("mypy")
    run("pytest", *words)


def fix(words: Sequence[str] = ()) -> None:
    """mend and lay out what ruff can"""
    run("ruff", "check", "--fix", *(words or ["."]))
    run("ruff", "format", *(words or ["."]))


def golden(words: Sequence[str] = ()) -> None:
    """write tests/golden anew"""
    tests = ["codegen/test_golden.py", "codegen/test_styles.py", "runtime/test_help_golden.py"]
    paths = [f"tests/{name}" for name in tests]
    run(
        "pytest",
        "-n",
        "0",
        "--update-golden",
        "-k",
        "give_the_golden or gives_the_golden",
        *paths,
        *words,
    )


def bench(words: Sequence[str] = ()) -> None:
    """each work beside its peers, in an environment with them (--held: the budgets, in this one)"""
    if "--held" in words:
        run("tests.benchmarks", *words)
        return
    peers = ["--editable", ".[fast,gen,sweep]", "--requirement", "tests/benchmarks/peers.txt"]
    run("tests.benchmarks", *words, python=_environment(".venv-peers", peers))


def lint(words: Sequence[str] = ()) -> None:
    """ruff, mypy and pyright"""
    _ruff()
    # mypy has one thread: the other processors work for pyright meanwhile.
    threads = str(max(1, (os.cpu_count() or 1) - 1))
    command = ["pyright", "--pythonpath", sys.executable, "--threads", threads, *words]
    with tempfile.TemporaryFile() as said:
        pyright = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=TOP, stdout=said, stderr=subprocess.STDOUT
        )
        try:
            run("mypy")
        finally:
            pyright.wait()
            said.seek(0)
            print("==", *command)
            print(said.read().decode(errors="replace"), flush=True)
    if pyright.returncode:
        raise SystemExit(pyright.returncode)


def every(words: Sequence[str] = ()) -> None:
    """all that must hold before a change goes in: pyright and the slow tests too"""
    lint()
    run("pytest", "-m", "slow or not slow", *words)


def docs(words: Sequence[str] = ()) -> None:
    """the site of docs/, in build/site; a link that leads nowhere fails"""
    run("sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", "build/site", *words)
    print(f"{TOP / 'build' / 'site' / 'index.html'}")


def pictures(words: Sequence[str] = ()) -> None:
    """the pictures of README and docs/forms.md anew, with the Chromium of this machine"""
    run("tests.browser.readme_pictures", *words)
    run("tests.browser.form_pictures", *words)


def training(words: Sequence[str] = ()) -> None:
    """real trainings by Keras and Lightning, in an environment of their own: some GB"""
    python = _environment(
        ".venv-training", ["boto3", "keras", "lightning", "numpy", "pytest", "requests", "torch"]
    )
    # Without what the other tests share, which needs more than a training.
    alone = ("--noconftest", "-o", "addopts=", "--import-mode=importlib")
    run("pytest", *alone, "-q", "tests/integrations/test_training.py", *words, python=python)


def lock(words: Sequence[str] = ()) -> None:
    """write .github/requirements.txt anew: what CI installs, each with its hashes"""
    python = _environment(".venv-lock", ["uv"])
    universal = ("--universal", "--python-version", "3.10", "--generate-hashes")
    bare = ("--no-header", "--no-annotate", "--no-emit-index-url", "--quiet")
    what = ("--all-extras", "pyproject.toml", "-o", ".github/requirements.txt")
    run("uv", "pip", "compile", *universal, *bare, *what, *words, python=python)


def audit(words: Sequence[str] = ()) -> None:
    """ask the index for known vulnerabilities of what is locked"""
    python = _environment(".venv-lock", ["pip-audit"])
    # `--strict`: what the index does not know is no good news.
    locked = ("--strict", "--disable-pip", "--require-hashes", "-r", ".github/requirements.txt")
    run("pip_audit", *locked, *words, python=python)


def _environment(name: str, packages: Sequence[str]) -> str:
    """The interpreter of an environment beside this file, which is made if it is not there."""
    folder = TOP / name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run("venv", str(folder))
    run("pip", "install", "--quiet", *packages, python=str(python))
    return str(python)


TASKS: dict[str, Callable[[Sequence[str]], None]] = {
    "check": check,
    "fix": fix,
    "golden": golden,
    "bench": bench,
    "lint": lint,
    "all": every,
    "docs": docs,
    "pictures": pictures,
    "training": training,
    "lock": lock,
    "audit": audit,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").splitlines()[0],
        epilog="\n".join(f"{name:9}{task.__doc__}" for name, task in TASKS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("task", choices=TASKS, metavar="task")
    name, words = parser.parse_known_args()
    if (TOP.parent / "shared").is_dir():
        os.environ.setdefault("BREVETTI_SHARED", str(TOP.parent / "shared"))
    TASKS[name.task](words)


if __name__ == "__main__":
    main()
