"""The formats of all drafts: the official suite, the drafts' differences, and hostile texts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from brevettiai.compiled import matches_format
from brevettiai.formats import FORMATS, check_of

SHARED = os.environ.get("BREVETTI_SHARED")
DRAFTS = ("draft4", "draft6", "draft7", "draft2019-09", "draft2020-12")
SUITE = Path(SHARED or "") / "conformance" / "json-schema-test-suite"


@pytest.mark.skipif(SHARED is None, reason="BREVETTI_SHARED is not set")
@pytest.mark.parametrize("draft", ["draft7", "draft2020-12"])
def test_official_suite(draft: str) -> None:
    names = {name for name in FORMATS if check_of(name, draft)}
    files = sorted((SUITE / draft / "optional" / "format").glob("*.json"))
    assert {file.stem for file in files} >= names - {"regex"}
    for file in files:
        for group in json.loads(file.read_text("utf-8")):
            name = group["schema"]["format"]
            for test in group["tests"]:
                if isinstance(test["data"], str) and name != "unknown":
                    assert matches_format(test["data"], name, draft) == test["valid"], (name, test)


# What the suite leaves open: format, texts that have it, texts that have not.
TABLE = [
    ("date", ["0000-02-29"], ["2021-02-29\n"]),
    (
        "date-time",
        ["1998-12-31T23:59:60Z", "1999-01-01T00:59:60.5+01:00", "2016-06-30T16:59:60-07:00"],
        ["1998-12-30T23:59:60Z", "1999-01-01T00:59:60Z", "1998-12-31 23:59:59Z"],
    ),
    ("time", ["23:59:59.999999999999999999+23:59"], ["23:59:59.", "23:59:59.Z"]),
    ("duration", ["p1y2m3dt4h5m6s", "P3M"], ["PT1H1D", "P1M1Y", "P1DT"]),
    ("ipv4", ["1.2.3.4"], ["01.2.3.4", "1.2.3.4.", "1.2.3"]),
    ("ipv6", ["1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8"], ["1:2:3:4::5:6:7:8", ":::", ":", ""]),
    ("email", ["a@b", '"\\""@b.c', "a@[IPv6:1::2]"], ["a@b.", "a@-b", '"\n"@b', "a@[IPv6:x]"]),
    (
        "email",  # "::" stands for two groups or more there
        ["a@[IPv6:1:2:3:4:5:6::]", "a@[ipv6:1:2:3:4::1.2.3.4]"],
        ["a@[IPv6:1:2:3:4:5:6:7::]", "a@[IPv6:1:2:3:4:5::1.2.3.4]", "a@[::]"],
    ),
    ("idn-email", ["ü@ü.de", "a@b"], ["ü@-ü", "ü@ü..de", "a b@ü.de"]),
    ("hostname", ["xn--bcher-kva.example", "a-b"], ["xn---9uc", "xn--", "ü.de"]),
    # A label from right to left binds all others of its name to the Bidi rule.
    ("hostname", ["xn--4db.a1", "1a.ab--cd"], ["xn--4db.1a", "1a.xn--4db"]),
    ("idn-hostname", ["\u05d0.a1", "1a.a"], ["\u05d0.1a", "1a.xn--4db", "\u05d0.", "a."]),
    ("idn-hostname", ["bücher.example", "XN--BCHER-KVA"], ["ab--cd", "Bücher", "bu\u0308cher"]),
    (
        "uri",
        ["a:", "a:b:c", "urn:x?y#z", "http://[v1.a:b]:80"],
        ["", "a b:c", "a:#b#c", "a://[::]x"],
    ),
    ("uri-reference", ["a/b:c", "?", "#", "//:80"], ["a\n", "//[::1", "%4"]),
    ("iri", ["a:\u00a0", "a:?\ue000"], ["a:\ue000", "a:\u202e", "a:\ufffe", "é:a"]),
    ("uri-template", ["{+a,b*,c:3}", "{a.b}", "x"], ["{a*:3}", "{=a}", "}", "<", "{a.}"]),
    ("json-pointer", ["/\n~0"], ["\n", "/~"]),
    ("relative-json-pointer", ["0", "0+1", "12-3/a", "0-1#"], ["0+01", "0+", "0#a", "#"]),
    ("regex", [r"\p{Lu}", "(?<a>x)", "a{,2}"[:1]], [r"\-", "a{,2}", "(?i)a", r"\p{lu}"]),
    ("uuid", ["0" * 8 + "-0000-0000-0000-" + "F" * 12], ["0" * 36, "{" + "0" * 34 + "}"]),
]


@pytest.mark.parametrize(("name", "valid", "invalid"), TABLE)
def test_what_the_suite_leaves_open(name: str, valid: list[str], invalid: list[str]) -> None:
    assert [text for text in valid if not matches_format(text, name, "draft2020-12")] == []
    assert [text for text in invalid if matches_format(text, name, "draft2020-12")] == []


def test_each_draft_has_its_formats() -> None:
    found = {draft: [name for name in FORMATS if check_of(name, draft)] for draft in DRAFTS}
    assert found["draft4"] == "date-time email hostname ipv4 ipv6 regex uri".split()
    assert [len(names) for names in found.values()] == [7, 10, 17, 19, 19]
    assert set(found["draft6"]) > set(found["draft4"])
    assert set(found["draft7"]) > set(found["draft6"])
    assert found["draft2020-12"] == list(FORMATS)
    assert check_of("unknown", "draft2020-12") is None
    with pytest.raises(ValueError):
        check_of("date", "draft3")


@pytest.mark.parametrize(
    ("name", "text", "drafts"),
    [
        ("hostname", "xn--X", {"draft4", "draft6"}),
        ("email", "a@invalid=domain.com", {"draft4", "draft6", "draft7"}),
        ("email", "(Joe (the first)) joe @ example.com", {"draft4", "draft6", "draft7"}),
        ("email", '"joe\r\n bloggs"@[any thing]', {"draft4", "draft6", "draft7"}),
        ("email", "joe bloggs@example.com", set[str]()),
        ("email", "joe@example.com (unclosed", set[str]()),
        ("relative-json-pointer", "0+1", {"draft2019-09", "draft2020-12"}),
    ],
)
def test_meanings_that_changed(name: str, text: str, drafts: set[str]) -> None:
    checks = {draft: check_of(name, draft) for draft in DRAFTS}
    assert {draft for draft, check in checks.items() if check and check(text)} == drafts


def test_what_few_formats_need_is_imported_by_them_only() -> None:
    program = """
        import sys
        from brevettiai.compiled import matches_format
        heavy = ("brevettiai.formats.email", "brevettiai.formats.regex", "idna", "ipaddress")
        used = {
            "date": "2020-01-01", "hostname": "a.b", "uri": "http://a.b", "email": "a@b",
            "ipv4": "1.2.3.4", "idn-hostname": "\u00fc", "regex": "a",
        }
        for name, text in used.items():
            assert matches_format(text, name, "draft2020-12")
            print(name, *[module for module in heavy if module in sys.modules])
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines() == [
        "date",
        "hostname",
        "uri",
        "email brevettiai.formats.email",
        "ipv4 brevettiai.formats.email ipaddress",
        "idn-hostname brevettiai.formats.email idna ipaddress",
        "regex brevettiai.formats.email brevettiai.formats.regex idna ipaddress",
    ]


HOSTILE = [" ", "(", "a", "a.", "%41", ":", '"', "~", "/", "\\", "1.", "-", "{a}", "{a,", "\t\r\n "]
HOSTILE += ["()", "[", "@", "xn--a.", "9Y", "é", "\ud800", "\u0915\u094d\u200d"]
PREFIXES = ["", "a@", '"', "http://", "http://a@", "P", "{", "2020-01-01T00:00:00.", "0"]


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_texts_take_linear_time(name: str) -> None:
    checks = {check for draft in DRAFTS if (check := check_of(name, draft))}
    start = time.process_time()
    for check in checks:
        for prefix in PREFIXES:
            for text in HOSTILE:
                check(prefix + text * 2_000)
    assert time.process_time() - start < 20
