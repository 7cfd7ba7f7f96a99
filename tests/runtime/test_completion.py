"""Completion: what can stand at the cursor, and what real shells make of it."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import generate
from brevettiai.cli.completion import complete
from brevettiai.cli.shells import quoted, split
from conformance.generated import write_json
from hypothesis import given
from hypothesis import strategies as st
from loaded_classes import loaded_class, tagged

RUNTIME = Path(__file__).parents[2] / "runtime"
NUMBER = {"type": "number"}
OPTIMIZER = {
    "title": "Optimizer",
    "anyOf": [
        tagged("adam", lr=NUMBER, beta=NUMBER),
        tagged("sgd", lr={**NUMBER, "enum": [0.1, 1]}, nesterov={"type": "boolean"}),
    ],
}
STAGE = {"type": "object", "properties": {"lr": NUMBER, "kind": {"enum": ["warm", "cold"]}}}
HOSTILE = ["$(touch ran)", "`touch ran`", "a b", "it's", 'say "x"', "a\\b", "x;touch ran", "a:b"]
PROPERTIES: dict[str, Any] = {
    "base_model": {"type": "string", "title": "Base model"},
    "device": {"enum": ["cpu", "gpu", "auto"], "title": "Device"},
    "names": {"type": "array", "items": {"enum": ["crack", "hole"]}},
    "hostile": {"enum": HOSTILE},
    "a$(touch>ran)": {"type": "string", "title": "`touch ran`"},
    "password": {"enum": ["secret", "other"], "writeOnly": True},
    "training": {
        "title": "Training",
        "type": "object",
        "properties": {
            "epochs": {"type": "integer", "description": "Passes through all images. Takes time."},
            "shuffle": {"type": ["boolean", "null"], "title": "Shuffle\x1b[31m\nimages"},
            "optimizer": OPTIMIZER,
        },
    },
    "stages": {"type": "array", "items": STAGE, "default": [{"lr": 1}]},
    "weights": {"type": "object", "additionalProperties": NUMBER, "default": {"hole": 2}},
    "stop": {"anyOf": [{"type": "boolean"}, STAGE]},
}
PRESETS = {"Quick look": {}, "x-fine": {}}
GENERAL = ["--settings-file", "--preset", "--unset", "--show-settings", "--completion", "--help"]


@pytest.fixture(scope="module")
def cls() -> Any:
    return loaded_class(PROPERTIES, **{"x-presets": PRESETS})


def answer(cls: Any, line: str) -> list[str]:
    """What can stand at the end of a line, whole words."""
    *words, current = line.split(" ")
    found = complete(cls, words, current)
    return [f"{found.start}FILE"] if found.files else [found.start + word for word in found.words]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("--tra", "--training."),
        (
            "--training.",
            "--training.epochs --training.shuffle --training.no-shuffle --training.optimizer.",
        ),
        ("--training.o", "--training.optimizer."),
        ("--no-t", "--no-training."),
        ("--no-training.", "--no-training.shuffle --no-training.optimizer."),
        ("--base-", "--base-model"),
        ("--base", "--base_model"),
        ("--device ", "cpu gpu auto"),
        ("--device=", "--device=cpu --device=gpu --device=auto"),
        ("--device c", "cpu"),
        ("--training.shuffle t", "true"),
        ("--names crack ho", "hole"),
        ("--names=ho", "--names=hole"),
        ("--training.optimizer.name ", "adam sgd"),
        ("--training.optimizer.name=s", "--training.optimizer.name=sgd"),
        (
            "--training.optimizer.",
            " ".join(
                f"--training.optimizer.{name}"
                for name in ("name", "lr", "beta", "nesterov", "no-nesterov")
            ),
        ),
        (
            "--training.optimizer.name adam --training.optimizer.",
            "--training.optimizer.lr --training.optimizer.beta",
        ),
        (
            "--training.optimizer.name=adam --training.optimizer.name=sgd --training.optimizer.n",
            "--training.optimizer.nesterov --training.optimizer.no-nesterov",
        ),
        ("--stages.", "--stages.0. --stages.1."),
        ("--stages.1.kind warm --stages.", "--stages.0. --stages.1. --stages.2."),
        ("--stages.7.", "--stages.7.lr --stages.7.kind"),
        ("--stages.1.kind ", "warm cold"),
        ("--weights.", "--weights.hole"),
        ("--weights.hole 1 --weights.crack 2 --weights.", "--weights.hole --weights.crack"),
        ("--st", "--stages. --stop. --stop"),
        ("--no-", "--no-training. --no-stop"),
        ("--preset ", "Quick look x-fine"),
        ("--settings-file c", "FILE"),
        ("--settings-file=training=", "--settings-file=training=FILE"),
        ("--base_model @x", "@FILE"),
        ("--base_model=@", "--base_model=@FILE"),
        (
            "--show-settings=",
            " ".join(f"--show-settings={n}" for n in ("table", "json", "toml", "yaml")),
        ),
        ("--show-settings=t", "--show-settings=table --show-settings=toml"),
        ("--completion ", "bash zsh fish"),
        ("--help train", "training."),
        ("--unset training.e", "training.epochs"),
        ("--password ", ""),
        ("--password=s", ""),
        ("--base_model ", ""),
        ("--device cpu extra", ""),
        ("-- --tra", ""),
        ("--nothing.of.this.", ""),
        ("--device.", ""),
    ],
)
def test_what_can_stand_at_the_cursor(cls: Any, line: str, expected: str) -> None:
    assert " ".join(answer(cls, line)) == expected


def test_flags_that_count_once_are_not_proposed_twice(cls: Any) -> None:
    given = ["--base-model", "m", "--no-training.shuffle", "--names", "hole", "--preset", "x-fine"]
    assert "--base_model" not in complete(cls, given, "--").words
    assert {"--names", "--preset", "--training.", "--device"} < set(
        complete(cls, given, "--").words
    )
    assert set(complete(cls, given, "--training.").words) == {
        "--training.epochs",
        "--training.optimizer.",
    }
    # Who types one again wants to say something else.
    assert [*complete(cls, given, "--base_m").words] == ["--base_model"]


def test_all_general_flags_stand_behind_the_settings(cls: Any) -> None:
    found = [*complete(cls, [], "--").words]
    assert found[-len(GENERAL) :] == GENERAL
    assert "--preset" not in complete(loaded_class({"a": NUMBER}), [], "--").words


def test_descriptions_are_titles_or_first_sentences_in_one_line(cls: Any) -> None:
    found = complete(cls, [], "--training.").words
    assert found["--training.epochs"] == "Passes through all images"
    assert found["--training.shuffle"] == "Shuffle\\x1b[31m images"
    assert complete(cls, [], "--dev").words == {"--device": "Device"}


def test_the_flags_of_a_job_are_there_with_what_their_values_are() -> None:
    own = {"job_dir": ("PATH", "folder of the job"), "job_id": ("ID", "id of the job")}
    assert complete(None, [], "--job", own).words == {
        "--job_dir": own["job_dir"][1],
        "--job_id": own["job_id"][1],
    }
    assert complete(None, ["--job-dir"], "x", own).files
    assert not complete(None, ["--job_id"], "x", own).files
    assert [*complete(None, [], "--", own).words] == [
        "--job_dir",
        "--job_id",
        "--help",
        "--completion",
    ]


@given(
    st.text(st.characters(categories=["L", "P", "S", "Zs", "N"])), st.sampled_from(["", "'", '"'])
)
def test_what_is_quoted_is_read_as_it_was(text: str, quote: str) -> None:
    found, raw, still_open = split(f"program {quote}{quoted(text, quote)}")
    assert found == ["program", text]
    assert (raw, still_open) == (quote + quoted(text, quote), quote)


# Real shells

SCRIPT = """\
import sys
from brevettiai.platform import Job
from settings.training import Training

