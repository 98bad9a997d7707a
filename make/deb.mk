# SPDX-License-Identifier: LGPL-2.1-only
#
# Debian's packages of the commit that is checked out, by Debian's tools: build/deb.
#   make check-deb RELEASES=trixie    builds, installs and removes them in a chroot (root)

.PHONY: deb check-deb
deb:
	@scripts/deps.sh deb
	@BUILD=$(BUILD) scripts/deb.sh

check-deb:
	@scripts/deps.sh check-deb
	@scripts/check-deb.sh $(RELEASES)
