"""`--help NAME`: sections, flags, presets; and classes with more flags than one reads at once."""

from __future__ import annotations

from typing import Any

import pytest
from brevettiai.cli.help import manual_of
from brevettiai.cli.layout import Page
from brevettiai.cli.tree import listed_flags
from brevettiai.settings import SettingsError
from loaded_classes import loaded_class, tagged
from settings_standins import Augmentation, Training, Tree, field, settings


def text(cls: Any, topic: str = "") -> str:
    return manual_of(cls).text(topic, "some", Page(80))


def test_a_section_is_shown_with_all_below_it() -> None:
    assert text(Training, "augmentation") == (
        "Augmentation (--augmentation JSON):\n"
        "  How images are changed before they are used.\n"
        "\n"
        "  --augmentation.angle INT            Largest rotation, in degrees, to either\n"
        "                                      side. [0 to 180; default: 20]\n"
        "  --[no-]augmentation.flip            Mirror images at random. [default: true]\n"
        "\n"
        "Blur (--augmentation.blur JSON|null):\n"
        "  --augmentation.blur.radius NUMBER   [at least 0; default: 1.5]\n"
        "  --[no-]augmentation.blur.no-border\n"
    )


def test_all_is_told_of_a_flag() -> None:
    assert text(Training, "augmentation.angle") == (
        "--augmentation.angle INT\n"
        "  Largest rotation, in degrees, to either side.\n"
        "\n"
        "  value    a whole number, 0 to 180\n"
        "  default  20\n"
        "  preset   fast makes it 5\n"
    )


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("--learning-rate", "--learning_rate NUMBER"),
        ("learning-rate", "--learning_rate NUMBER"),
        ("--no-verbose", "--[no-]verbose"),
        ("--verbose=true", "--[no-]verbose"),
        ("settings-file", "--settings-file FILE"),
        ("--settings_file", "--settings-file FILE"),
        ("--help", "-h, --help [NAME]"),
        ("--.", "--. JSON"),
        ("a.b", "--. '{\"a.b\": INT}'"),
        ("preset", "--preset slow\n  --epochs              200\n"),
        ("--presets", "  --augmentation.angle  5 [default: 20]\n"),
    ],
)
def test_names_are_understood_as_flags_are(typed: str, shown: str) -> None:
    assert shown in text(Training, typed)


def test_objects_inside_themselves_are_reached() -> None:
    assert "--child.child.value INT" in text(Tree, "child.child.value")
    assert '"value", "child"' in text(Tree, "child")


def test_facts_that_only_a_flag_of_its_own_has_room_for() -> None:
    cls = loaded_class(
        {
            "mail": {
                "type": "string",
                "format": "email",
                "pattern": "@example",
                "examples": ["a@example.com", "b@example.com"],
                "x-renamed-from": ["address"],
            },
            "size": {"type": "integer", "deprecated": True},
        },
        required=["mail"],
    )
    told = text(cls, "mail")
    for line in (
        "  format    an email address\n",
        "  pattern   @example\n",
        "  required  must be given\n",
        "  example   a@example.com\n",
        "  old name  --address\n",
    ):
        assert line in told
    assert text(cls, "address") == told
    assert "deprecated" in text(cls, "size")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("angel", "unknown flag --angel, did you mean --angle?"),
        ("--settings-flie", "unknown flag --settings-flie, did you mean --settings-file?"),
        ("--zzz", "unknown flag --zzz; --help lists all"),
        ("blur.radiu", "unknown flag --blur.radiu, did you mean --blur.radius?"),
    ],
)
def test_a_name_of_nothing_comes_with_the_nearest(typed: str, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        text(Augmentation, typed)
    assert str(caught.value) == f"Augmentation: 1 problem\n  {told}"


def large(depth: int, width: int) -> Any:
    leaf = settings("Leaf", *(field(f"x{number}", "integer") for number in range(width)))
    for level in range(depth):
        parts = [field(f"part{n}", "object", cls=leaf, title=f"Part {n}") for n in range(width)]
        leaf = settings(
            f"Level{level}", field("own", "integer"), *parts, doc=f"Level {level}. Yes."
        )
    return leaf


def test_kinds_with_sections_inside_are_told_and_their_sections_listed() -> None:
    parts = {f"x{number}": {"type": "integer"} for number in range(40)}
    inner = {"type": "object", "title": "Inner", "properties": parts}
    kinds = [tagged(name, **{f"part_{name}": inner}, own=inner) for name in ("a", "b", "c", "d")]
    cls = loaded_class({"one": {"anyOf": kinds}})
    told = text(cls, "one")
    for kind in "abcd":
        assert f"\n  {kind} (--one.name {kind}):\n" in told
        assert f"\n  one.part_{kind}          Inner [40 flags]\n" in told
    assert "--one.part_d.x39 INT\n" in text(cls, "one.part_d")
    assert text(cls, "one.own").count("--one.own.x39 INT\n") == 4


def test_of_many_flags_the_sections_are_listed() -> None:
    told = text(large(2, 9))
    assert "--own INT\n" in told
    assert (
        "Sections, each shown by --help NAME:\n"
        "  part0                     Part 0: Level 0 [82 flags]\n"
    ) in told
    assert "--part0" not in told


def test_whatever_is_listed_can_be_reached() -> None:
    cls = large(3, 7)
    reached = set()
    waiting = [""]
    while waiting:
        told = text(cls, waiting.pop())
        reached |= {line.split()[0] for line in told.splitlines() if line[:4] == "  --"}
        if "by --help NAME:\n" in told:
            rows = told.partition("by --help NAME:\n")[2].partition("\n\n")[0].splitlines()
            waiting += [row.split()[0] for row in rows if row.startswith("  part")]
    flags = [flag for flag in listed_flags(cls) if not flag.open]
    assert len(flags) > 2000
    assert reached >= {f"--{flag.name}" for flag in flags}
