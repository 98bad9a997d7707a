#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# From Debian's libseccomp2 to our package and back, by apt and by dpkg, in a chroot
# that may be broken: scripts/check-deb.sh runs it there. Programs that depend on
# libseccomp2 stay installed and configured, and run on the library that is in place.
#   scripts/deb/upgrade.sh DIRECTORY    with the .deb files
set -euo pipefail
debs=$(realpath "$1")
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
# podman leaves its storage mounted.
trap 'umount -R "$work/storage" 2> /dev/null || true; rm -rf "$work" 2> /dev/null || true' EXIT
chmod 755 "$work"

source scripts/report.sh
apt() { apt-get -q -y --no-install-recommends -o Dpkg::Use-Pty=0 "$@"; }

must "apt's lists are there" apt update
must 'systemd, man-db, podman, runc and crun are installed' apt install systemd man-db podman runc crun \
    golang-github-containers-common busybox-static seccomp python3 libseccomp-dev \
    gcc libc6-dev pkg-config dpkg-dev

multiarch=$(dpkg-architecture -q DEB_HOST_MULTIARCH)
library=/usr/lib/$multiarch/libseccomp.so.2
dependents() { # each installed package that wants libseccomp2, and its state
    dpkg-query -W -f '${Package} ${db:Status-Abbrev} ${Pre-Depends} ${Depends}\n' |
        awk '/ libseccomp2 / && !/^libseccomp/ { print $1, $2 }'
}
removed() { sed -n 's/^Remv \([^ ]*\).*/\1/p' | sort; }
system_is_sound() {
    equal 'dpkg --audit finds nothing' "$(dpkg --audit 2>&1)" ''
    expect_none 'apt-get check' "$(apt-get -qq check 2>&1)"
    equal 'the packages that depend on it are configured' "$(dependents)" "$wanted"
}

# Programs map the library that the package in place has brought.
programs_run_on() { # FILE
    local mapped method
    # apt's own: a method that fetches files, while it waits for its orders.
    coproc /usr/lib/apt/methods/copy
    method=$COPROC_PID
    for _ in $(seq 100); do
        mapped=$(sed -n '/libseccomp/ { s/^[^/]*//p; q }' "/proc/$method/maps")
        [ -z "$mapped" ] || break
        sleep 0.1
    done
    kill "$method"
    wait "$method" || true
    equal "apt's method maps $1" "$mapped" "$1"
    mkdir -p "$work/lists/partial"
    chown -R _apt "$work/lists"
    expect_none 'apt-get update with APT::Sandbox::Seccomp' "$(
        apt -o APT::Sandbox::Seccomp=true -o Dir::State::Lists="$work/lists" update > "$work/log" 2>&1 ||
            tail -n 5 "$work/log")"
    equal 'man, whose children are under a filter' "$(printf '.TH A 1\n.SH NAME\nfiltered\n' > "$work/a.1"
        man -P cat -l "$work/a.1" 2>&1 | grep -c filtered)" 1
    equal 'systemd knows seccomp, and maps it' "$(systemd-analyze --version | grep -o '+SECCOMP')
$(LD_DEBUG=files systemd-analyze --version 2>&1 | grep -c "calling init: .*/libseccomp\.so\.2")" '+SECCOMP
1'
    equal 'scmp_sys_resolver' "$(scmp_sys_resolver -a x86_64 openat)" 257
    container_runs podman
    container_runs runc
}

