"""The official JSON Schema test suite, judged by generated classes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conformance.cases import Case, apart, judge
from conformance.expected_failures import SUITE
from conformance.generated import needs_shared, shared

PLACE = ("conformance", "json-schema-test-suite")
DRAFTS = {
    "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
    "draft7": "http://json-schema.org/draft-07/schema#",
}
FOLDER = shared(*PLACE)


def files() -> list[str]:
    """The files of the suite, as `draft7/optional/format/date.json`."""
    if FOLDER is None:
        return []
    found = (path for draft in DRAFTS for path in (FOLDER / draft).rglob("*.json"))
    return sorted(path.relative_to(FOLDER).as_posix() for path in found)


@needs_shared(*PLACE)
def test_the_suite_is_there() -> None:
    assert len(files()) > 100
    assert SUITE.keys() <= set(files())


def of_every_run(name: str) -> bool:
    """Those of the newest draft; what older ones mean, `test_drafts` tells for all of them."""
    return name.startswith("draft2020-12/")


@pytest.mark.parametrize(
    "name", [n if of_every_run(n) else pytest.param(n, marks=pytest.mark.slow) for n in files()]
)
def test_suite(name: str, tmp_path: Path) -> None:
    assert FOLDER is not None
    contents = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    cases = [
        Case(number, case["description"], case["schema"], case["tests"])
        for number, case in enumerate(contents)
    ]
    draft = DRAFTS[name.partition("/")[0]]
    maps = {"http://localhost:1234/": FOLDER / "remotes"}
    failures: dict[str, str] = {}
    for batch in apart(cases):
        folder = tmp_path / f"from_{batch[0].number}"
        failures |= judge(batch, draft, folder, maps, "/format/" in name)
    expected = SUITE.get(name, {})
    unexpected = {test: how for test, how in failures.items() if test not in expected}
    assert not unexpected, "\n".join(f"{test} ({how})" for test, how in unexpected.items())
    passing = expected.keys() - failures.keys()
    assert not passing, f"take these off the list of expected failures: {sorted(passing)}"
