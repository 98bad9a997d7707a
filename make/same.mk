# SPDX-License-Identifier: LGPL-2.1-only
#
# The same calls to this library and to the C library. Needs the network the
# first time: apt fetches two versions of the C library.
#   SIZE=1000000 SEED=7 make check-same

.PHONY: check-same
check-same:
	@scripts/deps.sh upstream
	@$(MAKE) --no-print-directory stage
	@CARGO=$(call quote,$(CARGO)) SIZE=$(SIZE) SEED=$(SEED) scripts/check-same.sh $(call quote,$(STAGE))
