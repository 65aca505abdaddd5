# Everything the project does is one of these; `make` alone lists them.
#   PYTHON   the Python that makes .venv (3.11 or newer; found by itself where it can be)
#   CHAPTER  a chapter's number, for `make notebooks`; with NAME for `make chapter`
#   ADDRESS  the repository's address, for `make publish`; SITE_ADDRESS where the site will be
#   TESTS    what `make test` hands to pytest instead of everything

.DEFAULT_GOAL := help
.PHONY: help book test test-fast lint format serve chapter notebooks twins widgets publish colab \
	bench bench-site lighthouse mutants processors verdicts text-models clean
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# In a path with other letters than ASCII, Python finds the package only where the locale knows them.
ifneq ($(shell locale charmap 2>/dev/null),UTF-8)
export LC_ALL := C.UTF-8
export PYTHONUTF8 := 1
endif

CANDIDATES := python3 $(addprefix python3.,14 13 12 11) python
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
VENV_PYTHON := .venv/bin/python
INSTALLED := .venv/.installed
SITE := _build/html
BUILT := $(SITE)/.built
TESTS := notebooks tests

# Also the folders of the pages: a chapter that is taken away leaves no newer file.
PAGES := _config.yml _toc.yml book/. notebooks/. $(shell find book notebooks rnnbook -type f \
	-not -path '*/__pycache__/*' -not -path '*/.ipynb_checkpoints/*' -not -path 'notebooks/text/*')
NPM := $(wildcard tools/package.json tools/package-lock.json)

help:
	@echo "make book         build the book into $(SITE) and check it (makes .venv first)"
	@echo "make serve        open the built book in a browser"
	@echo "make test         every check: lint, book, package, notebooks, built pages in Chromium"
	@echo "make test-fast    lint, equations, tasks, experiments: for daily work, without a browser"
	@echo "make chapter      begin a chapter's text twin (CHAPTER=02 NAME=input_gate)"
	@echo "make notebooks    re-run the chapters that changed (CHAPTER=01 for one of them)"
	@echo "make twins        bring notebooks edited in Jupyter back into notebooks/text"
	@echo "make format       lay out all code, the chapters' cells at the page's width"
	@echo "make widgets      join the explorables' JavaScript into the modules that the package ships"
	@echo "make bench        measure the layers against torch.nn and the post's loop"
	@echo "make bench-site   measure the pages against stock Jupyter Book"
	@echo "make lighthouse   Lighthouse's scores of the built pages, on its slow phone and a desktop"
	@echo "make mutants      break the book on purpose, and see that a test notices"
	@echo "make processors   run the chapters as other processors would, and name what differs"
	@echo "make verdicts     re-run the sweeps on which sentences about trainings rest (an hour)"
	@echo "make text-models  re-run chapter 11's comparison of models of a text (ten minutes)"
	@echo "make publish      make the site and the Colab notebooks to publish (ADDRESS=https://…)"
	@echo "make colab        run the chapters beside the versions that Colab brings"
	@echo "make clean        remove what was built; the environment .venv stays"

book: $(BUILT)
	@echo "The book is in $(SITE)/index.html; open that file, or let make serve do it."

# The environment: made once, and again when a pin changes.
$(INSTALLED): requirements.txt pyproject.toml tools/setup_environment.py $(NPM)
	@python="$(PYTHON)"; \
	if [ -z "$$python" ]; then \
	  for candidate in $(CANDIDATES); do \
	    if $$candidate -c '$(NEW_ENOUGH)' >/dev/null 2>&1; then python=$$candidate; break; fi; \
	  done; \
	fi; \
	if [ -z "$$python" ]; then \
	  echo "The book needs Python 3.11 or newer, and none was found as $(CANDIDATES);" \
	    "name one: make PYTHON=/path/to/python3" >&2; \
	  exit 1; \
	fi; \
	if ! command -v "$$python" >/dev/null 2>&1; then \
	  echo "There is no program $$python;" \
	    "name a Python 3.11 or newer: make PYTHON=/path/to/python3" >&2; \
	  exit 1; \
	fi; \
	"$$python" tools/setup_environment.py