class Train(Job):
    settings: Training

    def run(self):
        open("ran", "w").close()

def main():
    Train.init().start()

if __name__ == "__main__":
    main()
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package of settings, a job as a script, and as a command in `bin`."""
    folder = tmp_path_factory.mktemp("desk")
    schema = {"type": "object", "properties": PROPERTIES, "x-presets": PRESETS}
    write_json(folder / "schemas" / "training.schema.json", schema)
    generate([folder / "schemas"], folder / "settings")
    (folder / "train.py").write_text(SCRIPT)
    (folder / "some dir").mkdir()
    (folder / "some file").touch()
    (folder / "other").mkdir()
    (folder / "other" / "train.py").touch()
    (folder / "bin").mkdir()
    programs = {
        "python": f'#!/bin/sh\nexec {sys.executable} "$@"\n',
        "train-it": f"#!{sys.executable}\nfrom train import main\nmain()\n",
    }
    for name, text in programs.items():
        (folder / "bin" / name).write_text(text)
        (folder / "bin" / name).chmod(0o755)
    return folder


def environment(desk: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL") if name in os.environ}
    return kept | {
        "PATH": f"{desk / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": f"{RUNTIME}:{desk}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(desk),
        "ZDOTDIR": str(desk),
        "TERM": "dumb",
    }


class Terminal:
    """A shell that somebody types into. Ctrl-X p shows the line as it is, Ctrl-X k empties it.

    Those are no keys with which a terminal itself does something while a program runs.
    """

    def __init__(self, command: list[str], desk: Path) -> None:
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            command,
            cwd=desk,
            env=environment(desk),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def read_to(self, mark: bytes) -> str:
        """What comes up to a mark."""
        read = b""
        while mark not in read:
            ready, _, _ = select.select([self.master], [], [], 60)
            assert ready, f"the shell waits, and has written {read!r}"
            read += os.read(self.master, 4096)
        return read.partition(mark)[0].decode(errors="replace")

    def line_after(self, text: str) -> str:
        """The line that a text with tabs becomes; then it is empty again."""
        self.type(f"{text}\x18p\x18k")
        return self.read_to(b"\x03").rpartition("\x02")[2]

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)


BASH = """\
set +o history
bind '"\\C-xk": kill-whole-line'
bind -x '"\\C-xp": printf "\\002%s\\003" "$READLINE_LINE"'
"""
ZSH = """\
autoload -Uz compinit; compinit -D -u
show-line() { printf '\\002%s\\003' "$BUFFER" }
zle -N show-line; bindkey '^Xp' show-line; bindkey '^Xk' kill-whole-line
"""


@contextmanager
def terminal(shell: str, desk: Path, *setup: str) -> Iterator[Terminal]:
    """A shell with what `setup` says, at its first prompt."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    lines = {"bash": BASH, "zsh": ZSH}[shell] + "\n".join(setup) + "\n"
    (desk / f".setup.{shell}").write_text(lines)
    quiet = {"bash": ["--norc", "--noprofile"], "zsh": ["-f"]}[shell]
    with closing(Terminal([shell, *quiet, "-i"], desk)) as started:
        started.type(f". ./.setup.{shell}; printf '\\003'\n")
        started.read_to(b"\x03")
        yield started


