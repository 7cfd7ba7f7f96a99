"""Which patterns are judged fast, which slow, and that this is so."""

from __future__ import annotations

import random
import time

import pytest
from brevetti_gen.patterns import PatternError, found_in, slowness
from brevetti_gen.patterns.attacks import MAX_SHOWN
from brevetti_gen.patterns.backtracking import merged, searched
from brevetti_gen.patterns.engine import tried
from brevetti_gen.patterns.parser import parse
from known_patterns import EXPLODING, FAST, SLOW_ON_LONG_TEXTS

PARTS = [
    ("^(a+)+$", "(a+)+"),
    ("^(a|a)*$", "(a|a)*"),
    ("(a|ab|b)*c", "(a|ab|b)*"),
    (r"^(\w+\s?)*$", r"(\w+\s?)*"),
    (r"^([\w.]+\.?)+@", r"([\w.]+\.?)+"),
    ("(a?b?)*c", "(a?b?)*"),
    (r"^(\p{L}+\p{M}*)+$", r"(\p{L}+\p{M}*)+"),
    ("x(y(a+)+z)*", "(a+)+"),
    ("a(?=(b*)*c)", "(b*)*"),
]


def steps(pattern: str, text: str, limit: int = 200_000) -> int:
    return tried(merged(searched(parse(pattern))), text, limit).steps


#: Each takes half a second.
SOME_EXPLODING = [
    pattern if number % 16 == 0 else pytest.param(pattern, marks=pytest.mark.slow)
    for number, pattern in enumerate(EXPLODING)
]
SEEDS = [(0, 20), *(pytest.param(seed, 60, marks=pytest.mark.slow) for seed in range(1, 4))]


@pytest.mark.parametrize("pattern", SOME_EXPLODING)
def test_what_explodes_is_shown_by_a_text(pattern: str) -> None:
    slow = slowness(pattern)
    assert slow is not None
    assert slow.explodes
    assert slow.attack is not None, slow
    prefix, pump, times, suffix = slow.attack
    assert len(slow.attack.text) <= 500
    assert steps(pattern, slow.attack.text) > 200_000
    few = min(times, 3)
    while steps(pattern, prefix + pump * few + suffix, 2_000) <= 2_000 and few < times:
        few += 1
    assert few <= times


@pytest.mark.parametrize(("pattern", "part"), PARTS)
def test_the_part_to_mend_is_named(pattern: str, part: str) -> None:
    slow = slowness(pattern)
    assert slow is not None
    assert slow.part == part


@pytest.mark.parametrize(("pattern", "degree"), SLOW_ON_LONG_TEXTS)
def test_what_is_slow_on_long_texts_has_a_length_up_to_which_it_is_not(
    pattern: str, degree: int
) -> None:
    slow = slowness(pattern)
    assert slow is not None
    assert not slow.explodes
    assert slow.degree == degree
    assert 10 < slow.longest < 1_000
    assert slow.within(slow.longest)
    assert not slow.within(slow.longest + 1)
    assert not slow.within(None)


@pytest.mark.parametrize("pattern", FAST)
def test_what_is_fast_is_not_reported(pattern: str) -> None:
    assert slowness(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [
        "(a|b|c)*" * 300,
        "(?:" + "|".join(f"w{number}x" for number in range(400)) + ")*",
        pytest.param("(?:" * 50 + "a{1,9}" + "){1,9}" * 50, marks=pytest.mark.slow),
        r"\P{L}" * 3000,
        pytest.param("a*" * 5000, marks=pytest.mark.slow),
        "^(?:a?){1000000}$",
        "(?:.*a.{30}|.*b.{20}|.*c.{10})*$",
        "^" + "(?=.*[a-m].{9})(?!.*[n-z].{8})" * 20,
        "(?<=a{1,60}b)" * 40,
    ],
)
def test_hostile_patterns_take_bounded_time(pattern: str) -> None:
    start = time.process_time()
    slowness(pattern)
    assert time.process_time() - start < 5


def test_nesting_ends_in_a_clean_error() -> None:
    with pytest.raises(PatternError, match="nest deeper"):
        slowness("(" * 5000)


def test_a_search_at_generation_ends() -> None:
    assert found_in("^(a+)+$", "aaa") is True
    assert found_in("^(a+)+$", "aab") is False
    assert found_in("^(a+)+$", "a" * 60 + "b") is None
    assert found_in("a.*b", "a" * 100_000) is None
    assert found_in("^[a-z]+$", "a" * 100_000) is True


# Random patterns

ATOMS = ["a", "b", "c", "[ab]", "[bc]", ".", "[^a]", r"\w", r"\s", "^", "$", r"\b", r"\B"]
QUANTIFIERS = ["*", "+", "?", "{2}", "{1,2}", "{0,3}", "*?", "+?", "??", "{2,}", "{12}", "{3,15}"]


def random_pattern(choose: random.Random, depth: int) -> str:
    shape = choose.random()
    if depth == 0 or shape < 0.2:
        return choose.choice(ATOMS[: choose.choice((8, len(ATOMS)))])
    inner = random_pattern(choose, depth - 1)
    if shape < 0.25:
        return choose.choice(("(?={})", "(?!{})", r"(a|b)({})\1")).format(inner)
    if shape < 0.5:
        return inner + random_pattern(choose, depth - 1)
    if shape < 0.65:
        return f"(?:{inner}|{choose.choice((random_pattern(choose, depth - 1), ''))})"
    return f"(?:{inner}){choose.choice(QUANTIFIERS)}"


def random_patterns(seed: int, count: int) -> list[str]:
    choose = random.Random(seed)
    found = [
        f"{choose.choice(('', '^'))}{random_pattern(choose, 4)}{choose.choice(('', '$', 'c'))}"
        for _ in range(count)
    ]
    return [pattern for pattern in found if pattern.count("(a|b)") < 2]


def attacks(choose: random.Random, length: int) -> list[str]:
    """Texts that repeat something short between two ends."""
    pumps = ["a", "b", *("".join(choose.choices("abc! ", k=k)) for k in (2, 2, 3, 4))]
    ends = ("", "a", "b", "!", "\n", "ac", "bc!")
    return [
        choose.choice(ends) + pump * (length // len(pump)) + choose.choice(ends) for pump in pumps
    ]


@pytest.mark.parametrize(("seed", "count"), SEEDS)
def test_random_patterns_take_as_long_as_is_said_of_them(seed: int, count: int) -> None:
    """Those that pass take quadratic time at most, and those that are refused explode."""
    choose = random.Random(seed)
    passed = refused = 0
    for pattern in random_patterns(seed, count):
        slow = slowness(pattern)
        if slow is None:
            passed += 1
            size = 10 + 4 * len(pattern)  # with its counted repetitions written out, roughly
            for text in attacks(choose, 40):
                limit = 4 * size * (len(text) + 2) ** 2
                assert steps(pattern, text, limit) <= limit, (pattern, text)
        elif slow.attack is not None:
            refused += 1
            text = slow.attack.text
            assert steps(pattern, text, MAX_SHOWN + 1) > MAX_SHOWN, (pattern, text)
    assert passed > count // 2
    assert refused > count // 50