container_runs() { # podman|runc
    local said
    mkdir -p "$rootfs"/{proc,sys,dev,etc,run,tmp,bin}
    cp /bin/busybox "$rootfs/bin/busybox"
    said=$("by_$1" 2>&1) || true
    # What the machine does not permit says so with the C library as well.
    if [[ ${starts[$1]:-} = no ]]; then
        echo "skipped: a container by $1: not with Debian's library either: ${why[$1]}"
    elif [[ $said == *$'Seccomp:\t2'* ]]; then
        starts[$1]=yes
        expect_none "a container by $1, under a filter" ''
    elif [ -z "${starts[$1]:-}" ]; then
        starts[$1]=no
        why[$1]=$(tail -n 1 <<< "$said")
        echo "skipped: a container by $1: ${why[$1]}"
    else
        expect_none "a container by $1, under a filter" "$said"
    fi
}
rootfs=$work/rootfs
command=(/bin/busybox grep Seccomp: /proc/self/status)
# shellcheck disable=SC2317 # container_runs calls both
by_podman() { # podman resolves the default profile, crun loads it.
    timeout 60 podman --storage-driver vfs --root "$work/storage" --runroot "$work/runroot" --tmpdir "$work/tmp" \
        --cgroup-manager cgroupfs --runtime "$(command -v crun)" run --rm --cgroups=disabled --network none \
        --ulimit nofile=1024:1024 --ulimit nproc=4096:4096 --rootfs "$rootfs" "${command[@]}"
}
# shellcheck disable=SC2317
by_runc() {
    local bundle=$work/bundle
    mkdir -p "$bundle"
    (cd "$bundle" && rm -f config.json && runc spec)
    /usr/bin/python3 -c 'import json, sys
spec = json.load(open(sys.argv[1]))
spec["root"]["path"] = sys.argv[2]
spec["process"].update(terminal=False, args=sys.argv[3:])
spec["linux"]["seccomp"] = {"defaultAction": "SCMP_ACT_ALLOW",
    "syscalls": [{"names": ["sysfs"], "action": "SCMP_ACT_ERRNO"}]}
json.dump(spec, open(sys.argv[1], "w"))' "$bundle/config.json" "$rootfs" "${command[@]}"
    (cd "$bundle" && timeout 60 runc --root "$work/runc" run "check-$$")
}
declare -A starts=() why=()

echo '-- as Debian has it'
wanted=$(dependents)
echo "   depend on it: $(cut -d ' ' -f 1 <<< "$wanted" | paste -s -d ' ')"
theirs=$(realpath "$library")
programs_run_on "$theirs"
expect_none "a container runs with Debian's library, by podman or runc" "$([[ " ${starts[*]} " == *' yes '* ]] || printf '%s\n' "${why[@]}")"

echo '-- make install, beside it'
scripts/deb/install.sh "$debs" || failed=$((failed + 1))

packages=("$debs"/libseccomp2-scmp_*.deb "$debs"/libseccomp-scmp-dev_*.deb)
echo '-- upgrade and downgrade, by apt'
equal "of Debian's packages, those that ours replace are removed" \
    "$(apt -s install "${packages[@]}" | removed)" "$(printf '%s\n' libseccomp-dev libseccomp2)"
must 'apt installs ours' apt install "${packages[@]}"
system_is_sound
equal 'only ours are removed' "$(apt -s install libseccomp2 libseccomp-dev | removed)" \
    "$(printf '%s\n' libseccomp-scmp-dev libseccomp2-scmp)"
must "apt installs Debian's" apt install libseccomp2 libseccomp-dev
system_is_sound

# apt removes a library before it unpacks the other; dpkg by itself does not.
echo '-- upgrade, by dpkg'
touch "$work/watching"
while [ -e "$work/watching" ]; do
    [ -e "$library" ] || echo missing
done > "$work/missing" &
must 'dpkg installs ours' dpkg -i --auto-deconfigure "${packages[@]}"
rm "$work/watching"
wait
equal 'there was a library all the time' "$(sort -u "$work/missing")" ''
ours=$(realpath "$library")
equal 'the library is of our package' "$(dpkg -S "$ours")" "libseccomp2-scmp:$(dpkg --print-architecture): $ours"
equal 'and what the loader finds' "$(ldconfig -p | awk '/libseccomp\.so\.2 / { print $NF }' | xargs -r realpath)" "$ours"
system_is_sound
programs_run_on "$ours"
equal 'make install PREFIX=/usr does not touch it' \
    "$(make install PREFIX=/usr 2>&1 | grep -c "$ours is a file of the package libseccomp2-scmp")" 1