def installs(program: str, shell: str) -> str:
    return f'eval "$({program} --completion {shell})"'


MODULE = "python -m settings.training"
LINES = [
    (f"{MODULE} --tra\t", f"{MODULE} --training."),
    (f"{MODULE} --training.e\t", f"{MODULE} --training.epochs "),
    (f"{MODULE} --device c\t", f"{MODULE} --device cpu "),
    (f"{MODULE} --device=c\t", f"{MODULE} --device=cpu "),
    (f"{MODULE} --preset Q\t", f"{MODULE} --preset Quick\\ look "),
    (f'{MODULE} --preset "Q\t', f'{MODULE} --preset "Quick look" '),
    (f"{MODULE} --hostile=\\$\t", f"{MODULE} --hostile=\\$\\(touch\\ ran\\) "),
    (f"{MODULE} --a\t", f"{MODULE} --a\\$\\(touch\\>ran\\) "),
    (f"{MODULE} --hostile it\t", f"{MODULE} --hostile it\\'s "),
    (f"{MODULE} --hostile x\t", f"{MODULE} --hostile x\\;touch\\ ran "),
    (f"{MODULE} --settings-file some\\ f\t", f"{MODULE} --settings-file some\\ file "),
    (f"{MODULE} --settings-file some\\ d\t", f"{MODULE} --settings-file some\\ dir/"),
    (f"{MODULE} --base_model @set\t", f"{MODULE} --base_model @settings/"),
    (f"{MODULE} --base_model=@set\t", f"{MODULE} --base_model=@settings/"),
    (
        "python -X dev -m settings.training --tra\t",
        "python -X dev -m settings.training --training.",
    ),
    ("python -m settings.other --tra\t", "python -m settings.other --tra"),
    ("python tr\t", "python train.py "),
]


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_line_is_completed(desk: Path, shell: str) -> None:
    with terminal(shell, desk, installs(MODULE, shell)) as typed:
        assert [(line, typed.line_after(line)) for line, _ in LINES] == LINES
    assert not (desk / "ran").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_scripts_and_commands_are_completed(desk: Path, shell: str) -> None:
    setup = [installs(program, shell) for program in ("python train.py", "train-it")]
    with terminal(shell, desk, *setup) as typed:
        for program in ("python train.py", "python ./train.py", "python3 ~/train.py", "train-it"):
            assert typed.line_after(f"{program} --training.e\t") == f"{program} --training.epochs "
            assert typed.line_after(f"{program} --job_d\t") == f"{program} --job_dir "
            line = typed.line_after(f"{program} --job_dir some\\ d\t")
            assert line == f"{program} --job_dir some\\ dir/"
        # Names in the word of --sweep come a part at a time, as flags do.
        for begun, completed in (
            ('--sweep "tra', '--sweep "training.'),
            ('--sweep "device training.e', '--sweep "device training.epochs" '),
            ("--sweep training.e", "--sweep training.epochs "),
            ("--sweep x --search q", "--sweep x --search quasi "),
        ):
            line = typed.line_after(f"python train.py {begun}\t")
            assert line == f"python train.py {completed}"
        # Another one is not asked: nobody knows what it would do.
        line = "python other/train.py --training.e"
        assert typed.line_after(f"{line}\t") == line
    assert not (desk / "ran").exists()
    assert not (desk / "jobs").exists()


