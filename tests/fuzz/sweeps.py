"""Sweeps with hostile texts in all that is recorded of them: reports, tables, commands, exports."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import optuna
import yaml
from brevetti_gen import GenerationError, generate
from brevettiai.io import Storage
from brevettiai.search.exports import ENGINES, export
from brevettiai.search.goals import Goal, read_goals
from brevettiai.search.space import Choice, Choices, Numbers, Parameter
from brevettiai.search.spaces import Space
from brevettiai.settings import Settings, SettingsError
from brevettiai.sweep.__main__ import WAYS, main
from brevettiai.sweep.best import best_of_row
from brevettiai.sweep.definition import Definition
from brevettiai.sweep.outcome import Outcome, resume_command
from brevettiai.sweep.progress import Progress, Result
from brevettiai.sweep.rows import Row
from brevettiai.sweep.runs import Reported, Run
from brevettiai.sweep.store import REJECTED, Store
from brevettiai.sweep.watching import Lines, LiveTable, Watcher
from rich.console import Console
from ruamel.yaml import YAML

from .desk import Case, Desk
from .documents import SCHEMAS, replaced, some_texts
from .pages import Page, page_faults
from .shells import words_read
from .texts import CANARY, hostile_text
from .using import imported

_FOLDER = "sweep"
_OF_PLOTLY = re.compile("<br>|<extra></extra>")
_SEARCHES = ("tpe", "random", "quasi", "grid")


def _text(random: Random) -> str:
    """A text that a file system and the words of a process can have."""
    text = hostile_text(random)[:2000].replace("\0", "")
    return text.encode("utf-8", "replace").decode()


def _goal(random: Random) -> Goal:
    """A goal that can be written and read again."""
    goal = Goal(_text(random), random.choice(["min", "max"]))
    try:
        return goal if read_goals(str(goal)) == (goal,) else Goal("loss", "min")
    except ValueError:
        return Goal("loss", "min")


# What was recorded


def draw_sweep(random: Random) -> Case:
    """A schema whose settings are sought, and texts for what is recorded of a sweep of it."""
    schema = SCHEMAS["sought"]
    files = {"s/a.json": replaced(schema, some_texts(random, schema))}
    return Case("sweep", files, [], random.getrandbits(32))


def run_sweep(desk: Desk, case: Case) -> None:
    """Record a sweep; ask for all that there is of it, as people do at a terminal."""
    try:
        generate(["s"], "out")
    except GenerationError:
        return
    with imported(desk, "out") as package:
        names = getattr(package, "__all__", ())
        cls = next((c for c in (getattr(package, n) for n in names) if _is_settings(c)), None)
        space = cls and desk.attempt(cls.search_space, ValueError)
        if space is not None:
            _look(desk, cls, space, Random(case.more))


def _is_settings(cls: Any) -> bool:
    return isinstance(cls, type) and issubclass(cls, Settings)


def _look(desk: Desk, cls: Any, space: Space, random: Random) -> None:
    goals = tuple(
        {g.metric: g for g in (_goal(random) for _ in range(random.choice([1, 2])))}.values()
    )
    words = [random.choice(["python", _text(random)]), "-m", _text(random)]
    words = random.choice([words, words, ["-m", "examples.train"]])
    settings = f"{cls.__module__}:{cls.__qualname__}"
    definition = Definition(
        shlex.join(words) if random.random() < 0.9 else _text(random),
        settings if random.random() < 0.8 else _text(random),
        "",
        random.choice([{}, {}, {_text(random): _text(random)}]),
        (),
        goals,
        5,
        search=random.choice(_SEARCHES),
        secrets=random.choice([(), (_text(random),)]),
        brevetti=_text(random),
        id="w",
    )
    rows = desk.attempt(lambda: _recorded(space, definition, random), SettingsError)
    if rows is None:
        return
    page = os.path.join(_FOLDER, "report.html")
    ended = desk.run(["report", _FOLDER], page, command=main)
    if ended.code == 0:
        for fault in [*page_faults(Path(page)), *_figure_faults(Path(page))]:
            desk.fault(fault)
    way = random.choice(WAYS)
    ended = desk.run(["best", _FOLDER, "--as", way], command=main)
    if ended.code == 0 and way != "command":
        desk.attempt(lambda: json.loads(ended.out))
    desk.run(["export", _FOLDER, "--for", random.choice(list(ENGINES))], command=main)
    bests = desk.attempt(lambda: _at_a_terminal(desk, cls, space, definition, rows))
    if bests is not None:
        _look_at_commands(desk, definition, bests, rows[0].worker or "x")


def _recorded(space: Space, definition: Definition, random: Random) -> list[Row]:
    """Runs in the folder of the sweep, as its driver stores them."""
    store = Store(Storage(), _FOLDER, definition)
    rows: list[Row] = []
    for number in range(5):
        _, found = store.create({"driver": _text(random)})
        trial = optuna.trial.Trial(store._as_study, store.trial_id(found))
        point = space.suggest(trial)
        trial.set_user_attr(REJECTED, 1)
        state = random.choice(["done", "done", "pruned", "failed"])
        values = () if state == "failed" else tuple(random.random() for _ in definition.goals)
        if len(values) > 1 and state == "pruned":
            state = "done"
        measured = {g.metric: v for g, v in zip(definition.goals, values, strict=False)}
        row = Row(
            number,
            state,
            values,
            {_text(random): 1.5, **measured},
            point,
            worker=_text(random),
            error=random.choice(["", _text(random), f"{_text(random)}\n{_text(random)}"]),
            job_dir=random.choice([None, _text(random)]),
        )
        store.end(store.trial_id(found), row)
        rows.append(row)
    store.flush()
    Path(_FOLDER, "sweep.json").write_text(json.dumps(definition.document()), "utf-8")
    lines = "".join(json.dumps(row.flat()) + "\n" for row in rows)
    Path(_FOLDER, "runs.jsonl").write_text(lines, "utf-8")
    return rows


def _figure_faults(path: Path) -> Iterator[str]:
    """Plotly reads HTML in what figures say: none of it is of a stranger."""
    for kind, text in Page(path.read_text("utf-8")).scripts:
        if kind == "application/json":
            for said in _strings(json.loads(text)):
                if CANARY in said and "<" in _OF_PLOTLY.sub("", said):
                    yield f"HTML in a figure: {said[:300]!r}"


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for part in [*value, *value.values()] if isinstance(value, dict) else value:
            yield from _strings(part)


def _at_a_terminal(
    desk: Desk, cls: Any, space: Space, definition: Definition, rows: list[Row]
) -> list[Any] | None:
    """What the driver of the sweep shows, while it goes and at its end; gives its best settings."""
    done = [row for row in rows if row.state == "done"]
    for kind in (Lines, LiveTable):
        stream = io.StringIO()
        console = Console(file=stream, width=200, highlight=False, markup=False, emoji=False)
        _watched(kind(definition.goals, rows[0].worker, console), definition, rows, done)
        desk.look_at_output(stream.getvalue())
    bests = []
    for row in done:
        try:
            bests.append(best_of_row(row, space.settings(dict(row.params)), cls))
        except SettingsError:
            continue
    folder = rows[0].worker or "x"
    result = Result(definition, folder, rows, done, 1, interrupted=True)
    try:
        outcome = Outcome(result, tuple(bests), (f"--x={rows[-1].worker}",)).text()
    except (ValueError, IndexError):  # Its program is no command line: no sweep has begun so.
        return None
    desk.look_at_output(outcome)
    return bests


def _watched(watcher: Watcher, definition: Definition, rows: list[Row], done: list[Row]) -> None:
    with watcher:
        for row in rows:
            watcher.began(Run(row.run, 1, row.job_dir, {}), dict(row.params))
            watcher.reported(Reported(row.run, 1, row.metrics))
            watcher.told(row.error)
            watcher.progressed(Progress(definition.runs, running=1, best=done))
            if isinstance(watcher, LiveTable):
                watcher.console.print(watcher.table())
            watcher.retried(row.run, row.error)
            watcher.ended(row, is_best=True)
            watcher.progressed(Progress(definition.runs, done=row.run + 1, best=done))
        if isinstance(watcher, LiveTable):
            watcher.console.print(watcher.table())


def _look_at_commands(desk: Desk, definition: Definition, bests: list[Any], folder: str) -> None:
    """A shell reads the words that commands are made of."""
    words = shlex.split(definition.program)
    if words[0] == "-m" or words[0].endswith(".py"):
        words = ["python", *words]
    near = os.path.relpath(folder) if os.path.isabs(folder) else folder
    near = folder if near.startswith("..") else near
    lasting = [f"--x={word}" for word in words[:2]]
    resumed = [*words, "--resume", "--sweep-dir", near, *lasting]
    said = [(resume_command(definition.program, folder, lasting), resumed)]
    said += [(best.command(definition.program), [*words, *best.args]) for best in bests[:1]]
    for shell in ("sh", "bash"):
        for line, meant in said if shutil.which(shell) else ():
            if shell == "sh" and "$'" in line:
                continue  # In POSIX since 2024; older ones have no words for control characters.
            desk.look_at_output(line)
            read = words_read(shell, line)
            if read != meant:
                desk.fault(f"{shell} reads other words: {read!r} of {line!r}, which were {meant!r}")


# Other engines


def draw_export(random: Random) -> Case:
    """Hostile parameters, a command, and goals."""
    return Case("export", {}, [random.choice(list(ENGINES))], random.getrandbits(32))


def run_export(desk: Desk, case: Case) -> None:
    """The text says what the document does; a trial's process gets the words that were given."""
    random = Random(case.more)
    (engine,) = case.words
    parameters = [_parameter(random, f"{_text(random)}{n}", 2) for n in range(random.randint(1, 3))]
    program = [random.choice(["python", _text(random)]), *(_text(random) for _ in range(3))]
    goals = [str(goal) for goal in (_goal(random) for _ in range(random.choice([1, 1, 2])))]
    doing: Callable[[], Any] = lambda: export(  # noqa: E731
        parameters,
        engine,
        program=program,
        goals=goals,
        search=random.choice(_SEARCHES),
        image=random.choice(["", _text(random)]),
    )
    found = desk.attempt(doing, ValueError)
    if found is None:
        return
    desk.look_at_output(str(found))
    if engine == "ray":
        desk.attempt(lambda: _look_at_script(desk, str(found), program))
        return
    document = json.loads(json.dumps(found.document))
    for name, load in {"1.1": yaml.safe_load, "1.2": YAML(typ="safe", pure=True).load}.items():
        loaded = desk.attempt(lambda load=load: load(str(found)))
        if loaded != document:
            desk.fault(f"YAML {name} is {loaded!r} instead of {document!r}")
    if engine == "katib":
        _look_at_trial(desk, document, program)


