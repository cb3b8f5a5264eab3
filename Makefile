# daemonproxy: what people do with it. `make help` lists the targets.

CARGO   ?= cargo
PYTHON  ?= python3
PREFIX  ?= /usr/local
DESTDIR ?=
# Seconds that `make demo` runs: without a number until ^C, or for 20 where there is no terminal.
DEMO_SECONDS ?=
# Seconds that `make soak` searches for histories that break a rule.
SOAK_SECONDS ?= 60

# The daemon, the logger and the Lua host are linked statically. That needs an explicit target, or the flag would also reach build
# scripts and procedural macros, which cannot be static; and a folder of its own for the same reason.
TARGET := $(shell rustc -vV | sed -n 's/^host: //p')
STATIC_FLAGS := -C target-feature=+crt-static -C relocation-model=pie
TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
BUILT := $(TARGET_DIR)/$(TARGET)/daemon
DAEMON := $(TARGET_DIR)/release/daemonproxy
LUA := $(TARGET_DIR)/release/daemonproxy-lua
LOG := $(TARGET_DIR)/release/daemonproxy-log
DPCTL := $(TARGET_DIR)/release/dpctl
FLEET := $(TARGET_DIR)/release/dpfleet

# Where the Python client is built and tested.
PYTHON_VENV := $(TARGET_DIR)/python-venv

EXAMPLES := daemonproxy/examples
PAGES := daemonproxy/man/daemonproxy.1 daemonproxy/man/daemonproxy-controllers.7 daemonproxy/log/man/daemonproxy-log.1 sdk-lua/man/daemonproxy-lua.1 protocol/generated/daemonproxy-protocol.7
# What dpctl and dpfleet write of themselves, and of files of services.
MADE_PAGES := $(TARGET_DIR)/man/dpctl.1 $(TARGET_DIR)/man/daemonproxy.toml.5 $(TARGET_DIR)/man/dpfleet.1
# The tests need this one anyway.
FLEET_FOR_TESTS := $(TARGET_DIR)/debug/dpfleet

.PHONY: help build fleet demo test soak browser bench install clean generate
.PHONY: check-format check-lints check-tests check-built check-perl check-python check-lua check-docs check-binary check-demo check-man check-pages check-guides check-machines check-versions book picture packages check-packaging

help:
	@echo 'make build    the static daemon, as $(DAEMON), with daemonproxy-log, daemonproxy-lua and dpctl beside it'
	@echo 'make fleet    dpfleet, for many machines, as $(FLEET)'
	@echo 'make demo     builds it and runs a web server, with an accident, until ^C (DEMO_SECONDS=... ends it sooner)'
	@echo 'make test     everything that can be tested'
	@echo 'make soak     random histories of the state machine for $(SOAK_SECONDS) seconds (SOAK_SECONDS=...),'
	@echo '              and what only a virtual machine can show'
	@echo 'make browser  the page of dpfleet web, in a real browser (chromium, node)'
	@echo 'make attack   the real daemon under attack, as a table; make fuzz: bytes that lead to new places (minutes)'
	@echo 'make mutants  small changes of the protocol and the state machine, which the tests must notice (an hour)'
	@echo 'make report   what the daemon is trusted for, in figures: one page with curves, in less than an hour'
	@echo 'make bench    what it costs: memory, time per command, per start, per death; events a second in Lua and Python'
	@echo 'make book     the guides of daemonproxy/doc as HTML, in $(TARGET_DIR)/book'
	@echo 'make packages .deb, tarballs, wheel, CPAN, rock, crates: makes, installs, runs and removes them'
	@echo 'make install  to $$(DESTDIR)$$(PREFIX), which is $(DESTDIR)$(PREFIX)'
	@echo 'make generate rewrites what is generated from protocol/grammar.toml'
	@echo 'make clean    removes what was built'

build:
	RUSTFLAGS='$(STATIC_FLAGS)' $(CARGO) build --locked --profile daemon --target $(TARGET) -p daemonproxy -p daemonproxy-log -p daemonproxy-lua
	@mkdir -p $(dir $(DAEMON))
	@cp -f $(BUILT)/daemonproxy $(DAEMON)
	@cp -f $(BUILT)/daemonproxy-log $(LOG)
	@cp -f $(BUILT)/daemonproxy-lua $(LUA)
	$(CARGO) build --locked --release -p daemonproxy-ctl

fleet:
	$(CARGO) build --locked --release -p daemonproxy-fleet

