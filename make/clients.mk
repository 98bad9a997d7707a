# SPDX-License-Identifier: LGPL-2.1-only
#
# What check-clients (make/check.mk) needs besides: the clients. It runs them on
# our library and on the C library, and compares with MATRIX.md; BLESS=1 writes
# that page, CLIENTS='tor runc' runs only these.

.PHONY: deps-clients

deps-clients:
	@scripts/deps.sh check
	@scripts/clients/deps.sh

check-clients: deps-clients
