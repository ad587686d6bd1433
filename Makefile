# Each verb is one call of a small tool that needs nothing but python3 (3.10 or newer).
PYTHON ?= python3
CKAN ?= 2.12
ARGS ?=
SLOT ?=
RUN := $(PYTHON) dev/run.py

.DEFAULT_GOAL := help
.PHONY: help demo test test-unit test-packaging test-docs test-integration test-e2e \
	services status logs stop clean setup lint format i18n build coverage

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):[^#]*## /\1\t/' | expand -t 20
	@echo
	@echo "CKAN=2.11 tests on CKAN 2.11; ARGS=\"-k word\" goes to pytest; SLOT=name takes databases of its own."
	@echo "ACTIONPLAN_* and ACTIONPLAN_TEST_* variables name services to use: see docs/development.md."

demo: ## install, start and fill two portals; print addresses and accounts
	@$(RUN) demo

test: ## all tests on the built wheel (CKAN=2.11 for the other CKAN)
	@$(RUN) test --ckan $(CKAN) -- $(ARGS)

test-unit test-packaging test-docs test-integration test-e2e: test-%: ## one tier on the source folder
	@$(RUN) tier --ckan $(CKAN) --slot "$(SLOT)" $* -- $(ARGS)

services: ## start PostgreSQL, Redis and Solr only
	@$(RUN) services

status: ## what runs, on which ports
	@$(RUN) status

logs: ## the end of each log
	@$(RUN) logs

stop: ## stop what was started here, nothing else
	@$(RUN) stop

clean: ## stop, then remove everything that was made (.run)
	@$(RUN) clean

setup: ## system packages and the environment for work
	@$(RUN) setup --ckan $(CKAN)

lint: ## format, rules, types, layers, translations
	@$(RUN) lint

format: ## put the code in order
	@$(RUN) format

i18n: ## collect texts, update and compile the Ukrainian catalogue
	@$(RUN) i18n

build: ## the wheel, into dist/
	@$(RUN) build

coverage: ## unit and integration tests with branch coverage, on the source folder
	@$(RUN) coverage --ckan $(CKAN)
