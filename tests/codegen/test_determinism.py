"""The same schemas give the same bytes: whoever generates, wherever, whenever [law 8]."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import brevetti_gen
import brevettiai
import pytest
from brevetti_gen import Report, generate
from brevetti_gen.workbench.incremental.notes import CACHE
from generated_code import files_of

TOP = Path(__file__).parents[2]
SOURCES = [Path(module.__file__ or "").parents[1] for module in (brevetti_gen, brevettiai)]


def content(folder: Path) -> dict[str, bytes]:
    """All that was generated."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {"__pycache__", CACHE} & set(path.parts)
    }


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example schemas, one of a draft with dynamic scopes, and one with a name to quote."""
    folder = tmp_path_factory.mktemp("given") / "schemas"
    shutil.copytree(TOP / "schemas", folder)
    node = {"$dynamicAnchor": "node", "properties": {"next": {"$dynamicRef": "#node"}}}
    tree = {"$ref": "tree_base.json", "$dynamicAnchor": "node", "unevaluatedProperties": False}
    (folder / "inner").mkdir()
    (folder / "inner" / "tree_base.json").write_text(json.dumps(node))
    (folder / "inner" / "tree.json").write_text(json.dumps(tree))
    (folder / "größe 2.json").write_text('{"properties": {"é": {"enum": ["b", "a", "ü"]}}}')
    return folder


@pytest.fixture(scope="module")
def expected(schemas: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("expected") / "settings"
    generate([schemas], folder)
    return content(folder)


def in_a_process(
    output: Path,
    *sources: str | Path,
    python: str = sys.executable,
    folder: Path | None = None,
    **variables: str,
) -> dict[str, bytes]:
    """What another process generates from `sources`, with other variables in its environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
    paths = {"PYTHONPATH": os.pathsep.join(map(str, SOURCES)), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(
        [python, "-m", "brevetti_gen", *map(str, sources), "-o", str(output)],
        cwd=folder,
        env={**kept, **paths, **variables},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return content(output)


@pytest.mark.parametrize("seed", ["0", "1", pytest.param("12345", marks=pytest.mark.slow)])
def test_the_hash_seed_does_not_matter(
    seed: str, schemas: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    assert in_a_process(tmp_path / "out", schemas, PYTHONHASHSEED=seed) == expected


@pytest.mark.parametrize(
    "locale",
    ["tr_TR.UTF-8", *(pytest.param(name, marks=pytest.mark.slow) for name in ("C", "C.UTF-8"))],
)
def test_the_locale_does_not_matter(
    locale: str, schemas: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    assert in_a_process(tmp_path / "out", schemas, LC_ALL=locale, LANG=locale) == expected


@pytest.mark.slow
def test_the_time_zone_and_the_time_do_not_matter(
    schemas: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    for path in schemas.rglob("*.json"):
        os.utime(path, (0, 0))
    assert in_a_process(tmp_path / "out", schemas, TZ="Pacific/Kiritimati") == expected


@pytest.mark.slow
def test_where_one_stands_does_not_matter(
    schemas: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    inner = schemas / "inner"
    assert in_a_process(tmp_path / "a", "schemas", folder=schemas.parent) == expected
    assert in_a_process(tmp_path / "b", "..", folder=inner) == expected
    assert in_a_process(tmp_path / "c", Path("..", "schemas"), folder=schemas) == expected
    assert in_a_process(tmp_path / "d", schemas, folder=tmp_path) == expected


def test_where_the_schemas_lie_does_not_matter(
    schemas: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    shutil.copytree(schemas, tmp_path / "some where" / "else")
    generate([tmp_path / "some where" / "else"], tmp_path / "out")
    assert content(tmp_path / "out") == expected


def test_the_order_of_files_and_arguments_does_not_matter(
    schemas: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    copy = tmp_path / "schemas"
    for path in sorted(schemas.rglob("*.*"), reverse=True):
        place = copy / path.relative_to(schemas)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    generate([copy], tmp_path / "a")
    assert content(tmp_path / "a") == expected
    files = [path for path in copy.glob("*.*") if path.is_file()]
    made = []
    for number, order in enumerate([files, files[::-1], [*files[2:], *files[:2]]]):
        generate(order, tmp_path / str(number))
        made.append(content(tmp_path / str(number)))
    assert made[0] == made[1] == made[2]


def _other_pythons() -> list[str]:
    """Interpreters that have what the generator needs: those on the path, or those named."""
    named = os.environ.get("BREVETTI_PYTHONS", "")
    found = [path for path in named.split(os.pathsep) if path]
    return found or [p for n in range(10, 20) if (p := shutil.which(f"python3.{n}"))]


def test_the_version_of_python_does_not_matter(
    schemas: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    tried = []
    for python in _other_pythons():
        needed = "import sys, jinja2, jsonschema, ruamel.yaml; print(*sys.version_info[:2])"
        probe = subprocess.run([python, "-c", needed], capture_output=True, text=True, check=False)
        if probe.returncode == 0 and probe.stdout.split() != list(map(str, sys.version_info[:2])):
            tried.append(probe.stdout.strip())
            assert in_a_process(tmp_path / str(len(tried)), schemas, python=python) == expected
    if not tried:
        pytest.skip("no other Python with the extra `gen` here; BREVETTI_PYTHONS can name some")


def test_nothing_of_the_place_or_the_time_is_in_the_output(
    schemas: Path, expected: dict[str, bytes]
) -> None:
    everything = b"\n".join(expected.values())
    for word in (str(schemas.parent), str(Path.home()), str(TOP), sys.executable):
        assert word.encode() not in everything
    lines = {data.split(b"\n")[0] for data in expected.values()}
    version = brevetti_gen.__version__.encode()
    assert all(
        line.startswith(b"# Generated by brevetti-gen %s" % version)
        and line.endswith(b". Changes here are lost.")
        for line in lines
    )


def test_a_second_run_writes_nothing(schemas: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = generate([schemas], out)
    times = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    second = generate([schemas], out)
    assert second == Report(modules=first.modules, unchanged=first.written)
    assert generate([schemas], out, force=True) == second
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == times


def test_only_what_changed_is_written(schemas: Path, tmp_path: Path) -> None:
    copy = tmp_path / "schemas"
    shutil.copytree(schemas, copy)
    generate([copy], tmp_path / "out")
    text = (copy / "common.schema.json").read_text()
    (copy / "common.schema.json").write_text(text.replace('"title": "', '"title": "New ', 1))
    report = generate([copy], tmp_path / "out")
    assert "common.py" in report.written
    assert "classifier.py" not in report.written
    assert "__init__.py" in report.unchanged


def test_a_schema_that_went_takes_its_module_along(
    schemas: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    copy = tmp_path / "schemas"
    shutil.copytree(schemas, copy)
    (copy / "extra.json").write_text('{"properties": {"a": {}}, "type": "object"}')
    generate([copy], tmp_path / "out")
    assert (tmp_path / "out" / "extra.py").is_file()
    (copy / "extra.json").unlink()
    assert generate([copy], tmp_path / "out").removed == files_of("extra")
    assert content(tmp_path / "out") == expected


def test_a_single_file_gives_the_module_that_its_folder_does(
    schemas: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    report = generate([schemas / "classifier.form.json"], tmp_path / "out")
    assert report.modules == ("classifier",)
    assert content(tmp_path / "out")["classifier.py"] == expected["classifier.py"]