demo: build
	@$(PYTHON) $(EXAMPLES)/demo/run.py $(DAEMON) $(DEMO_SECONDS)

# One after the other, even with -j: what fails should be the last thing on the screen.
test:
	@$(MAKE) --no-print-directory check-format
	@$(MAKE) --no-print-directory check-lints
	@$(MAKE) --no-print-directory check-docs
	@$(MAKE) --no-print-directory check-man
	@$(MAKE) --no-print-directory check-pages
	@$(MAKE) --no-print-directory check-packaging
	@$(MAKE) --no-print-directory check-binary
	@$(MAKE) --no-print-directory check-counts
	@$(MAKE) --no-print-directory check-demo DEMO_SECONDS=4
	@$(MAKE) --no-print-directory check-perl
	@$(MAKE) --no-print-directory check-python
	@$(MAKE) --no-print-directory check-lua
	@$(MAKE) --no-print-directory check-guides
	@$(MAKE) --no-print-directory check-built
	@$(MAKE) --no-print-directory check-tests
	@echo 'make test: all is well'

check-format:
	$(CARGO) fmt --all --check

check-lints:
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

check-docs:
	RUSTDOCFLAGS=-Dwarnings $(CARGO) doc --locked --workspace --no-deps

check-tests:
	$(CARGO) test --locked --workspace

# The other tests run the debug build; the program that is installed must pass the same.
check-built: build
	DAEMONPROXY='$(abspath $(DAEMON))' $(CARGO) test --locked -p daemonproxy --test process
	DAEMONPROXY='$(abspath $(DAEMON))' $(CARGO) test --locked -p daemonproxy --test beyond upgrade
	DAEMONPROXY_LOG='$(abspath $(LOG))' $(CARGO) test --locked -p daemonproxy-log --test log
	DAEMONPROXY_LUA='$(abspath $(LUA))' $(CARGO) test --locked -p daemonproxy-lua --test host

check-perl: build
	$(CARGO) build --locked --quiet -p conformance-tests
	cd sdk-perl && DAEMONPROXY='$(abspath $(DAEMON))' \
	    CONFORMANCE_TESTS='$(abspath $(TARGET_DIR)/debug/conformance-tests)' prove -l t xt

# Needs what Python calls ensurepip (on Debian the package python3-venv), and packages from PyPI.
check-python: build
	@if $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
	    PYTHON='$(PYTHON)' sdk-python/check '$(abspath $(DAEMON))'; \
	elif [ -n "$$CI" ]; then echo 'sdk-python: Python has no venv module'; exit 1; \
	else echo 'sdk-python is left out: Python has no venv module here'; fi

# Needs Lua 5.4 and luacheck (on Debian the packages lua5.4 and lua-check). If there is an
# emmylua_check, it also checks the types: cargo install --locked emmylua_check@0.25.1
check-lua: build
	@if ! command -v lua5.4 >/dev/null || ! command -v luacheck >/dev/null; then \
	    [ -z "$$CI" ] || { echo 'sdk-lua: there is no lua5.4, or no luacheck'; exit 1; }; \
	    echo 'sdk-lua: the tests in Lua are left out: there is no lua5.4, or no luacheck'; \
	elif command -v emmylua_check >/dev/null || [ -n "$$CI" ]; then \
	    sdk-lua/check '$(abspath $(DAEMON))'; \
	else \
	    echo 'sdk-lua: the types are not checked: there is no emmylua_check'; \
	    EMMYLUA_CHECK=none sdk-lua/check '$(abspath $(DAEMON))'; \
	fi

# Seeded histories of the state machine, for as long as you like: make soak SOAK_SECONDS=3600
soak: check-machines check-versions browser
	$(CARGO) run --locked --release -p conformance-tests -- soak --seconds $(SOAK_SECONDS) $(if $(SEED),--seed $(SEED))
	$(CARGO) run --locked --release -p conformance-tests -- soak --seconds $(SOAK_SECONDS) $(if $(SEED),--seed $(SEED)) --upgrades
	LEASE_HISTORIES=1000000 $(CARGO) test --locked --release -p daemonproxy-fleet --bin dpfleet lease::sim -- --nocapture
	LEASE_SCHEDULES=1000 LEASE_WORLDS=8 $(CARGO) test --locked -p daemonproxy-fleet --test fleet never_two_holders -- --nocapture
	FLEET_ROUNDS=200 $(CARGO) test --locked -p daemonproxy-fleet --test fleet killed_again
	UPGRADES=1000 $(CARGO) test --locked -p daemonproxy --test beyond under_load

