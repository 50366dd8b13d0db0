# Every target sets up what it needs: an environment in .venv with the versions of constraints.txt.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

BIN := .venv/bin
READY := .venv/draisine.ready

# Any interpreter of the right version will do: make PYTHON=/path/to/python3.11 names one.
PYTHON ?= $(shell for candidate in python3.11 python3 python; do \
	$$candidate -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && echo $$candidate && break; done)

# What is passed on to pytest, for instance: make test PYTEST_ARGS='-k guard'
PYTEST_ARGS ?= -n auto --dist loadfile --no-loadscope-reorder

.PHONY: help ride physics bench test live commands screens check docs urdf clean

help:  ## say what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

ride: $(READY)  ## ride a figure of eight and film it, into runs/
	$(BIN)/draisine run ride_figure_eight --video --out runs/

physics: $(READY)  ## hold the physics against theory, into runs/physics/
	$(BIN)/draisine physics check --out runs/

bench: $(READY)  ## hold the motion against its baselines, and report, into runs/bench-smoke/
	$(BIN)/draisine bench run smoke --out runs/

test: $(READY) screens  ## run every test
	$(BIN)/python -m pytest $(PYTEST_ARGS)

live: $(READY) screens  ## drive a ride for two minutes in the window, and for two on the page
	$(BIN)/python -m pytest -q -s -m patience tests/live/test_two_minutes.py

commands: $(READY) screens  ## run every command that the documents show, smaller where it would take long
	$(BIN)/python -m pytest -q -m patience tests/contract/test_commands_run.py

screens:  ## get what the tests of window and page need of the system, where this user may; without it they are skipped
	@if command -v Xvfb >/dev/null && command -v chromium >/dev/null; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && timeout 240 sh -c \
		'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		xvfb libgl1 libgl1-mesa-dri chromium' >/dev/null 2>&1; then exit 0; fi; \
	echo 'note: without xvfb, libgl1-mesa-dri and chromium the tests of window and page are skipped' >&2

check: $(READY)  ## lint, formatting, types, the rooms' imports, and the generated bodies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m urdf --check

docs: $(READY)  ## build the documents as a site, into build/site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/properdocs build --quiet --config-file mkdocs.yml

urdf: $(READY)  ## generate the bodies again from their parameter files
	$(BIN)/python -m urdf

clean:  ## remove caches and build products; .venv and runs/ stay
	rm -rf build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -path ./.venv -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf

$(READY): pyproject.toml constraints.txt
	@if [ -x $(BIN)/python ] && ! $(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; then \
		echo 'error: .venv is not a working Python 3.11 environment; remove the folder and try again' >&2; exit 1; fi
	@if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		if [ -z '$(PYTHON)' ]; then \
			echo 'error: found no Python 3.11; install it (Debian 12: apt install python3) or name it: make PYTHON=...' >&2; exit 1; fi; \
		if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
			echo 'error: $(PYTHON) cannot make environments; install its venv part (Debian 12: apt install python3-venv)' >&2; exit 1; fi; \
		$(PYTHON) -m venv --clear .venv; fi
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[sim,video,cluster,web,gamepad,learn,docs,dev]'
	@touch $@
