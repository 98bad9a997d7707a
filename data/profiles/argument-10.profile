# SPDX-License-Identifier: LGPL-2.1-only
# Scaling: 10 values of one argument.
arch x86_64
default errno 1
allow ioctl(a1 == 0x3e8..0x3f1)
