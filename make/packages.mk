# SPDX-License-Identifier: LGPL-2.1-only
#
# The release tarball of the commit that is checked out, with the sources of all crates
# and an SBOM: build/dist. scripts/release.sh VERSION signs it, and tags the commit.
# Debian's packages of that commit, by Debian's tools: build/deb.
#   make deb TARGET=aarch64-unknown-linux-gnu    for another machine: build/TARGET/deb
#   make check-deb RELEASES=trixie    builds, installs and removes them in a chroot (root)
# And what README.md promises of a fresh Debian: make demo and make check there.
#   make check-fresh RELEASES=trixie USERS=root

.PHONY: dist check-dist deb check-deb check-fresh
dist: ## the release tarball and its SBOM, in build/dist
	@scripts/deps.sh dist
	@BUILD=$(BUILD) CARGO=$(call quote,$(CARGO)) scripts/dist.sh

check-dist: ## make dist twice, and build it offline
	@scripts/deps.sh dist
	@CARGO=$(call quote,$(CARGO)) scripts/check-dist.sh

deb: ## Debian packages, in build/deb
	@scripts/deps.sh deb
	@BUILD=$(BUILD) CROSS=$(call quote,$(CROSS)) scripts/deb.sh

check-deb: ## build, install and remove them in chroots (root)
	@scripts/deps.sh check-deb
	@scripts/check-deb.sh $(RELEASES)

check-fresh: ## make demo and make check in chroots of fresh Debians (root)
	@scripts/deps.sh check-deb
	@USERS=$(call quote,$(USERS)) scripts/check-fresh.sh $(RELEASES)
