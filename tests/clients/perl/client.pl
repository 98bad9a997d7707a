# SPDX-License-Identifier: LGPL-2.1-only
# A client of Linux::Seccomp: ours (Seccomp.xs) or, where that is installed, the
# one from CPAN. Makes filters, loads one and tries it.
use strict;
use warnings;
use Errno qw(EACCES EDOM EEXIST EXDEV);
use File::Temp 'tempfile';
use Linux::Seccomp ':all';

sub is { $_[0] eq $_[1] or die "$_[2]: $_[0], not $_[1]\n" }
sub number { syscall_resolve_name($_[0]) }

sub failure {
    my $code = shift;
    return eval { $code->(); 1 } ? 0 : $! + 0;
}

sub exported {
    my ($filter, $method) = @_;
    my ($file) = tempfile(UNLINK => 1);
    $filter->$method(fileno $file);
    sysseek $file, 0, 0;
    local $/;
    return readline $file;
}

# Names, numbers, constants
my $native = arch_native();
is(arch_resolve_name('x86'), SCMP_ARCH_X86(), 'arch_resolve_name');
is(syscall_resolve_num_arch($native, number('openat')), 'openat', 'there and back');
is(syscall_resolve_name_arch(SCMP_ARCH_X86(), 'getpid'), 20, 'of another architecture');
is(number('getpriority'), __NR_getpriority(), '__NR_');
is(syscall_resolve_name_arch(SCMP_ARCH_X86(), 'arm_sync_file_range'), __PNR_arm_sync_file_range(), '__PNR_');
is(join('.', (version())[0]), 2, 'version');

# A filter for two architectures, and what may not be done to it
my $filter = Linux::Seccomp->new(SCMP_ACT_ALLOW());
my $other = $native == SCMP_ARCH_X86() ? SCMP_ARCH_X86_64() : SCMP_ARCH_X86();
$filter->arch_add($other);
is($filter->arch_exists($other) ? 1 : 0, 1, 'arch_add');
is(failure(sub { $filter->arch_add($other) }), EEXIST, 'arch_add twice');
$filter->arch_remove($other);
is($filter->arch_exists($other) ? 1 : 0, 0, 'arch_remove');
$filter->attr_set(SCMP_FLTATR_CTL_NNP(), 1);
is($filter->attr_get(SCMP_FLTATR_CTL_NNP()), 1, 'attr_get');
is(failure(sub { $filter->rule_add(SCMP_ACT_ALLOW(), number('read')) }), EACCES, 'the default action');

$filter->rule_add(SCMP_ACT_ERRNO(EDOM), number('getpriority'), [0, SCMP_CMP_EQ(), 0], [1, SCMP_CMP_GT(), 7]);
$filter->rule_add(SCMP_ACT_ERRNO(EXDEV), number('personality'), [0, SCMP_CMP_MASKED_EQ(), 0xff, 0x42]);
$filter->rule_add(SCMP_ACT_KILL_PROCESS(), number('ptrace'));
$filter->syscall_priority(number('ptrace'), 9);
exported($filter, 'export_pfc') =~ /getpriority/ or die "no pseudo filter code\n";
my $bpf = exported($filter, 'export_bpf');
is(length($bpf) % 8, 0, 'export_bpf');
is((unpack 'S C C L', $bpf)[3], 4, 'begins with the architecture');

# In force
$filter->load;

sub errno_of {
    my ($number, @arguments) = @_;
    $! = 0;
    return syscall($number, @arguments) == -1 ? $! + 0 : 0;
}
is(errno_of(number('getpriority'), 0, 8), EDOM, 'getpriority(0, 8)');
is(errno_of(number('getpriority'), 0, 0), 0, 'getpriority(0, 0)');
is(errno_of(number('personality'), 0x142), EXDEV, 'personality(0x142)');
is(errno_of(number('personality'), 0xffffffff), 0, 'personality(0xffffffff)');
my $child = fork;
if (!$child) {
    syscall(number('ptrace'), -1, 0, 0, 0);
    exit 0;
}
waitpid $child, 0;
is($? & 127, 31, 'ptrace');
print 'worked: ', length($bpf) / 8, " instructions exported\n";
