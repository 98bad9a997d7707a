# SPDX-License-Identifier: LGPL-2.1-only
#
# The fuzzers. SECONDS is the time for each target.
#   make fuzz SECONDS=3600 TARGETS='c_api programs'

.PHONY: fuzz
fuzz:
	@scripts/deps.sh fuzz
	@CARGO=$(CARGO) SECONDS_EACH=$(or $(SECONDS),60) KEEP=$(KEEP) scripts/fuzz.sh $(TARGETS)
