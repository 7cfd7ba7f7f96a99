"""The parser of ECMA-262 patterns."""

from __future__ import annotations

import pickle

import pytest
from brevetti_gen.patterns.parser import MAX_NESTING, PatternError, parse
from brevetti_gen.patterns.syntax import (
    Alternation,
    Backreference,
    CapturingGroup,
    Char,
    CharacterClass,
    End,
    Look,
    Range,
    Repeat,
    Sequence,
    Shorthand,
    Start,
    UnicodeProperty,
)


def test_tree() -> None:
    tree = parse(r"^(?:[a-f\d]+?|(x)\1)$")
    assert tree.groups == 1
    # As tuples, nodes of two kinds can be equal.
    assert repr(tree.body) == repr(
        Sequence(
            (
                Start(),
                Alternation(
                    (
                        Repeat(
                            CharacterClass((Range(97, 102), Shorthand("d", False)), False),
                            1,
                            None,
                            True,
                            4,
                            13,
                        ),
                        Sequence((CapturingGroup(Char(120), 1), Backreference(1, 17))),
                    )
                ),
                End(),
            )
        )
    )


def test_names_are_resolved() -> None:
    assert parse(r"\k<b>(?<a>x)(?<b>y)").body == Sequence(
        (Backreference(2, 0), CapturingGroup(Char(120), 1), CapturingGroup(Char(121), 2))
    )
    assert parse(r"\P{sc=Grek}").body == UnicodeProperty("Script", "Greek", True)


def test_look_around() -> None:
    assert parse("(?<!a)").body == Look(Char(97), ahead=False, negated=True, start=0)


@pytest.mark.parametrize("code", [0x41, 0xE9, 0x2028, 0xD83D, 0x1F432])
def test_spellings_of_a_code_point(code: int) -> None:
    spellings = [f"\\u{{{code:x}}}", f"\\u{{000{code:X}}}", chr(code)]
    if code <= 0xFFFF:
        spellings.append(f"\\u{code:04x}")
    if code <= 0xFF:
        spellings.append(f"\\x{code:02x}")
    for spelling in spellings:
        assert parse(spelling).body == Char(code)
        assert parse(f"[{spelling}]").body == CharacterClass((Char(code),), False)
        assert not parse(f"{spelling}[{spelling}]").remarks


TOLERATED = [r"\-", r"\_", r"\a", "{", "}", "]", "a{,2}", r"\1", r"\00", r"\8", r"\c", r"\u12"]
TOLERATED += [r"\xg", r"[\w-a]", "(?=a)*", r"\k", r"[\c_]", r"[\B]"]

REFUSED = ["*", "a**", "(?:", "[a", "a)", r"\k<a>(?<b>)", "(?<a>)(?<a>)", "(?<1>)", "(?<>)", "^*"]
REFUSED += ["(?<a", "(?<=a)*", "(?", "(?a", "[z-a]", r"[\u{1F432}-a]", "a{3,2}", "\\", r"\p{"]
REFUSED += [r"\p{L=}", r"(?<\u{110000}>)"]


@pytest.mark.parametrize("pattern", TOLERATED)
def test_only_annex_b_tolerates(pattern: str) -> None:
    assert parse(pattern).remarks


@pytest.mark.parametrize("pattern", REFUSED)
def test_no_mode_accepts(pattern: str) -> None:
    with pytest.raises(PatternError) as caught:
        parse(pattern)
    assert 0 <= caught.value.index <= len(pattern)


def test_nesting_is_limited() -> None:
    parse("(" * MAX_NESTING + ")" * MAX_NESTING)
    with pytest.raises(PatternError, match="nest deeper"):
        parse("(" * 100_000)


def test_errors_can_be_pickled() -> None:
    error = PatternError("wrong", 3)
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.message, copy.index, str(copy)) == ("wrong", 3, "wrong (at index 3)")
