"""A bar at the terminal tells how far long runs are."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr

import pytest
from brevetti_gen.workbench.telling import progress
from brevetti_gen.workbench.telling.progress import progress_bar

pytest.importorskip("rich", reason="it comes with the extra `gen`")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm")
    return Terminal()


def test_a_long_run_shows_how_far_it_is(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SOON", 0)
    with redirect_stderr(terminal), progress_bar() as show:
        assert show is not None
        show(3, 40)
    assert "generating" in terminal.getvalue()
    assert "3/40" in terminal.getvalue()


def test_a_short_run_shows_nothing(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SOON", 3600)
    with redirect_stderr(terminal), progress_bar() as show:
        assert show is not None
        show(3, 40)
    assert terminal.getvalue() == ""


def test_without_the_library_nothing_is_shown(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SOON", 0)
    monkeypatch.setitem(sys.modules, "rich.console", None)
    with redirect_stderr(terminal), progress_bar() as show:
        assert show is not None
        show(3, 40)
    assert terminal.getvalue() == ""


def test_where_nobody_sees_it_there_is_none(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with redirect_stderr(terminal), progress_bar() as show:
        assert show is None
