# SPDX-License-Identifier: LGPL-2.1-only
#
# install, uninstall, and the staged tree that the checks use.

INSTALL ?= install
HEADERS := include/seccomp.h include/seccomp-syscalls.h
INSTALLED_LIBS := $(SO) libseccomp.so.2 libseccomp.so libseccomp.a pkgconfig/libseccomp.pc

.PHONY: install uninstall stage

# `make && sudo make install` must not need root to have cargo: what is built
# is installed as it is.
install: $(if $(wildcard $(BUILD)/$(SO)),$(BUILD)/libseccomp.pc,all)
	$(INSTALL) -d $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR)
	$(INSTALL) -m 644 $(BUILD)/$(SO) $(BUILD)/libseccomp.a $(DESTDIR)$(LIBDIR)
	ln -sf $(SO) $(DESTDIR)$(LIBDIR)/libseccomp.so.2
	ln -sf $(SO) $(DESTDIR)$(LIBDIR)/libseccomp.so
	$(INSTALL) -m 644 $(BUILD)/libseccomp.pc $(DESTDIR)$(LIBDIR)/pkgconfig
	$(INSTALL) -m 644 $(HEADERS) $(DESTDIR)$(INCLUDEDIR)

uninstall:
	rm -f $(addprefix $(DESTDIR)$(LIBDIR)/,$(INSTALLED_LIBS)) \
	    $(addprefix $(DESTDIR)$(INCLUDEDIR)/,$(notdir $(HEADERS)))

STAGE := $(CURDIR)/$(BUILD)/stage

stage: all
	@$(MAKE) --no-print-directory install DESTDIR= PREFIX=$(STAGE) \
	    LIBDIR=$(STAGE)/lib INCLUDEDIR=$(STAGE)/include > /dev/null
