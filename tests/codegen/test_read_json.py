"""JSON files to documents: values, places, and what is wrong with the others."""

import hashlib
import json
import time
from pathlib import Path

import pytest
from brevetti_gen.read.document import Document, read
from brevetti_gen.read.find import Source
from brevettiai.cli.json_text import parse_json, scan_json
from brevettiai.cli.text import MAX_DEPTH, Lines, TextError
from hypothesis import given
from hypothesis import strategies as st

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
indents = st.sampled_from([None, 0, 2, "\t", "\r\n"])


def source(path: Path) -> Source:
    return Source(path, path.name, (path.stem,), path.name)


def written(folder: Path, content: bytes) -> Source:
    path = folder / "a.json"
    path.write_bytes(content)
    return source(path)


def document(folder: Path, text: str) -> Document:
    result = read(written(folder, text.encode()))
    assert isinstance(result, Document), result
    return result


def fault(text: str) -> str:
    with pytest.raises(TextError) as caught:
        parse_json(text)
    line, column = Lines.of(text).position(caught.value.offset)
    return f"{line}:{column} {caught.value.message}"


def test_a_document_holds_value_digest_and_places(tmp_path):
    text = '{\n  "type": "object",\n  "required": ["a",\r\n "b"]\n}\n'
    result = document(tmp_path, text)
    assert result.value == {"type": "object", "required": ["a", "b"]}
    assert result.digest == hashlib.sha256(text.encode()).hexdigest()
    assert result.position() == (1, 1)
    assert result.position(("type",)) == (2, 11)
    assert result.position(("required", 1)) == (4, 2)


def test_the_place_of_what_does_not_exist_is_its_nearest_parent(tmp_path):
    result = document(tmp_path, '{"a": [1, {"b": 2}]}')
    assert result.position(("a", 1, "x", 3)) == result.position(("a", 1)) == (1, 11)
    assert result.position(("a", "x")) == (1, 7)


def test_a_problem_of_a_document_says_where(tmp_path):
    problem = document(tmp_path, '{"a":\n {"b/c": 5}}').problem("syntax", "is 5", ("a", "b/c"))
    assert str(problem) == "a.json:2:10: error: is 5 (at #/a/b~1c)"


@given(values, indents, st.booleans())
def test_values_are_those_of_the_standard_library(value, indent, ascii):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii)
    assert json.dumps(parse_json(text)) == json.dumps(json.loads(text)) == json.dumps(value)


@given(values, indents, st.booleans())
def test_every_place_is_the_start_of_its_value(value, indent, ascii):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii)

    def check(value, place):
        found, _ = json.JSONDecoder().raw_decode(text, place.offset)
        assert json.dumps(found) == json.dumps(value)
        if isinstance(value, (dict, list)):
            inner = value if isinstance(value, dict) else dict(enumerate(value))
            assert inner.keys() == place.parts.keys()
            for key in inner:
                check(inner[key], place.parts[key])

    check(value, scan_json(text))


@given(st.text(alphabet='{}[]",:0123.eE+-truefalsn \\u\nNaIity/*\x00é', max_size=30))
def test_the_scanner_and_the_standard_library_judge_alike(text):
    try:
        parse_json(text)
    except TextError as error:
        said_by_scanner = not error.message.startswith("invalid JSON:")
    else:
        said_by_scanner = scan_json(text) is not None
        json.loads(text)
    assert said_by_scanner


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1:1 the file is empty"),
        (" \n", "1:1 the file is empty"),
        ('{"a": 1,}', "1:8 a comma before }"),
        ("[1, 2,\n]", "1:6 a comma before ]"),
        ('{"a" 1}', "1:6 expected a colon after the key, found 1"),
        ('{"a": }', "1:7 expected a value, found }"),
        ('{"a": 1 "b": 2}', '1:9 expected a comma or }, found "'),
        ('{\n"a": 1', "2:7 the text ends where a comma or } should follow"),
        ("{a: 1}", "1:2 expected a key in double quotes, found a"),
        ("[NaN]", "1:2 NaN is no JSON number"),
        ("[-Infinity]", "1:2 -Infinity is no JSON number"),
        ("[1e400]", "1:2 a number beyond the range of a 64-bit float"),
        ("[01]", "1:2 01 is no JSON number"),
        ("[1.]", "1:2 1. is no JSON number"),
        ("[True]", "1:2 True is no JSON value"),
        ("['a']", "1:2 JSON text stands in double quotes"),
        ("// hi\n{}", "1:1 JSON has no comments"),
        ('["a\nb"]', "1:2 this text in quotes does not end on its line"),
        ('["a\tb"]', "1:4 control character U+0009 in a text, write it as an escape"),
        (r'["\q"]', r"1:3 invalid escape '\\q' in a text"),
        ('["abc', "1:2 this text in quotes never ends"),
        (r'["\ud800"]', "1:2 half of a surrogate pair, which is no character"),
        ("{} {}", "1:4 expected the end of the text, found {"),
        ("9" * 5000, "1:1 an integer of more than 4300 digits"),
        (
            '{"a": 1,\n "b": {"é": 1, "é": 2}}',
            '2:16 the key "é" is given twice in one object (before on line 2)',
        ),
    ],
)
def test_faults_are_named_with_their_place(text, message):
    assert fault(text) == message


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 9999 + "]" * 9999])
def test_bottomless_nesting_is_an_error(text):
    assert fault(text).endswith(f"nested deeper than {MAX_DEPTH} levels")


def test_nesting_up_to_the_limit_is_read():
    depth = MAX_DEPTH
    parse_json("[" * depth + "]" * depth)
    assert "nested deeper" in fault("[" * (depth + 1) + "]" * (depth + 1))
    assert parse_json("[" + "[]," * 999 + "[]]") == [[]] * 1000


@pytest.mark.parametrize("text", ['"' + "a" * 300_000, '"' + r"\n" * 150_000, "-" * 300_000])
def test_hostile_text_is_refused_in_linear_time(text):
    start = time.process_time()
    fault(text)
    assert time.process_time() - start < 2


def test_pairs_of_surrogate_escapes_are_one_character():
    assert parse_json(r'"\uD83D\ude00"') == "😀"
    assert parse_json(r'"[\\ud800-\\udbff]"') == r"[\ud800-\udbff]"


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b'{\n"a": "\xff"}', "a.json:2:7: error: the byte 0xFF is not UTF-8 text"),
        ('"ä"'.encode("latin-1"), "a.json:1:2: error: the byte 0xE4 is not UTF-8 text"),
        ('{"a": 1}'.encode("utf-16"), "a.json:1:1: error: the file is UTF-16 text, not UTF-8"),
        (
            '{"a": 1}'.encode("utf-16-le"),
            "a.json:1:1: error: the file is UTF-16 or UTF-32 text, not UTF-8",
        ),
    ],
)
def test_other_encodings_are_refused(tmp_path, content, shown):
    (problem,) = read(written(tmp_path, content))
    assert str(problem) == f"{shown}\n    save the file as UTF-8"


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path):
    result = read(written(tmp_path, b'\xef\xbb\xbf{"a": 1}'))
    assert isinstance(result, Document)
    assert result.position(("a",)) == (1, 7)
    (problem,) = read(written(tmp_path, b"\xef\xbb\xbf[,"))
    assert problem.column == 2


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path):
    (problem,) = read(source(tmp_path / "gone.json"))
    assert str(problem) == "gone.json: error: cannot be read: No such file or directory"
