"""A guided assessment in JupyterLab, as a consultant does it: run, fill in, save, run again."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from awsbasics.engagement import load_engagement
from awsbasics.run import notebooks_folder
from tests.jupyterlab import jupyterlab
from tests.snapshots import write_snapshot

pytestmark = [pytest.mark.lab, pytest.mark.slow]

PATIENCE = 30_000.0  # milliseconds, for what a kernel does meanwhile
NOTEBOOK = "04_engineers.ipynb"
NOTE = 'Seen in the "sign-in" policy: # none, $x^2$'
# All else that weighs is accepted, so that the rating hangs on the answer.
ENGAGEMENT = "client: Example Corp  # ours\n# What nobody argues about\nexceptions:\n" + "".join(
    f'  - {{check: {check}, match: {{account: "*"}}, reason: r, owner: o, expires: 2030-01-01}}\n'
    for check in ("ENG.4", "ENG.5", "ENG.6", "ENG.7", "ENG.11")
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A consultant's folder: a snapshot, an engagement file, a notebook with both set."""
    made = tmp_path_factory.mktemp("consultant")
    write_snapshot(made / "snapshot")
    (made / "engagement.yml").write_text(ENGAGEMENT, encoding="utf-8")
    source = (notebooks_folder() / NOTEBOOK).read_text(encoding="utf-8")
    for name, value in {"snapshot": "snapshot", "engagement": "engagement.yml"}.items():
        assert f'{name} = \\"\\"' in source
        source = source.replace(f'{name} = \\"\\"', f'{name} = \\"{value}\\"')
    (made / NOTEBOOK).write_text(source, encoding="utf-8")
    return made


@pytest.fixture
def page(browser: Browser, folder: Path, tmp_path: Path) -> Iterator[Page]:
    """The notebook, open in JupyterLab."""
    with jupyterlab(folder, tmp_path) as url:
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(url.format(NOTEBOOK))
        page.get_by_role(
            "button", name="| Idle"
        ).wait_for()  # in the status bar: the kernel is there
        yield page
        context.close()


def see(place: Locator, text: str | re.Pattern[str]) -> None:
    """Wait until a text stands somewhere."""
    expect(place).to_contain_text(text, timeout=PATIENCE)


def run_all(page: Page) -> None:
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def form(page: Page, question: str) -> Locator:
    """The form of a question: the innermost box that names it."""
    return page.locator(".widget-vbox").filter(has_text=question).last


def test_an_answer_and_an_exception_change_the_rating_and_stand_in_the_file(
    page: Page, folder: Path
) -> None:
    verdict, question = page.locator(".ab-verdict"), page.locator(".ab-question")
    run_all(page)
    see(verdict, "Not assessed")
    see(question.first, "ENG.A")

    asked = form(page, "ENG.A")
    asked.get_by_label("None: it is not enforced").check()
    asked.get_by_label("Note").fill(NOTE)
    asked.get_by_label("Answered by").fill("Robin <b>Example</b>")
    asked.get_by_role("button", name="Save").click()
    see(asked, "The answer to ENG.A is saved in engagement.yml")

    run_all(page)
    see(verdict, "Not met")
    see(question.last, "ENG.A")
    see(question.last, NOTE)
    see(question.last.locator("dl"), "Robin <b>Example</b>")
    see(page.locator(".widget-accordion").first, "Answer again: ENG.A")

    answer = load_engagement(folder / "engagement.yml").answers["ENG.A"]
    assert (answer.choice, answer.note) == ("not_enforced", NOTE)
    assert (answer.by, answer.on is None) == ("Robin <b>Example</b>", False)
    assert (folder / "engagement.yml").read_text(encoding="utf-8").startswith(ENGAGEMENT)

    page.get_by_text("Accept a finding", exact=True).click()
    accept = form(page, "Accept a finding until a day")
    accept.get_by_label("Filter").fill("eng.a")
    accept.get_by_label("Finding").select_option(index=0)
    accept.get_by_label("Reason").fill("A new provider comes in spring")
    accept.get_by_label("Owner").fill("team platform")
    accept.get_by_label("Until").fill("2030-01-31")
    accept.get_by_role("button", name="Save").click()
    see(accept, "1 finding accepted until 2030-01-31 in engagement.yml")

    run_all(page)
    see(page.locator(".ab-table").filter(has_text="Accepted exceptions"), "in spring")
    see(verdict, re.compile("Not assessed|Partly met"))
    added = load_engagement(folder / "engagement.yml").exceptions[-1]
    assert (added.check, added.owner) == ("ENG.A", "team platform")
