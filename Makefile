# daemonproxy: what a person does with it. `make help` lists the targets.

CARGO   ?= cargo
PREFIX  ?= /usr/local
DESTDIR ?=
# Seconds that `make demo` runs.
DEMO_SECONDS ?= 20

# The daemon is linked statically. That needs an explicit target, or the flag would also reach build
# scripts and procedural macros, which cannot be static; and a folder of its own for the same reason.
TARGET := $(shell rustc -vV | sed -n 's/^host: //p')
# Each segment begins at a page of its own, so that fewer pages are changed at start: 8 kB less that is private.
STATIC_FLAGS := -C target-feature=+crt-static -C relocation-model=pie -C link-arg=-Wl,-z,separate-loadable-segments
BUILT := target/$(TARGET)/daemon/daemonproxy
DAEMON := target/release/daemonproxy

.PHONY: help build demo test bench install clean generate

help:
	@echo 'make build    the static daemon, as $(DAEMON)'
	@echo 'make demo     builds it and runs a real configuration for $(DEMO_SECONDS) seconds'
	@echo 'make test     everything that can be tested'
	@echo 'make bench    what it costs: memory, time per command, per start, per death'
	@echo 'make install  to $$(DESTDIR)$(PREFIX)'
	@echo 'make generate rewrites what is generated from protocol/grammar.toml'
	@echo 'make clean    removes what was built'

build:
	RUSTFLAGS='$(STATIC_FLAGS)' $(CARGO) build --locked --profile daemon --target $(TARGET) -p daemonproxy
	@mkdir -p $(dir $(DAEMON))
	@cp -f $(BUILT) $(DAEMON)