def test_zsh_shows_what_flags_mean(desk: Path) -> None:
    with terminal("zsh", desk, installs(MODULE, "zsh")) as typed:
        typed.type(f"{MODULE} --training.\t\x18p")
        shown = typed.read_to(b"\x02")
    assert "--training.epochs      -- Passes through all images" in shown
    assert "Shuffle\\x1b[31m images" in shown


@pytest.mark.parametrize(
    ("before", "line", "completed"),
    [
        ("", "python tr", "python train.py "),
        ("", "python -m nob", "python -m nob"),
        ("mods() { COMPREPLY=(other/); }; complete -o nospace -F mods python3", "python -m ot",
         "python -m other/"),
        ("mods() { COMPREPLY=(other/); }; load() { complete -o nospace -F mods $1; return 124; };"
         "complete -D -F load", "python -m ot", "python -m other/"),
        ("load() { return 1; }; complete -D -F load", "python tr", "python train.py "),
    ],
)  # fmt: skip
def test_bash_completes_other_uses_of_python_as_before(
    desk: Path, before: str, line: str, completed: str
) -> None:
    with terminal(
        "bash", desk, before, installs(MODULE, "bash"), installs(MODULE, "bash")
    ) as typed:
        for _ in range(2):
            assert typed.line_after(f"{line}\t") == completed
            line_of_ours = typed.line_after(f"{MODULE} --training.e\t")
            assert line_of_ours == f"{MODULE} --training.epochs "


