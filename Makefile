# SPDX-License-Identifier: LGPL-2.1-only
#
# Makes libseccomp.so.2, libseccomp.a and libseccomp.pc out of scmp-capi, and the
# programs of scmp-tools and scmp-cli, and installs and checks them. `make help` lists the targets.
#
# cargo builds a static library only; the final link is done here by the C
# compiler, because a Rust cdylib can export neither the two variadic
# functions nor do without libgcc_s.so.1.

VERSION := 2.6.1

PREFIX     ?= $(or $(prefix),/usr/local)
# Without a slash at its end, which would hide that it is /usr.
override PREFIX := $(if $(word 2,$(PREFIX)),$(PREFIX),$(patsubst %/,%,$(PREFIX)))
# In /usr/lib itself, Debian's loader would find its own libseccomp first.
LIBDIR     ?= $(or $(libdir),$(if $(filter /usr,$(PREFIX)),$(MULTIARCH:%=/usr/lib/%)),$(PREFIX)/lib)
BINDIR     ?= $(or $(bindir),$(PREFIX)/bin)
INCLUDEDIR ?= $(or $(includedir),$(if $(filter /usr,$(PREFIX)),$(MUSL_INCLUDE)),$(PREFIX)/include)
MANDIR     ?= $(or $(mandir),$(PREFIX)/share/man)
DESTDIR    ?=
# Debian's musl-gcc is a gcc for glibc, and prints that gcc's name; musl has folders of its own.
PRINTED = $(or $(shell $(CC) -print-multiarch 2> /dev/null),$(shell gcc -print-multiarch 2> /dev/null))
MULTIARCH = $(if $(findstring -musl,$(TARGET)),$(subst -gnu,-musl,$(PRINTED)),$(PRINTED))
MUSL_INCLUDE = $(patsubst %,/usr/include/%,$(filter %-musl,$(MULTIARCH)))

# Where everything is built: `make BUILD=elsewhere` leaves build/ alone.
BUILD := build
include make/cross.mk

CC         ?= cc
LD         ?= ld
AR         ?= ar
OBJCOPY    ?= objcopy
READELF    ?= readelf
STRIP      ?= strip
CARGO      ?= cargo
CFLAGS     ?= -O2 -g
TARGET_DIR ?= target

SO    := libseccomp.so.$(VERSION)
CRATE := $(TARGET_DIR)/$(TARGET)/release/libseccomp.a

# The checkout, and what is installed where, may have spaces in their names.
$(foreach name,BUILD TARGET_DIR,$(if $(word 2,$($(name))),$(error $(name) must not have spaces in it: make cannot name such targets)))

# A word of the shell.
quote = '$(subst ','\'',$1)'

# What fails its check does not stay to be installed.
.DELETE_ON_ERROR:

# Both would move cargo's output away from $(CRATE).
unexport CARGO_TARGET_DIR CARGO_BUILD_TARGET
# What make/link.mk does to std's panic handler relies on Cargo.toml's profile.
unexport CARGO_PROFILE_RELEASE_LTO CARGO_PROFILE_RELEASE_PANIC

.PHONY: all
all: $(BUILD)/$(SO) $(BUILD)/libseccomp.so.2 $(BUILD)/libseccomp.so \
     $(BUILD)/libseccomp.a $(BUILD)/libseccomp.pc

include make/link.mk
include make/programs.mk
include make/install.mk
include make/check.mk
include make/bench.mk
include make/packages.mk

.PHONY: demo headers clean help
demo:
	@scripts/deps.sh demo
	@scripts/demo.sh

headers: ; BLESS=1 $(CARGO) test --locked syscalls_header

clean: ; rm -rf $(BUILD) $(TARGET_DIR)

help:
	@echo 'make                  build the library and the programs into $(BUILD)/;'
	@echo '                      PROGRAMS= leaves out the programs'
	@echo 'make install          install what is built; uninstall removes it again'
	@echo '                      (PREFIX=$(PREFIX) LIBDIR BINDIR INCLUDEDIR MANDIR DESTDIR)'
	@echo 'make TARGET=... CROSS=...  the same for another machine: make/cross.mk'
	@echo 'make demo             show a packaged program running on it'
	@echo 'make check            every check; after make deps, each can be run alone:'
	@echo '  check-rust          format, lints, cargo test, documentation'
	@echo '  check-licences      of the crates, by deny.toml'
	@echo '  check-scripts       shellcheck on all scripts'
	@echo '  check-abi           symbols, SONAME, needed libraries, glibc, installed files, versions'
	@echo '  check-c             C programs on the installed library, shared and static'
	@echo '  check-man           the manual: mandoc, prototypes, error codes, and its examples run'
	@echo '  check-valgrind      the C programs under valgrind'
	@echo '  check-programs      existing programs on it, and on libraries that must fail'
	@echo '  check-msrv          the crates build with the oldest Rust they promise'
	@echo 'Longer checks, not part of it, look for what they need themselves, as check does:'
	@echo '  check-builds        with the compilers, linkers and flags of distributions'
	@echo '  check-reproducible  a copy, built elsewhere by another user, is the same'
	@echo '  check-rust-programs Rust programs without a C library (PARTS: make/check.mk)'
	@echo '  check-hosts         builds and tests for other machines, in qemu'
	@echo '  check-dist          make dist twice, and build it offline'
	@echo '  check-upstream      the C library'"'"'s own test suite'
	@echo '  check-drop-in-tools its command-line tools and ours on the same inputs'
	@echo '  check-processes     what scmp shows of running programs'"'"' filters, against the kernel'
	@echo '  check-page          the pages of scmp show --html and scmp diff --html, in chromium'
	@echo '  prove-all           all filters of a small world: minutes'
	@echo '  check-same          the same calls to this library and the C library'
	@echo '  check-clients       more programs and bindings, MATRIX.md'
	@echo 'make bench            speed, memory and size beside the C library'"'"'s; docs/performance.md'
	@echo 'make fuzz             run the fuzzers (SECONDS=60 for each of TARGETS)'
	@echo 'make dist             the release tarball and its SBOM, in build/dist'
	@echo 'make deb              Debian packages, in build/deb; check-deb tries them in chroots (root)'
	@echo 'make check-fresh      make demo and make check in chroots of fresh Debians (root)'
	@echo 'make deps             look for what check needs; root: install what is missing'
	@echo 'make headers          regenerate include/seccomp-syscalls.h'
	@echo 'make clean'
