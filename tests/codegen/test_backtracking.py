"""Which patterns are reported as able to backtrack catastrophically."""

from __future__ import annotations

import time

import pytest
from brevetti_gen.patterns import PatternError, catastrophic


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        ("^(a+)+$", "(a+)+"),
        ("^(a|a)*$", "(a|a)*"),
        ("(a|ab|b)*c", "(a|ab|b)*"),
        ("(.*)*", "(.*)*"),
        (r"^(\w+\s?)*$", r"(\w+\s?)*"),
        (r"^([\w.]+\.?)+@", r"([\w.]+\.?)+"),
        ("(a?b?)*", "(a?b?)*"),
        ("(a(|))*", "(a(|))*"),
        (r"(.|\s)*", r"(.|\s)*"),
        (r"(\d{1,3})+", r"(\d{1,3})+"),
        (r"^(\p{L}+\p{M}*)+$", r"(\p{L}+\p{M}*)+"),
        ("x(y(a+)+z)*", "(a+)+"),
        ("a(?=(b*)*c)", "(b*)*"),
        # polynomial, but of the third degree and more
        (r"\s*\s*\s*x", r"\s*\s*\s*"),
        (r"^\d+\w*\w*$", r"\d+\w*\w*"),
        ("(a+){1,10}b", "(a+){1,10}"),
    ],
)
def test_reported(pattern: str, part: str) -> None:
    assert catastrophic(pattern) == part


@pytest.mark.parametrize(
    "pattern",
    [
        "^[a-z]+$",
        r"^([a-z]+\.)*[a-z]+$",
        r"^(\d+\.)+\d+$",
        "^[^/]+(/[^/]+)*$",
        r"^(?:.|\n)*$",
        r"^(\d{3})+$",
        r"^\d{1,3}(,\d{3})*(\.\d+)?$",
        "^(([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)\\.)+[a-z]{2,}$",
        "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
        r'^"([^"\\]|\\.)*"$',
        ".*foo.*bar.*",
        r"^\s+|\s+$",
        "(a|ab)*c",
        r"^[\w.+-]+@[\w-]+\.[\w.-]+$",
        r"^v?(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-.]+)?$",
    ],
)
def test_not_reported(pattern: str) -> None:
    assert catastrophic(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [
        "(a|b|c)*" * 300,
        "(?:" + "|".join(f"w{number}x" for number in range(400)) + ")*",
        "(?:" * 50 + "a{1,9}" + "){1,9}" * 50,
        r"\P{L}" * 3000,
        "a*" * 5000,
    ],
)
def test_hostile_patterns_take_bounded_time(pattern: str) -> None:
    start = time.process_time()
    catastrophic(pattern)
    assert time.process_time() - start < 5


def test_nesting_ends_in_a_clean_error() -> None:
    with pytest.raises(PatternError, match="nest deeper"):
        catastrophic("(" * 5000)
