# Everything a person needs; `make` alone prints this list.
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
STAMP := .venv/.installed

.PHONY: help demo serve test check reference bench kill test-faults fuzz format clean

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
	@$(PYTHON) -m tools.ui_check

reference: $(STAMP) ## writes docs/reference from the code
	@$(PYTHON) tools/reference.py
	@$(PYTHON) tools/api_types.py

bench: $(STAMP) ## our own benchmark, beside the least code that does the same
	@$(PYTHON) -m bench
	@tools/browser.sh
	@$(PYTHON) -m bench.interface

kill: $(STAMP) ## kill -9 under load, 50 times
	@TRUNKLINE_KILL_CYCLES=50 $(PYTHON) -m pytest -q -s -m long tests/faults

test-faults: $(STAMP) ## every crash point, 7,000 power failures, each failing call, 1,000 random scenarios twice, 200 sequences, 5,000 simulated lives (STRIDE, STATES, CALL_STRIDE, SCENARIOS, SEQUENCES, SEEDS, FIRST_SEED)
	@TRUNKLINE_STRIDE=$(or $(STRIDE),1) $(PYTHON) -m pytest -q -s tests/faults/test_crash_points.py --timeout 1800
	@TRUNKLINE_STATES=$(or $(STATES),7000) $(PYTHON) -m pytest -q -s tests/faults/test_power_loss.py
	@TRUNKLINE_CALL_STRIDE=$(or $(CALL_STRIDE),1) $(PYTHON) -m pytest -q -s tests/faults/test_io_errors.py
	@TRUNKLINE_SCENARIOS=$(or $(SCENARIOS),1000) TRUNKLINE_FIRST_SEED=$(or $(FIRST_SEED),1000) $(PYTHON) -m pytest -q -s tests/faults/test_agreement.py
	@TRUNKLINE_SEQUENCES=$(or $(SEQUENCES),200) $(PYTHON) -m pytest -q -s tests/faults/test_model.py
	@TRUNKLINE_SEEDS=$(or $(SEEDS),5000) TRUNKLINE_FIRST_SEED=$(or $(FIRST_SEED),1000) $(PYTHON) -m pytest -q -s tests/faults/test_simulation.py

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
