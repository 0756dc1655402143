"""The neural-network playground in a browser: it trains, is reached by keyboard, remembers, and does not break."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe_check import violations
from tests.browser.visits import Visit, Visitor, script
from tests.playground.nodes import run

PLACE = "playground/index.html"
HEAVIEST = 250_000
TARGET = 44  # pixels
OPEN_ALL = "for (const fold of document.querySelectorAll('.pg-more details')) fold.open = true"
#: What is too small for a finger; the boxes of checkboxes and radio buttons are as large as their labels.
TARGETS = script("small_targets.js")
#: Clicks, changes and presses keys on controls of the playground, chosen by the numbers that it is given.
CLICKER = script("click_at_random.js")

#: The pictures of the output, of the network's lines and of a neuron, as addresses of data.
PICTURES = """() => Object.fromEntries(
  Object.entries({ output: '#pg-picture', lines: '.pg-lines', neuron: '[data-name=n-3-3] canvas' })
    .map(([name, selector]) => [name, document.querySelector(selector).toDataURL()]))"""
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def opened(visit: Visitor, address: str = "seed=1", **options: object) -> Page:
    """Open the playground with some settings; the first picture has been drawn."""
    seen: Visit = visit(f"{PLACE}#{address}", **options)
    expect(seen.page.locator("#pg-train")).not_to_have_text("–")
    return seen.page


def settings_of(page: Page) -> set[str]:
    return set(page.evaluate("location.hash").lstrip("#").split("&"))


def trained(page: Page, epochs: int) -> None:
    """Train to the end of an epoch and wait until the page says so."""
    page.locator("#pg-play").click()
    expect(page.locator("#pg-epochs")).to_have_text(f"{epochs:,}")
    expect(page.locator("#pg-play")).to_have_text("Play")


class TestRun:
    def test_losses_on_the_page_are_those_of_the_trainer(self, visit) -> None:
        address = "seed=1&stopEpoch=50&speed=max&dataset=xor&optimizer=momentum"
        page = opened(visit, address)
        trained(page, 50)
        _, train, test = run("train.mjs", [{"address": address, "epochs": 50}])[0]["recorded"]
        shown = page.locator("#pg-read").inner_text()
        assert shown == f"epoch 50: training {train[-1]:.3g}, test {test[-1]:.3g}"

    def test_step_epoch_and_reset(self, visit) -> None:
        page = opened(visit)
        start = page.locator("#pg-train").inner_text()
        page.locator("#pg-epoch").click()
        expect(page.locator("#pg-epochs")).to_have_text("1")
        expect(page.locator("#pg-train")).not_to_have_text(start)
        page.locator("#pg-step").click()
        expect(page.locator("#pg-epochs")).to_have_text("1")
        page.locator("#pg-reset").click()
        expect(page.locator("#pg-epochs")).to_have_text("0")
        expect(page.locator("#pg-train")).to_have_text(start)

    def test_a_large_network_is_drawn_while_it_trains_and_as_it_is_when_it_rests(self, visit) -> None:
        page = opened(visit, "seed=1&networkShape=8,8,8,8,8,8&activation=relu&speed=max")
        page.emulate_media(reduced_motion="no-preference")  # with less motion, each picture is drawn whole
        before = page.evaluate(PICTURES)
        page.locator("#pg-play").click()
        for name in before:
            page.wait_for_function(f"(before) => ({PICTURES})()[{name!r}] !== before", arg=before[name])
        page.locator("#pg-play").click()
        expect(page.locator("#pg-play")).to_have_text("Play")
        page.evaluate(TWO_FRAMES)
        rested = page.evaluate(PICTURES)
        page.evaluate("dispatchEvent(new Event('resize'))")
        page.evaluate(TWO_FRAMES)
        assert page.evaluate(PICTURES) == rested

    def test_divergence_is_said_when_it_happens_and_offers_a_way_out(self, visit) -> None:
        page = opened(visit, "seed=1&problem=regression&regDataset=reg-cubic&activation=linear&learningRate=1")
        page.locator("#pg-play").click()
        alert = page.get_by_role("alert").filter(has_text="diverged")
        expect(alert).to_be_visible()
        expect(page.locator("#pg-play")).to_have_text("Play")
        alert.get_by_role("button", name="Start again at a learning rate of 0.1").click()
        assert "learningRate=0.1" in settings_of(page)
        expect(page.locator("#pg-alert")).to_be_hidden()

    def test_a_stop_by_loss_stops(self, visit) -> None:
        page = opened(visit, "seed=1&speed=max&stopLoss=0.01")
        page.locator("#pg-play").click()
        expect(page.locator("#pg-alert")).to_contain_text("the training loss has reached 0.01")
        assert float(page.locator("#pg-train").inner_text()) <= 0.01

    def test_every_picture_has_words_that_follow_it(self, visit) -> None:
        page = opened(visit, "seed=1&speed=max&stopEpoch=30&activation=relu&y=false")
        picture = page.locator("#pg-picture")
        before = picture.get_attribute("aria-label")
        trained(page, 30)
        expect(picture).not_to_have_attribute("aria-label", before or "")
        for view, word in [
            ("line", "bends at x"),
            ("fit", "Predicted against"),
            ("surface", "path"),
            ("plane", "over the plane"),
        ]:
            page.locator("[data-key=view]").select_option(view)
            expect(picture).to_have_attribute("aria-label", re.compile(re.escape(word)))
        expect(page.locator("#pg-chart")).to_have_attribute("aria-label", re.compile("after 30 epochs"))


class TestAddress:
    def test_back_and_forward(self, visit) -> None:
        page = opened(visit)
        page.locator("[data-key=activation]").select_option("relu")
        page.locator("[data-key=problem]").select_option("regression")
        assert {"activation=relu", "problem=regression"} <= settings_of(page)
        page.go_back()
        expect(page.locator("[data-key=problem]")).to_have_value("classification")
        page.go_back()
        expect(page.locator("[data-key=activation]")).to_have_value("tanh")
        page.go_forward()
        expect(page.locator("[data-key=activation]")).to_have_value("relu")
        assert settings_of(page) == {"activation=relu", "seed=1"}

    def test_bad_values_are_named_and_the_rest_is_used(self, visit) -> None:
        page = opened(visit, "seed=1&networkShape=toString&activation=sigmoid&x=0&nonsense")
        notes = page.locator("#pg-notes p")
        assert [note.split(":")[0] for note in notes.all_inner_texts()][:2] == ["networkShape=“toString”", "x=“0”"]
        assert notes.count() == 3
        expect(page.locator("[data-key=activation]")).to_have_value("sigmoid")
        assert settings_of(page) == {"seed=1", "activation=sigmoid"}

    def test_an_address_typed_over_another_is_read(self, visit) -> None:
        page = opened(visit)
        page.evaluate("location.hash = 'seed=2&networkShape=3'")
        expect(page.locator("#pg-layer-count")).to_have_text("1 hidden layer")

    def test_controls_are_hidden_when_the_address_says_so(self, visit) -> None:
        page = opened(visit, "seed=1&playButton_hide=true&learningRate_hide=true&hideText=true")
        expect(page.locator("#pg-play")).to_be_hidden()
        expect(page.locator("[data-key=learningRate]")).to_be_hidden()
        expect(page.locator("#pg-experiments .pg-text")).to_be_hidden()


class TestEditing:
    def test_a_weight_is_edited_and_undone(self, visit) -> None:
        page = opened(visit)
        before = page.locator("#pg-train").inner_text()
        page.locator("#pg-neuron").select_option("0,1")
        page.locator("#pg-param").select_option(label="Weight from y")
        weight = page.locator("#pg-value").input_value()
        page.locator("#pg-value").fill("5")
        page.locator("#pg-value").press("Enter")
        page.locator("#pg-table-fold summary").click()
        expect(page.locator("#pg-table tbody tr").nth(1)).to_contain_text("5")
        page.locator("#pg-epoch").click()
        page.locator("#pg-undo").click()
        expect(page.locator("#pg-train")).to_have_text(before)
        page.locator("#pg-neuron").select_option("0,1")
        page.locator("#pg-param").select_option(label="Weight from y")
        assert page.locator("#pg-value").input_value() == weight

    def test_a_line_is_hovered_and_chosen(self, visit) -> None:
        page = opened(visit, "seed=1&networkShape=1&y=false")
        lines, x, neuron = (
            page.locator(s).bounding_box() for s in (".pg-lines", "[data-name=f-x]", "[data-name='n-0-0']")
        )
        middle = ((x["x"] + x["width"] + neuron["x"]) / 2, (x["y"] + neuron["y"] + 44) / 2)
        assert lines["x"] < middle[0] < lines["x"] + lines["width"]
        page.mouse.move(*middle)
        expect(page.locator("#pg-hovered")).to_contain_text("x → Neuron 1.1: weight")
        page.mouse.click(*middle)
        expect(page.locator("#pg-param")).to_have_value("0")

    def test_layers_neurons_and_inputs_change(self, visit) -> None:
        page = opened(visit)
        page.locator("#pg-more").click()
        page.get_by_role("button", name="One neuron more in layer 1").click()
        page.get_by_role("button", name="Input sin x").click()
        assert {"networkShape=5,2,2", "sinX=true"} <= settings_of(page)
        page.get_by_role("button", name="Input sin x").click()
        page.get_by_role("button", name="Input x", exact=True).click()
        page.get_by_role("button", name="Input y", exact=True).click()
        expect(page.locator("#pg-notes")).to_have_text("The network needs at least one input.")
        assert "y=false" not in settings_of(page)

    def test_a_slider_is_one_step_back(self, visit) -> None:
        page = opened(visit)
        page.locator("[data-key=noise]").focus()
        for _ in range(4):
            page.keyboard.press("ArrowRight")
        assert "noise=20" in settings_of(page)
        page.go_back()
        expect(page.locator("[data-key=noise]")).to_have_value("0")


class TestTools:
    def test_own_data(self, visit) -> None:
        page = opened(visit)
        page.locator("#pg-own summary").click()
        rows = [f"{x},{y},{int(x > y)}" for x in range(-5, 6) for y in range(-5, 6) if x != y]
        page.locator("#pg-csv").fill("\n".join(["x,y,label", *rows, "1,two,1", "1,2"]))
        page.locator("#pg-use-csv").click()
        says = page.locator("#pg-csv-says")
        for text in (
            "110 rows are used, as a classification",
            "Row 112: “two” is not a number",
            "Row 113: it has 2 columns",
        ):
            expect(says).to_contain_text(text)
        assert "dataset=own" in settings_of(page)
        page.locator("[data-key=speed]").select_option("max")
        page.locator("#pg-play").click()
        page.wait_for_function("() => parseFloat(document.getElementById('pg-score').textContent) > 90")
        page.reload()
        expect(page.locator("#pg-notes")).to_contain_text("Your own data are not part of an address")

    def test_two_networks_side_by_side(self, visit) -> None:
        page = opened(visit, "seed=1&speed=max&stopEpoch=20&compare=activation:relu")
        page.locator("#pg-play").click()
        expect(page.locator("#pg-caption-b")).to_contain_text("Second: epoch 20")
        expect(page.locator("#pg-caption-a")).to_contain_text("First: epoch 20")
        alone = run("train.mjs", [{"address": "seed=1&activation=relu", "epochs": 20}])[0]["recorded"]
        expect(page.locator("#pg-caption-b")).to_contain_text(f"training loss {alone[1][-1]:.3g}")
        page.locator("[data-second=activation]").select_option("")
        expect(page.locator("#pg-second")).to_be_hidden()

    def test_what_is_saved(self, visit) -> None:
        page = opened(visit)
        page.evaluate(OPEN_ALL)
        found = {}
        for button in ("save-run", "save-weights", "save-svg", "save-png"):
            with page.expect_download() as download:
                page.locator(f"#pg-{button}").click()
            found[button] = Path(download.value.path()).read_bytes()
        ours = run("train.mjs", [{"address": "seed=1"}])[0]["file"]
        saved = json.loads(found["save-run"])
        for name in ("X", "y", "X_test", "y_test"):  # sines may differ in their last bit between Node and Chromium
            np.testing.assert_allclose(saved[name], ours[name], rtol=1e-12)
        assert saved["weights"] == ours["weights"]
        assert json.loads(found["save-weights"])["weights"] == json.loads(found["save-run"])["weights"]
        assert found["save-svg"].startswith(b"<svg ")
        assert found["save-png"].startswith(b"\x89PNG")

    def test_the_pytorch_is_that_of_the_settings(self, visit) -> None:
        page = opened(visit, "seed=1&optimizer=adam&networkShape=3")
        page.locator("#pg-code-fold summary").click()
        code = page.locator("#pg-code").inner_text()
        assert (
            code.strip()
            == run("train.mjs", [{"address": "seed=1&optimizer=adam&networkShape=3"}])[0]["code"]
            .replace("range(1)", "range(100)")
            .strip()
        )

    def test_a_guided_experiment(self, visit) -> None:
        page = opened(visit)
        page.locator("#pg-experiment").select_option("zero-start")
        assert {"dataset=xor", "initZero=true", "experiment=zero-start"} <= settings_of(page)
        page.locator("#pg-try").click()
        expect(page.locator("#pg-verdict")).to_have_text("First say what you expect.")
        page.locator("[name=pg-choice]").first.check()
        page.locator("#pg-try").click()
        expect(page.locator("#pg-verdict")).to_contain_text(
            "Not as you expected: No: at zero, no weight has a gradient"
        )
        page.go_back()


class TestEverybody:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [1280, 360])
    def test_axe_finds_nothing_with_everything_open(self, visit, scheme: str, width: int) -> None:
        address = "seed=1&compare=activation:relu&experiment=adam&bogus&networkShape=16,3,3,3,3,3&stopEpoch=3&speed=max"
        page = opened(visit, address, scheme=scheme, width=width)
        page.evaluate(OPEN_ALL)
        trained(page, 3)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(TARGETS) == []

    def test_by_keyboard_alone(self, visit) -> None:
        page = opened(visit)
        page.locator("#pg-play").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # Step
        page.keyboard.press("Tab")
        page.keyboard.press("Space")  # One epoch
        expect(page.locator("#pg-epochs")).to_have_text("1")
        seen = []
        for _ in range(60):
            page.keyboard.press("Tab")
            seen.append(page.evaluate("document.activeElement.dataset.name ?? document.activeElement.id"))
        assert {"f-x", "n-0-0", "n-2-0", "less-0", "pg-neuron", "pg-value", "pg-read-at"} <= set(seen)
        page.locator("[data-name='n-0-2']").focus()
        expect(page.locator("#pg-picture-name")).to_have_text("Neuron 1.3")
        page.keyboard.press("Enter")
        expect(page.locator("#pg-neuron")).to_have_value("0,2")
        page.keyboard.press("Alt+r")
        expect(page.locator("#pg-epochs")).to_have_text("0")
        page.locator("[name=dataset]:checked").focus()
        page.keyboard.press("ArrowRight")
        assert "dataset=xor" in settings_of(page)

    def test_the_focus_stays_when_the_network_is_drawn_anew(self, visit) -> None:
        page = opened(visit)
        button = page.get_by_role("button", name="One neuron more in layer 1")
        button.focus()
        for count in (5, 6, 7):
            page.keyboard.press("Enter")
            expect(page.locator(".pg-head span").first).to_have_text(f"{count} neurons")
        assert page.evaluate("document.activeElement.dataset.name") == "more-0"

    def test_a_thousand_random_clicks_and_keys(self, visit) -> None:
        seen = visit(f"{PLACE}#seed=1&speed=max")
        page = seen.page
        page.evaluate(OPEN_ALL)
        generator = random.Random(7)
        page.evaluate(CLICKER, [generator.random() for _ in range(4000)])
        page.wait_for_function("() => window.clicksDone === 1000", timeout=45_000)
        assert seen.complaints == []
        assert seen.foreign == []
        page.goto(f"{seen.host}/{PLACE}#seed=1")
        page.reload()
        trained(opened(visit, "seed=1&stopEpoch=2"), 2)

    def test_it_is_light(self, visit) -> None:
        seen = visit(PLACE)
        seen.page.wait_for_load_state("networkidle")
        assert seen.transferred() <= HEAVIEST