# As a person uses it. SHOTS=FOLDER puts pictures there, to be looked at.
browser:
	$(CARGO) build --locked --quiet -p daemonproxy-fleet -p daemonproxy -p daemonproxy-log
	daemonproxy/fleet/tests/browser/run '$(abspath $(TARGET_DIR))/debug/dpfleet' \
	    '$(abspath $(TARGET_DIR))/debug/daemonproxy' '$(abspath $(TARGET_DIR))/debug/daemonproxy-log' $(SHOTS)

# To a version with one more option, which is built for that, and back.
check-versions: build
	daemonproxy/tests/machine/versions $(DAEMON) $(DPCTL)

# In virtual machines: a kernel that has a memory controller, and one that can be put to sleep.
check-machines: build
	daemonproxy/tests/machine/memory $(DAEMON) $(DPCTL)
	daemonproxy/tests/machine/sleeping $(DAEMON) $(DPCTL)

# Static, so that it runs where nothing else is installed; position-independent, so that its layout
# in memory cannot be known beforehand.
check-binary: build
	@for program in $(DAEMON) $(LOG) $(LUA); do \
	    headers=$$(readelf --wide --file-header --program-headers $$program) && \
	    case $$headers in *INTERP*) echo "$$program is not static"; exit 1;; esac && \
	    case $$headers in *'DYN ('*) ;; *) echo "$$program is not position-independent"; exit 1;; esac && \
	    echo "$$program is static and position-independent"; \
	done
	@$(PYTHON) daemonproxy/bench/bench.py $(DAEMON) --strict --runs 3 --only memory

check-demo: demo

# With whatever reader of manual pages there is.
check-man: build
	@mkdir -p $(TARGET_DIR)/man
	@$(DPCTL) man > $(TARGET_DIR)/man/dpctl.1
	@$(DPCTL) man --file > $(TARGET_DIR)/man/daemonproxy.toml.5
	@$(CARGO) build --locked --quiet -p daemonproxy-fleet
	@$(FLEET_FOR_TESTS) man > $(TARGET_DIR)/man/dpfleet.1
	@for page in $(PAGES) $(MADE_PAGES); do \
	    if command -v groff >/dev/null; then \
	        said=$$(groff -man -Tutf8 -ww -rCHECKSTYLE=2 -z $$page 2>&1) || exit 1; \
	        [ -z "$$said" ] || { echo "$$said"; exit 1; }; \
	    fi; \
	    if command -v mandoc >/dev/null; then mandoc -Tlint -Werror $$page || exit 1; fi; \
	    echo "$$page is fine"; \
	done

# Whether the pages say what the programs say, lead somewhere, and are spelled right.
check-pages: build
	@$(CARGO) build --locked --quiet -p daemonproxy-fleet
	@$(PYTHON) daemonproxy/doc/check/options.py $(dir $(DAEMON)) $(dir $(FLEET_FOR_TESTS))
	@$(PYTHON) daemonproxy/doc/check/links.py
	@if command -v codespell >/dev/null; then \
	    git ls-files -co --exclude-standard '*.md' '*.1' '*.7' '*/README' | xargs codespell -I daemonproxy/doc/check/words && echo 'the pages are spelled right'; \
	elif [ -n "$$CI" ]; then echo 'there is no codespell'; exit 1; \
	else echo 'the spelling is not checked: there is no codespell'; fi

# Everything that the guides tell people to type. With the client in Python if somebody has built it: make check-python
check-guides: build
	@PATH="$(abspath $(PYTHON_VENV))/bin:$$PATH" $(PYTHON) daemonproxy/doc/check/blocks.py $(dir $(DAEMON))

# The picture of README.md, from a session that is held for it.
picture: build
	$(PYTHON) daemonproxy/doc/check/picture.py $(dir $(DAEMON)) > daemonproxy/doc/session.svg

check-packaging:
	@daemonproxy/packaging/lint

# See daemonproxy/packaging/README.md. What needs a tool that is not there is left out, and said.
packages: build
	daemonproxy/packaging/build
	daemonproxy/packaging/check
	daemonproxy/tests/machine/systemd $(TARGET_DIR)/packages/daemonproxy_*.deb
	@# With the programs of the packages, all of which are static.
	MACHINES=yes $(PYTHON) daemonproxy/doc/check/blocks.py $(BUILT) pid1.md

