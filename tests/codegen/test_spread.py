"""Work is spread over processes where that is safe, and done in one where it is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

import pytest

needs_forks = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2,
    reason="work is done in one process",
)
START = """
import os, signal, sys, threading, time
from brevetti_gen.workbench.incremental import spread as spreading
spreading.WORTH = 0
signal.signal(signal.SIGINT, signal.default_int_handler)  # In the background it is ignored.
own, told = os.getpid(), []
def work(number):
    if os.getpid() != own:
        in_child(number)
    return number, os.getpid() == own
def in_child(number):
    pass
def run():
    sizes = [8, 1, 2, 3, 4, 5, 6, 7]
    return spreading.spread(work, range(8), sizes, lambda *done: told.append(done))
"""


def started(program: str) -> Any:
    # The process of the tests has threads, so that nothing is forked in it.
    return subprocess.Popen(
        [sys.executable, "-c", START + program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        start_new_session=True,
    )


def output(program: str) -> str:
    process = started(program)
    out, err = process.communicate(timeout=300)
    assert err == ""
    assert process.returncode == 0
    return str(out).strip()


@needs_forks
def test_others_share_in_the_work_once_it_is_worth_while() -> None:
    found = output("print(run(), told[-1])")
    assert found == f"{[(n, n == 1) for n in range(8)]} (36, 36)"


@needs_forks
def test_what_a_killed_process_leaves_is_done_all_the_same() -> None:
    kills = "def in_child(number):\n    if number == 5: os.kill(os.getpid(), signal.SIGKILL)\n"
    assert output(f"{kills}print([number for number, _ in run()])") == str([*range(8)])


@needs_forks
def test_what_goes_wrong_in_another_process_is_raised_here() -> None:
    fails = "def in_child(number):\n    if number == 5: raise LookupError(number)\n"
    program = f"{fails}try: run()\nexcept LookupError as error: print(error)"
    assert output(program) == "5"


@needs_forks
def test_ctrl_c_ends_all_of_them_with_one_word() -> None:
    waits = "def in_child(number):\n    os.write(1, b'begun\\n')\n    time.sleep(600)\n"
    process = started(f"{waits}run()")
    assert process.stdout.readline() == "begun\n"
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=300)  # which ends when all have closed their ends
    assert err.count("Traceback") == 1
    assert "KeyboardInterrupt" in err


@pytest.mark.parametrize(
    "program",
    [
        "stop = threading.Event()\nthreading.Thread(target=stop.wait).start()\n"
        "print(run())\nstop.set()",
        "import multiprocessing as m\nm.current_process()._config['daemon'] = True\nprint(run())",
        "sys.platform = 'win32'\nprint(run())",
    ],
    ids=["threads", "daemon", "windows"],
)
def test_where_forking_is_not_safe_nothing_is_forked(program: str) -> None:
    assert output(program) == str([(number, True) for number in range(8)])