def test_zsh_completes_other_uses_of_python_as_before(desk: Path) -> None:
    before = "mods() { compadd other }; compdef mods python"
    with terminal("zsh", desk, before, installs(MODULE, "zsh")) as typed:
        assert typed.line_after("python -m ot\t") == "python -m other "
        assert typed.line_after(f"{MODULE} --tra\t") == f"{MODULE} --training."


FISH = """\
set fish_complete_path  # Others' completions of python start it many times.
function try; echo "TRIED $argv"; complete -C "$argv"; end
python -m settings.training --completion fish | source
python train.py --completion fish | source
train-it --completion fish | source
"""
FISH_LINES = {
    f"{MODULE} --tra": ["--training.\tTraining"],
    f"{MODULE} --training.e": ["--training.epochs\tPasses through all images"],
    f"{MODULE} --device ": ["cpu", "gpu", "auto"],
    f"{MODULE} --device=c": ["--device=cpu"],
    f"{MODULE} --hostile ": HOSTILE,
    f"{MODULE} --settings-file some\\ f": ["some file"],
    f"{MODULE} --settings-file training=set": ["training=settings/"],
    f"{MODULE} --base_model @set": ["@settings/"],
    "python -m settings.other --tra": [],
    "python train.py --job_d": ["--job_dir\tFolder of the job"],
    "python ./train.py --training.e": ["--training.epochs\tPasses through all images"],
    "train-it --training.e": ["--training.epochs\tPasses through all images"],
}


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_completes_lines(desk: Path) -> None:
    lines = "".join("try '" + line.replace("\\", "\\\\") + "'\n" for line in FISH_LINES)
    (desk / "lines.fish").write_text(FISH + lines)
    done = subprocess.run(
        ["fish", "--no-config", "lines.fish"],
        cwd=desk,
        env=environment(desk),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == ""
    found = [block.splitlines() for block in done.stdout.split("TRIED ")[1:]]
    assert {line: words for line, *words in found} == FISH_LINES
    assert not (desk / "ran").exists()


# The program


def run(desk: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *words]
    return subprocess.run(
        command, cwd=desk, env=environment(desk), capture_output=True, encoding="utf-8"
    )


@pytest.mark.parametrize("program", [["-m", "settings.training"], ["train.py"]])
def test_an_unknown_shell_is_a_mistake(desk: Path, program: list[str]) -> None:
    for words, told in (
        (["--completion", "tcsh"], "--completion must be one of bash, zsh, fish"),
        (["--completion"], "--completion needs a value"),
    ):
        done = run(desk, *program, *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"Training: 1 problem\n  {told}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_begins_with_how_to_install_it(desk: Path, shell: str) -> None:
    script = run(desk, "train.py", "--completion", shell).stdout
    comments = [line for line in script.splitlines()[:4] if line.startswith("#")]
    assert len(comments) == 4
    assert f"python train.py --completion {shell}" in comments[1]
    if shutil.which(shell):
        subprocess.run([shell, "-n", "/dev/stdin"], input=script, encoding="utf-8", check=True)


def test_no_more_is_imported_than_an_answer_needs(desk: Path) -> None:
    code = "import sys, train; sys.argv[1:] = ['--completion=fish\\x1f--']\n"
    code += "try: train.main()\nexcept SystemExit: print(*sys.modules)"
    loaded = set(run(desk, "-c", code).stdout.split())
    assert "brevettiai.cli.completion" in loaded
    heavy = {"argparse", "boto3", "requests", "hashlib", "logging", "brevettiai.platform.launch"}
    assert not loaded & heavy
