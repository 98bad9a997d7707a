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
all: ## the library and the programs, in build/ (BUILD=elsewhere); PROGRAMS= leaves out the programs
## make TARGET=... CROSS=...  the same for another machine: make/cross.mk
all: $(BUILD)/$(SO) $(BUILD)/libseccomp.so.2 $(BUILD)/libseccomp.so \
     $(BUILD)/libseccomp.a $(BUILD)/libseccomp.pc

include make/link.mk
include make/programs.mk
include make/install.mk
include make/check.mk
include make/bench.mk
include make/packages.mk

.PHONY: demo headers clean help
demo: ## show a packaged program running on it
	@scripts/deps.sh demo
	@scripts/demo.sh

headers: ## regenerate include/seccomp-syscalls.h
	BLESS=1 $(CARGO) test --locked syscalls_header

clean: ## remove all that was built
	rm -rf $(BUILD) $(TARGET_DIR)

# Prints what follows `## ` in the makefiles: the text of a target, or a heading.
help: ## print this list
	@awk -F '## ' '/^## / { print $$2 } \
	    /^[a-z-]+:.*## / { sub(/:.*/, "", $$1); printf "make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
