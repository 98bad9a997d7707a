# SPDX-License-Identifier: LGPL-2.1-only
#
# The checks. They run one after the other, whatever -j says: their output is
# read by people, and the mount and memory tests want the machine to themselves.

CHECKS := check-rust check-licences check-scripts check-abi check-c check-man check-valgrind check-programs check-msrv

# Longer, or wanting the network and more packages: asked for by name. .ci/run asks for
# some of them.
EXTRA_CHECKS := check-builds check-reproducible check-rust-programs check-upstream check-hosts \
    check-drop-in-tools check-processes check-page prove-all check-same check-clients fuzz

.PHONY: check deps deps-clients $(CHECKS) $(EXTRA_CHECKS)

deps: ## look for what check needs; root: install what is missing
	@scripts/deps.sh check

check: ## every check; after make deps, each of these can be run alone:
	@scripts/deps.sh check
	@for c in $(CHECKS); do \
	    echo "== $$c ($$(date +%T))"; \
	    $(MAKE) --no-print-directory $$c || exit 1; \
	done
	@echo 'check: all passed'

check-rust: ## format, lints, cargo test, documentation
	@CARGO=$(call quote,$(CARGO)) scripts/check-rust.sh

check-licences: ## of the crates, by deny.toml
	@CARGO=$(call quote,$(CARGO)) scripts/check-licences.sh

check-scripts: ## shellcheck on all scripts
	@scripts/check-scripts.sh

check-abi: stage ## symbols, SONAME, needed libraries, glibc, installed files, versions
	@BUILD=$(BUILD) scripts/check-abi.sh $(call quote,$(STAGE))

check-c: ## C programs on the installed library, shared and static
check-c: stage $(if $(filter x86_64,$(shell uname -m)),$(BUILD)/panicking/libseccomp.so.2)
	@PANICKING=$(BUILD)/panicking tests-c/run.sh $(call quote,$(STAGE))

# For tests-c/panics: the library as it is, with code linked in that makes it panic.
$(BUILD)/panicking/libseccomp.so.2: tests-c/panics/trampolines.sh $(BUILD)/debug/$(SO)
	@mkdir -p $(@D)
	@tests-c/panics/trampolines.sh $(CRATE) > $(@D)/trampolines.s
	@sed -n 's/^# //p' $(@D)/trampolines.s > $(@D)/options
	@$(LINK_SHARED) -Wl,@$(@D)/options $(@D)/trampolines.s

check-man: stage ## the manual: mandoc, prototypes, error codes, and its examples run
	@BUILD=$(BUILD) scripts/check-man.sh $(call quote,$(STAGE))

check-valgrind: stage ## the C programs under valgrind
	@tests-c/run.sh $(call quote,$(STAGE)) valgrind

check-programs: stage ## existing programs on it, and on libraries that must fail
	@scripts/check-programs.sh $(call quote,$(STAGE))

check-msrv: ## the crates build with the oldest Rust they promise
	@scripts/check-msrv.sh

## Longer checks, not part of it, look for what they need themselves, as check does:
# All filters of a small world, tests/small_world.rs: minutes; check-rust takes a sample.
prove-all: ## all filters of a small world: minutes
	@SCMP_SMALL_WORLD=1 $(CARGO) test --quiet --release --locked --test small_world -- --nocapture

# Without root, rows whose compiler or linker is missing are skipped.
#   make check-builds ROWS='debian clang-lto'     only these
check-builds: all ## with the compilers, linkers and flags of distributions
	@[ "$$(id -u)" != 0 ] || scripts/deps.sh builds || echo 'not all compilers and linkers could be installed'
	@scripts/check-builds.sh $(ROWS)

check-reproducible: ## a copy, built elsewhere by another user, is the same
	@scripts/deps.sh reproducible
	@$(MAKE) --no-print-directory stage
	@scripts/check-reproducible.sh $(call quote,$(STAGE))

#   make check-rust-programs PARTS='glibc tests musl youki'     all; by default two
check-rust-programs: ## Rust programs without a C library (PARTS: make/check.mk)
	@for what in rust-programs $(filter musl youki,$(PARTS)); do scripts/deps.sh $$what || exit 1; done
	@CARGO=$(call quote,$(CARGO)) scripts/check-rust-programs.sh $(PARTS)

#   make check-hosts HOSTS='i386 s390x' QUICK=1
#   make check-hosts HOSTS=others     those that Debian has no Rust for
# Without HOSTS and QUICK: what a release needs.
check-hosts: ## builds and tests for other machines, in qemu
	@QUICK=$(QUICK) scripts/deps.sh hosts $(HOSTS)
	@CARGO=$(call quote,$(CARGO)) QUICK=$(QUICK) scripts/check-hosts.sh $(HOSTS)

# What builds the library may be lacking itself, so it is looked for first.
check-upstream: ## the C library's own test suite
	@scripts/deps.sh upstream
	@$(MAKE) --no-print-directory stage
	@scripts/check-upstream.sh $(call quote,$(STAGE))

#   make check-drop-in-tools TEST=simulated
check-drop-in-tools: ## its command-line tools and ours on the same inputs
	@scripts/deps.sh upstream
	@$(MAKE) --no-print-directory stage
	@CARGO=$(call quote,$(CARGO)) scripts/check-drop-in-tools.sh $(call quote,$(STAGE))

check-page: $(BUILD)/bin/scmp ## the pages of scmp show --html and scmp diff --html, in chromium
	@scripts/check-page.sh $(BUILD)/bin/scmp

#   make check-processes PROCESSES='tor sshd'     by default all six
check-processes: ## what scmp shows of running programs' filters, against the kernel
	@[ "$$(id -u)" != 0 ] || scripts/deps.sh processes || echo 'not all programs could be installed'
	@CARGO=$(call quote,$(CARGO)) scripts/check-processes.sh $(PROCESSES)

# The same calls to this library and to two versions of the C library, which apt fetches.
#   SIZE=1000000 SEED=7 make check-same
check-same: ## the same calls to this library and the C library
	@scripts/deps.sh upstream
	@$(MAKE) --no-print-directory stage
	@CARGO=$(call quote,$(CARGO)) SIZE=$(SIZE) SEED=$(SEED) scripts/check-same.sh $(call quote,$(STAGE))

deps-clients:
	@scripts/deps.sh check
	@scripts/clients/deps.sh

# Clients of libseccomp, on our library and on the C library: MATRIX.md.
# BLESS=1 writes the page; CLIENTS='tor runc' runs only these; RELEASE=trixie runs them
# in a chroot of that release of Debian (root).
ifneq ($(RELEASE),)
check-clients:
	@scripts/deps.sh check-deb
	@CLIENTS=$(call quote,$(CLIENTS)) BLESS=$(BLESS) scripts/clients/chroot.sh $(RELEASE)
else
check-clients: deps-clients ## more programs and bindings, MATRIX.md
	@$(MAKE) --no-print-directory stage
	@scripts/check-clients.sh $(call quote,$(STAGE))
endif

# SECONDS is the time for each target.
#   make fuzz SECONDS=3600 TARGETS='c_api programs'
fuzz: ## run the fuzzers (SECONDS=60 for each of TARGETS)
	@scripts/deps.sh fuzz
	@CARGO=$(call quote,$(CARGO)) SECONDS_EACH=$(or $(SECONDS),60) KEEP=$(KEEP) scripts/fuzz.sh $(TARGETS)