# The site: built again when a page, the package or the environment changed. Sphinx rebuilds only the
# pages that changed, unless what makes the pages did; and after a failure it rebuilds all, for it
# would say a warning only once.
EVERY_PAGE := $(INSTALLED) _config.yml _toc.yml book/_ext/%
$(BUILT): $(INSTALLED) $(PAGES) tools/check_site.py
	@rm -f $(BUILT)
	@echo "Building the pages …"
	@.venv/bin/jupyter-book build . -W -n --keep-going -q $(if $(filter $(EVERY_PAGE),$?),--all)
	@$(VENV_PYTHON) tools/check_site.py
	@touch $(BUILT)

serve: $(BUILT)
	@$(VENV_PYTHON) tools/serve.py $(SITE)

lint: $(INSTALLED)
	@.venv/bin/ruff check --quiet .
	@.venv/bin/pyrefly check --summary=none
	@.venv/bin/ruff format --check --quiet . || { echo "Code is not laid out: make format" >&2; exit 1; }
	@$(VENV_PYTHON) tools/layout.py --check
	@$(VENV_PYTHON) tools/widgets.py --lint

format: $(INSTALLED)
	@.venv/bin/ruff format --quiet .
	@$(VENV_PYTHON) tools/layout.py

# One pytest run over notebooks and tests; its closing line is the last thing printed.
test: lint $(BUILT)
	@$(VENV_PYTHON) tools/browser.py
	@$(VENV_PYTHON) -m pytest --nbval -n auto --maxprocesses 4 --dist loadfile \
	  --no-loadscope-reorder -q $(TESTS)

# For daily work: the equations and what is built on them; nothing that runs a chapter or a browser.
QUICK := $(addprefix tests/test_,equations.py gates.py gru.py lstm.py rnn.py recurrences.py layouts.py \
	shapes.py quantities.py carousel.py running_total.py tasks.py timescales.py verify.py \
	display.py exercises.py plots.py)
test-fast: lint
	@$(VENV_PYTHON) -m pytest -n auto --maxprocesses 4 -q $(QUICK)

chapter: $(INSTALLED)
	@$(VENV_PYTHON) tools/new_chapter.py "$(CHAPTER)" "$(NAME)"

notebooks: $(INSTALLED)
	@$(VENV_PYTHON) tools/notebooks.py $(CHAPTER)

twins: $(INSTALLED)
	@$(VENV_PYTHON) tools/notebooks.py --twins $(CHAPTER)

widgets: $(INSTALLED)
	@$(VENV_PYTHON) tools/widgets.py

bench: $(INSTALLED)
	@$(VENV_PYTHON) tools/bench_layers.py

bench-site: $(BUILT)
	@$(VENV_PYTHON) tools/browser.py
	@$(VENV_PYTHON) tools/bench_site.py

lighthouse: $(BUILT)
	@$(VENV_PYTHON) tools/browser.py
	@$(VENV_PYTHON) tools/bench_lighthouse.py

mutants: $(BUILT)
	@$(VENV_PYTHON) tools/browser.py
	@$(VENV_PYTHON) tools/mutants.py

processors: $(INSTALLED)
	@$(VENV_PYTHON) tools/processors.py $(CHAPTER)

verdicts: $(INSTALLED)
	@$(VENV_PYTHON) tools/verdicts.py

text-models: $(INSTALLED)
	@$(VENV_PYTHON) tools/text_models.py

publish: $(INSTALLED)
	@$(VENV_PYTHON) tools/publish.py $(if $(ADDRESS),--address "$(ADDRESS)") \
	  $(if $(SITE_ADDRESS),--site "$(SITE_ADDRESS)")

colab: $(INSTALLED)
	@$(VENV_PYTHON) tools/colab.py

clean:
	rm -rf _build
