# Needs Python 3.11 or newer, a C++ compiler and make. All else is fetched into .venv.
#
#   make demo     build, install, group 1,797 digit images, write demo/report.html
#   make test     all that .ci/run checks
#   make bench    speed and quality on the real data that KMOSAIC_DATA names (long);
#                 a part of the speed: make bench ARGS="--only mnist-*" (--help shows more)
#   make bench-kernels   each kernel by itself: right, and how near the processor's limit
#   make sanitize   the whole test suite with the core built to find faults of memory and of threads
#                 (long; a part: make sanitize KIND=thread ARGS=tests/guarantees)
#   make fuzz     bytes that break a reader, looked for: 2 minutes for each of five (FOR=600: 10 minutes)
#   make format   put the Python code into its usual form
#   make clean    remove what was built (.venv, build, demo, caches)

PYTHON  ?= $(shell tools/find_python)
VENV    := .venv
BIN     := $(VENV)/bin
PIP     := $(BIN)/python -m pip -qq --disable-pip-version-check
BUILD   := scikit-build-core nanobind cmake ninja
CORE    := pyproject.toml CMakeLists.txt $(shell find cpp -type f 2>/dev/null)
SOURCES := $(CORE) README.md $(shell find src -type f -not -name '*.pyc')
STEP    := @printf '%s\n'

# Processes that test side by side.
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo test lint pytest package sanitize sanitize-short fuzz bench bench-kernels browser picture format clean

help:
	@sed -n 's/^#   //p' Makefile

demo: $(VENV)/.installed
	@$(BIN)/kmosaic demo

test: lint pytest sanitize-short package

lint: $(VENV)/.developed
	$(STEP) "Lint, types, layers"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo >/dev/null || $(BIN)/lint-imports --no-logo

pytest: $(VENV)/.developed browser
	$(STEP) "Tests"
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

package: dist/.checked

sanitize: $(VENV)/.developed
	@for kind in $(or $(KIND),address thread); do tools/sanitize $$kind $(ARGS) || exit 1; done

sanitize-short: build/sanitize-short-address.passed build/sanitize-short-thread.passed

build/sanitize-short-%.passed: $(VENV)/.developed $(CORE) tools/sanitize_short $(wildcard tests/core/*)
	$(STEP) "Small fits with the $* sanitizer (built once, in about a minute)"
	@tools/sanitize_short $*

FUZZED := model idx arrays lists csr
fuzz: $(VENV)/.fuzzing
	@for target in $(or $(ARGS),$(FUZZED)); do $(BIN)/python tests/fuzz/run.py $$target $(or $(FOR),120) || exit 1; done

browser:
	@tools/find_browser

bench: $(VENV)/.compared
	@$(BIN)/python -m benchmarks $(ARGS)
	@$(if $(ARGS),,$(BIN)/python benchmarks/mnist_quality.py)
	@$(if $(ARGS),,$(BIN)/python benchmarks/quality.py)

bench-kernels: $(VENV)/.developed
	@$(BIN)/python -m benchmarks.kernels $(ARGS)

picture: $(VENV)/.developed browser
	@$(BIN)/python tools/picture.py

format: $(VENV)/.developed
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format .

clean:
	rm -rf $(VENV) build dist demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# Editable installs: a change in Python needs no new install, a change in the core does.
# Without build isolation the core is compiled in build/, so only what changed is compiled again.
$(VENV)/.installed: $(VENV)/.created $(CORE)
	$(STEP) "Building the C++ core and installing kmosaic (the first time takes two to four minutes on two cores)"
	@$(PIP) install --no-build-isolation --editable '.[manifold]'
	@touch $@

# Our own checks treat compiler warnings as errors; a stranger's newer compiler may warn of more.
$(VENV)/.developed: $(VENV)/.created $(CORE)
	$(STEP) "Building the C++ core and installing the development tools"
	@$(PIP) install --no-build-isolation --editable '.[all,dev]' -C cmake.define.KMOSAIC_WERROR=ON
	@touch $@ $(VENV)/.installed

# The libraries that kmosaic is compared with. Not every one can be had on every machine: the
# benchmark says which are missing and goes on without them.
$(VENV)/.compared: $(VENV)/.developed
	$(STEP) "Installing the libraries to compare with"
	@$(PIP) install --no-build-isolation --editable '.[all,dev,bench]' -C cmake.define.KMOSAIC_WERROR=ON || echo "Not all of them could be installed"
	@touch $@

# Only wheels, for Linux and some versions of Python: what is there runs.
$(VENV)/.fuzzing: $(VENV)/.developed
	@$(PIP) install --only-binary :all: 'atheris>=2.3'
	@touch $@

# What users get: a source package and a wheel built from it, installed where nothing else is.
dist/.checked: $(VENV)/.developed $(SOURCES)
	$(STEP) "Package: build it, install it into an empty environment, run it there"
	@rm -rf dist build/empty && mkdir -p dist build
	@$(BIN)/python -m build --no-isolation >build/package.log 2>&1 || { cat build/package.log; exit 1; }
	@$(PYTHON) -m venv build/empty
	@build/empty/bin/python -m pip -qq --disable-pip-version-check install dist/*.whl
	@build/empty/bin/kmosaic demo --out build/empty/demo --json >/dev/null
	@touch $@

# One half made by us is made anew; one that somebody else made is theirs.
$(VENV)/.created:
	@test ! -e $(VENV) -o -e $(VENV)/.ours || { echo "kmosaic: $(VENV) was not made by this Makefile: move it away, or say make VENV=another-folder" >&2; exit 1; }
	@tools/check_machine '$(PYTHON)'
	$(STEP) "Making $(VENV) with $(PYTHON)"
	@rm -rf $(VENV) && mkdir $(VENV) && touch $(VENV)/.ours
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install $(BUILD)
	@touch $@
