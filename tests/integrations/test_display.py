"""Settings objects in terminals, notebooks and `match` statements."""

import copy
import sys
from html.parser import HTMLParser
from typing import Any

import pytest
from brevettiai.settings import fields


def test_rich(training_class: Any) -> None:
    pretty = pytest.importorskip("rich.pretty", reason="needs rich")
    shown = pretty.pretty_repr(training_class(epochs=3, stages=[{}]), max_width=40)
    assert shown.splitlines()[:2] == ["Training(", "    epochs=3,"]
    assert "t0k3n" not in shown
    assert "token=***" in shown


class _Cells(HTMLParser):
    """The texts of a table's cells, and all of its tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        if tag == "td":
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data


def test_a_notebook_shows_a_table(training_class: Any) -> None:
    settings = training_class(augmentation={"angle": 7}, token="hunter2", stages=[])
    settings.extra["<script>"] = "<b>"
    table = _Cells(settings._repr_html_())
    rows = dict(zip(table.cells[::2], table.cells[1::2], strict=True))
    assert rows == {
        "epochs": "20",
        "learning_rate": "0.1",
        "augmentation.angle": "7",
        "augmentation.flip": "False",
        "stages": "[]",
        "token": "***",
        "extra": "{'<script>': '<b>'}",
    }
    assert table.tags == {"table", "caption", "tr", "td", "code"}
    assert 'title="Passes &amp; more."' in settings._repr_html_()


def test_long_values_are_cut(class_of: Any) -> None:
    cls = class_of({"properties": {"a": {"type": "string"}, "b": {"type": "array"}}})
    cells = _Cells(cls(a="x" * 9000, b=[0] * 9000)._repr_html_()).cells
    assert len(cells[1]) == 200
    assert cells[3] == "9000 items"


def test_matching_by_position_and_by_name(training_class: Any) -> None:
    settings = training_class(epochs=3, augmentation={"angle": 7})
    match settings:
        case training_class(epochs, rate, augmentation=inner):
            assert (epochs, rate, inner.angle) == (3, 0.1, 7)
        case _:
            pytest.fail("the settings did not match")
    names = tuple(field.attribute for field in fields(settings))
    assert training_class.__match_args__ == settings.__match_args__ == names

    class Mine(training_class):  # type: ignore[misc]
        """A class with methods of one's own."""

    assert Mine.__match_args__ == names


def test_fields_and_replace(training_class: Any) -> None:
    known = {field.attribute: field for field in fields(training_class)}
    assert known["learning_rate"].key == "learning-rate"
    assert known["augmentation"].cls is type(training_class().augmentation)
    assert repr(known["epochs"]) == "Field('epochs', kinds=('integer',))"
    if sys.version_info >= (3, 13):
        assert copy.replace(training_class(), epochs=3) == training_class(epochs=3)
    assert training_class().__replace__(epochs=3) == training_class(epochs=3)


def test_settings_of_these_names_do_not_hide_the_methods(class_of: Any) -> None:
    cls = class_of({"properties": {"_repr_html_": {"default": 1}, "__match_args__": {}}})
    settings = cls(_repr_html__=2)
    assert settings.get_config() == {"_repr_html_": 2}
    assert "_repr_html__" in settings._repr_html_()
    assert len(cls.__match_args__) == 2
