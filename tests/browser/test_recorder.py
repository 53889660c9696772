"""The recorder sees what a page does: what the other browser tests rely on."""

from pathlib import Path

from tests.browser.recorder import RecordedPage


def write(folder: Path, body: str, head: str = "") -> Path:
    path = folder / "page.html"
    path.write_text(f"<!doctype html><head>{head}</head><body>{body}</body>", encoding="utf-8")
    return path


def test_a_page_that_asks_for_nothing_leaves_no_record(
    recorded_page: RecordedPage, tmp_path: Path
) -> None:
    path = write(tmp_path, '<p>quiet</p><img src="data:image/svg+xml,<svg/>">')

    page = recorded_page.open(path)

    assert page.inner_text("p") == "quiet"
    assert recorded_page.requests[0] == path.as_uri()
    assert recorded_page.outside == []
    assert recorded_page.errors == []


def test_a_request_to_the_outside_is_written_down_and_blocked(
    recorded_page: RecordedPage, tmp_path: Path
) -> None:
    page = recorded_page.open(write(tmp_path, '<img src="https://example.com/logo.png">'))

    assert recorded_page.outside == recorded_page.sent == ["https://example.com/logo.png"]
    assert page.evaluate("document.querySelector('img').naturalWidth") == 0


def test_a_request_that_the_policy_forbids_is_written_down_and_not_sent(
    recorded_page: RecordedPage, tmp_path: Path
) -> None:
    policy = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">"

    recorded_page.open(write(tmp_path, '<img src="https://example.com/logo.png">', policy))

    assert recorded_page.outside == ["https://example.com/logo.png"]
    assert recorded_page.sent == []
    assert any("Content Security Policy" in message for message in recorded_page.console)


def test_a_script_that_runs_shows_by_its_dialog_and_its_error(
    recorded_page: RecordedPage, tmp_path: Path
) -> None:
    recorded_page.open(write(tmp_path, "<script>alert('ran'); throw Error('broke')</script>"))

    assert recorded_page.dialogs == ["ran"]
    assert recorded_page.errors == ["broke"]
