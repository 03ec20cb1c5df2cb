# The two commands of a newcomer: `make run` and `make test`. Everything else is for who works on nightwire.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LISTEN ?= 127.0.0.1:8750
NIGHTWIRE := $(BIN)/nightwire

.DEFAULT_GOAL := help
.PHONY: help run test check browser format schemas chaos bench kafka lock clean

help:
	@echo "make run      replay the seed corpus as live feeds, print its alerts, serve the page on $(LISTEN)"
	@echo "make test     format, lint, types, and every test"
	@echo "make check    format, lint and types alone"
	@echo "make schemas  docs/schemas and docs/asyncapi.yaml anew, after a change of a model or of a topic"
	@echo "make chaos    the long form of the tests that kill processes"
	@echo "make bench    ratios against peers and ceilings"
	@echo "make kafka    an empty Apache Kafka on 127.0.0.1:9092 until Ctrl-C (needs Java 17 and Maven)"
	@echo "make lock     pin the dependencies anew, after a change of pyproject.toml"

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "nightwire needs Python 3.11 or newer; name one: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "this Python has no venv module; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.run: $(VENV)/.made constraints.txt pyproject.toml
	@echo "installing nightwire into $(VENV) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r constraints.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run constraints-dev.txt
	@echo "installing the tools of the tests into $(VENV) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r constraints-dev.txt
	@touch $@

# A fresh state each time, so that a second look shows the same alerts; `nightwire replay` alone remembers.
run: $(VENV)/.run
	@state=$$(mktemp -d) && trap 'rm -rf "$$state"' EXIT INT TERM && \
	  $(NIGHTWIRE) replay --speed max --data-dir "$$state" --serve --listen $(LISTEN)

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(NIGHTWIRE) rules check seeds/rules
	$(NIGHTWIRE) rules test seeds/rules
	@if git describe --tags >/dev/null 2>&1; then $(NIGHTWIRE) topics check-compat; fi

test: check browser
	$(BIN)/pytest -n 2 --dist worksteal

# The tests of the page drive a real browser. In CI it is installed where it is missing, elsewhere they are skipped loudly.
browser:
	@if [ -n "$$CI" ] && ! command -v chromedriver >/dev/null && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium chromium-driver >/dev/null; fi

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schemas: $(VENV)/.dev
	$(NIGHTWIRE) topics schema --write docs/schemas
	$(NIGHTWIRE) topics asyncapi > docs/asyncapi.yaml
	-$(NIGHTWIRE) topics check-compat

chaos: $(VENV)/.dev
	NIGHTWIRE_CHAOS=50 NIGHTWIRE_RACE=10000 $(BIN)/pytest -m chaos

bench: $(VENV)/.dev
	@for each in bench/*.py; do echo "== $$each"; $(BIN)/python $$each || exit 1; done

# Tests get their broker the same way, on a free port.
kafka:
	@$(PYTHON) tools/kafka/broker.py run

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra build

lock: $(VENV)/.dev
	$(LOCK) pyproject.toml --output-file constraints.txt
	$(LOCK) --extra kafka pyproject.toml --output-file constraints-kafka.txt
	$(LOCK) --extra dev pyproject.toml --output-file constraints-dev.txt

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info
