"""The Unicode table of the generator: complete, and the one that its script makes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from brevetti_gen.patterns import unicode_properties
from brevetti_gen.patterns.unicode_properties import code_points, complement
from brevettiai.formats.unicode_names import BINARY, CATEGORIES, SCRIPTS, long_names
from ecma_engine import needs_node, unicode_version

TABLE = Path(unicode_properties.__file__).with_name("unicode_properties.txt")
SCRIPT = Path(__file__).with_name("make_unicode_properties.mjs")


def names() -> dict[str, list[str]]:
    """What the table holds: the long names that are not made out of others."""
    unions = {"Cased_Letter", "Letter", "Mark", "Number", "Other", "Punctuation", "Separator"}
    scripts = sorted(set(SCRIPTS.values()) - {"Katakana_Or_Hiragana"})
    return {
        "General_Category": sorted(set(CATEGORIES.values()) - unions - {"Symbol"}),
        "Script": scripts,
        "Script_Extensions": scripts,
        "": sorted(set(BINARY.values()) - {"Any", "ASCII", "Assigned"}),
    }


def test_every_name_of_ecma_262_has_code_points() -> None:
    for name, values in (
        ("General_Category", CATEGORIES),
        ("Script", SCRIPTS),
        ("Script_Extensions", SCRIPTS),
    ):
        for value in set(values.values()) - {"Katakana_Or_Hiragana"}:
            assert code_points(name, value), (name, value)
    for name in set(BINARY.values()):
        assert code_points(name, ""), name


def test_aliases_lead_to_long_names() -> None:
    assert long_names("Lu", None) == ("General_Category", "Uppercase_Letter")
    assert long_names("gc", "digit") == ("General_Category", "Decimal_Number")
    assert long_names("sc", "Grek") == ("Script", "Greek")
    assert long_names("scx", "Qaai") == ("Script_Extensions", "Inherited")
    assert long_names("Alpha", None) == ("Alphabetic", "")
    assert long_names("Greek", None) is None
    assert long_names("lu", None) is None
    assert long_names("ASCII", "Y") is None


def test_the_categories_part_all_code_points() -> None:
    assert complement(code_points("General_Category", "Other")) == tuple(
        unicode_properties.union(
            [
                pair
                for value in ("Letter", "Mark", "Number", "Punctuation", "Separator", "Symbol")
                for pair in code_points("General_Category", value)
            ]
        )
    )


def test_the_table_holds_what_is_asked_of_it() -> None:
    rows = [line.partition(": ")[0] for line in TABLE.read_text("ascii").splitlines()[1:]]
    assert rows == [
        f"{name}={value}" if name else value for name, values in names().items() for value in values
    ]


@needs_node
def test_the_table_is_what_its_script_makes(tmp_path: Path) -> None:
    """For every sixteenth property, since the script takes ten seconds for all of them."""
    version, *rows = TABLE.read_text("ascii").splitlines()
    if version != f"Unicode {unicode_version()}":
        pytest.skip("this Node.js has another version of Unicode")
    sample = {name: values[5::16] for name, values in names().items()}
    (tmp_path / "names.json").write_text(json.dumps(sample))
    made = subprocess.run(
        ["node", str(SCRIPT), str(tmp_path / "names.json")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()[1:]
    assert len(made) > 20
    assert set(made) <= set(rows)
