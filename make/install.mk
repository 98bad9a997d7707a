# SPDX-License-Identifier: LGPL-2.1-only
#
# install, uninstall, and the staged tree that the checks use.

INSTALL ?= install
HEADERS := include/seccomp.h include/seccomp-syscalls.h
# Pages, and links to them for the functions that share one.
MAN_LINKS := $(shell find man -type l)
MAN_PAGES := $(filter-out $(MAN_LINKS),$(wildcard man/man?/*))
INSTALLED_LIBS := $(SO) libseccomp.so.2 libseccomp.so libseccomp.a pkgconfig/libseccomp.pc

# Words of the shell: any of these folders may have spaces in its name.
TO_BIN     = $(call quote,$(DESTDIR)$(BINDIR))
TO_LIB     = $(call quote,$(DESTDIR)$(LIBDIR))
TO_INCLUDE = $(call quote,$(DESTDIR)$(INCLUDEDIR))
TO_MAN     = $(call quote,$(DESTDIR)$(MANDIR))

# Nothing is told where files are only put into a folder for a package, nor of musl's
# loader, which has no ldconfig.
tell_loader = $(if $(DESTDIR)$(filter no,$(TELL_LOADER))$(if $(filter after,$1),$(findstring -musl,$(TARGET))),,@scripts/tell-loader.sh $1 $(call quote,$(LIBDIR)/$(SO)) $(call quote,$(BINDIR)))

.PHONY: install uninstall stage

install: ## install what is built (PREFIX=/usr/local LIBDIR BINDIR INCLUDEDIR MANDIR DESTDIR)
uninstall: ## remove it again

# `make && sudo make install` must not need root to have cargo: what is built
# is installed as it is.
install: $(if $(filter-out $(wildcard $(BUILD)/$(SO) $(BUILD)/bin/*),$(BUILD)/$(SO) $(BUILT_PROGRAMS)),all,$(BUILD)/libseccomp.pc)
	$(call tell_loader,before)
	$(INSTALL) -d $(TO_LIB)/pkgconfig $(TO_INCLUDE) $(addprefix $(TO_MAN)/,$(notdir $(wildcard man/man?)))
	$(INSTALL) -m 644 $(BUILD)/$(SO) $(BUILD)/libseccomp.a $(TO_LIB)
	ln -sf $(SO) $(TO_LIB)/libseccomp.so.2
	ln -sf $(SO) $(TO_LIB)/libseccomp.so
	$(INSTALL) -m 644 $(BUILD)/libseccomp.pc $(TO_LIB)/pkgconfig
	$(if $(PROGRAMS),$(INSTALL) -d $(TO_BIN) && $(INSTALL) -m 755 $(BUILT_PROGRAMS) $(TO_BIN))
	$(INSTALL) -m 644 $(HEADERS) $(TO_INCLUDE)
	for page in $(MAN_PAGES:man/%=%); do $(INSTALL) -m 644 man/$$page $(TO_MAN)/$$page || exit 1; done
	for link in $(MAN_LINKS:man/%=%); do ln -sf "$$(readlink man/$$link)" $(TO_MAN)/$$link || exit 1; done
	$(call tell_loader,after)

# The links and headers may be those of a package, if this library was never installed there.
uninstall:
	@[ -e $(TO_LIB)/$(SO) ] || { echo $(call quote,uninstall: there is no $(DESTDIR)$(LIBDIR)/$(SO)) >&2; exit 1; }
	$(call tell_loader,before)
	rm -f $(addprefix $(TO_LIB)/,$(INSTALLED_LIBS)) $(addprefix $(TO_BIN)/,$(PROGRAMS)) \
	    $(addprefix $(TO_INCLUDE)/,$(notdir $(HEADERS))) \
	    $(patsubst man/%,$(TO_MAN)/%,$(MAN_PAGES) $(MAN_LINKS))
	$(call tell_loader,after)

# Absolute, and used in recipes only: a name with a space is no target of make's.
STAGE := $(if $(filter /%,$(BUILD)),$(BUILD),$(CURDIR)/$(BUILD))/stage

stage: all
	@$(MAKE) --no-print-directory install DESTDIR= TELL_LOADER=no PREFIX=$(call quote,$(STAGE)) \
	    LIBDIR=$(call quote,$(STAGE)/lib) BINDIR=$(call quote,$(STAGE)/bin) INCLUDEDIR=$(call quote,$(STAGE)/include) \
	    MANDIR=$(call quote,$(STAGE)/share/man) > /dev/null
