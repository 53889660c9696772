"""A real browser for the tests of this folder, and of no other."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import ensure_chromium, launch_flags
from tests.browser.recorder import RecordedPage, recorded


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of Chromium; without it tests are skipped, but in CI they fail."""
    lock = tmp_path_factory.getbasetemp().parent / "chromium.lock"
    path = ensure_chromium(lock)
    if path is None:
        missing = "Chromium is not installed, and only root with apt-get can install it here"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return path


# Not for the whole session: while it is open, Playwright's event loop runs in the main thread,
# and tests that start a loop of their own (kernels, for one) would fail after it.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Headless Chromium."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=launch_flags())
        yield launched
        launched.close()


@pytest.fixture
def recorded_page(browser: Browser) -> Iterator[RecordedPage]:
    """A fresh page without network, with a record of its requests, messages and errors."""
    with recorded(browser) as record:
        yield record
