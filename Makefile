# Every command makes what it needs: `make book` works in a fresh clone. LRLAB_DATA names a data root.
# `make help` prints what stands after ## beside a target.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# One thread a process: a model this small gains nothing from more, and two processes with two
# threads each on two cores wait for each other (measured: 11 steps/s instead of 269).
export OMP_NUM_THREADS ?= 1
# A progress bar is for a person at a terminal, not for a page or a log.
book test: export TQDM_DISABLE ?= 1

.PHONY: book test serve release cover bench lint lock system clean help

# Two chapters at a time; what passed is kept under _build/executed, and the site is built from it.
# --all: a page is built again when lrlab changed, not only when its own text did.
book: $(READY) ## execute every chapter and build the site, in _build/html
	$(BIN)/python -m pytest -n 2 --dist loadfile --nbval-lax --nbval-cell-timeout 600 book
	$(BIN)/jupyter-book build book --config _config.yml --path-output . --all -W -n --keep-going

# Two files of tests at a time: most tests keep one core busy. In order of their names, not of how
# many tests they hold: the slow files, of few tests, come first.
test: system lint book ## all of the tests, after lint and book
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests

serve: $(READY) ## show the site on http://127.0.0.1:8000
	@test -f _build/html/index.html || { echo "There is no site yet: run make book first."; exit 1; }
	$(BIN)/python -m http.server --directory _build/html --bind 127.0.0.1 8000

release: $(READY) ## exercises/ and the practice test, from their masters; zips to hand out
	$(BIN)/python -m autograder release
	$(BIN)/python -m autograder practice_test
	$(BIN)/python -m autograder hand_out

cover: $(READY) ## draw the picture on the book's first page again
	$(BIN)/python -c 'from lrlab import plots; plots.save_cover("book/_static/cover.png")'

bench: $(READY) ## print how fast training and grading are
	$(BIN)/python -m tests.bench.training
	$(BIN)/python -m tests.bench.batched
	$(BIN)/python -m tests.bench.grading
	$(BIN)/python -m tests.bench.plain
	$(BIN)/python -m tests.bench.scale

lint: $(READY) ## check the style of all code, notebooks too
	$(BIN)/ruff check
	$(BIN)/ruff format --check

# For every platform; what is pinned stays unless it must move.
lock: $(READY) ## requirements.txt from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --no-annotate \
		--no-header pyproject.toml --output-file requirements.txt

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is older than Python 3.11: run make with PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

# What is no Python package: a browser in which the tests read the site, the sandbox's filter, and
# PostgreSQL, without which the tests of a gradebook in it are skipped.
system: ## what the tests need that is no Python package
	@missing=; wanted=; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	$(PYTHON) -c 'import ctypes; ctypes.CDLL("libseccomp.so.2")' 2>/dev/null || \
		missing="$$missing libseccomp2"; \
	command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || \
		wanted=postgresql; \
	if [ -z "$$missing$$wanted" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -q; \
		export DEBIAN_FRONTEND=noninteractive; \
		if [ -n "$$missing" ]; then apt-get install -y -q $$missing || exit 1; fi; \
		if [ -n "$$wanted" ] && apt-get install -y -q $$wanted; then wanted=; fi; \
	elif [ -n "$$missing" ]; then \
		echo "The tests need: sudo apt-get install$$missing"; exit 1; \
	fi; \
	[ -z "$$wanted" ] || echo "Some tests are skipped without: sudo apt-get install $$wanted"

clean: ## remove what was built, but not .venv
	rm -rf _build .pytest_cache .ruff_cache

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1 \t/p' $(MAKEFILE_LIST) | expand -t 10
