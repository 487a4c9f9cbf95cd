# Two commands matter: `make demo` to try it, `make test` to check all of it.
PYTHON ?= python3
PORT ?= 8000
export PORT

BOOTSTRAP = $(PYTHON) .ci/bootstrap.py
RUN = .venv/bin/python
COMPILE = .venv/.tools/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast lint format bench lock messages clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Start the demonstration on http://127.0.0.1:8000 (another port: make demo PORT=8001)
	@$(BOOTSTRAP) demo

test: ## Check everything: lint, types, import order, tests on SQLite and PostgreSQL, browser journeys
	@$(BOOTSTRAP) test

test-fast: ## Inner loop: unit tests on SQLite, stop at the first failure (ARGS=tests/quizzes for a part)
	@$(BOOTSTRAP) dev
	@$(RUN) -m pytest -x -q --ignore=tests/journeys $(ARGS)

lint: ## Only the linters: ruff, djhtml, mypy, import-linter, migrations, deployment check
	@$(BOOTSTRAP) test --lint

format: ## Put code and templates into the house's form
	@$(BOOTSTRAP) dev
	@$(RUN) -m ruff check --fix --quiet . || true
	@$(RUN) -m ruff format .
	@find templates -name '*.html' -exec $(RUN) -m djhtml --tabwidth 2 {} +

bench: ## Measure speed beside the ceiling of the same server
	@$(BOOTSTRAP) dev
	@$(RUN) -m bench $(ARGS)

lock: ## Renew the hash-pinned locks from pyproject.toml (UPGRADE=1 takes newer versions)
	@$(BOOTSTRAP) dev
	@$(COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml --extra dev -o requirements-dev.txt
	@$(COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml -c requirements-dev.txt -o requirements.txt
	@echo uv | $(COMPILE) $(if $(UPGRADE),--upgrade) --no-annotate - -o .ci/uv.txt

messages: ## Renew the Vietnamese catalogue from the source strings (ARGS="--from FILE.json")
	@$(BOOTSTRAP) dev
	@DEMO=true $(RUN) manage.py update_messages $(ARGS)

clean: ## Remove caches and the environment; the data in var/ stays
	@rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
