# SPDX-License-Identifier: LGPL-2.1-only
#
# Clients of libseccomp, on our library and on the C library: MATRIX.md.
# BLESS=1 writes the page; CLIENTS='tor runc' runs only these.

.PHONY: check-clients deps-clients

deps-clients:
	@scripts/deps.sh check
	@scripts/clients/deps.sh

check-clients: deps-clients
	@$(MAKE) --no-print-directory stage
	@scripts/check-clients.sh $(call quote,$(STAGE))
