# SPDX-License-Identifier: LGPL-2.1-only
#
# From scmp-capi's static library to libseccomp.so.2, libseccomp.a and
# libseccomp.pc. src/symbols.txt is the only list of exported names.

SYMBOLS := src/symbols.txt

# These follow CFLAGS. -fno-lto: ld -r would take only the intermediate code of an
# LTO object over into the archive, and scmp-capi's code not at all.
C_OBJECT := -fPIC -fvisibility=default -fno-lto -fstack-protector-strong -Wall -Wextra

.PHONY: tools
tools: ; @scripts/check-tools.sh $(firstword $(CARGO)) $(firstword $(CC)) $(firstword $(LD))

$(BUILD) $(BUILD)/debug: ; @mkdir -p $@

# Checks what has just been linked, with whatever flags; .DELETE_ON_ERROR removes it.
check_symbols = @READELF=$(call quote,$(READELF)) scripts/check-symbols.sh $(BUILD)/exports.txt $@

# cargo knows best whether there is anything to do. Told that it need not expect
# full RELRO, rustc calls by way of the PLT, which the linker turns into a direct
# call; otherwise every function called would be an entry of the GOT, to relocate
# when the library is loaded. RELRO is full all the same: the link below says so.
.PHONY: FORCE
$(CRATE): FORCE | tools
	+SCMP_CAPI_VARIADIC=0 RUSTFLAGS="$$RUSTFLAGS -C relro-level=partial" $(CARGO) build --package scmp-capi --lib \
	    --release --locked $(TARGET:%=--target %) --target-dir $(TARGET_DIR)

$(BUILD)/exports.txt: $(SYMBOLS) | $(BUILD)
	sed -e 's/[[:space:]]*#.*//' -e '/^$$/d' $< | LC_ALL=C sort > $@

$(BUILD)/exports.map: $(BUILD)/exports.txt
	{ echo '{ global:'; sed 's/$$/;/' $<; echo 'local: *; };'; } > $@

# Roots: without them the linker takes nothing out of an archive.
$(BUILD)/roots: $(BUILD)/exports.txt
	sed 's/^/--undefined=/' $< > $@

# What runs on a panic, and where memory runs out and only std asked for it:
# scmp_panic of src/entry.rs in the place of std's two functions. Those print
# a message and a backtrace, and what reads debugging information for it was half
# of the library. Both have one caller, in core and in alloc, which goes by the
# name; newer Rusts put a crate's hash before it. Where a Rust has other names the
# library is larger and a panic prints, no more, and check-abi says so.
LAST_RESORTS := rust_begin_unwind|__rust_alloc_error_handler
$(BUILD)/panics: $(CRATE) | $(BUILD)
	$(READELF) -sW $< | sed -n -E 's/.* UND ([A-Za-z0-9_]*($(LAST_RESORTS)))$$/\1/p' | \
	    LC_ALL=C sort -u | sed 's/.*/--wrap=& --defsym=__wrap_&=scmp_panic/' > $@

# The directory's name would get into the debugging information, and from there
# into the library's build-id.
$(BUILD)/variadic.o: src/variadic.c include/seccomp.h | tools $(BUILD)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(C_OBJECT) "-ffile-prefix-map=$$PWD=." -Iinclude $(KERNEL_HEADERS) -c -o $@ $<

# What the library is linked of.
OBJECTS := $(BUILD)/variadic.o $(CRATE)

# i386's entries are in src/i386.S; those of Rust have other names.
ifneq ($(filter i586-% i686-%,$(TARGET)),)
OBJECTS := $(BUILD)/variadic.o $(BUILD)/i386.o $(BUILD)/i386.a
C_OBJECT += -mstackrealign
IN_C := ^seccomp_rule_add\(_exact\)\?$$

$(BUILD)/i386.a: $(CRATE) $(BUILD)/exports.txt
	sed -e '/$(IN_C)/d' -e 's/.*/& scmp_i386_&/' $(BUILD)/exports.txt > $@.names
	$(OBJCOPY) --redefine-syms=$@.names $(CRATE) $@
$(BUILD)/i386.o: src/i386.S $(BUILD)/exports.txt
	sed -e '/$(IN_C)/d' -e 's/^/entry /' $(BUILD)/exports.txt > $(BUILD)/i386.list
	$(CC) -fPIC -DENTRIES='"$(BUILD)/i386.list"' -c -o $@ $<
endif

