"""Forms stand below a section only where a person sits at the notebook."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from awsbasics.show import open_overview, open_page
from awsbasics.show.blocks import Note
from awsbasics.show.live import WithForm, is_live, with_form

NOTE = Note(text="A section.")


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a kernel is asked with, in a session of a Jupyter server."""
    request: dict[str, Any] = {"content": {"code": "page", "allow_stdin": True}}
    shell = SimpleNamespace(kernel=SimpleNamespace(get_parent=lambda _: request))
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: shell)
    monkeypatch.setenv("JPY_SESSION_NAME", "notebooks/04_engineers.ipynb")
    return request


def test_a_kernel_of_a_session_that_may_ask_is_live(kernel: dict[str, Any]) -> None:
    assert is_live()


def test_a_run_that_nobody_watches_is_not(kernel: dict[str, Any]) -> None:
    kernel["content"]["allow_stdin"] = False
    assert not is_live()


def test_a_kernel_outside_a_session_is_not(
    kernel: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME")
    assert not is_live()


@pytest.mark.parametrize("shell", [None, object.__new__(InteractiveShell)])
def test_a_process_without_a_kernel_is_not(
    kernel: dict[str, Any], monkeypatch: pytest.MonkeyPatch, shell: object
) -> None:
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: shell)
    assert not is_live()


def test_unwatched_a_section_is_itself_and_no_form_is_made() -> None:
    assert with_form(NOTE, "engagement.yml", lambda _: pytest.fail("made")) is NOTE


def test_live_the_form_is_displayed_below_and_the_data_stays_the_same(
    kernel: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    displayed: list[object] = []
    monkeypatch.setattr("IPython.display.display", lambda *each: displayed.extend(each))
    section = with_form(NOTE, "engagement.yml", lambda _: "form")
    assert isinstance(section, WithForm)
    section._ipython_display_()
    assert displayed == [NOTE, "form"]
    assert section.spec["blocks"] == [NOTE.spec]
    assert repr(section) == repr(NOTE)


def test_where_there_is_nothing_to_fill_in_the_section_is_itself(kernel: dict[str, Any]) -> None:
    assert with_form(NOTE, "engagement.yml", lambda _: None) is NOTE


def test_without_an_engagement_file_a_line_says_how_to_get_one(
    kernel: dict[str, Any], example: dict[str, str]
) -> None:
    page = open_page("R04", snapshot=example["snapshot"])
    for section in (page.questions(), page.exceptions()):
        assert "awsbasics engagement new engagement.yml" in repr(section)


def test_without_ipywidgets_a_line_says_what_to_install(
    kernel: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "awsbasics.show.forms", None)
    monkeypatch.delattr("awsbasics.show.forms", raising=False)
    assert "pip install 'awsbasics[lab]'" in repr(with_form(NOTE, "e.yml", lambda _: "form"))


def test_live_the_pages_have_their_forms(kernel: dict[str, Any], example: dict[str, str]) -> None:
    page = open_page("R04", **example)
    assert isinstance(page.questions(), WithForm)
    assert isinstance(page.exceptions(), WithForm)
    assert not isinstance(page.findings(), WithForm)
    assert not isinstance(open_overview(**example).environments(), WithForm)
