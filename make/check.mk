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

check:
	@scripts/deps.sh check
	@for c in $(CHECKS); do \
	    echo "== $$c ($$(date +%T))"; \
	    $(MAKE) --no-print-directory $$c || exit 1; \
	done
	@echo 'check: all passed'

deps: ; @scripts/deps.sh check

check-rust:
	@CARGO=$(call quote,$(CARGO)) scripts/check-rust.sh

# All filters of a small world, tests/small_world.rs: minutes; check-rust takes a sample.
prove-all:
	@SCMP_SMALL_WORLD=1 $(CARGO) test --quiet --release --locked --test small_world -- --nocapture

check-licences:
	@CARGO=$(call quote,$(CARGO)) scripts/check-licences.sh

check-scripts:
	@scripts/check-scripts.sh

check-abi: stage
	@BUILD=$(BUILD) scripts/check-abi.sh $(call quote,$(STAGE))

check-c: stage $(if $(filter x86_64,$(shell uname -m)),$(BUILD)/panicking/libseccomp.so.2)
	@PANICKING=$(BUILD)/panicking tests-c/run.sh $(call quote,$(STAGE))

# For tests-c/panics: the library as it is, with code linked in that makes it panic.
$(BUILD)/panicking/libseccomp.so.2: tests-c/panics/trampolines.sh $(BUILD)/debug/$(SO)
	@mkdir -p $(@D)
	@tests-c/panics/trampolines.sh $(CRATE) > $(@D)/trampolines.s
	@sed -n 's/^# //p' $(@D)/trampolines.s > $(@D)/options
	@$(LINK_SHARED) -Wl,@$(@D)/options $(@D)/trampolines.s

check-man: stage
	@BUILD=$(BUILD) scripts/check-man.sh $(call quote,$(STAGE))

check-valgrind: stage
	@tests-c/run.sh $(call quote,$(STAGE)) valgrind

check-programs: stage
	@scripts/check-programs.sh $(call quote,$(STAGE))

check-msrv:
	@scripts/check-msrv.sh

# Without root, rows whose compiler or linker is missing are skipped.
#   make check-builds ROWS='debian clang-lto'     only these
check-builds: all
	@[ "$$(id -u)" != 0 ] || scripts/deps.sh builds || echo 'not all compilers and linkers could be installed'
	@scripts/check-builds.sh $(ROWS)

check-reproducible:
	@scripts/deps.sh reproducible
	@$(MAKE) --no-print-directory stage
	@scripts/check-reproducible.sh $(call quote,$(STAGE))

#   make check-rust-programs PARTS='glibc tests musl youki'     all; by default two
check-rust-programs:
	@for what in rust-programs $(filter musl youki,$(PARTS)); do scripts/deps.sh $$what || exit 1; done
	@CARGO=$(call quote,$(CARGO)) scripts/check-rust-programs.sh $(PARTS)

#   make check-hosts HOSTS='i386 s390x' QUICK=1
#   make check-hosts HOSTS=others     those that Debian has no Rust for
# Without HOSTS and QUICK: what a release needs.
check-hosts:
	@QUICK=$(QUICK) scripts/deps.sh hosts $(HOSTS)
	@CARGO=$(call quote,$(CARGO)) QUICK=$(QUICK) scripts/check-hosts.sh $(HOSTS)

# What builds the library may be lacking itself, so it is looked for first.
check-upstream:
	@scripts/deps.sh upstream
	@$(MAKE) --no-print-directory stage
	@scripts/check-upstream.sh $(call quote,$(STAGE))

#   make check-drop-in-tools TEST=simulated
check-drop-in-tools:
	@scripts/deps.sh upstream
	@$(MAKE) --no-print-directory stage
	@CARGO=$(call quote,$(CARGO)) scripts/check-drop-in-tools.sh $(call quote,$(STAGE))

# The pages of scmp show --html and scmp diff --html, in chromium if there is one.
check-page: $(BUILD)/bin/scmp
	@scripts/check-page.sh $(BUILD)/bin/scmp

#   make check-processes PROCESSES='tor sshd'     by default all six
check-processes:
	@[ "$$(id -u)" != 0 ] || scripts/deps.sh processes || echo 'not all programs could be installed'
	@CARGO=$(call quote,$(CARGO)) scripts/check-processes.sh $(PROCESSES)

# The same calls to this library and to two versions of the C library, which apt fetches.
#   SIZE=1000000 SEED=7 make check-same
check-same:
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
check-clients: deps-clients
	@$(MAKE) --no-print-directory stage
	@scripts/check-clients.sh $(call quote,$(STAGE))
endif

# SECONDS is the time for each target.
#   make fuzz SECONDS=3600 TARGETS='c_api programs'
fuzz:
	@scripts/deps.sh fuzz
	@CARGO=$(call quote,$(CARGO)) SECONDS_EACH=$(or $(SECONDS),60) KEEP=$(KEEP) scripts/fuzz.sh $(TARGETS)
