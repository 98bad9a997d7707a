# SPDX-License-Identifier: LGPL-2.1-only
#
# Measures this library and the C library alternately and prints the figures, in
# five minutes. Needs the network the first time (apt fetches the C library) and
# root for the container.
#   BLESS=1 make bench             writes docs/performance.md and its pictures
#   make bench CASE=docker         only the hot loops of one profile, or CASE=families
#   make bench C_LIBRARY=FILE      against another build of the C library

## Measurements, and what is released:
.PHONY: bench
bench: ## speed, memory and size beside the C library's; docs/performance.md
	@scripts/deps.sh bench
	@$(MAKE) --no-print-directory stage
	@scripts/bench.sh $(call quote,$(STAGE)) $(if $(C_LIBRARY),$(call quote,$(C_LIBRARY)))
