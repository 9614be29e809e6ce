# Every command makes what it needs: `make book` works in a fresh clone. LRLAB_DATA names a data root.
# `make help` prints what stands after ## beside a target.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
READY := .venv/.ready
# The oldest and the newest Python on which the book was built and classes were graded.
OLDEST := 3.11
NEWEST := 3.13

# .venv is made anew when it is half done, was made for another folder, has lost its Python, or when
# another Python is given. One that is a link is somebody else's.
WHICH := -c 'import sys; print(sys.base_prefix, *sys.version_info[:2])'
HAS := $(CURDIR) $(shell $(BIN)/python $(WHICH) 2>/dev/null || echo none)
ifneq ($(shell test -L .venv && echo link),)
else ifeq ($(wildcard $(READY)),)
  ANEW := .anew
else ifneq ($(HAS),$(or $(shell cat $(READY)),$(HAS)))
  ANEW := .anew
else ifneq ($(origin PYTHON),file)
  ifneq ($(HAS),$(CURDIR) $(shell "$(PYTHON)" $(WHICH) 2>/dev/null || echo none))
    ANEW := .anew
  endif
endif

# What JupyterLab writes into a notebook that is opened or run, and nobody wants in git.
STRIP := -m nbstripout --keep-id --extra-keys "metadata.language_info.codemirror_mode \
	metadata.language_info.file_extension metadata.language_info.mimetype \
	metadata.language_info.nbconvert_exporter metadata.language_info.pygments_lexer \
	metadata.language_info.version cell.metadata.jupyter"

# One thread a process: a model this small gains nothing from more, and two processes with two
# threads each on two cores wait for each other (measured: 11 steps/s instead of 269).
export OMP_NUM_THREADS ?= 1
# A progress bar is for a person at a terminal, not for a page or a log.
book test: export TQDM_DISABLE ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK ?= 1

.PHONY: book test serve pdf zip release classroom cover bench lint lock hooks system clean clean-notebooks clean-venv help

# Two chapters at a time; what passed is kept under _build/executed, and the site is built from it.
# --all: a page is built again when lrlab changed, not only when its own text did.
book: $(READY) ## execute every chapter and build the site, in _build/html
	$(BIN)/python -m pytest -n 2 --dist loadfile --nbval-lax --nbval-cell-timeout 600 book
	$(BIN)/jupyter-book build book --config _config.yml --path-output . --all -W -n --keep-going

# Two files of tests at a time: most tests keep one core busy. In order of their names, not of how
# many tests they hold: the slow files, of few tests, come first.
test: system lint book ## all of the tests, after lint and book
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests

serve: $(READY) ## show the site on http://127.0.0.1:8000; make serve PORT=8001 on another port
	@test -f _build/html/index.html || { echo "There is no site yet: run make book first."; exit 1; }
	@$(BIN)/python -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null || \
		{ echo "Port $(PORT) is taken or not allowed: choose another, as in make serve PORT=8123"; exit 1; }
	$(BIN)/python -m http.server --directory _build/html --bind 127.0.0.1 $(PORT)

# Of the site as it was last built; built first where there is none.
pdf: system _build/html/index.html ## print the whole site as one PDF, and link it on the site
	$(BIN)/python book/publish/whole_pdf.py

zip: $(READY) _build/html/index.html ## pack the site as one file that opens offline, and link it there
	$(BIN)/python book/publish/site_zip.py

_build/html/index.html:
	$(MAKE) book

release: $(READY) ## exercises/ and the practice test, from their masters; zips to hand out
	$(BIN)/python -m autograder release
	$(BIN)/python -m autograder practice_test
	$(BIN)/python -m autograder hand_out

# As root everybody gets a system account; without, one user runs all, and it says what that means.
classroom: $(READY) ## a hub with a class to try, on http://127.0.0.1:8000, until Ctrl-C
	@$(BIN)/python -m autograder.classroom demo --port $(PORT)

cover: $(READY) ## draw the picture of the README and of shared links again
	$(BIN)/python -c 'from lrlab import plots; plots.save_cover("book/_static/cover.png")'

bench: $(READY) ## print how fast training, grading and a hub are, and how light the site is
	$(BIN)/python -m tests.bench.training
	$(BIN)/python -m tests.bench.batched
	$(BIN)/python -m tests.bench.grading
	$(BIN)/python -m tests.bench.plain
	$(BIN)/python -m tests.bench.scale
	$(BIN)/python -m tests.bench.memory
	$(BIN)/python -m tests.bench.site
	$(BIN)/python -m tests.bench.classroom

# ruff knows the syntax of the oldest Python, vermin its library; it takes bytes.decode for another.
lint: $(READY) ## check the style of all code, notebooks too
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/vermin --quiet --violations --eval-annotations --target=$(OLDEST)- \
		--exclude 'str.decode(errors)' *.py autograder book lrlab tests

# For every platform; what is pinned stays unless it must move.
lock: $(READY) ## requirements.txt from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version $(OLDEST) --all-extras --no-annotate \
		--no-header pyproject.toml --output-file requirements.txt

hooks: $(READY) ## keep what notebooks put out of git, and check each commit before it is made
	git config filter.nbstripout.clean \
		'if test -x $(BIN)/python; then $(BIN)/python $(STRIP); else cat; fi'
	$(BIN)/pre-commit install

$(READY): requirements.txt pyproject.toml package-lock.json $(ANEW)
ifdef ANEW
	@command -v "$(PYTHON)" >/dev/null || \
		{ echo "There is no $(PYTHON) here: name a Python, as in make PYTHON=/path/to/python3"; exit 1; }
	@"$(PYTHON)" -c 'import sys' || { echo "$(PYTHON) is there, but does not run."; exit 1; }
	@"$(PYTHON)" -c 'import sys; v = sys.version_info[:2]; \
		oldest, newest = [tuple(map(int, each.split("."))) for each in ("$(OLDEST)", "$(NEWEST)")]; \
		sys.exit(None if oldest <= v <= newest else "$(PYTHON) is Python %d.%d; this course runs on" \
		" $(OLDEST) to $(NEWEST). Name one, as in make PYTHON=/path/to/python$(NEWEST)" % v)'
	"$(PYTHON)" -m venv --clear .venv
	@echo "Installing what requirements.txt names, about 6 GB. That takes some minutes."
endif
	@if test -t 1; then quiet=; else quiet=--quiet; fi; set -x; \
		$(BIN)/python -m pip install $$quiet --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --editable .
	$(BIN)/npm ci --loglevel error
	@{ printf '%s ' "$(CURDIR)"; $(BIN)/python $(WHICH); } >$@.new && mv $@.new $@

.anew:

# What is no Python package: a browser in which the tests read the site, the sandbox's filter, and
# PostgreSQL, without which the tests of a gradebook in it are skipped.
system: $(READY) ## what the tests need that is no Python package
	@missing=; wanted=; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	$(BIN)/python -c 'import ctypes; ctypes.CDLL("libseccomp.so.2")' 2>/dev/null || \
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
	@echo "Left: .venv, which make clean-venv removes, and what grading wrote."

clean-notebooks: $(READY) ## take outputs out of the notebooks, as before they were run
	$(BIN)/python $(STRIP) book/*.ipynb solutions/*/*.ipynb exercises/*/*.ipynb

clean-venv: ## remove .venv and node_modules; the next command installs them anew
	rm -rf .venv node_modules

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1 \t/p' $(MAKEFILE_LIST) | expand -t 17
