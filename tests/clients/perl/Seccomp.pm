# SPDX-License-Identifier: LGPL-2.1-only
# Loads Seccomp.xs and exports its functions and constants.
package Linux::Seccomp;

use strict;
use warnings;
use parent 'Exporter';
use XSLoader;

our $VERSION = '0.01';
our @CONSTANTS;
XSLoader::load(__PACKAGE__, $VERSION);
our @EXPORT_OK = (
    @CONSTANTS, qw(SCMP_ACT_ERRNO SCMP_ACT_TRACE arch_native arch_resolve_name syscall_resolve_name
      syscall_resolve_name_arch syscall_resolve_name_rewrite
      syscall_resolve_num_arch version)
);
our %EXPORT_TAGS = (all => \@EXPORT_OK);

1;
