"""Problems for programs: JSON, annotations of GitHub's workflows, and SARIF."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..._version import VERSION
from ...problems import Problem, printable
from .rules import RULES

_SARIF = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def document_of(problems: Sequence[Problem], output_format: str) -> str:
    """The text that says `problems` in a format, `json`, `github` or `sarif`."""
    if output_format == "github":
        return "".join(f"{_annotation(problem)}\n" for problem in problems)
    value = _sarif(problems) if output_format == "sarif" else [*map(_object, problems)]
    # Names of files that are no UTF-8 have halves of surrogate pairs, which ASCII can hold.
    return json.dumps(value, indent=2) + "\n"


def _object(problem: Problem) -> dict[str, Any]:
    return {
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "pointer": problem.pointer,
        "severity": problem.severity,
        "rule": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "excerpt": problem.excerpt and "".join(problem.excerpt),
    }


def _annotation(problem: Problem) -> str:
    """A workflow command: https://docs.github.com/actions/reference/workflow-commands."""
    level = "notice" if problem.severity == "note" else problem.severity
    place = {"file": problem.path, "line": problem.line, "col": problem.column}
    facts = {**place, "title": f"brevetti-gen {problem.code}"}
    given = ",".join(f"{k}={_escaped(str(v), ',:')}" for k, v in facts.items() if v is not None)
    at = f" (at {problem.pointer})" if problem.pointer else ""
    lines = [f"{problem.message}{at}", *([problem.hint] if problem.hint else [])]
    return f"::{level} {given}::{_escaped(chr(10).join(map(printable, lines)))}"


def _escaped(text: str, more: str = "") -> str:
    return re.sub(f"[%\r\n{more}]", lambda sign: f"%{ord(sign[0]):02X}", text)


def _sarif(problems: Sequence[Problem]) -> dict[str, Any]:
    """A log of SARIF 2.1.0 with one run."""
    known = [*RULES]
    rules = [{"id": name, "shortDescription": {"text": said}} for name, said in RULES.items()]
    driver = {"name": "brevetti-gen", "version": VERSION, "rules": rules}
    results: list[dict[str, Any]] = []
    for problem in problems:
        hint = f"\n{problem.hint}" if problem.hint else ""
        result: dict[str, Any] = {
            "ruleId": problem.code,
            "ruleIndex": known.index(str(problem.code)),
            "level": problem.severity,
            "message": {"text": f"{problem.message}{hint}"},
        }
        if problem.path is not None:
            result["locations"] = [{"physicalLocation": _location(problem)}]
        results.append(result)
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SARIF, "version": "2.1.0", "runs": [run]}


def _location(problem: Problem) -> dict[str, Any]:
    path = Path(problem.path or "")
    uri = path.as_uri() if path.is_absolute() else quote(path.as_posix(), errors="surrogateescape")
    location: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    if problem.line is not None:
        region: dict[str, Any] = {"startLine": problem.line}
        if problem.column is not None:
            region["startColumn"] = problem.column
        if problem.excerpt is not None:
            region["snippet"] = {"text": "".join(problem.excerpt)}
        location["region"] = region
    return location
