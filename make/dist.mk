# SPDX-License-Identifier: LGPL-2.1-only
#
# The release tarball of the commit that is checked out, with the sources of all crates
# and an SBOM: build/dist. scripts/release.sh VERSION signs it, and tags the commit.

.PHONY: dist check-dist
dist:
	@scripts/deps.sh dist
	@BUILD=$(BUILD) CARGO=$(call quote,$(CARGO)) scripts/dist.sh

check-dist:
	@scripts/deps.sh dist
	@CARGO=$(call quote,$(CARGO)) scripts/check-dist.sh
