# SPDX-License-Identifier: LGPL-2.1-only
#
# The programs beside the library: cargo builds and links them; they do not need
# libseccomp.so.2. `make PROGRAMS=` builds the library alone.

# musl-gcc asks for a loader in Rust's static programs, with which they crash.
PROGRAMS ?= $(if $(findstring -musl,$(CROSS)),,scmp scmp_api_level scmp_arch_detect \
    scmp_bpf_disasm scmp_bpf_sim scmp_sys_resolver)
PROGRAM_CRATES := scmp-cli scmp-tools

BUILT_PROGRAMS := $(PROGRAMS:%=$(BUILD)/bin/%)
CARGO_PROGRAMS := $(PROGRAMS:%=$(TARGET_DIR)/$(TARGET)/release/%)
# Another machine's programs are linked by its C compiler, unless the user names a linker.
LINKER := CARGO_TARGET_$(shell echo '$(TARGET)' | tr a-z- A-Z_)_LINKER

all: $(BUILT_PROGRAMS)

# A panic names its source: not in the folders of whoever builds, whose names may have
# spaces. cargo separates these flags by the character 037.
REMAPPED = $$RUSTFLAGS "--remap-path-prefix=$$PWD=." "--remap-path-prefix=$${CARGO_HOME:-$$HOME/.cargo}=cargo"

.PHONY: programs
programs: | tools
	+flags=$$(printf '%s\037' $(REMAPPED)) && CARGO_ENCODED_RUSTFLAGS=$${flags%?} \
	    $(if $(CROSS),$(LINKER)="$${$(LINKER):-$(firstword $(CC))}") $(CARGO) build $(PROGRAM_CRATES:%=--package %) --bins \
	    --release --locked $(TARGET:%=--target %) --target-dir $(TARGET_DIR)

$(CARGO_PROGRAMS): programs ;

$(BUILD)/bin: ; @mkdir -p $@

$(BUILT_PROGRAMS): $(BUILD)/bin/%: $(TARGET_DIR)/$(TARGET)/release/% | $(BUILD)/bin
	cp $< $@
	$(STRIP) $@