def _parameter(random: Random, name: str, depth: int) -> Parameter:
    path = tuple(name.split("."))
    if random.random() < 0.3:
        return Numbers(name, path, 1, 8, integer=random.random() < 0.5, step=2)
    values = [random.choice([_text(random), True, None, 1.5, [_text(random)]]) for _ in range(3)]
    choices: dict[str, Choice] = {}
    for value in values:
        label = value if isinstance(value, str) else json.dumps(value)
        inside = (
            [_parameter(random, f"{name}[{label}].x", depth - 1)]
            if depth and random.random() < 0.3
            else []
        )
        choices[label] = Choice(value, label, tuple(inside))
    return Choices(name, path, tuple(choices.values()))


def _look_at_trial(desk: Desk, document: Any, program: list[str]) -> None:
    """What Kubernetes and Katib make of the command, with the first value of each parameter."""
    spec = document["spec"]
    template = spec["trialTemplate"]
    values: dict[str, str] = {}
    meant = [*program, "--job_dir=/tmp/job"]
    known = {each["name"]: each["feasibleSpace"] for each in spec["parameters"]}
    for each in template["trialParameters"]:
        space = known[each["reference"]]
        values[each["name"]] = space["list"][-1] if "list" in space else space["min"]
    # Katib puts values into the JSON text of the template as they are.
    text = json.dumps(template["trialSpec"])
    for name, value in values.items():
        text = text.replace(f"${{trialParameters.{name}}}", value)
    trial = desk.attempt(lambda: json.loads(text))
    if trial is None:
        return
    (container,) = trial["spec"]["template"]["spec"]["containers"]
    got = [*map(_expanded, container["command"])]
    if got[: len(meant)] != meant:
        desk.fault(f"a trial is started as {got!r} instead of {meant!r}")
    for each, word in zip(template["trialParameters"], got[len(meant) :], strict=True):
        value = _expanded(json.loads(f'"{values[each["name"]]}"'))
        if word != f"--{each['reference']}={value}":
            desk.fault(f"a trial has the word {word!r}")


def _expanded(word: str) -> str:
    """What Kubernetes makes of a word of a command, if it knew every name."""
    return re.sub(r"\$(\$|\([^)]*\))", lambda found: "$" if found[1] == "$" else "?", word)


def _look_at_script(desk: Desk, text: str, program: list[str]) -> None:
    """The script has nothing but literals of strangers, and the command as it was."""
    tree = ast.parse(text)
    given = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    if ast.literal_eval(given["PROGRAM"]) != program:
        desk.fault(f"the script starts {ast.unparse(given['PROGRAM'])}")
    for name in ("METRICS", "FLAGS"):
        ast.literal_eval(given[name])
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in _OF_SCRIPTS:
            desk.fault(f"the script has the name {node.id}")
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = {alias.name for alias in node.names}
            if not names <= {"json", "os", "subprocess", "Path", "tune", "OptunaSearch"}:
                desk.fault(f"the script imports {names}")


_OF_SCRIPTS = frozenset(
    """FLAGS METRICS OptunaSearch PROGRAM Path __name__ best config flags folder given job_dir
    json name os output param_space print subprocess trainable tune tuner value""".split()
)