# The archive brings its unwinder, because musl-gcc's needs src/musl.c to link; and an
# unwinder needs a table that a link for musl has on demand only.
STATIC_FLAGS :=
ifneq ($(findstring -musl,$(TARGET)),)
OBJECTS   += $(BUILD)/musl.o
STATIC_FLAGS := -Wl,--eh-frame-hdr
UNWINDER_ARCHIVE = $(shell $(CC) -print-file-name=libgcc_eh.a)
# musl-gcc finds no headers of the kernel, which a musl user has beside musl's.
gnu := $(patsubst %-,%,$(subst -musl,-gnu,$(CROSS)))
KERNEL_HEADERS = $(if $(shell echo '\#include <linux/seccomp.h>' | $(CC) -fsyntax-only -x c - 2>&1),\
    -idirafter /usr/include/$(gnu) -idirafter /usr/$(gnu)/include -idirafter /usr/include)

$(BUILD)/musl.o: src/musl.c | $(BUILD)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(C_OBJECT) "-ffile-prefix-map=$$PWD=." -c -o $@ $<
endif

# On riscv64, ld (2.40) damages the unwinder's table where it drops sections from an
# object: the first panic in a static program, whoever's, crashes. The program's own link
# drops them.
ARCHIVE_GC := --gc-sections
ifneq ($(filter riscv64%,$(TARGET)),)
ARCHIVE_GC :=
STATIC_FLAGS += -Wl,--gc-sections
endif

# -static-libgcc: the unwinder comes along, so that only libc is needed. -shared
# comes after LDFLAGS, because it overrides a -pie only there.
LINK_SHARED = $(CC) $(LDFLAGS) -shared -static-libgcc -o $@ \
	-Wl,-soname,libseccomp.so.2 -Wl,--version-script=$(BUILD)/exports.map \
	-Wl,@$(BUILD)/roots -Wl,@$(BUILD)/panics -Wl,--gc-sections -Wl,-z,relro,-z,now,-z,defs \
	-Wl,--as-needed -Wl,-O1 -Wl,--build-id $(STATIC_FLAGS) $(OBJECTS)
$(BUILD)/debug/$(SO): $(OBJECTS) $(BUILD)/exports.map $(BUILD)/roots $(BUILD)/panics | $(BUILD)/debug
	$(LINK_SHARED)

# In place, so that STRIP=true leaves stripping to a package's build.
$(BUILD)/$(SO): $(BUILD)/debug/$(SO) $(BUILD)/exports.txt
	cp $< $@
	$(STRIP) --strip-unneeded $@
	$(check_symbols)

$(BUILD)/libseccomp.so.2 $(BUILD)/libseccomp.so: $(BUILD)/$(SO)
	ln -sf $(<F) $@

# One object in which only the exported names are global, with no COMDAT
# groups: two Rust static libraries in one program must not see each other's
# standard library. The bitcode that std's objects carry is no use in here, and
# concatenated by ld it makes binutils' LLVM plug-in abort ar. LD is GNU ld: lld
# before 19, mold and gold lack --force-group-allocation, and say so.
$(BUILD)/libseccomp.a: $(OBJECTS) $(BUILD)/exports.txt $(BUILD)/roots $(BUILD)/panics
	$(LD) -r $(ARCHIVE_GC) --force-group-allocation @$(BUILD)/roots @$(BUILD)/panics \
	    -o $(BUILD)/whole.o $(OBJECTS) $(UNWINDER_ARCHIVE)
	$(OBJCOPY) --strip-unneeded --keep-global-symbols=$(BUILD)/exports.txt \
	    --remove-section=.llvmbc --remove-section=.llvmcmd \
	    $(BUILD)/whole.o $(BUILD)/libseccomp.o
	rm -f $@
	$(AR) rcsD $@ $(BUILD)/libseccomp.o
	$(check_symbols)

# A file, because `sudo make install` may find no rustc to tell TARGET.
$(BUILD)/static-flags: make/link.mk | $(BUILD)
	@echo '$(STATIC_FLAGS)' > $@

$(BUILD)/libseccomp.pc: pkgconfig/libseccomp.pc.in $(BUILD)/static-flags FORCE | $(BUILD)
	@PREFIX=$(call quote,$(PREFIX)) LIBDIR=$(call quote,$(LIBDIR)) \
	    INCLUDEDIR=$(call quote,$(INCLUDEDIR)) VERSION=$(VERSION) STATIC_FLAGS="$$(cat $(BUILD)/static-flags)" scripts/pc.sh < $< > $@