must 'the manual' man -P cat seccomp_rule_add

echo '-- the tools, in the place of the package seccomp'
equal "of Debian's packages, that one is removed" "$(apt -s install "$debs"/scmp-tools_*.deb | removed)" seccomp
must 'dpkg installs ours' dpkg -i "$debs"/scmp-tools_*.deb
equal 'scmp_sys_resolver is ours' "$(dpkg -S /usr/bin/scmp_sys_resolver) $(scmp_sys_resolver -a x86_64 openat)" \
    'scmp-tools: /usr/bin/scmp_sys_resolver 257'
must 'the tool compares' scmp diff --exact-input data/golden/openssh.bpf data/profiles/openssh.profile
must 'its manual' man -P cat scmp_bpf_sim
must "apt installs Debian's" apt install seccomp
equal 'which is back' "$(dpkg -S /usr/bin/scmp_sys_resolver)" 'seccomp: /usr/bin/scmp_sys_resolver'
system_is_sound

echo '-- build on it'
cat > "$work/a.c" <<'C'
#include <seccomp.h>
#include <stddef.h>
int main(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);

#ifdef OURS
	return seccomp_notify_addfd(-1, NULL) == 0;
#elif defined(NEW)
	return seccomp_precompute(ctx) != 0;
#else
	return seccomp_load(ctx) != 0;
#endif
}
C
depends() { # CC OPTION...
    mkdir -p "$work/debian"
    printf 'Source: a\nBuild-Depends: libseccomp-dev\n\nPackage: a\nArchitecture: any\n' > "$work/debian/control"
    # shellcheck disable=SC2046 # words
    (cd "$work" && gcc "$@" a.c -o a $(pkg-config --cflags --libs libseccomp) &&
        dpkg-shlibdeps -O ./a 2>&1 | grep -o 'libseccomp[^,]*' | sort)
}
equal 'a program depends on what Debian 12 has too' "$(depends)" 'libseccomp2 (>= 1.0.0)'
equal 'with functions of 2.6, on what Debian 13 has too' "$(depends -DNEW)" 'libseccomp2 (>= 2.6.0)'
equal 'with seccomp_notify_addfd, on ours' "$(depends -DOURS)" 'libseccomp2 (>= 1.0.0)
libseccomp2-scmp (>= 0.1.0)'
# shellcheck disable=SC2046 # words
must 'a static program' gcc -static "$work/a.c" -o "$work/a" $(pkg-config --static --cflags --libs libseccomp)
must 'runs' "$work/a"

echo '-- downgrade'
must "apt installs Debian's" apt install libseccomp2 libseccomp-dev
equal "Debian's library is back" "$(realpath "$library")" "$theirs"
equal 'nothing of ours is left' "$(find "$(dirname "$library")" -name 'libseccomp.so.2.6.1*' ! -path "$theirs"
    dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n' 'libseccomp*scmp*' 2> /dev/null)" ''
system_is_sound
programs_run_on "$theirs"

if [ "$(dpkg --print-architecture)" = amd64 ]; then
    echo "-- upgrade, by dpkg, beside i386's library"
    dpkg --add-architecture i386
    # On Debian's mirror one of i386's lists may be broken for days; the others may be enough.
    lists=
    apt update > "$work/log" 2>&1 || lists=$(grep '^E:' "$work/log" | tail -n 1)
    if [ -n "$lists" ] && ! apt install libseccomp2:i386 > "$work/log" 2>&1; then
        echo "skipped: beside i386's library: $lists"
    else
        must "i386's library is installed" apt install libseccomp2:i386
        must 'dpkg installs ours' dpkg -i --auto-deconfigure "${packages[@]}"
        equal 'both are there' "$(dpkg-query -W -f '${binary:Package} ${db:Status-Status}\n' 'libseccomp2*' | grep ' installed$')" \
            'libseccomp2:i386 installed
libseccomp2-scmp:amd64 installed'
        system_is_sound
    fi
fi
summary
