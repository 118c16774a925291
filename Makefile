# Everything a person does with this repository, by name. `make help` lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help run test check bench attack manual lock

help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/' | expand -t 16

run: $(VENV)/runtime ## open the hall with its demonstration center; Ctrl-C ends it
	@$(BIN)/hpf run

test: check $(VENV)/browser ## all checks, then all tests
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not attack"

check: $(VENV)/dev ## style, types and floors
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/dev ## what is fast stays fast: figures and their limits
	$(BIN)/python -m benchmarks

attack: $(VENV)/browser ## the long counts: kills, races, soaks
	$(BIN)/python -m pytest -m attack

manual: $(VENV)/browser ## take the pictures of the operation manual anew
	MANUAL_PICTURES=1 $(BIN)/python -m pytest -q -n 0 tests/journeys/test_main_journey.py tests/journeys/test_help.py

lock: $(VENV)/tools ## pin all dependencies anew, with hashes and without addresses
	$(LOCK) requirements/runtime.in --output-file requirements/runtime.txt
	$(LOCK) requirements/gateways.in --output-file requirements/gateways.txt
	$(LOCK) requirements/dev.in --output-file requirements/dev.txt

# --- the virtual environment: each file says what has been installed into it ------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo '需要Python 3.11或更高版本 / Python 3.11 or later is needed' >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime: requirements/runtime.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: requirements/dev.txt $(VENV)/runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

# The browser of the journeys: the machine's Chromium, or else the one that Playwright brings.
$(VENV)/browser: $(VENV)/dev
	command -v chromium >/dev/null || $(BIN)/python -m playwright install chromium
	@touch $@

$(VENV)/tools: | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'
	@touch $@
