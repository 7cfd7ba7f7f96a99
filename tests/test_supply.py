"""What comes from elsewhere: locked with hashes, under licences that users can take."""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
LOCK = ROOT / ".github" / "requirements.txt"

# Those under which a program may be shipped whose own licence is another.
LICENCES = re.compile(
    r"\b(MIT|0?BSD|Apache|ISC|MPL|Mozilla Public License|PSF|Python Software Foundation"
    r"|Unlicense)\b"
)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def wanted_by(extras: list[str]) -> list[Requirement]:
    """What the project asks for, with these extras of it, and those that they name."""
    texts = [*PROJECT["dependencies"], *(text for extra in extras for text in EXTRAS[extra])]
    found: list[Requirement] = []
    for requirement in map(Requirement, texts):
        if requirement.name == PROJECT["name"]:
            found += wanted_by(sorted(requirement.extras))
        else:
            found.append(requirement)
    return found


def applies(requirement: Requirement, extras: set[str]) -> bool:
    marker = requirement.marker
    here = default_environment()
    return marker is None or any(
        marker.evaluate({**here, "extra": extra}) for extra in (extras or {""})
    )


def installed(wanted: list[Requirement]) -> dict[str, Distribution]:
    """The distributions that these bring along, those of theirs too."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    while wanted:
        requirement = wanted.pop()
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            pytest.skip(f"{name} is not installed")
        needs = map(Requirement, found[name].requires or ())
        wanted += [need for need in needs if applies(need, {*extras})]
    return found


def licences_of(of: Distribution) -> list[str]:
    """What a distribution says of its licence; of a licence's whole text the first line."""
    said = of.metadata
    texts = [*(said.get_all("License-Expression") or []), *(said.get_all("License") or [])]
    texts += said.get_all("Classifier") or []
    lines = [text.strip().partition("\n")[0] for text in texts]
    return [
        line for line in lines if "::" not in line or line.startswith("License :: OSI Approved")
    ]


@pytest.mark.parametrize("extra", ["", *(name for name in sorted(EXTRAS) if name != "dev")])
def test_what_users_install_is_under_free_licences(extra: str) -> None:
    wanted = [each for each in wanted_by([extra] if extra else []) if applies(each, set())]
    found = {name: licences_of(each) for name, each in installed(wanted).items()}
    assert found
    unknown = {name: said for name, said in found.items() if not any(map(LICENCES.search, said))}
    assert unknown == {}


def locked() -> dict[str, list[str]]:
    """The lines of the lock, by distribution, each with its hashes."""
    lines = LOCK.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    found: dict[str, list[str]] = {}
    for line in lines:
        if line and not line.lstrip().startswith("#"):
            found.setdefault(canonicalize_name(line.partition("==")[0].strip()), []).append(line)
    return found


def test_all_that_ci_installs_is_locked_with_hashes() -> None:
    lock = locked()
    for lines in lock.values():
        for line in lines:
            assert HASH.search(line), line
    backend = "hatchling"
    names = {canonicalize_name(each.name) for each in wanted_by(["dev"])}
    assert {*names, backend} <= lock.keys(), "write it anew: python tasks.py lock"
    for requirement in wanted_by(["dev"]):
        for line in lock[canonicalize_name(requirement.name)]:
            version = line.partition("==")[2].split()[0]
            assert requirement.specifier.contains(version), f"{requirement}: {line[:60]}"


def test_the_lock_names_no_place_but_the_index() -> None:
    text = LOCK.read_text(encoding="utf-8")
    assert "://" not in text
    assert " @ " not in text
