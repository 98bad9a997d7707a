# SPDX-License-Identifier: LGPL-2.1-only
# Scaling: 1000 pairs of values of two arguments.
arch x86_64
default errno 1
allow ioctl(a1 == 0x3e8..0x44b, a2 == 0..9)
