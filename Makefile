# The commands of this project; `make` alone lists them.
# PORT=8001 chooses where demo and run listen, WORKERS=1 how many processes the tests use, ARGS="-k door" goes to pytest or the benchmark.
.DEFAULT_GOAL := help
BIN := .venv/bin
SERVE_AT := $(if $(PORT),--port $(PORT))
TEMPLATE := build/messages.pot
PO := $(wildcard hrdtracker/translations/*/LC_MESSAGES/messages.po)
MO := $(PO:.po=.mo)
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes --no-header

# --- To use it

demo: .venv/run.stamp $(MO) ## Start the demonstration with invented data, kept from one run to the next
	@$(BIN)/hrdtracker demo $(SERVE_AT)

demo-reset: ## Throw the demonstration's data away and start it anew
	@rm -rf instance/demo
	@$(MAKE) --no-print-directory demo

run: .venv/run.stamp $(MO) ## Start hrdtracker for real use
	@$(BIN)/hrdtracker serve $(SERVE_AT)

env: .venv/run.stamp ## Make .venv, the Python environment, as locked

# --- To check it

test: .venv/test.stamp $(MO) ## Check everything: lint, types, imports, templates, all tests but the long ones
	@tools/test.sh -m "not deep" $(ARGS)

test-deep: .venv/test.stamp $(MO) ## Check everything, with the long tests and many more generated inputs
	@tools/test.sh --hypothesis-profile=deep $(ARGS)

lint: .venv/test.stamp ## Check format and style of the Python files
	@$(BIN)/ruff format --check --quiet --diff .
	@$(BIN)/ruff check --quiet .

types: .venv/test.stamp ## Check the types
	@$(BIN)/mypy

imports: .venv/test.stamp ## Check that imports go only in the directions allowed
	@$(BIN)/lint-imports

templates: .venv/test.stamp ## Check the page templates
	@$(BIN)/djlint --lint --quiet templates

bench: .venv/test.stamp $(MO) ## Measure the speed
	@$(BIN)/python -m bench $(ARGS)

# --- To work on it

format: .venv/test.stamp ## Put the Python files into the common format
	@$(BIN)/ruff check --quiet --select I --fix .
	@$(BIN)/ruff format --quiet .

new-page: .venv/test.stamp ## Write the files of a new page: PAGE=cases/handover NEEDS=CASE_READ
	@$(BIN)/python tools/new_page.py $(PAGE) $(NEEDS)
	@$(MAKE) --no-print-directory format

translations: .venv/run.stamp ## Bring the sentences of code and templates into the catalogues, and compile these
	@mkdir -p $(dir $(TEMPLATE))
	@$(BIN)/pybabel --quiet extract -F pyproject.toml -k lazy_gettext --no-wrap --sort-by-file --add-location=file \
		--project=hrdtracker -o $(TEMPLATE) .
	@$(BIN)/pybabel --quiet update -i $(TEMPLATE) -d hrdtracker/translations -l km --init-missing \
		--no-wrap --no-fuzzy-matching --ignore-pot-creation-date
	@$(MAKE) --no-print-directory $$(ls hrdtracker/translations/*/LC_MESSAGES/messages.po | sed 's/po$$/mo/')

lock: .venv/run.stamp ## Lock the newest versions that requirements/*.in allow
	@$(LOCK) requirements/test.in -o requirements/test.txt
	@$(LOCK) requirements/run.in -c requirements/test.txt -o requirements/run.txt
	@$(LOCK) requirements/uv.in -o requirements/uv.txt

clean: ## Remove all that the commands above can make again; never data
	@rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache bench/results $(MO)
	@find . -name __pycache__ -prune -exec rm -rf {} +

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo '  With PORT=8001, demo and run listen there; WORKERS=1 is how many processes the tests use; ARGS="-k door" goes to pytest.'

.venv/%.stamp: requirements/run.txt requirements/test.txt requirements/uv.txt tools/env.sh
	@tools/env.sh $*

%.mo: %.po | .venv/run.stamp
	@$(BIN)/pybabel --quiet compile -i $< -o $@

.NOTPARALLEL:
.PHONY: demo demo-reset run env test test-deep lint types imports templates bench format new-page translations lock clean help
