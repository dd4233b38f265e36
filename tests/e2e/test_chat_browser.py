"""The chat in a real browser: what a reader sees is what was quoted."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.ui.stub_server import ARABIC_QUOTE, ATTACK

pytestmark = pytest.mark.browser

QUESTION = "Where and when was the Global Boys Summit held?"
# Text content as it stands in the page, before the layout adds or takes blanks.
TEXT = "element => element.textContent"


def ask(page: Page, question: str) -> None:
    done = page.get_by_role("button", name="Download with sources")
    before = done.count()
    field = page.get_by_placeholder("Ask about the submissions")
    field.fill(question)
    field.press("Enter")
    expect(done).to_have_count(before + 1, timeout=60_000)


def test_an_answer_opens_its_source_with_the_quote_highlighted(
    page: Page, screenshot_path: Path
) -> None:
    ask(page, QUESTION)
    answer = page.get_by_test_id("stChatMessage").last
    expect(answer).to_contain_text("Casablanca")
    expect(answer).to_contain_text("According to ECPAT International")
    page.get_by_role("button", name="Open source 1").click()
    quote = page.locator("mark").evaluate(TEXT)
    assert "Casablanca" in quote
    assert "June 2023" in quote
    passage = page.locator(".passage").evaluate(TEXT)
    assert passage.count(quote) == 1
    assert len(passage) > len(quote)
    expect(page.locator("mark")).to_be_in_viewport()
    # The page glides to the highlight: wait until it stands still.
    page.wait_for_timeout(1000)
    page.screenshot(path=screenshot_path)
    assert screenshot_path.stat().st_size > 0


def test_nothing_but_this_machine_is_asked(page: Page, requested: list[str]) -> None:
    """Law 5: the chat's page loads no font, script or picture from elsewhere."""
    ask(page, QUESTION)
    hosts = {urlsplit(url).hostname for url in requested if url.startswith("http")}
    assert hosts == {"127.0.0.1"}


def test_hostile_text_stays_text(stub_page: Page, requested: list[str]) -> None:
    """Law 7: neither link, image, markup nor emoji comes of a submission's words."""
    ask(stub_page, "hostile")
    stub_page.get_by_role("button", name="Open source 1").click()
    assert stub_page.locator("mark").evaluate(TEXT) == ATTACK
    main = stub_page.get_by_test_id("stMain")
    links = main.get_by_role("link").evaluate_all("all => all.map(one => one.href)")
    assert [urlsplit(link).hostname for link in links] == ["127.0.0.1"]
    for markup in ("img", "script", ".katex", "em", "del", "h1", "code"):
        assert main.locator(markup).count() == 0, markup
    expect(main.get_by_text(":smile:").first).to_be_visible()
    assert stub_page.title() == "WSIS Submissions Assistant"
    assert not [url for url in requested if "evil" in url]


def test_arabic_runs_from_right_to_left(stub_page: Page) -> None:
    ask(stub_page, "arabic")
    stub_page.get_by_role("button", name="Open source 1").click()
    assert stub_page.locator("mark").evaluate(TEXT) == ARABIC_QUOTE
    assert stub_page.locator(".passage").evaluate("one => getComputedStyle(one).direction") == "rtl"


def test_sources_stay_open_when_the_conversation_goes_on(page: Page) -> None:
    ask(page, QUESTION)
    page.get_by_role("button", name="Open source 1").click()
    quote = page.locator("mark").evaluate(TEXT)
    ask(page, "What was the budget?")
    assert page.locator("mark").evaluate_all("all => all.map(one => one.textContent)") == [quote]


def test_the_keyboard_reaches_a_source(page: Page) -> None:
    ask(page, QUESTION)
    marker = page.get_by_role("button", name="Open source 1")
    marker.focus()
    marker.press("Enter")
    expect(page.locator("mark")).to_be_visible()


def test_a_narrow_page_needs_no_sideways_scrolling(page: Page) -> None:
    page.set_viewport_size({"width": 420, "height": 860})
    ask(page, QUESTION)
    page.get_by_role("button", name="Open source 1").click()
    expect(page.locator("mark")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    wider = "one => one.scrollWidth - one.clientWidth"
    assert page.get_by_test_id("stMain").evaluate(wider) <= 0
