# Two commands for a newcomer: `make demo` and `make test`. Both install what they need into .venv.
.DEFAULT_GOAL := help
.PHONY: help demo test check chaos audit bench install up format

UV_VERSION := 0.13.8
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# The system's certificates where there are any: a company's own authority is only among those.
UV := $(BIN)/uv $(if $(wildcard /etc/ssl/certs/ca-certificates.crt),--system-certs)

help:  ## What there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

install: $(READY)  ## The virtual environment, from the lock file

# Installed again only when what is asked for has changed.
$(READY): pyproject.toml uv.lock
	@test -x $(BIN)/uv || PYTHON=$(PYTHON) UV_VERSION=$(UV_VERSION) sh .ci/bootstrap
	$(UV) sync --quiet --locked --all-extras --python $(BIN)/python
	@touch $@

demo: $(READY)  ## Move real objects with a private Redis, S3 and two workers; KEEP=1 leaves all running
	@KEEP=$(KEEP) $(BIN)/python -m worker.demo

test: $(READY)  ## The whole suite, real processes included
	$(BIN)/pytest -n 2 --dist loadfile

check: $(READY)  ## Format, lint, types, layers, deployment files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml
	$(BIN)/hadolint Dockerfile
	$(UV) lock --check --quiet

chaos: $(READY)  ## 1,000 moves while S3 fails and processes are killed; ARGS="--moves 100 --seed 7"
	@$(BIN)/python -m tests.chaos $(ARGS)

# Not in `check`: it asks a database of weaknesses on the network.
audit: $(READY)  ## Known weaknesses of the locked dependencies (needs a network)
	$(UV) audit --locked

bench: $(READY)  ## Speed against peers, a bare thread pool and the limit; two hours; ARGS="peers 1-gib --runs 1"
	$(UV) sync --quiet --locked --all-extras --group bench --python $(BIN)/python
	@$(BIN)/python -m bench $(ARGS)

format: $(READY)  ## Format and fix what can be fixed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

up:  ## Everything in containers; WORKERS=8 for more workers
	docker compose up --build --scale worker=$(or $(WORKERS),2)