# Needs mdBook: cargo install --locked mdbook
book:
	@command -v mdbook >/dev/null || { echo 'make book: there is no mdbook; cargo install --locked mdbook'; exit 1; }
	mdbook build --dest-dir '$(abspath $(TARGET_DIR))/book' daemonproxy/doc
	@$(PYTHON) daemonproxy/doc/check/links.py $(TARGET_DIR)/book
	@echo '$(TARGET_DIR)/book/index.html'

bench: build
	$(PYTHON) daemonproxy/bench/bench.py $(DAEMON)
	$(PYTHON) daemonproxy/log/bench/bench.py $(LOG)
	$(PYTHON) sdk-lua/bench/bench.py $(LUA)
	@if [ -x $(FLEET) ]; then $(PYTHON) daemonproxy/fleet/bench/bench.py $(FLEET) $(DAEMON); \
	else echo 'dpfleet: left out, because nobody has built it: make fleet'; fi
	@if [ -x $(PYTHON_VENV)/bin/python ]; then $(PYTHON_VENV)/bin/python sdk-python/bench/bench.py; \
	else echo 'sdk-python: left out, because nobody has built it: make check-python'; fi

install: build
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5 $(DESTDIR)$(PREFIX)/share/man/man7
	install -d $(DESTDIR)$(PREFIX)/share/doc/daemonproxy
	install -m 755 $(DAEMON) $(DESTDIR)$(PREFIX)/bin/daemonproxy
	install -m 755 $(LOG) $(DESTDIR)$(PREFIX)/bin/daemonproxy-log
	install -m 755 $(LUA) $(DESTDIR)$(PREFIX)/bin/daemonproxy-lua
	install -m 755 $(DPCTL) $(DESTDIR)$(PREFIX)/bin/dpctl
	@# Only those who asked for it have it: make fleet.
	if [ -x $(FLEET) ]; then install -m 755 $(FLEET) $(DESTDIR)$(PREFIX)/bin/dpfleet && \
	    $(FLEET) man > $(DESTDIR)$(PREFIX)/share/man/man1/dpfleet.1; fi
	install -m 644 daemonproxy/man/daemonproxy.1 daemonproxy/log/man/daemonproxy-log.1 sdk-lua/man/daemonproxy-lua.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	$(DPCTL) man > $(DESTDIR)$(PREFIX)/share/man/man1/dpctl.1
	$(DPCTL) man --file > $(DESTDIR)$(PREFIX)/share/man/man5/daemonproxy.toml.5
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions
	install -d $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(DPCTL) completions bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/dpctl
	$(DPCTL) completions zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_dpctl
	$(DPCTL) completions fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/dpctl.fish
	install -m 644 protocol/generated/daemonproxy-protocol.7 daemonproxy/man/daemonproxy-controllers.7 $(DESTDIR)$(PREFIX)/share/man/man7/
	install -m 644 CHANGELOG.md LICENSE-MIT LICENSE-APACHE $(DESTDIR)$(PREFIX)/share/doc/daemonproxy/
	cp -R $(EXAMPLES) $(DESTDIR)$(PREFIX)/share/doc/daemonproxy/
	@# There the guides are elsewhere.
	sed 's,(daemonproxy/doc/,(guides/,g' README.md > $(DESTDIR)$(PREFIX)/share/doc/daemonproxy/README.md
	install -d $(DESTDIR)$(PREFIX)/share/doc/daemonproxy/init
	cp -R daemonproxy/packaging/systemd daemonproxy/packaging/sysv-init daemonproxy/packaging/openrc $(DESTDIR)$(PREFIX)/share/doc/daemonproxy/init/
	install -d $(DESTDIR)$(PREFIX)/share/doc/daemonproxy/guides
	install -m 644 daemonproxy/doc/*.md $(DESTDIR)$(PREFIX)/share/doc/daemonproxy/guides/
	cp -R sdk-lua/examples $(DESTDIR)$(PREFIX)/share/doc/daemonproxy/examples/lua
	install -d $(DESTDIR)$(PREFIX)/share/lua/5.4/daemonproxy $(DESTDIR)$(PREFIX)/share/daemonproxy/lua-types
	install -m 644 sdk-lua/lua/daemonproxy/*.lua $(DESTDIR)$(PREFIX)/share/lua/5.4/daemonproxy/
	install -m 644 sdk-lua/types/*.lua $(DESTDIR)$(PREFIX)/share/daemonproxy/lua-types/

generate:
	$(CARGO) run --locked -p daemonproxy-codegen

clean:
	$(CARGO) clean

# make attack, make fuzz, make mutants, make seed, make report
include conformance-tests/proof.mk
