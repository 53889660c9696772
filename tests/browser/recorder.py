"""A page with no network, and a record of what it tried."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Dialog, Page, Request, Route


@dataclass
class RecordedPage:
    """A browser page and what happened in it since it was opened.

    `requests` are the addresses it asked for, those of the file itself and of `data:` included;
    `sent` those that no policy of the page's own stopped, and that were blocked on their way out;
    `console` the messages, the browser's own about the content security policy among them;
    `errors` the uncaught exceptions; `dialogs` what `alert` and its kind said.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def open(self, path: Path) -> Page:
        """Opens a file and waits until it has loaded."""
        self.page.goto(path.resolve().as_uri())
        return self.page

    @property
    def outside(self) -> list[str]:
        """The requests for anything outside the machine, stopped by a policy or not."""
        return [url for url in self.requests if not _is_local(url)]


@contextmanager
def recorded(browser: Browser) -> Iterator[RecordedPage]:
    """A fresh page, all network blocked, everything written down."""
    context = browser.new_context()
    page = context.new_page()
    record = RecordedPage(page)

    def block(route: Route, request: Request) -> None:
        if _is_local(request.url):
            route.continue_()
        else:
            record.sent.append(request.url)
            route.abort()

    def dismiss(dialog: Dialog) -> None:
        record.dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("request", lambda request: record.requests.append(request.url))
    page.on("console", lambda message: record.console.append(message.text))
    page.on("pageerror", lambda error: record.errors.append(str(error)))
    page.on("dialog", dismiss)
    context.route("**/*", block)
    try:
        yield record
    finally:
        context.close()


def _is_local(url: str) -> bool:
    return urlsplit(url).scheme in {"file", "data"}
