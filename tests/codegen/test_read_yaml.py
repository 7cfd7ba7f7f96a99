"""YAML files to documents: YAML 1.2's core types, and no more than JSON can say."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from brevetti_gen.read.document import Document, read
from brevetti_gen.read.find import Source
from brevettiai.cli.text import MAX_DEPTH, Lines, TextError
from brevettiai.cli.yaml_text import parse_yaml, scan_yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

# YAML has no lone surrogates and wants other control characters escaped; both tools agree here.
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
    | st.sampled_from(
        ["no", "017", "1e3", "2020-01-01", "~", "", "<<", ".inf", "a: b", "- x", "#"]
    ),
    lambda inner: st.lists(inner) | st.dictionaries(texts.filter(lambda k: len(k) < 100), inner),
    max_leaves=12,
)


def fault(text: str) -> str:
    with pytest.raises(TextError) as caught:
        parse_yaml(text)
    line, column = Lines.of(text).position(caught.value.offset)
    return f"{line}:{column} {caught.value.message}"


def test_plain_scalars_are_those_of_the_core_schema():
    assert parse_yaml(
        """
        small: 1e-3
        answer: no
        switch: on
        date: 2020-01-31
        time: 12:30:45
        octal: 0o17
        zeros: 017
        hex: 0x1F
        plus: +1
        half: .5
        whole: 1.
        thousand: 1_000
        binary: 0b11
        quoted: "1"
        nothing: ~
        empty:
        yes: Yes
        """
    ) == {
        "small": 0.001,
        "answer": "no",
        "switch": "on",
        "date": "2020-01-31",
        "time": "12:30:45",
        "octal": 15,
        "zeros": 17,
        "hex": 31,
        "plus": 1,
        "half": 0.5,
        "whole": 1.0,
        "thousand": "1_000",
        "binary": "0b11",
        "quoted": "1",
        "nothing": None,
        "empty": None,
        "yes": "Yes",
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!!str 5", "5"),
        ("! 5", "5"),
        ("!!float 5", 5.0),
        ('!!int "5"', 5),
        ("!!map {}", {}),
        ("|\n  a\n   b\n", "a\n b\n"),
        (">-\n  a\n  b\n", "a b"),
        ("%YAML 1.2\n---\ntrue\n", True),
        (r'"\ud83d\ude00"', "😀"),
        ("'<<': 1", {"<<": 1}),
        ("---\n", None),
    ],
)
def test_tags_and_styles(text, value):
    assert json.dumps(parse_yaml(text)) == json.dumps(value)


@settings(max_examples=50)
@given(values)
def test_json_is_yaml(value):
    assert json.dumps(parse_yaml(json.dumps(value))) == json.dumps(value)


@settings(max_examples=50)
@given(values)
def test_what_ruamel_writes_is_read_back(value):
    from io import StringIO

    stream = StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.version = (1, 2)
    writer.default_flow_style = False
    writer.dump(value, stream)
    assert json.dumps(parse_yaml(stream.getvalue()), sort_keys=True) == json.dumps(
        value, sort_keys=True
    )


@settings(max_examples=50)
@given(values)
def test_every_place_is_the_start_of_its_value(value):
    text = json.dumps(value, indent=1)

    def check(value, place):
        found, _ = json.JSONDecoder().raw_decode(text, place.offset)
        assert json.dumps(found) == json.dumps(value)
        inner = value if isinstance(value, dict) else dict(enumerate(value))
        assert inner.keys() == place.parts.keys()
        for key, item in inner.items():
            if isinstance(item, (dict, list)):
                check(item, place.parts[key])

    if isinstance(value, (dict, list)):
        check(value, scan_yaml(text))


def test_a_document_knows_its_places(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeff# ä\r\ntype: object\r\nproperties:\r\n  x:\r\n  - {a: 1}\r\n".encode())
    result = read(Source(path, "a.yaml", ("a",), "a.yaml"))
    assert isinstance(result, Document)
    assert result.position(("type",)) == (2, 7)
    assert result.position(("properties", "x")) == (5, 3)
    assert result.position(("properties", "x", 0, "a")) == (5, 9)
    assert result.position(("properties", "y")) == (4, 3)


def test_aliases_stand_for_distinct_copies():
    value = parse_yaml("a: &x {n: [1]}\nb: *x\nc: *x\n&k key: 1\nother: *k\n")
    assert value == {"a": {"n": [1]}, "b": {"n": [1]}, "c": {"n": [1]}, "key": 1, "other": "key"}
    assert value["a"] is not value["b"] is not value["c"]
    assert value["a"]["n"] is not value["b"]["n"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1:1 the file is empty"),
        ("# only a comment\n", "1:1 the file is empty"),
        ("a: 1\n---\nb: 2\n", "2:1 a second document starts here"),
        (
            "%YAML 1.1\n---\na: no\n",
            "1:1 the file is read as YAML 1.2, and declares another version",
        ),
        ("a: .inf", "1:4 .inf is no JSON number"),
        ("a: .NaN", "1:4 .NaN is no JSON number"),
        ("a: 1e999", "1:4 a number beyond the range of a 64-bit float"),
        ("9" * 5000, "1:1 an integer of more than 4300 digits"),
        ("0x" + "f" * 5000, "1:1 an integer of more than 4300 digits"),
        (
            "a:\n  b: 1\n  b: 2",
            '3:3 the key "b" is given twice in one object (before on line 2)',
        ),
        (
            "x: &k a\n*k : 1\na: 2",
            '3:1 the key "a" is given twice in one object (before on line 2)',
        ),
        ("1: a", "1:1 the key 1 is a number, keys must be text"),
        ("true: a", "1:1 the key true is a boolean, keys must be text"),
        ("? [a]\n: 1", "1:3 this key is an array, keys must be text"),
        ("a: 1\n<<: {b: 2}", "2:1 the merge key << is not part of YAML 1.2"),
        ("a: !foo {}", "1:4 this tag means nothing here"),
        (
            "a: !!python/object/apply:os.system [x]",
            "1:4 this tag means nothing here",
        ),
        ("a: !!timestamp 2020-01-01", "1:4 this tag means nothing here"),
        ("a: !!int x", "1:4 this is text, not what its tag says"),
        ("a: *b", "1:4 there is no such anchor before this alias"),
        ("a: &a [*a]", "1:8 the alias stands inside its own value"),
        ("a:\n\tb: 1", "2:1 a tab where YAML takes only spaces"),
        ("a:\n  b: 1\n c: 2", "3:2 this does not fit what stands before it"),
        ("a: b: c", "1:5 a colon where no key can be"),
        ('a:\n  "b', "2:3 this text in quotes never ends"),
        ("a: [1, 2", "1:9 expected a comma or ]"),
        ("a: @b", "1:4 a character that no YAML value can start with"),
        ("a: \x07", "1:4 control character U+0007"),
        ("a: b\u2028c", "1:5 the character U+2028, a line end in YAML 1.1 but not in 1.2"),
        (r'"\ud800"', "1:1 half of a surrogate pair, which is no character"),
    ],
)
def test_faults_are_named_with_their_place(text, message):
    assert fault(text) == message


@pytest.mark.parametrize("text", ["[" * 9999, "- " * 9999, "{a: " * 9999])
def test_bottomless_nesting_is_an_error(text):
    assert fault(text).endswith(f"nested deeper than {MAX_DEPTH} levels")


def test_alias_bombs_are_an_error():
    laughs = "x0: &x0 [a, a, a, a, a, a, a, a, a, a]\n" + "".join(
        f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 10)}]\n" for n in range(1, 10)
    )
    assert "aliases stand for more than 100000 values" in fault(laughs)
    tower = "x0: &x0 []\n" + "".join(f"x{n}: &x{n} [*x{n - 1}]\n" for n in range(1, 999))
    assert "levels by this alias" in fault(tower)


def test_ruamel_loads_only_for_yaml(tmp_path):
    Path(tmp_path / "a.json").write_text("{}")
    program = (
        "import sys; from pathlib import Path\n"
        "from brevetti_gen.read.find import find; from brevetti_gen.read.document import read\n"
        f"read(find([{str(tmp_path)!r}])[0][0])\n"
        "sys.exit('ruamel.yaml' in sys.modules)"
    )
    path = os.pathsep.join(p for p in sys.path if p)
    subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": path}, check=True
    )
