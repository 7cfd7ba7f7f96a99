"""How problems read, and in which order."""

from brevetti_gen.problems import GenerationError, Problem, pointer_text


def test_a_problem_reads_as_place_message_and_hint():
    problem = Problem("must be a number", "a.json", 3, 7, "#/properties/x", hint="write 5")
    assert str(problem) == ("a.json:3:7: error: must be a number (at #/properties/x)\n    write 5")


def test_a_problem_without_a_place_is_only_a_message():
    assert str(Problem("nothing to do", severity="warning")) == "warning: nothing to do"


def test_the_error_shows_all_problems_in_source_order():
    late, early = Problem("two", "a.json", 10, 1), Problem("one", "a.json", 9, 1)
    error = GenerationError([late, early])
    assert error.problems == (early, late)
    assert str(error) == "a.json:9:1: error: one\na.json:10:1: error: two"


def test_text_of_strangers_cannot_drive_the_terminal():
    shown = str(Problem("unknown key \x1b[2J\n\ud800", path="a\r.json"))
    assert shown == r"a\r.json: error: unknown key \x1b[2J\n\ud800"
    assert str(Problem("the key größe")) == "error: the key größe"


def test_pointers_are_escaped_as_in_rfc_6901():
    assert pointer_text(("properties", "a/b~c", 0)) == "#/properties/a~1b~0c/0"
    assert pointer_text(()) == "#"
