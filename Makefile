# Everything a person types. Each target installs what it needs first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset run test lint format bench lock clean

help:  ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Shortlist needs Python 3.11 or newer; name one with make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "No virtual environment: on Debian, apt-get install python3-venv"; exit 1; }

$(RUNTIME): requirements/runtime.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/runtime.txt
	@touch $@

$(DEV): requirements/dev.txt | $(RUNTIME)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(RUNTIME)  ## a chat in the browser, with invented mentors; no token needed
	@exec $(BIN)/python -m bot demo

demo-reset: $(RUNTIME)  ## drop the demo's data
	@$(BIN)/python -m bot demo --reset

run: $(RUNTIME)  ## the bot itself: BOT_TOKEN=… make run
	@exec $(BIN)/python -m bot run

# In three parts at a time: each waits for its own database, or for a browser, half of the while.
REQUESTS := $(wildcard tests/bot/test_request*.py) tests/bot/test_reviews.py tests/bot/test_standings.py

test: $(DEV)  ## every test
	@$(BIN)/python -m pytest tests/bot tests/unit $(addprefix --ignore=,$(REQUESTS)) > $(VENV)/tests-bot.log 2>&1 & bot=$$!; \
	$(BIN)/python -m pytest tests/db tests/recommender $(REQUESTS) > $(VENV)/tests-requests.log 2>&1 & requests=$$!; \
	trap "kill $$bot $$requests" INT TERM; \
	$(BIN)/python -m pytest $(foreach part,bot db recommender unit,--ignore=tests/$(part)); failed=$$?; \
	wait $$bot || failed=1; wait $$requests || failed=1; \
	cat $(VENV)/tests-bot.log $(VENV)/tests-requests.log; exit $$failed

lint: $(DEV)  ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports

format: $(DEV)  ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEV)  ## every figure of benchmarks/, as tables
	$(BIN)/python -m benchmarks

lock:  ## pin anew after a change of requirements/*.in (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements/runtime.in -o requirements/runtime.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements/dev.in -c requirements/runtime.txt -o requirements/dev.txt

clean:  ## drop the virtual environment and caches, not the data
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
