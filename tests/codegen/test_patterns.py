"""Translation of ECMA-262 patterns to Python's `re`: same verdicts, readable where simple."""

from __future__ import annotations

import json
import os
import random
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from brevetti_gen.patterns import PatternError, remarks, translate
from brevettiai.formats.regex import is_regex
from ecma_engine import needs_node, verdicts
from random_sizes import scaled

SHARED = os.environ.get("BREVETTI_SHARED")
SUITE = Path(SHARED or "") / "conformance" / "json-schema-test-suite"

needs_suite = pytest.mark.skipif(SHARED is None, reason="BREVETTI_SHARED is not set")


def matches(pattern: str, text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Python warns of class syntax that it may change
        return re.compile(translate(pattern)).search(text) is not None


@pytest.mark.parametrize(
    ("pattern", "python"),
    [
        ("", ""),
        ("^[a-z]+$", r"^[a-z]+\Z"),
        (r"^\d{4}-\d{2}$", r"^[0-9]{4}-[0-9]{2}\Z"),
        ("^(foo|bar)$", r"^(?:foo|bar)\Z"),
        (r"^[\w.-]+$", r"^[A-Za-z0-9_.\-]+\Z"),
        ("a.b", r"a[^\n\r\u2028\u2029]b"),
        ("a??b{2,3}?c{1}", "a??b{2,3}?c"),
        (r"\u{1F600}|é", r"\U0001f600|\xe9"),
        ("(['\"]).*\\1", r"""(?P<g1>['"])[^\n\r\u2028\u2029]*(?P=g1)"""),
        (r"(?:(a)|b)\1", "(?:(?P<g1>a)|b)(?(g1)(?P=g1))"),
        (r"(?<year>\d)-\k<year>", "(?P<g1>[0-9])-(?P=g1)"),
        ("(?<=a+)b", "(?<=a)b"),
        ("(?<!x|yz)b", "(?<!x)(?<!yz)b"),
        ("[^]", "(?s:.)"),
        ("[--/&&~~||[]", r"[\--/\&\&\~\~\|\|\[]"),
        (r"[^\S\n]", r"[\t\v-\r \xa0\u1680\u2000-\u200a\u2028-\u2029\u202f\u205f\u3000\ufeff]"),
        ("x{99999999999999999999}", "x{4294967294}"),
    ],
)
def test_text_of_a_translation(pattern: str, python: str) -> None:
    assert translate(pattern) == python


# Pattern, texts that match, texts that do not.
MEANINGS = [
    ("^abc$", ["abc"], ["abc\n", "xabc"]),
    ("^.$", ["\x0b", "\x85", "\U0001f600"], ["\n", "\r", "\u2028", "\u2029", ""]),
    (r"^\w$", ["a", "_", "0"], ["é", "ß", "\u0660"]),
    (r"^\s$", ["\ufeff", "\u00a0", "\u2003", "\x0b"], ["\x1c", "\x85", "\u200b"]),
    (r"^\S$", ["\x1c", "\x85"], ["\ufeff"]),
    (r"\bfoo\b", ["é foo", "éfooé"], ["afoo"]),
    (r"^\B$", [""], ["a"]),
    (r"^\p{Lu}\p{Ll}+$", ["Éa", "Ωmega"], ["éa", "A"]),
    (r"^\p{Script=Greek}+$", ["αβγ"], ["abc"]),
    (r"^[\p{L}\p{M}-]+$", ["Jean-Noe\u0308l"], ["a1"]),
    (r"^\P{ASCII}$", ["é"], ["e"]),
    (r"^\p{Emoji_Presentation}$", ["\U0001f600"], ["1"]),
    (r"^\u{1f432}$", ["\U0001f432"], ["\U0001f431"]),
    (r"^\ud83d\udc32*$", ["\U0001f432", "\U0001f432\U0001f432"], []),
    (r"^[\ud83d\udc30-\ud83d\udc32]$", ["\U0001f431"], ["\U0001f433"]),
    (r"^\cJ\0\x41\t[\b]$", ["\n\0A\t\b"], []),
    ("[]", [], ["", "a"]),
    (r"\1(a)", ["a"], ["b"]),
    (r"^(a\1)$", ["a"], ["aa"]),
    (r"^(?:(a)|(b))\1\2$", ["aa", "bb"], ["ab", "a"]),
    (r"^(?!(a)\1)\1b", ["b"], ["ab"]),
    (r"^(?:x\1(a)?|(b)\2|\2c)*$", ["xaxbbc"], ["bbbc"]),
    ("^a{,2}$", ["a{,2}"], ["aa"]),
    (r"^(?<$>.)\k<$>$", ["aa"], ["ab"]),
    (r"(?<=^|,)x", ["x", "a,x"], ["ax"]),
    (r"(?<![ab]{1,2}c)x", ["cx", "x"], ["acx", "bbcx"]),
    # What only Annex B accepts:
    (r"^a\-b\_c\!$", ["a-b_c!"], []),
    ("^{}]$", ["{}]"], []),
    (r"^[\w-z]$", ["-", "z", "q"], ["!"]),
    (r"^\Z$", ["Z"], [""]),
    (r"^(a)\10$", ["a\x08"], ["aa0"]),
    (r"(?=a)*b", ["b"], ["a"]),
]


@pytest.mark.parametrize(("pattern", "yes", "no"), MEANINGS)
def test_meaning(pattern: str, yes: list[str], no: list[str]) -> None:
    assert [text for text in yes if not matches(pattern, text)] == []
    assert [text for text in no if matches(pattern, text)] == []


@pytest.mark.parametrize(
    ("pattern", "index", "words"),
    [
        ("(?P<year>a)", 0, "(?<name>…)"),
        (r"a(?P=n)", 1, r"\k<name>"),
        ("(?i)a", 0, "no inline flags"),
        ("a(?#why)", 1, "no comments"),
        ("a++", 2, "possessive"),
        ("(a", 0, "never closed"),
        ("a)", 1, "unmatched"),
        ("[a", 0, "never closed"),
        ("a{2,1}", 1, "out of order"),
        ("[b-a]", 1, "out of order"),
        (r"\p{Klingon}", 0, "no property"),
        ("a\\", 1, r"lone '\'"),
        ("(" * 5000, 64, "nest deeper"),
        (r"x(?<=ab*)c", 1, "fixed width"),
        (r"(?<=x(a|b)(a|b)(a|b)(a|bb)(a|bb)(a|bb)(a|bb))", 0, "fixed width"),
        (r"(?<=(a)\1)b", 7, "look-behind"),
        (r"^(?:(a)|b)*\1$", 11, "loop"),
        (r"^(?:(a)|(b)?\2)*$", 12, "loop"),
        ("(?<=xa{0,60}" * 60 + ")" * 60, 192, "too many"),
        (r"\p{L}" * 4000, 0, "too many"),
    ],
)
def test_refusals_say_where_and_why(pattern: str, index: int, words: str) -> None:
    with pytest.raises(PatternError) as caught:
        translate(pattern)
    assert words in caught.value.message
    assert caught.value.index == index


def test_remarks_tell_what_only_annex_b_tolerates() -> None:
    assert remarks(r"^[a-z\-]+$") == ()
    (remark,) = remarks(r"^a\Z")
    assert remark.index == 2
    assert remark.text == r"there is no escape '\Z'; read as the character 'Z'"


@needs_suite
@pytest.mark.parametrize("draft", ["draft7", "draft2020-12"])
@pytest.mark.parametrize(
    "file",
    [
        "pattern",
        "patternProperties",
        "optional/ecmascript-regex",
        "optional/non-bmp-regex",
    ],
)
def test_official_suite(draft: str, file: str) -> None:
    groups = json.loads((SUITE / draft / f"{file}.json").read_text("utf-8"))
    judged = 0
    for group in groups:
        schema = group["schema"]
        if "pattern" in schema:
            for test in group["tests"]:
                if isinstance(test["data"], str):
                    assert matches(schema["pattern"], test["data"]) == test["valid"], test
                    judged += 1
        elif schema.get("additionalProperties") is False:
            for test in group["tests"]:
                if isinstance(test["data"], dict):
                    patterns = schema["patternProperties"]
                    known = all(any(matches(p, key) for p in patterns) for key in test["data"])
                    assert known == test["valid"], test
                    judged += 1
        for pattern in schema.get("patternProperties", {}):
            re.compile(translate(pattern))
            judged += 1
    assert judged > 0


# --- the same verdicts as an engine of ECMA-262

ALPHABET = ["a", "b", "A", "1", "_", "-", " ", "\n", "\r", "\u2028", "\ufeff", "\0", "\x85", "\x1c"]
ALPHABET += ["é", "\u0660", "{", "😀"]
ATOMS = [
    "a",
    "b",
    "1",
    "_",
    "-",
    " ",
    ".",
    r"\d",
    r"\w",
    r"\s",
    r"\D",
    r"\W",
    r"\S",
    "[ab]",
    "[^a]",
]
ATOMS += [r"[\w-]", r"[^\W1]", r"[\s\S]", "[]", "[^]", r"\x62", r"\u{1F600}", r"\ud83d\ude00"]
ATOMS += [r"\n", r"\cJ", r"\0", "[a-c1-]", r"\p{Lu}", r"[\P{L}_]", r"\b", r"\B", "^", "$", r"\1"]
ATOMS += [r"\2", "😀", "é"]
RARE_ATOMS = [r"\k<n>", "(?<n>a)", "{", "}", "]", "a{2", "(?i)", r"\a", r"\-", r"\p{Foo}", "[b-a]"]
RARE_ATOMS += [r"[\d-z]", r"\u{110000}", r"\c", r"\8", "[😀-😂]", "(?P<n>a)", r"\00", "(?<n"]
QUANTIFIERS = ["", "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,}", "{0}"]
QUANTIFIERS += ["{2,1}", "{,2}"]
OPENINGS = ["(", "(", "(", "(?:", "(?:", "(?=", "(?!", "(?<=", "(?<!"]


def random_pattern(choose: random.Random, depth: int) -> str:
    def item() -> str:
        if depth == 0 or choose.random() < 0.6:
            atoms = ATOMS if choose.random() < 0.95 else RARE_ATOMS
            return choose.choice(atoms) + choose.choice(QUANTIFIERS)
        opening = choose.choice(OPENINGS)
        group = f"{opening}{random_pattern(choose, depth - 1)})"
        repeatable = opening in ("(", "(?:") or choose.random() < 0.05
        return group + (choose.choice(QUANTIFIERS) if repeatable else "")

    options = ["".join(item() for _ in range(choose.randint(0, 3))) for _ in range(2)]
    return "|".join(options[: choose.choice([1, 1, 1, 2])])


def random_text(choose: random.Random) -> str:
    return "".join(choose.choice(ALPHABET) for _ in range(choose.randint(0, 6)))


def in_unicode_mode(pattern: str) -> bool:
    try:
        return not remarks(pattern)
    except PatternError:
        return False


def patterns_within(value: object) -> Iterator[str]:
    """Every text under `pattern` and every key under `patternProperties`, at any depth."""
    if isinstance(value, dict):
        for key, inner in cast("dict[str, object]", value).items():
            if key == "pattern" and isinstance(inner, str):
                yield inner
            if key == "patternProperties" and isinstance(inner, dict):
                yield from cast("dict[str, object]", inner)
            yield from patterns_within(inner)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from patterns_within(inner)


@needs_suite
def test_the_format_of_the_runtime_accepts_what_unicode_mode_accepts_in_real_schemas() -> None:
    folder = Path(SHARED or "") / "conformance"
    patterns = {
        pattern
        for file in folder.rglob("*.json")
        for pattern in patterns_within(json.loads(file.read_text("utf-8")))
    }
    assert len(patterns) > 100
    wrong = [one for one in sorted(patterns) if is_regex(one) != in_unicode_mode(one)]
    assert wrong == []


PIECES = ["[", "[^", "]", "(", ")", "(?<", ">", "(?:", "(?<!", "{", "}", ",", "-", "\\", "$", "😀"]
PIECES += [
    r"\u",
    r"\u{",
    r"\x",
    r"\c",
    r"\p{",
    r"\k<",
    r"\b",
    r"\B",
    "a",
    "Z",
    "0",
    "1",
    "12",
    "=",
    "/",
]
PIECES += [
    r"\ud83d",
    r"\udc32",
    r"\uDE00",
    "Lu",
    "sc=Grek",
    "scx",
    "gc=",
    "ASCII",
    "\u200d",
    "é",
    "\ud800",
]


@pytest.mark.parametrize("seed", range(3))
def test_the_format_of_the_runtime_accepts_what_unicode_mode_accepts(seed: int) -> None:
    choose = random.Random(seed)
    patterns = [random_pattern(choose, 3) for _ in range(1000)]
    patterns += ["".join(choose.choices(PIECES, k=choose.randint(1, 6))) for _ in range(8_000)]
    patterns += [f"[{'-'.join(choose.choices(ATOMS + PIECES, k=2))}]" for _ in range(2_000)]
    patterns += ["".join(choose.choices(ATOMS + RARE_ATOMS + PIECES, k=4)) for _ in range(4_000)]
    patterns += [pattern + choose.choice(QUANTIFIERS) for pattern in patterns[:2_000]]
    verdicts = {pattern: in_unicode_mode(pattern) for pattern in patterns}
    assert {pattern for pattern in patterns if is_regex(pattern)} == {
        pattern for pattern, valid in verdicts.items() if valid
    }
    assert 0.1 < sum(verdicts.values()) / len(verdicts) < 0.6


@pytest.mark.parametrize(
    "pattern",
    [
        "(" * 64 + ")" * 64,
        "(" * 65 + ")" * 65,
        r"\k<b>(?<a>x)(?<b>y)",
        r"(?<\u0061>x)\k<a>",
        r"(?<\u{61}>x)\k<\u0061>",
        r"(?<$\u200c>x)",
        r"(?<\u200c>x)",
        r"(?<a>)|(?<a>)",
        r"\u{0000D83D}[\u{0000D83D}-\uD83D]",
        r"[\ud83d\udc30-\ud83d\udc32]",
        r"[\ud83d\udc32-\ud83d\udc30]",
        r"[\cA-\cZ\t-\r\0-\b]",
        r"[\cZ-\cA]",
        r"\u{110000}",
        r"\u{10FFFF}",
        "a{5,0000000000000000000000000000004}",
        "a{99999999999999999999,999999999999999999999}",
        r"(a)\1\99999999999999999999",
        "a" * 10_000 + "(b",
    ],
)
def test_the_format_of_the_runtime_agrees_on_rare_patterns(pattern: str) -> None:
    assert is_regex(pattern) == in_unicode_mode(pattern)


def compiled(pattern: str) -> re.Pattern[str] | None:
    """The translation; None for what is documented to have none."""
    try:
        return re.compile(translate(pattern))
    except PatternError as error:
        if re.search("look-behind|loop", error.message):
            return None
        raise


@needs_node
@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))]
)
def test_random_patterns_agree_with_node(seed: int) -> None:
    choose = random.Random(seed)
    jobs = [
        (random_pattern(choose, 3), ["", "a", "ab", *(random_text(choose) for _ in range(20))])
        for _ in range(scaled(500))
    ]
    compared = 0
    for (pattern, texts), expected in zip(jobs, verdicts(jobs), strict=True):
        assert in_unicode_mode(pattern) == (expected is not None), pattern
        if expected is not None and (python := compiled(pattern)) is not None:
            found = [python.search(text) is not None for text in texts]
            assert found == expected, (pattern, python.pattern)
            compared += 1
    assert compared > 0.4 * len(jobs)


@needs_node
def test_table_agrees_with_node() -> None:
    strict = [(pattern, [*yes, *no]) for pattern, yes, no in MEANINGS if not remarks(pattern)]
    for (pattern, texts), expected in zip(strict, verdicts(strict), strict=True):
        assert [matches(pattern, text) for text in texts] == expected, pattern
