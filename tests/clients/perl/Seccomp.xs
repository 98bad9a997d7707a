/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A test client: libseccomp for Perl, with the interface that the module
 * Linux::Seccomp documents. The constants come out of the header, through
 * constants.inc (see scripts/clients/perl-xs.sh).
 */
#define PERL_NO_GET_CONTEXT
#include "EXTERN.h"
#include "perl.h"
#include "XSUB.h"
#include <seccomp.h>

static const struct { const char *name; IV value; } constants[] = {
#define CONSTANT(name) { #name, (IV)(name) },
#define NUMBER(name) { "__NR_" #name, (IV)(__SNR_##name) },
#include "constants.inc"
};

static scmp_filter_ctx context(pTHX_ SV *self)
{
	if (!sv_derived_from(self, "Linux::Seccomp"))
		croak("not a Linux::Seccomp");
	return INT2PTR(scmp_filter_ctx, SvIV(SvRV(self)));
}

/* Dies with the library's error in $!, as its other functions do. */
static void check(pTHX_ const char *function, int rc)
{
	if (rc >= 0)
		return;
	errno = -rc;
	croak("%s: %s (%d)", function, strerror(-rc), rc);
}

MODULE = Linux::Seccomp  PACKAGE = Linux::Seccomp
PROTOTYPES: DISABLE

BOOT:
{
	HV *stash = gv_stashpv("Linux::Seccomp", GV_ADD);
	AV *names = get_av("Linux::Seccomp::CONSTANTS", GV_ADD);
	size_t i;

	for (i = 0; i < sizeof(constants) / sizeof(*constants); i++) {
		newCONSTSUB(stash, constants[i].name, newSViv(constants[i].value));
		av_push(names, newSVpv(constants[i].name, 0));
	}
}

SV *
new(class, action)
	const char *class
	U32 action
PREINIT:
	scmp_filter_ctx ctx;
CODE:
	ctx = seccomp_init(action);
	if (!ctx)
		croak("seccomp_init: no filter");
	RETVAL = sv_setref_pv(newSV(0), class, ctx);
OUTPUT:
	RETVAL

void
DESTROY(self)
	SV *self
CODE:
	seccomp_release(context(aTHX_ self));

void
reset(self, action)
	SV *self
	U32 action
CODE:
	check(aTHX_ "reset", seccomp_reset(context(aTHX_ self), action));

void
merge(self, other)
	SV *self
	SV *other
CODE:
	check(aTHX_ "merge", seccomp_merge(context(aTHX_ self), context(aTHX_ other)));
	/* The library has taken it. */
	sv_setiv(SvRV(other), 0);

void
rule_add(self, action, call, ...)
	SV *self
	U32 action
	int call
ALIAS:
	rule_add_exact = 1
PREINIT:
	struct scmp_arg_cmp args[6];
	unsigned int n;
	int i;
CODE:
	n = (unsigned int)items - 3;
	if (n > 6)
		croak("rule_add: more than six comparisons");
	for (i = 0; i < (int)n; i++) {
		SV *item = ST(3 + i);
		SV **field[4];
		int j;

		if (!SvROK(item) || SvTYPE(SvRV(item)) != SVt_PVAV)
			croak("rule_add: a comparison is [argument, operator, datum, datum]");
		for (j = 0; j < 4; j++)
			field[j] = av_fetch((AV *)SvRV(item), j, 0);
		if (!field[2])
			croak("rule_add: a comparison is [argument, operator, datum, datum]");
		args[i].arg = (unsigned int)SvUV(*field[0]);
		args[i].op = (enum scmp_compare)SvIV(*field[1]);
		args[i].datum_a = SvUV(*field[2]);
		args[i].datum_b = field[3] ? SvUV(*field[3]) : 0;
	}
	if (ix)
		check(aTHX_ "rule_add_exact", seccomp_rule_add_exact_array(context(aTHX_ self), action, call, n, args));
	else
		check(aTHX_ "rule_add", seccomp_rule_add_array(context(aTHX_ self), action, call, n, args));

void
syscall_priority(self, call, priority)
	SV *self
	int call
	U8 priority
CODE:
	check(aTHX_ "syscall_priority", seccomp_syscall_priority(context(aTHX_ self), call, priority));

void
arch_add(self, arch)
	SV *self
	U32 arch
CODE:
	check(aTHX_ "arch_add", seccomp_arch_add(context(aTHX_ self), arch));

void
arch_remove(self, arch)
	SV *self
	U32 arch
CODE:
	check(aTHX_ "arch_remove", seccomp_arch_remove(context(aTHX_ self), arch));

bool
arch_exists(self, arch)
	SV *self
	U32 arch
CODE:
	RETVAL = seccomp_arch_exist(context(aTHX_ self), arch) == 0;
OUTPUT:
	RETVAL

U32
attr_get(self, attr)
	SV *self
	int attr
CODE:
	RETVAL = 0;
	check(aTHX_ "attr_get", seccomp_attr_get(context(aTHX_ self), (enum scmp_filter_attr)attr, &RETVAL));
OUTPUT:
	RETVAL

void
attr_set(self, attr, value)
	SV *self
	int attr
	U32 value
CODE:
	check(aTHX_ "attr_set", seccomp_attr_set(context(aTHX_ self), (enum scmp_filter_attr)attr, value));

void
export_bpf(self, fd)
	SV *self
	int fd
CODE:
	check(aTHX_ "export_bpf", seccomp_export_bpf(context(aTHX_ self), fd));

void
export_pfc(self, fd)
	SV *self
	int fd
CODE:
	check(aTHX_ "export_pfc", seccomp_export_pfc(context(aTHX_ self), fd));

void
load(self)
	SV *self
CODE:
	check(aTHX_ "load", seccomp_load(context(aTHX_ self)));

U32
SCMP_ACT_ERRNO(value)
	U16 value
ALIAS:
	SCMP_ACT_TRACE = 1
CODE:
	RETVAL = ix ? SCMP_ACT_TRACE((uint32_t)value) : SCMP_ACT_ERRNO((uint32_t)value);
OUTPUT:
	RETVAL

U32
arch_native()
CODE:
	RETVAL = seccomp_arch_native();
OUTPUT:
	RETVAL

U32
arch_resolve_name(name)
	const char *name
CODE:
	RETVAL = seccomp_arch_resolve_name(name);
OUTPUT:
	RETVAL

int
syscall_resolve_name(name)
	const char *name
CODE:
	RETVAL = seccomp_syscall_resolve_name(name);
OUTPUT:
	RETVAL

int
syscall_resolve_name_arch(arch, name)
	U32 arch
	const char *name
ALIAS:
	syscall_resolve_name_rewrite = 1
CODE:
	RETVAL = ix ? seccomp_syscall_resolve_name_rewrite(arch, name) : seccomp_syscall_resolve_name_arch(arch, name);
OUTPUT:
	RETVAL

SV *
syscall_resolve_num_arch(arch, number)
	U32 arch
	int number
PREINIT:
	char *name;
CODE:
	name = seccomp_syscall_resolve_num_arch(arch, number);
	RETVAL = name ? newSVpv(name, 0) : &PL_sv_undef;
	free(name);
OUTPUT:
	RETVAL

void
version()
PREINIT:
	const struct scmp_version *v;
PPCODE:
	v = seccomp_version();
	EXTEND(SP, 3);
	mPUSHu(v->major);
	mPUSHu(v->minor);
	mPUSHu(v->micro);
