"""The report as a person opens it: no request leaves, no stranger's script runs, all is legible."""

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from awsbasics.run import write_report
from tests.browser.recorder import RecordedPage
from tests.example import write_engagement, write_example

SCRIPT = "<script>window.pwned=1</script>"
IMAGE = "<img src=x onerror=window.pwned=1>"
HOSTILE = f"{SCRIPT}{IMAGE}\"'</title></style></details>](javascript:alert(1))$\\frac{{1}}{{2}}$"
PAGES = ["index", "00_start_here", "01_organizations", "02_guard_rails", "03_separation"]
PAGES += ["04_engineers", "05_application_roles", "06_teams", "07_deployment"]
PAGES += ["08_elevated_access", "09_vpc", "10_security_groups", "11_developer_access"]
PAGES += ["12_secrets", "13_security_review"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on an organization in which every name, tag and description is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    write_example(folder / "snapshot", name=HOSTILE)
    engagement = write_engagement(folder / "engagement.yml")
    result = write_report(folder / "snapshot", folder / "report", engagement=engagement)
    assert result.failed == {}
    return folder / "report"


@pytest.mark.parametrize("name", PAGES)
def test_no_request_leaves_and_nothing_of_a_stranger_runs(
    recorded_page: RecordedPage, report: Path, name: str
) -> None:
    page = recorded_page.open(report / f"{name}.html")

    assert recorded_page.outside == []
    assert recorded_page.dialogs == []
    assert recorded_page.errors == []
    assert [text for text in recorded_page.console if "Content Security Policy" in text] == []
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("document.querySelectorAll('img[src=x], [onerror]').length") == 0
    assert page.evaluate("document.querySelectorAll('a[href^=javascript]').length") == 0


@pytest.mark.parametrize("name", ["05_application_roles", "12_secrets", "10_security_groups"])
def test_a_strangers_markup_is_shown_as_text(
    recorded_page: RecordedPage, report: Path, name: str
) -> None:
    page = recorded_page.open(report / f"{name}.html")
    assert "window.pwned=1" in page.inner_text("body")


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_comes_first_and_allows_one_script_by_its_hash(report: Path, name: str) -> None:
    html = (report / f"{name}.html").read_bytes()
    head = html[html.index(b"<head>") :].decode()
    first = re.findall(r"<[^>]+>", head)[1]
    policy = re.search(r'http-equiv="Content-Security-Policy"\s+content="([^"]+)"', head)
    scripts = re.findall(rb"<script[^>]*>(.*?)</script>", html, re.DOTALL)

    assert policy is not None
    assert policy[1] in first
    assert "default-src 'none'" in policy[1]
    assert "img-src data:" in policy[1]
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0]).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy[1]


def test_another_script_in_the_page_is_stopped(
    recorded_page: RecordedPage, report: Path, tmp_path: Path
) -> None:
    html = (report / "index.html").read_text()
    planted = tmp_path / "planted.html"
    planted.write_text(html.replace("</body>", "<script>window.pwned=1</script></body>"))

    page = recorded_page.open(planted)
    assert page.evaluate("window.pwned") is None
    assert any("Content Security Policy" in text for text in recorded_page.console)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(
    browser: Browser, report: Path, name: str, scheme: str
) -> None:
    for page in opened(browser, report / f"{name}.html", 360, scheme):
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360


def test_dark_mode_is_dark_and_print_is_light(browser: Browser, report: Path) -> None:
    for page in opened(browser, report / "index.html", 1280, "dark"):
        assert brightness(page) < 60
        page.emulate_media(media="print", color_scheme="light")
        assert brightness(page) > 200


def test_a_figure_is_drawn_for_the_scheme_and_light_on_paper(
    browser: Browser, report: Path
) -> None:
    for page in opened(browser, report / "05_application_roles.html", 1280, "dark"):
        figure = page.locator("figure img").first
        light = figure.get_attribute("src")
        assert figure.evaluate("image => image.currentSrc") != light
        page.emulate_media(media="print", color_scheme="dark")
        page.wait_for_function("() => true")
        assert figure.evaluate("image => image.currentSrc") == light


def test_every_figure_has_words_and_its_data(recorded_page: RecordedPage, report: Path) -> None:
    page = recorded_page.open(report / "05_application_roles.html")
    figures = page.locator("figure")
    assert figures.count() > 0
    for index in range(figures.count()):
        figure = figures.nth(index)
        assert len(figure.locator("img").first.get_attribute("alt") or "") > 20
        assert figure.locator("table").count() > 0


def test_tables_sort_and_filter_by_keyboard(recorded_page: RecordedPage, report: Path) -> None:
    page = recorded_page.open(report / "13_security_review.html")
    header = page.locator("th button").first
    header.focus()
    page.keyboard.press("Enter")
    sorted_by = page.locator("th[aria-sort=ascending], th[aria-sort=descending]")
    assert sorted_by.count() >= 1


def test_without_scripts_everything_is_still_there(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((report / "05_application_roles.html").as_uri())
    assert page.locator("h1").count() == 1
    assert page.locator("table tbody tr").count() > 5
    context.close()


def test_the_index_leads_to_every_page_and_file(recorded_page: RecordedPage, report: Path) -> None:
    page = recorded_page.open(report / "index.html")
    links = {
        str(link.get_attribute("href")).partition("#")[0] for link in page.locator("a[href]").all()
    }
    missing = [link for link in links - {""} if not (report / link).exists()]
    assert missing == []
    assert {f"{name}.html" for name in PAGES[1:]} <= links


def test_links_within_a_page_lead_somewhere(recorded_page: RecordedPage, report: Path) -> None:
    page = recorded_page.open(report / "05_application_roles.html")
    targets = [str(a.get_attribute("href")) for a in page.locator("a[href^='#']").all()]
    assert targets
    for target in targets:
        assert page.locator(f"[id='{target[1:]}']").count() == 1, target


def opened(browser: Browser, path: Path, width: int, scheme: str) -> Iterator[Page]:
    """The page at a width, in light or dark; closed afterwards."""
    viewport = {"width": width, "height": 800}
    context = browser.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(path.as_uri())
    yield page
    context.close()


def brightness(page: Page) -> float:
    """The background's mean of red, green and blue, 0 to 255."""
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    if colour == "rgba(0, 0, 0, 0)":
        colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    numbers = [float(n) for n in re.findall(r"[\d.]+", colour)[:3]]
    return sum(numbers) / 3
