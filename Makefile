.PHONY: check format docs

check: ## format, lint, types, import contracts, docs, tests, coverage, torture: what CI runs
	python3 tools/check.py

format: ## put the code into shape
	.venv/bin/ruff format . && .venv/bin/ruff check --fix .

docs: ## write the generated pages anew
	.venv/bin/python tools/docs.py
