"""The forms of which docs/forms.md has pictures."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from brevettiai.form.libraries import form_for
from browser.exported_forms import as_json, differences
from browser.form_pictures import IMAGES, LIBRARIES, MOST_BYTES, PAGE, WIDTH, Pictured, pictured
from browser.forms_in_browser import Draw
from browser.library_pages import LibraryPage

EVERY = [*pictured()]


def test_each_picture_on_the_page_is_there_and_small() -> None:
    named = re.findall(r"\]\((images/form-[^)]+)\)", PAGE.read_text(encoding="utf-8"))
    made = [each.picture(library) for each in EVERY for library in LIBRARIES]
    assert [PAGE.parent / name for name in named] == made
    assert sorted(IMAGES.glob("form-*.png")) == sorted(made)
    for picture in made:
        head = picture.read_bytes()
        assert len(head) <= MOST_BYTES
        assert WIDTH - 16 <= struct.unpack(">I", head[16:20])[0] <= WIDTH


@pytest.mark.slow
@pytest.mark.parametrize("library", LIBRARIES[1:])
@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.name)
def test_what_is_pictured_loads_as_the_defaults(
    library_page: LibraryPage, library: str, each: Pictured, tmp_path: Path
) -> None:
    cls = each.cls(tmp_path)
    library_page.open(form_for(cls, library))
    found = cls.from_settings(library_page.submit())
    assert differences(found, cls.from_config({})) == {}


@pytest.mark.slow
@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.name)
def test_what_is_pictured_of_the_platform_loads_as_the_defaults(
    draw: Draw, each: Pictured, tmp_path: Path
) -> None:
    cls = each.cls(tmp_path)
    page = draw(as_json(cls.get_schema().schema))
    assert differences(cls.from_settings(page.model()), cls.from_config({})) == {}
    assert page.validate() == {}
