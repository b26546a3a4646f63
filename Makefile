# The few words this project needs. `make` alone lists them.
# A fresh machine needs only make and a Python of 3.11 or newer; everything else goes into .venv, at the exact
# versions of requirements.txt. Choose another interpreter with `make PYTHON=/path/to/python demo`.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
BENCH_INSTALLED := $(VENV)/.installed-bench
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet

.PHONY: help setup demo check test cases test-all coverage bench lock clean

help: ## list these words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

setup: $(INSTALLED) ## create .venv with the pinned packages (every other word does so by itself)

demo: $(INSTALLED) ## the main question on the real data, with its pictures
	@$(BIN)/subsoil demo

check: $(INSTALLED) ## lint, formatting and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: check ## lint, types and the everyday tests
	$(BIN)/python -m pytest -n 2 -m "not slow"

cases: $(INSTALLED) ## what users met and must not meet again
	$(BIN)/python -m pytest -n 2 -m cases

test-all: check ## the same with the slow tests
	$(BIN)/python -m pytest -n 2

coverage: $(INSTALLED) ## which lines the everyday tests never reach
	$(BIN)/coverage run -m pytest -m "not slow"
	$(BIN)/coverage report

bench: $(BENCH_INSTALLED) ## worlds per second against Mesa's batch_run and the EMA workbench
	@$(BIN)/subsoil bench --large

COMPILE = uv pip compile pyproject.toml --universal --python-version 3.11 --only-binary :all: \
	  --fork-strategy fewest --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" --upgrade --quiet

lock: ## rewrite the files of pins from pyproject.toml (needs uv)
	$(COMPILE) --extra test --group build --output-file requirements.txt
	$(COMPILE) --extra bench --constraint requirements.txt --output-file requirements-bench.txt
	$(COMPILE) --extra docs --constraint requirements.txt --output-file requirements-docs.txt

clean: ## remove .venv and everything a tool has cached
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
	find model experiments tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Runs again when the pins or the project's own declaration change. The project is installed in place, without
# asking the network: its build backend is among the pins.
$(INSTALLED): requirements.txt pyproject.toml
	@chosen=""; seen=""; \
	for candidate in $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11 python); do \
	  version=$$("$$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
	  if ! "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	    seen="$$seen $$candidate is $$version;"; \
	  elif ! "$$candidate" -c 'import ensurepip, venv' 2>/dev/null; then \
	    seen="$$seen $$candidate ($$version) cannot make environments (on Debian: install python3-venv);"; \
	  else chosen="$$candidate"; break; fi; \
	done; \
	if [ -z "$$chosen" ]; then \
	  echo "Subsoil needs Python 3.11 or newer, with venv; found:$${seen:- none}" >&2; \
	  echo "Install one, or name it: make PYTHON=/path/to/python3.11 setup" >&2; exit 1; \
	fi; \
	if ! $(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  echo "Setting up $(VENV) with Python $$version (once; a minute or two) ..."; \
	  "$$chosen" -m venv --clear $(VENV); \
	else echo "Bringing $(VENV) up to date ..."; fi
	@$(PIP) install --require-hashes --only-binary :all: -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# What only the bench needs, at the versions of the rest. Without it the bench runs, and says what it lacks.
$(BENCH_INSTALLED): $(INSTALLED) requirements-bench.txt
	@if $(PIP) install --require-hashes --only-binary :all: -r requirements-bench.txt; then touch $@; fi
