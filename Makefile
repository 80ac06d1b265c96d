# The book's commands. Each makes what it needs: an environment in .venv, with the versions of constraints.txt.

.DEFAULT_GOAL := help
.PHONY: help book serve lab author exercises test browsers lint links picture zip slides pdf clean

VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
# The first Python on this machine that is new enough; or say  make book PYTHON=/path/to/python
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
INSTALL = $(BIN)/python -m pip install --disable-pip-version-check --no-compile --constraint constraints.txt
# What pip would do on one processor, and for the tests of all packages as well.
COMPILE = $(BIN)/python -m compileall -q -j 0 -x /tests/ $(VENV)/lib

help:  ## show this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/' | expand -t 18

book: $(VENV)/reader  ## run every chapter, check every derivation, build the site
	$(BIN)/jupyter-book build . -W -n --keep-going
	@echo
	@echo "The book is built. Open"
	@echo "    file://$(CURDIR)/_build/html/index.html"
	@echo "or run  make serve  and open"
	@echo "    http://localhost:$(PORT)/"

serve:  ## serve the built book on this machine
	@test -f _build/html/index.html || { echo "There is no book yet: run  make book  first."; exit 1; }
	@echo "The book is at http://localhost:$(PORT)/   (Ctrl-C ends)"
	@$(BIN)/python -m http.server --bind localhost --directory _build/html $(PORT)

lab: book  ## open the chapters as notebooks in JupyterLab
	JUPYTER_CONFIG_PATH="$(CURDIR)/book/_jupyter" $(BIN)/jupyter lab notebooks/00-start-here.ipynb

author: $(VENV)/developer  ## open the sources of the chapters in JupyterLab
	JUPYTER_CONFIG_PATH="$(CURDIR)/book/_jupyter/author:$(CURDIR)/book/_jupyter" $(BIN)/jupyter lab book

exercises: book  ## write the exercises of each chapter as a sheet, its key, a Moodle quiz, an nbgrader notebook
	$(BIN)/python -m ce.exercises.exports --into exercises

test: $(VENV)/developer node_modules  ## check style, types, mathematics, figures, the build and every page
	@$(MAKE) --no-print-directory --jobs=2 lint browsers
	$(BIN)/python -m pytest -n logical

browsers: $(VENV)/developer
	$(BIN)/python tests/install_browser.py

lint: $(VENV)/developer node_modules  ## check style, types and spelling only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/typos
	$(BIN)/node node_modules/prettier/bin/prettier.cjs --check "ce/**/*.js" "book/**/*.js"
	$(BIN)/node node_modules/typescript/bin/tsc --project jsconfig.json

links: $(VENV)/reader  ## ask every site that the book links to whether the page is there
	$(BIN)/jupyter-book build . --builder linkcheck

picture: book  ## renew the picture in the README from the figure of the landing page
	$(BIN)/python -m ce.site.figures

zip: book  ## pack the site into one archive, with its licences: _build/cross-entropy.zip
	$(BIN)/python -m ce.site.editions.archive

slides: book browsers node_modules  ## write a deck of slides of each chapter, and its PDF: _build/html/slides/
	$(BIN)/python -m ce.site.editions.slides

pdf: book browsers  ## print the book, each of its pages, its exercises and their keys: _build/pdf/
	$(BIN)/python -m ce.site.editions.paper

clean:  ## remove everything the commands made, except notebooks/, where your own work may be
	rm -rf $(VENV) node_modules _build build dist exercises *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Expected Python 3.11 or newer, found none: install it, or name it with PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/reader: requirements.txt constraints.txt pyproject.toml | $(VENV)/bin/python
	$(INSTALL) --requirement requirements.txt
	-$(COMPILE)
	@touch $@

$(VENV)/developer: requirements.txt constraints.txt pyproject.toml | $(VENV)/bin/python
	$(INSTALL) --requirement requirements.txt --editable ".[dev]"
	-$(COMPILE)
	@touch $(VENV)/reader $@

# The formatter of the scripts and the checker of their types, as package-lock.json has them; Node comes from PyPI.
node_modules: package.json package-lock.json | $(VENV)/developer
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --no-audit --no-fund
	@touch $@
