# SPDX-License-Identifier: LGPL-2.1-only
#
# install, uninstall, and the staged tree that the checks use.

INSTALL ?= install
HEADERS := include/seccomp.h include/seccomp-syscalls.h
INSTALLED_LIBS := $(SO) libseccomp.so.2 libseccomp.so libseccomp.a pkgconfig/libseccomp.pc

# Words of the shell: any of these folders may have spaces in its name.
TO_LIB     = $(call quote,$(DESTDIR)$(LIBDIR))
TO_INCLUDE = $(call quote,$(DESTDIR)$(INCLUDEDIR))

.PHONY: install uninstall stage

# `make && sudo make install` must not need root to have cargo: what is built
# is installed as it is.
install: $(if $(wildcard $(BUILD)/$(SO)),$(BUILD)/libseccomp.pc,all)
	$(INSTALL) -d $(TO_LIB)/pkgconfig $(TO_INCLUDE)
	$(INSTALL) -m 644 $(BUILD)/$(SO) $(BUILD)/libseccomp.a $(TO_LIB)
	ln -sf $(SO) $(TO_LIB)/libseccomp.so.2
	ln -sf $(SO) $(TO_LIB)/libseccomp.so
	$(INSTALL) -m 644 $(BUILD)/libseccomp.pc $(TO_LIB)/pkgconfig
	$(INSTALL) -m 644 $(HEADERS) $(TO_INCLUDE)

uninstall:
	rm -f $(addprefix $(TO_LIB)/,$(INSTALLED_LIBS)) \
	    $(addprefix $(TO_INCLUDE)/,$(notdir $(HEADERS)))

# Absolute, and used in recipes only: a name with a space is no target of make's.
STAGE := $(if $(filter /%,$(BUILD)),$(BUILD),$(CURDIR)/$(BUILD))/stage

stage: all
	@$(MAKE) --no-print-directory install DESTDIR= PREFIX=$(call quote,$(STAGE)) \
	    LIBDIR=$(call quote,$(STAGE)/lib) INCLUDEDIR=$(call quote,$(STAGE)/include) > /dev/null
