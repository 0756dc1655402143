"""The motif scanner in a browser: keyboard, bad input, mutation, training, Back, random clicks, schemes and widths."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe_check import violations
from tests.browser.visits import Visit, Visitor

PATH = "playground/motif.html"
SEQUENCE = "ACGTACGTACGTACGTACGTCAAGATGGCGGCACGTACGTACGTACGTACGT"  # the consensus of YY1 at 20
CLICKS = 300
CONTROLS = ".scanner :is(button, select, textarea, input, summary)"
SMALL_TARGETS = """(controls) => [...document.querySelectorAll(controls)]
  .map((control) => (control.type === 'checkbox' ? control.closest('label') : control))
  .filter((target) => target.checkVisibility())
  .filter((target) => Math.min(target.getBoundingClientRect().height, target.getBoundingClientRect().width) < 44)
  .map((target) => target.outerHTML.slice(0, 80))"""
USED = """(controls) => [...document.querySelectorAll(controls)]
  .filter((control) => control.checkVisibility() && !control.disabled)
  .map((control) => control.id || control.tagName)"""
#: Presses, chooses or fills in one of the controls and drawings, by chance.
MEDDLE = """([share, x, y, text]) => {
  const every = [...document.querySelectorAll('.scanner :is(button, input, select, textarea, svg)')];
  const able = every.filter((one) => !one.disabled);
  const one = able[Math.floor(share * able.length)];
  const { left, top, width, height } = one.getBoundingClientRect();
  const place = { bubbles: true, clientX: left + x * width, clientY: top + y * height };
  if (one.matches('select')) one.selectedIndex = Math.floor(x * one.length);
  else if (one.matches('[type=number], [type=range]')) one.value = Number.isFinite(Number(text)) ? text : '';
  else if (one.matches('input:not([type=checkbox]), textarea')) one.value = text;
  else one.dispatchEvent(new MouseEvent('click', place));
  for (const kind of ['input', 'change']) one.dispatchEvent(new Event(kind, { bubbles: true }));
}"""


def opened(visitor: Visitor, fragment: str = "", **options: object) -> Visit:
    visit = visitor(f"{PATH}{fragment}", **options)
    visit.page.locator("#scanner[data-ready]").wait_for(timeout=10_000)
    return visit


@pytest.fixture(scope="module")
def seen(browser: Browser, address: str) -> Iterator[Visit]:
    """Open the page once; tests that share it set what they need."""
    visitor = Visitor(browser, address)
    yield opened(visitor, f"#dna={SEQUENCE}")
    visitor.close()


@pytest.fixture
def page(seen: Visit) -> Page:
    for fragment, length in [("#length=77", "77"), (f"#dna={SEQUENCE}&at=25", "120")]:
        seen.page.evaluate("fragment => { location.hash = fragment }", fragment)
        expect(seen.page.locator("#mt-length")).to_have_value(length)
    expect(seen.page.locator("#mt-dna")).to_have_value(SEQUENCE)
    expect(seen.page.locator("#mt-change")).to_have_text("No base is changed.")
    return seen.page


@pytest.mark.parametrize("width", [1280, 360])
def test_it_is_accessible_and_fits_in_both_schemes(browser: Browser, address: str, width: int) -> None:
    visitor = Visitor(browser, address)
    page = opened(visitor, width=width).page
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(SMALL_TARGETS, CONTROLS) == []
    visitor.close()


def test_bad_dna_is_named_and_the_last_good_sequence_stays(page: Page) -> None:
    field = page.locator("#mt-dna")
    field.fill("ACGTXACGT")
    expect(page.locator("#mt-dna-error")).to_have_text(
        "the sequence has 'X' at position 4 (counting from 0); expected one of ACGT or N, in either case"
    )
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("ACGT")
    expect(page.locator("#mt-dna-error")).to_contain_text("sequence must be as long as the motif (12)")
    field.fill(">one\n" + SEQUENCE.lower())
    expect(page.locator("#mt-dna-error")).to_be_empty()
    expect(page.locator("#mt-best")).to_have_text(re.compile(r"^1\d\.\d\d bits$"))


def test_a_mutation_by_keyboard_changes_the_prediction_and_can_be_undone(page: Page) -> None:
    before = page.locator("#mt-best").inner_text()
    page.locator("#mt-at").focus()
    page.keyboard.press("ArrowUp")  # from 25 to 26, a G of ATGG
    page.keyboard.press("Tab")
    expect(page.locator("#mt-base-A")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#mt-dna")).to_have_value(SEQUENCE[:26] + "A" + SEQUENCE[27:])
    expect(page.locator("#mt-best")).not_to_have_text(before)
    expect(page.locator("#mt-change")).to_have_text(re.compile(r"^26 to A: −\d+\.\d bits against the original"))
    page.locator("#mt-undo").press("Enter")
    expect(page.locator("#mt-best")).to_have_text(before)


def test_the_verdict_follows_the_threshold(page: Page) -> None:
    for threshold, verdict in [("30", "no site"), ("6", "a site")]:
        page.locator("#mt-threshold").fill(threshold)
        page.keyboard.press("Tab")
        expect(page.locator("#mt-verdict")).to_have_text(
            re.compile(f"above the threshold of {threshold}.0 bits: {verdict}")
        )


def test_a_press_on_the_map_makes_the_change_that_its_cell_shows(page: Page) -> None:
    x = page.evaluate("document.querySelector('#mt-map-box').scrollLeft = 0, 26.5 * 18")
    page.locator("#mt-map").click(position={"x": x, "y": 26 + 3.5 * 30})
    expect(page.locator("#mt-change")).to_have_text(re.compile("^26 to T: −"))
    expect(page.locator("#mt-map")).to_have_attribute("aria-label", re.compile("^Change of the best score"))


def test_the_window_moves_by_keyboard_slider_and_play(page: Page) -> None:
    page.locator("#mt-to-best").press("Enter")
    expect(page.locator("#mt-window")).to_have_text("CAAGATGGCGGC")
    assert page.locator("#mt-window-plus").inner_text() == page.locator("#mt-best").inner_text()
    page.locator("#mt-step").press("Space")
    expect(page.locator("#mt-window")).to_have_text("AAGATGGCGGCA")
    page.locator("#mt-position").press("ArrowLeft")
    page.locator("#mt-position").press("ArrowLeft")
    expect(page.locator("#mt-position-shown")).to_have_text("19, of 0 to 40")
    page.locator("#mt-play").click()
    expect(page.locator("#mt-play")).to_have_text("Pause")
    expect(page.locator("#mt-position-shown")).to_have_text("20, of 0 to 40")
    page.locator("#mt-play").click()
    expect(page.locator("#mt-play")).to_have_text("Play")


def test_a_cell_of_the_filter_changes_the_score_and_the_matrix_comes_back(page: Page) -> None:
    before = page.locator("#mt-best").inner_text()
    page.locator("#mt-edit summary").click()
    field = page.get_by_label("Weight of G at place 7, in bits")
    field.fill("-5")
    field.press("Enter")
    expect(page.locator("#mt-filter-name")).to_have_text("Your filter")
    expect(page.locator("#mt-best")).not_to_have_text(before)
    page.locator("#mt-matrix").click()
    expect(page.locator("#mt-best")).to_have_text(before)
    page.locator("#mt-edit summary").click()


def test_back_and_forward_give_the_states_that_were(visit: Visitor) -> None:
    page = opened(visit, f"#dna={SEQUENCE}&at=26").page
    page.locator("#mt-base-A").click()
    page.wait_for_url("**#*mutations=26A*")
    page.go_back()
    expect(page.locator("#mt-change")).to_have_text("No base is changed.")
    page.go_forward()
    expect(page.locator("#mt-change")).to_contain_text("26 to A")


def test_bad_settings_in_the_address_are_noted(visit: Visitor) -> None:
    page = opened(visit, "#motif=MA0139.1&length=7&pool=25").page
    expect(page.locator("#mt-notes")).to_contain_text("“length” in the address must be a whole number from 30 to 400")
    expect(page.locator("#mt-motif")).to_have_value("MA0139.1")
    expect(page.locator("#mt-pool")).to_have_value("25")
    expect(page.locator("#mt-length")).to_have_value("120")


def test_training_finds_the_motif_and_its_filter_can_scan(visit: Visitor) -> None:
    page = opened(visit).page
    assert float(page.locator("#mt-match").inner_text()) < 0.6
    page.locator("#mt-train").click()
    expect(page.locator("#mt-train-says")).to_contain_text("Done", timeout=30_000)
    assert float(page.locator("#mt-match").inner_text()) >= 0.9
    expect(page.locator("#mt-logo-learned")).to_have_attribute("aria-label", re.compile("ATGGC"))
    page.locator("#mt-use").click()
    expect(page.locator("#mt-filter-name")).to_have_text("Your filter")
    expect(page.locator("#mt-verdict")).to_contain_text("a site")


def test_the_tab_key_reaches_every_control_in_order(page: Page) -> None:
    wanted = page.evaluate(USED, CONTROLS)
    page.locator("#mt-dna").focus()
    visited = ["mt-dna"]
    for _ in range(3 * len(wanted)):
        page.keyboard.press("Tab")
        visited.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    in_page = [name for name in visited if name in wanted]
    assert in_page[: len(wanted)] == wanted


def test_random_clicks_and_keys_leave_no_message(visit: Visitor) -> None:
    seen = opened(visit)
    rng = random.Random(11)
    seen.page.evaluate("for (const fold of document.querySelectorAll('.scanner details')) fold.open = true")
    for _ in range(CLICKS):
        text = rng.choice(["", "7", "-3", "1e9", "ACGTN" * 9, "x", "0.5", "60"])
        seen.page.evaluate(MEDDLE, [rng.random(), rng.random(), rng.random(), text])
    seen.page.evaluate("() => new Promise((done) => setTimeout(done, 400))")  # the address is written after 250 ms
    assert seen.complaints == []
    assert seen.foreign == []
    fragment = seen.page.evaluate("location.hash")
    again = opened(visit, fragment)
    expect(again.page.locator("#mt-notes")).to_be_hidden()
