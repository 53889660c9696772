# Needs GNU make and Python 3.11, 3.12 or 3.13; everything else goes into .venv.
# `PYTHON=python3.13 make test` chooses the Python, `make test ARGS="-k gather"` the tests.

VENV ?= .venv
LOCK ?= requirements.lock
LAB_VENV := .venv-lab
EMULATOR_VENV := .venv-emulator
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= logical
ARGS ?=

# Kernels and commands are many short processes: without bytecode each compiles pandas anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lab lab-env emulator check format bench lock venv clean FORCE

help: ## what there is to make
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do printf '  make %-8s %s\n' "$$name" "$$what"; done

demo: $(READY) ## a report on a made-up organization, in reports/demo
	@$(BIN)/awsbasics demo -o reports/demo

test: $(READY) ## the whole test suite
	$(BIN)/pytest -n $(WORKERS) --dist loadfile $(ARGS)

# In a container one is root, and Jupyter starts for root only if told; it listens on loopback alone.
ALLOW_ROOT = $(if $(filter 0,$(shell id -u)),--allow-root)
lab: lab-env ## JupyterLab on the notebooks, in an environment of its own
	$(LAB_VENV)/bin/jupyter lab $(ALLOW_ROOT) $(ARGS) notebooks/00_start_here.ipynb

lab-env: ## only that environment, for the tests that need it
	@$(MAKE) --no-print-directory venv VENV=$(LAB_VENV) LOCK=requirements-lab.lock

emulator: ## the second emulator, in an environment of its own, for the tests that need it
	@$(MAKE) --no-print-directory venv VENV=$(EMULATOR_VENV) LOCK=requirements-emulator.lock

check: $(READY) ## linter, formatter, types, and what the repository promises about itself
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest -q tests/project

format: $(READY) ## put the code in form, write what is generated from it
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/python tools/clean_notebooks.py
	$(BIN)/python -m tools.write_role

bench: $(READY) ## the benchmarks, into benchmarks/results.md
	$(BIN)/python -m benchmarks.run $(ARGS)

# Name packages to renew only those: make lock ARGS="--upgrade-package pandas"; ARGS=--upgrade renews all.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock"
lock: $(READY) ## the lock files again, from pyproject.toml
	$(COMPILE) pyproject.toml --extra demo --extra cluster --group dev -o requirements.lock $(ARGS)
	$(COMPILE) pyproject.toml --all-extras --group build -c requirements.lock -o requirements-lab.lock $(ARGS)
	$(COMPILE) --group emulator -o requirements-emulator.lock $(ARGS)
	echo uv | $(COMPILE) - -o requirements-uv.lock $(ARGS)

venv: $(READY) ## only the environment

$(READY): pyproject.toml $(LOCK) requirements-uv.lock tools/find-python tools/make-venv
	@sh tools/make-venv $(VENV) $(LOCK)
	@touch $@

# An environment of another Python than the one asked for is made anew.
ifdef PYTHON
ifneq ($(shell $(PYTHON) -V),$(shell $(BIN)/python -V 2>/dev/null))
$(READY): FORCE
endif
endif

clean: ## away with what was made, but for reports
	rm -rf $(VENV) $(LAB_VENV) .venv-* build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
