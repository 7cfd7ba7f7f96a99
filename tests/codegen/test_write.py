"""Files into the output folder: only ours, only what changed, whole at any moment."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from brevetti_gen._version import VERSION
from brevetti_gen.problems import GenerationError
from brevetti_gen.write import lock as _lock
from brevetti_gen.write import manifest as _manifest
from brevetti_gen.write.files import WriteReport, write
from brevetti_gen.write.manifest import MANIFEST, Manifest, ManifestError, is_inside

ONE = {"__init__.py": "", "a.py": "A = 1\n", "b/__init__.py": "", "b/c.py": "C = 1\n"}
TWO = {"__init__.py": "", "a.py": "A = 2\n", "d.py": "D = 2\n", "e/f.py": "F = 2\n"}

no_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)
posix = pytest.mark.skipif(os.name == "nt", reason="needs fork or symbolic links")


def run(files: dict[str, str], output: Path, force: bool = False) -> WriteReport:
    inputs = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()
    return write(files, output, force=force, inputs_digest=inputs)


def current(files: dict[str, str], output: Path) -> bool:
    inputs = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()
    try:
        return Manifest.load(output).is_current(output, inputs)
    except (ManifestError, OSError):
        return False


def content(output: Path) -> dict[str, str]:
    """All files but the manifest; nothing else hidden may be left."""
    return {
        path.relative_to(output).as_posix(): path.read_bytes().decode()
        for path in output.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


def refusal(files: dict[str, str], output: Path, force: bool = False) -> list[str]:
    before = content(output) if output.is_dir() else None
    with pytest.raises(GenerationError) as caught:
        run(files, output, force)
    assert (content(output) if output.is_dir() else None) == before
    return [f"{p.path.removeprefix(output.as_posix())}: {p.message}" for p in caught.value.problems]


def test_a_first_run_writes_everything_byte_for_byte(tmp_path):
    report = run(ONE, tmp_path / "x" / "out")
    assert report == WriteReport(written=("__init__.py", "a.py", "b/__init__.py", "b/c.py"))
    assert content(tmp_path / "x" / "out") == ONE


def test_the_manifest_holds_the_digest_of_each_file(tmp_path):
    run(ONE, tmp_path)
    manifest = json.loads((tmp_path / MANIFEST).read_text())
    assert manifest["tool"] == VERSION
    assert manifest["files"]["a.py"] == hashlib.sha256(b"A = 1\n").hexdigest()
    assert list(manifest["files"]) == sorted(ONE)


def test_only_what_changed_is_written(tmp_path):
    run(ONE, tmp_path)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    report = run(ONE, tmp_path)
    assert report == WriteReport(unchanged=tuple(sorted(ONE)))
    assert times == {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file()}
    report = run(ONE | {"a.py": "A = 3\n"}, tmp_path)
    assert report.written == ("a.py",)


def test_our_stale_files_go_and_foreign_files_stay(tmp_path):
    run(ONE, tmp_path)
    caches = {
        "__pycache__/a.cpython-311.pyc": False,
        "__pycache__/mine.cpython-311.pyc": True,
        "b/__pycache__/c.cpython-311.opt-1.pyc": False,
        "b/__pycache__/__init__.cpython-311.pyc": False,
    }
    for name in (*caches, "mine.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    report = run(TWO, tmp_path)
    assert report == WriteReport(
        written=("a.py", "d.py", "e/f.py"),
        unchanged=("__init__.py",),
        removed=("b/__init__.py", "b/c.py"),
    )
    kept = {name: "x" for name, stays in caches.items() if stays}
    assert content(tmp_path) == TWO | kept | {"mine.py": "x"}
    assert not (tmp_path / "b").exists()


def test_a_folder_with_a_foreign_file_stays(tmp_path):
    run(ONE, tmp_path)
    (tmp_path / "b/notes.txt").write_text("mine")
    run(TWO, tmp_path)
    assert content(tmp_path) == TWO | {"b/notes.txt": "mine"}


def test_an_edited_file_is_named_and_kept_unless_forced(tmp_path):
    run(ONE, tmp_path)
    (tmp_path / "a.py").write_text("A = 'edited'\n")
    (tmp_path / "b/c.py").write_text("C = 'edited'\n")
    assert refusal(TWO, tmp_path) == [
        "/a.py: someone edited this generated file",
        "/b/c.py: this generated file has no schema any more, but someone edited it",
    ]
    assert not current(ONE, tmp_path)
    run(TWO, tmp_path, force=True)
    assert content(tmp_path) == TWO


def test_an_edit_that_equals_the_new_text_is_no_problem(tmp_path):
    run(ONE, tmp_path)
    (tmp_path / "a.py").write_text("A = 2\n")
    assert run(TWO, tmp_path).unchanged == ("__init__.py", "a.py")


def test_a_deleted_file_comes_back(tmp_path):
    run(ONE, tmp_path)
    (tmp_path / "a.py").unlink()
    assert not current(ONE, tmp_path)
    assert run(ONE, tmp_path).written == ("a.py",)


def test_a_foreign_file_in_the_way_is_never_overwritten(tmp_path):
    (tmp_path / "a.py").write_text("mine = 1\n")
    for force in (False, True):
        assert refusal(ONE, tmp_path, force) == [
            "/a.py: this file is in the way, brevetti-gen did not write it"
        ]
    assert list(tmp_path.iterdir()) == [tmp_path / "a.py"]


def test_a_generated_file_without_a_manifest_needs_force(tmp_path):
    text = "# Generated by brevetti-gen 1 from a.json\nA = {}\n"
    run({"a.py": text.format(1)}, tmp_path)
    (tmp_path / MANIFEST).unlink()
    assert run({"a.py": text.format(1)}, tmp_path).unchanged == ("a.py",)
    (tmp_path / MANIFEST).unlink()
    assert refusal({"a.py": text.format(2)}, tmp_path) == [
        "/a.py: someone edited this generated file"
    ]
    assert run({"a.py": text.format(2)}, tmp_path, force=True).written == ("a.py",)


def test_line_ends_of_version_control_are_nobodys_edit(tmp_path):
    run(ONE, tmp_path)
    (tmp_path / "a.py").write_bytes(b"A = 1\r\n")
    assert current(ONE, tmp_path)
    assert run(ONE, tmp_path).written == ()
    assert run(TWO, tmp_path).written == ("a.py", "d.py", "e/f.py")
    assert content(tmp_path) == TWO


def test_the_output_may_not_be_a_file(tmp_path):
    (tmp_path / "out").write_text("x")
    assert refusal(ONE, tmp_path / "out") == [": the output is not a folder"]
    assert refusal(ONE, tmp_path / "out/deep") == [": the output is not a folder"]


def test_what_is_no_file_or_no_folder_is_in_the_way(tmp_path):
    (tmp_path / "a.py").mkdir()
    (tmp_path / "b").write_text("x")
    assert refusal(ONE, tmp_path) == [
        "/a.py: not a file, so it cannot be generated",
        "/b/__init__.py: a folder is needed here, but there is a file",
        "/b/c.py: a folder is needed here, but there is a file",
    ]


@posix
def test_nothing_is_written_through_a_link_that_leaves(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/b").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "out/a.py").symlink_to(tmp_path / "nowhere")
    assert refusal(ONE, tmp_path / "out") == [
        "/a.py: not a file, so it cannot be generated",
        "/b/__init__.py: a symbolic link leads out of the output folder",
        "/b/c.py: a symbolic link leads out of the output folder",
    ]
    assert not list((tmp_path / "elsewhere").iterdir())


@no_root
def test_a_read_only_folder_is_named(tmp_path):
    run(ONE, tmp_path / "out")
    (tmp_path / "out").chmod(0o500)
    try:
        assert refusal(TWO, tmp_path / "out")[:1] == [
            "/a.py: cannot be written: its folder is read-only"
        ]
        assert refusal(ONE, tmp_path / "out" / "new") == [": cannot be written: Permission denied"]
    finally:
        (tmp_path / "out").chmod(0o700)


@pytest.mark.parametrize(
    "path", ["../a.py", "/a.py", "a/../../b.py", "C:/a.py", "a\\b.py", "", "."]
)
def test_no_path_leaves_the_output(tmp_path, path):
    assert refusal({path: "x"}, tmp_path / "out") == [
        f"{path}: this path would leave the output folder"
    ]
    assert not is_inside(path)


def test_a_hostile_or_broken_manifest_deletes_nothing(tmp_path):
    (tmp_path / "mine.py").write_text("x")
    out = tmp_path / "out"
    run(ONE, out)
    digest = hashlib.sha256(b"x").hexdigest()
    broken = ["<<<<<<< HEAD", "[]", "{}", '{"format": 99}', "[" * 99999]
    hostile = {"format": 1, "tool": "1", "inputs": "x", "files": {"../mine.py": digest}}
    for text in (*broken, json.dumps(hostile)):
        (out / MANIFEST).write_text(text)
        (message,) = refusal(TWO, out)
        assert "manifest" in message
        assert not current(ONE, out)
    assert (tmp_path / "mine.py").read_text() == "x"
    assert run(ONE, out, force=True).written == ()


def test_a_full_disk_changes_nothing(tmp_path, monkeypatch):
    run(ONE, tmp_path)
    written = Path.write_bytes

    def full(path, data):
        if data == b"D = 2\n":
            raise OSError(28, "No space left on device")
        return written(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    assert refusal(TWO, tmp_path) == [": cannot be written: No space left on device"]
    assert current(ONE, tmp_path)
    assert refusal(TWO, tmp_path / "new") == [": cannot be written: No space left on device"]
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("failing", range(1, 6))
def test_a_rename_that_fails_leaves_whole_files_and_the_next_run_completes(
    tmp_path, monkeypatch, failing
):
    run(ONE, tmp_path)
    calls = []
    replace = os.replace

    def failing_replace(source, target):
        calls.append(target)
        if len(calls) == failing:
            raise PermissionError(13, "Permission denied", str(source), None, str(target))
        replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", failing_replace)
        with pytest.raises(GenerationError, match="cannot be written: Permission denied"):
            run(TWO, tmp_path)
    check_whole_and_complete(tmp_path)


def check_whole_and_complete(output: Path) -> None:
    for path, text in content(output).items():
        if not path.startswith(".brevetti-staging-"):
            assert text in (ONE.get(path), TWO.get(path)), path
    run(TWO, output)
    assert content(output) == TWO
    assert not (output / "b").exists()
    assert current(TWO, output)
    run(ONE, output)
    assert content(output) == ONE


@posix
@pytest.mark.parametrize("at", range(1, 25))
def test_killed_at_any_moment_every_file_is_whole(tmp_path, at):
    """The child dies before its n-th system call that changes the folder."""
    run(ONE, tmp_path)
    child = os.fork()
    if child == 0:
        seen = []

        def die(event, args):
            if event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir") or (
                event == "open" and isinstance(args[1], str) and "w" in args[1]
            ):
                seen.append(event)
                if len(seen) == at:
                    os._exit(9)

        sys.addaudithook(die)
        run(TWO, tmp_path)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in (0, 9)
    if os.waitstatus_to_exitcode(status) == 0:
        assert content(tmp_path) == TWO
    check_whole_and_complete(tmp_path)


@posix
def test_killed_twice_with_other_inputs_our_files_are_still_ours(tmp_path):
    three = {"a.py": "A = 3\n", "d.py": "D = 3\n"}
    run(ONE, tmp_path)
    for files, at in ((TWO, 3), (three, 2), (TWO, 4)):
        child = os.fork()
        if child == 0:
            seen = []

            def die(event, args, at=at, seen=seen):
                if event == "os.rename":
                    seen.append(event)
                    if len(seen) == at:
                        os._exit(9)

            sys.addaudithook(die)
            run(files, tmp_path)
            os._exit(0)
        os.waitpid(child, 0)
    run(ONE, tmp_path)
    assert content(tmp_path) == ONE


def test_runs_at_the_same_time_do_not_mix(tmp_path):
    program = (
        "import sys; from pathlib import Path; from brevetti_gen.write.files import write\n"
        "n = sys.argv[1]\n"
        "files = {f'm{i}.py': f'N = {n}\\n' for i in range(30)} | {f'only_{n}.py': ''}\n"
        "for _ in range(5): write(files, Path(sys.argv[2]), inputs_digest=n)\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    output = str(tmp_path / "out")
    runs = [
        subprocess.Popen([sys.executable, "-c", program, n, output], env=env) for n in ("1", "2")
    ]
    assert [process.wait() for process in runs] == [0, 0]
    result = content(tmp_path / "out")
    assert len({text for path, text in result.items() if path.startswith("m")}) == 1
    assert len(result) == 31


def test_a_run_that_waits_too_long_says_for_whom(tmp_path, monkeypatch):
    monkeypatch.setattr(_lock, "WAIT_SECONDS", 0.05)
    with _lock.locked(tmp_path) as is_locked:
        assert is_locked
        assert refusal(ONE, tmp_path) == [": another run of brevetti-gen is writing here"]


def test_bytecode_of_a_replaced_module_is_never_used(tmp_path):
    """Same second, same size: Python alone would run the old bytecode."""
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    for number in ("1", "2", "3"):
        write({"p/__init__.py": f"print({number})\n"}, tmp_path, inputs_digest=number)
        os.utime(tmp_path / "p/__init__.py", (1, 1))
        shown = subprocess.run([sys.executable, "-c", "import p"], env=env, capture_output=True)
        assert shown.stdout.decode().strip() == number


def test_current_means_same_inputs_same_version_same_files(tmp_path, monkeypatch):
    assert not current(ONE, tmp_path)
    run(ONE, tmp_path)
    assert current(ONE, tmp_path)
    assert not current(TWO, tmp_path)
    assert not current(ONE, tmp_path / "gone")
    monkeypatch.setattr(_manifest, "VERSION", "other")
    assert not current(ONE, tmp_path)
