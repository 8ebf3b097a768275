# Everything a person needs; `make` alone prints this list.
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
STAMP := .venv/.installed

.PHONY: help demo serve test check reference bench test-faults fuzz format clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(STAMP) ## the main job end to end on the sandbox, with nothing else needed
	@$(PYTHON) -m trunkline demo

serve: $(STAMP) ## starts the server on http://127.0.0.1:8787, data in ./trunkline-data
	@$(PYTHON) -m trunkline serve

test: $(STAMP) ## style, types, architecture, size, and all tests (what CI runs)
	@tools/browser.sh
	@$(MAKE) --no-print-directory check
	@$(PYTHON) -m pytest -q -n 2 -m "not long"
	@$(PYTHON) -m pytest -q -n 2 tests/browser

check: $(STAMP) ## style, types, architecture and size, without running the tests
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check -q
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache
	@$(PYTHON) tools/size.py
	@$(PYTHON) tools/reference.py --check
	@$(PYTHON) tools/api_types.py --check
	@$(PYTHON) -m tools.reliability --check
	@$(PYTHON) -m tools.ui_check

reference: $(STAMP) ## writes docs/reference from the code
	@$(PYTHON) tools/reference.py
	@$(PYTHON) tools/api_types.py
	@$(PYTHON) -m tools.reliability

bench: $(STAMP) ## our own benchmark, beside the least code that does the same
	@$(PYTHON) -m bench
	@tools/browser.sh
	@$(PYTHON) -m bench.interface

FAULTS = TRUNKLINE_FIGURES=$(CURDIR)/docs/reliability.jsonl $(PYTHON) -m pytest -q -p no:randomly -k "$(ONLY)" tests/faults
NONE_FOUND := 5

test-faults: $(STAMP) ## every fault harness at full size, about 40 minutes, and docs/reliability.md (ONLY=kill)
	@failed=0; \
	$(FAULTS) -s -m "(long or figure) and alone" || [ $$? = $(NONE_FOUND) ] || failed=1; \
	$(FAULTS) -n 3 --dist worksteal -m "(long or figure) and not alone" || [ $$? = $(NONE_FOUND) ] || failed=1; \
	$(PYTHON) -m tools.reliability; \
	exit $$failed

fuzz: $(STAMP) ## coverage-guided fuzzing of the mapping language, 300 s (SECONDS=…)
	@echo "Installing the fuzzer (the extra named fuzz) …"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -e ".[fuzz]" --no-build-isolation
	@cd tests && ../$(PYTHON) -m fuzz.mapping -max_total_time=$(or $(SECONDS),300) -rss_limit_mb=1024 -timeout=10 $$(mktemp -d) fuzz/corpus

format: $(STAMP) ## lays the code out
	@.venv/bin/ruff check --fix -q
	@.venv/bin/ruff format -q

clean: ## removes what was installed here
	rm -rf .venv

$(STAMP): pyproject.toml requirements.lock tools/setup.sh tools/build_hook.py $(shell find ui -path ui/node_modules -prune -o -type f -print)
	@tools/setup.sh
	@touch $@
