# SPDX-License-Identifier: LGPL-2.1-only
#
# Builds for another machine: TARGET is Rust's name for it, CROSS the prefix of its C
# compiler and binutils. Each is found from the other, as Debian names the tools.
#   make TARGET=aarch64-unknown-linux-gnu
#   make CROSS=s390x-linux-gnu- install DESTDIR=/tmp/s390x PREFIX=/usr
# rustc must have the standard library of TARGET. Without either, the library is built
# for this machine.

ifneq ($(TARGET)$(CROSS),)
  ifeq ($(CROSS),)
    CROSS := $(shell echo '$(TARGET)' | sed -E 's/-unknown-linux-/-linux-/; s/$$/-/; \
        s/^riscv64gc-/riscv64-/; s/^(arm|thumb)v[^-]*-/arm-/; s/^i[45]86-/i686-/')
  endif
  ifeq ($(TARGET),)
    TARGET := $(shell echo '$(notdir $(CROSS))' | sed -E 's/-linux-/-unknown-linux-/; s/-$$//; \
        s/^riscv64-/riscv64gc-/; s/^arm-(.*hf)$$/armv7-\1/; s/^arm-/armv5te-/')
  endif
  # Not into the build of this machine: make could not tell which objects are whose.
  BUILD := build/$(TARGET)
  # musl's compiler may come without binutils of its own.
  BINUTILS := $(if $(shell command -v $(CROSS)ld || :),$(CROSS),$(subst -musl,-gnu,$(CROSS)))
  # make itself has a default for these.
  $(foreach tool,CC:$(CROSS)gcc LD:$(BINUTILS)ld AR:$(BINUTILS)ar,\
      $(if $(filter default,$(origin $(firstword $(subst :, ,$(tool))))),$(eval $(subst :, := ,$(tool)))))
  OBJCOPY ?= $(BINUTILS)objcopy
  READELF ?= $(BINUTILS)readelf
  STRIP   ?= $(BINUTILS)strip
else
  # Named all the same, because cargo's configuration may name another (build.target).
  TARGET := $(shell $(or $(RUSTC),rustc) -vV 2> /dev/null | sed -n 's/^host: //p')
endif
