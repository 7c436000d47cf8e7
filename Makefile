# `make help` lists what there is. `make VENV=PATH TARGET` uses another environment, which several
# clones may share: every target runs this clone's sources, wherever `denoiselab` is linked to.

VENV ?= .venv
PYTHON ?= python3
JOBS ?= 2
ARGS ?=

PY := $(VENV)/bin/python
# Named by what was asked for, so that clones that ask for the same share one set-up.
STAMP := $(VENV)/.denoiselab-$(shell cat pyproject.toml constraints.txt | cksum | cut -d' ' -f1)
FRESH := $(if $(wildcard $(PY)),,yes)
PIP := "$(PY)" -m pip --disable-pip-version-check
# One thread a worker: torch would otherwise start as many threads as there are cores in each.
PYTEST := OMP_NUM_THREADS=1 "$(PY)" -m pytest -n $(JOBS) --dist worksteal

export PYTHONPATH := $(CURDIR)/src$(if $(PYTHONPATH),:$(PYTHONPATH))

.DEFAULT_GOAL := help
.PHONY: help install train test test-slow test-slurm test-gpu bench lint types imports coverage format hooks wheel clean
# One target after another, also under -j: the checks of `make test` stop at the first that fails.
.NOTPARALLEL:

help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo '  VENV=PATH    another environment (now $(VENV))'
	@echo '  PYTHON=NAME  the Python that makes it (now $(PYTHON); 3.11 or newer)'
	@echo '  ARGS="…"     further arguments for train.py or pytest'

install: $(STAMP) ## Make the environment and link it to this clone
	@linked=$$(cd / && env -u PYTHONPATH "$(abspath $(PY))" -c \
	  'import importlib.util as u; s = u.find_spec("denoiselab"); print(s.origin if s else "")'); \
	if [ "$$linked" -ef src/denoiselab/__init__.py ]; then :; \
	else $(PIP) install -q --no-deps -e . ; fi
	@echo 'Ready: . $(VENV)/bin/activate, then python train.py --help'

train: $(STAMP) ## Set up if needed, then train (ARGS="model=dncnn noise.sigma=15")
	@"$(PY)" train.py $(ARGS)

test: lint types imports ## Set up if needed, then all checks and the fast tests
	@$(PYTEST) $(ARGS)

test-slow: $(STAMP) ## The slow tests (full training runs, DDP, kill and resume)
	@$(PYTEST) -m 'slow and not gpu' $(ARGS) || [ $$? -eq 5 ]  # 5: there is none

test-slurm: $(STAMP) ## The slow tests of launchers and DDP under a Slurm made for them (tests/slurm.sh)
	@tests/slurm.sh "$(PY)" -m pytest -m slow -k slurm tests/app tests/training $(ARGS)

test-gpu: $(STAMP) ## The tests that need a CUDA device
	@"$(PY)" -m pytest -m gpu $(ARGS) || [ $$? -eq 5 ]

bench: $(STAMP) ## Time training beside loops written by hand (outputs/bench; ARGS="tiny --rounds 5")
	@"$(PY)" -m benchmarks $(ARGS)

lint: $(STAMP) ## Format and lint check
	@"$(PY)" -m ruff format --check --quiet . || { echo 'Not formatted: make format'; exit 1; }
	@"$(PY)" -m ruff check --quiet .

types: $(STAMP) ## Type check
	@"$(PY)" -m mypy

imports: $(STAMP) ## Import-layer check
	@"$(PY)" -c 'from importlinter.cli import lint_imports_command as run; run()' --no-logo

coverage: $(STAMP) ## The fast tests with coverage (htmlcov/index.html)
	@$(PYTEST) --cov --cov-report=term --cov-report=html $(ARGS)

format: $(STAMP) ## Format, and mend what the linter can
	@"$(PY)" -m ruff check --fix --quiet . ; "$(PY)" -m ruff format .

hooks: $(STAMP) ## Run the format and lint checks at every commit
	@"$(PY)" -m pre_commit install

wheel: $(STAMP) ## Build dist/denoiselab-….whl
	@$(PIP) wheel -q --no-deps --wheel-dir dist .
	@ls dist/*.whl

clean: ## Remove caches and builds; environment and outputs stay
	@rm -rf dist build htmlcov .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  found=$$("$(PYTHON)" -V 2>/dev/null); \
	  echo "denoiselab needs Python 3.11 or newer; $(PYTHON) is $${found:-not there}: make PYTHON=python3.12 …"; exit 1; }
	@echo 'Making the environment $(VENV), once: about 2 minutes, 6 GB.'
	@"$(PYTHON)" -m venv "$(VENV)" || { \
	  rm -f "$(PY)"; echo 'No environment could be made; on Debian and Ubuntu: apt install python3-venv'; exit 1; }

$(STAMP): | $(PY)
	@$(PIP) install $(if $(FRESH),,-q) -c constraints.txt -e '.[dev]'
	@rm -f "$(VENV)"/.denoiselab-*
	@touch "$@"
