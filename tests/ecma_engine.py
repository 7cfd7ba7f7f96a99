"""An ECMA-262 engine to compare with: Node.js, where it is installed."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

_SCRIPT = """
const jobs = JSON.parse(require("fs").readFileSync(0, "utf8"));
const verdicts = jobs.map(([pattern, texts]) => {
  try {
    const expression = new RegExp(pattern, "u");
    return texts.map((text) => expression.test(text));
  } catch (error) {
    return null;
  }
});
console.log(JSON.stringify(verdicts));
"""

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")


def verdicts(jobs: list[tuple[str, list[str]]]) -> list[list[bool] | None]:
    """For each (pattern, texts): whether each text matches; None where the pattern is refused."""
    answer = subprocess.run(
        ["node", "-e", _SCRIPT], input=json.dumps(jobs), capture_output=True, text=True, check=True
    )
    result: list[list[bool] | None] = json.loads(answer.stdout)
    return result


def unicode_version() -> str:
    """The Unicode version of Node.js, as in `17.0`."""
    answer = subprocess.run(
        ["node", "-p", "process.versions.unicode"], capture_output=True, text=True, check=True
    )
    return answer.stdout.strip()
