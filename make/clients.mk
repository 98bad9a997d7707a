# SPDX-License-Identifier: LGPL-2.1-only
#
# Clients of libseccomp, on our library and on the C library: MATRIX.md.
# BLESS=1 writes the page; CLIENTS='tor runc' runs only these; RELEASE=trixie runs them
# in a chroot of that release of Debian (root).

.PHONY: check-clients deps-clients

deps-clients:
	@scripts/deps.sh check
	@scripts/clients/deps.sh

ifneq ($(RELEASE),)
check-clients:
	@scripts/deps.sh check-deb
	@CLIENTS=$(call quote,$(CLIENTS)) BLESS=$(BLESS) scripts/clients/chroot.sh $(RELEASE)
else
check-clients: deps-clients
	@$(MAKE) --no-print-directory stage
	@scripts/check-clients.sh $(call quote,$(STAGE))
endif
