"""Small schemas of which the ways multiply: time and memory of ours, and of peers for the same.

    python tests/benchmarks/bench_bombs.py [--levels 100] [--style plain] [--only NAME ...]
        [--peers [PYTHON]] [--ajv FOLDER] [--json]

Each schema is made ready and some configs judged in a process of its own, which ends after some
seconds or where it asks for too much memory. Peers that PYTHON has installed take part, and `ajv`
from the `node_modules` of FOLDER.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bombs import bombs, configs

SECONDS, MEGABYTES = 10, 3000
PEERS = ("jsonschema", "fastjsonschema", "datamodel_code_generator")
CONFIGS = list(configs(40).values())
_AJV = """
const [folder, file, configs] = process.argv.slice(1);
const begin = process.hrtime.bigint();
const schema = JSON.parse(require("fs").readFileSync(file));
const draft = /2019|2020/.exec(schema.$schema || "2020");
const Ajv = require(folder + "/node_modules/ajv/dist/" + (draft ? draft[0] : "ajv"));
const ajv = new (Ajv.default || Ajv)({strict: false});
let said = "judged";
try { const judge = ajv.compile(schema); JSON.parse(configs).forEach((config) => judge(config)); }
catch (error) { said = "error: " + error.message.slice(0, 60); }
const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
console.log(JSON.stringify({seconds, megabytes: process.memoryUsage().rss / 1e6, said}));
"""


def ours(files: dict[str, Any], folder: Path, style: str) -> str:
    """Generate classes, and load the configs."""
    from measuring import SOURCES

    assert SOURCES[0] in sys.path
    from brevetti_gen import GenerationError, generate

    for name, schema in files.items():
        (folder / f"{name}.json").write_text(json.dumps(schema), encoding="utf-8")
    try:
        generate([folder], folder / "bomb_settings", style=style)
    except GenerationError as error:
        return next(p.message for p in error.problems if p.severity == "error")
    if style != "plain":
        return "generated"
    sys.path.insert(0, str(folder))
    from brevettiai.settings import SettingsError

    root: Any = import_module("bomb_settings.root").Root
    for config in CONFIGS:
        with suppress(SettingsError):
            root.from_config(config)
    return "judged"


def jsonschema(files: dict[str, Any], folder: Path, style: str) -> str:
    from jsonschema.validators import validator_for

    validator = validator_for(files["root"])(files["root"])
    for config in CONFIGS:
        list(validator.iter_errors(config))
    return "judged"


def fastjsonschema(files: dict[str, Any], folder: Path, style: str) -> str:
    from fastjsonschema import JsonSchemaValueException, compile

    judge = compile(files["root"])
    for config in CONFIGS:
        with suppress(JsonSchemaValueException):
            judge(config)
    return "judged"


def datamodel_code_generator(files: dict[str, Any], folder: Path, style: str) -> str:
    from datamodel_code_generator import InputFileType, generate

    (folder / "root.json").write_text(json.dumps(files["root"]), encoding="utf-8")
    generate(folder / "root.json", input_file_type=InputFileType.JsonSchema, output=folder / "m.py")
    return "generated"


WORKERS: dict[str, Callable[[dict[str, Any], Path, str], str]] = {
    "ours": ours,
    "jsonschema": jsonschema,
    "fastjsonschema": fastjsonschema,
    "datamodel_code_generator": datamodel_code_generator,
}


def work(who: str, name: str, levels: int, style: str) -> dict[str, Any]:
    """What one worker says of one bomb, in this process."""
    limit = MEGABYTES * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    with tempfile.TemporaryDirectory() as folder:
        begin = time.process_time()
        try:
            said = WORKERS[who](bombs(levels)[name], Path(folder), style)
        except ImportError:
            said = "not installed"
        except (Exception, RecursionError) as error:
            said = type(error).__name__
        seconds = time.process_time() - begin
    with open("/proc/self/status", encoding="utf-8") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    return {"seconds": seconds, "megabytes": peak / 1000, "said": said}


def apart(command: list[str]) -> dict[str, Any]:
    """What a worker in a process of its own says; `ended` is whether it did."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return {"seconds": SECONDS, "megabytes": 0, "said": "no answer", "ended": False}
    if done.returncode:
        return {"seconds": 0, "megabytes": MEGABYTES, "said": "crashes", "ended": False}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {**found, "ended": found["said"] != "MemoryError"}


def warm(style: str) -> None:
    """Load what ours needs, once for all processes that are forked."""
    with tempfile.TemporaryDirectory() as folder:
        ours(bombs(2)["mixed"], Path(folder), style)
    for name in [name for name in sys.modules if name.partition(".")[0] == "bomb_settings"]:
        del sys.modules[name]


def forked(name: str, levels: int, style: str) -> dict[str, Any]:
    """What ours says of one bomb in a child of this process; `ended` is whether it did."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            os.write(writing, json.dumps(work("ours", name, levels, style)).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with open(reading, encoding="utf-8") as said:
        text = said.read()
    _, status = os.waitpid(child, 0)
    if status:
        why = "no answer" if os.WIFSIGNALED(status) else "crashes"
        return {"seconds": SECONDS, "megabytes": MEGABYTES, "said": why, "ended": False}
    found: dict[str, Any] = json.loads(text)
    return {**found, "ended": found["said"] != "MemoryError"}


def by_ajv(folder: str, files: dict[str, Any]) -> dict[str, Any]:
    """What `ajv` says."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(files["root"], file)
        file.flush()
        return apart(["node", "-e", _AJV, folder, file.name, json.dumps(CONFIGS)])


def cell(found: dict[str, Any]) -> str:
    """A cell of the table."""
    if not found["ended"] and found["seconds"] >= SECONDS:
        return f"> {SECONDS} s"
    took = f"{found['seconds']:.1f} s, {found['megabytes']:.0f} MB"
    if found["said"] in ("judged", "generated"):
        return took
    return f"{took}, {found['said'] if found['said'].endswith('Error') else 'an error'}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--levels", type=int, default=100)
    parser.add_argument("--style", default="plain")
    parser.add_argument("--only", action="append", help="the name of a schema")
    parser.add_argument("--peers", nargs="?", const=sys.executable, help="Python that has peers")
    parser.add_argument("--ajv", help="folder with node_modules that has ajv")
    text = "ours as JSON, by name, each in a fork of one process that has loaded all"
    parser.add_argument("--json", action="store_true", help=text)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        print(json.dumps(work(options.worker, options.only[0], options.levels, options.style)))
        return
    rest = ["--levels", str(options.levels), "--style", options.style]
    names = options.only or list(bombs(1))
    if options.json:
        warm(options.style)
        told = {name: forked(name, options.levels, options.style) for name in names}
        print(json.dumps(told))
        return
    columns = ["ours", *(PEERS if options.peers else ()), *(["ajv"] if options.ajv else ())]
    print(f"| {' | '.join(['schema', *columns])} |\n|{' --- |' * (1 + len(columns))}")
    for name in names:
        found: dict[str, Any] = {}
        for who in columns:
            python = sys.executable if who == "ours" else options.peers
            if who != "ours" and name == "files":
                continue
            if who == "ajv":
                found[who] = by_ajv(options.ajv, bombs(options.levels)[name])
            else:
                command = [python, __file__, "--worker", who, "--only", name, *rest]
                found[who] = apart(command)
        cells = [cell(found[who]) if who in found else "" for who in columns]
        print(f"| {' | '.join([name, *cells])} |", flush=True)


if __name__ == "__main__":
    main()
