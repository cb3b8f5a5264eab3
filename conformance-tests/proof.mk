# What shows how far the daemon can be trusted, and takes its time. The Makefile includes it.

# Seconds that `make fuzz` gives each of its targets, and which they are.
FUZZ_SECONDS ?= 60
FUZZ_TARGETS ?= framer commands events state toml import notices daemon

# How many mutants `make mutants` tries, and the seed that they are drawn with.
MUTANTS ?= 300
MUTANTS_SEED ?= 1

.PHONY: attack fuzz mutants seed report check-counts

# What needs a privilege is skipped without it. ATTACK='--only log --factor 0.1' does a part, and less of it.
attack: build
	$(PYTHON) daemonproxy/tests/attack/main.py $(DAEMON) $(LOG) $(ATTACK)

# Needs cargo-fuzz (cargo install --locked cargo-fuzz). What it finds new goes beside the corpus, which
# is small on purpose; a case that fails is kept in conformance-tests/fuzz/artifacts.
fuzz:
	@for target in $(FUZZ_TARGETS); do \
	    mkdir -p conformance-tests/fuzz/found/$$target && \
	    RUSTC_BOOTSTRAP=1 $(CARGO) fuzz run -s none --fuzz-dir conformance-tests/fuzz $$target \
	        conformance-tests/fuzz/found/$$target conformance-tests/fuzz/corpus/$$target -- \
	        -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 -verbosity=0 || exit 1; \
	done

# Needs cargo-mutants (cargo install --locked cargo-mutants), which knows what can be changed. It can be
# interrupted, and goes on where it was.
mutants:
	$(CARGO) run --manifest-path conformance-tests/mutants/Cargo.toml --target-dir $(TARGET_DIR)/mutants/runner -- \
	    --sample $(MUTANTS) --seed $(MUTANTS_SEED) --work $(TARGET_DIR)/mutants

# One history of `make soak` again, and those that follow for a second: make seed SEED=4711
seed:
	$(CARGO) run --locked --release -p conformance-tests -- soak --seed $(SEED) --seconds 1
	$(CARGO) run --locked --release -p conformance-tests -- soak --seed $(SEED) --seconds 1 --upgrades

# One page, daemonproxy/bench/REPORT.md, and curves beside it, in less than an hour. REPORT='--most 1000'
# does less.
report: build
	$(PYTHON) daemonproxy/bench/report.py $(DAEMON) $(LOG) $(REPORT)

# Needs valgrind, and compares nothing without it.
check-counts: build
	$(PYTHON) daemonproxy/bench/counts.py $(DAEMON)
