# SPDX-License-Identifier: LGPL-2.1-only
#
# apt's methods load a filter where APT::Sandbox::Seccomp is set; one of them
# copies the index of a repository made here.

package_version apt
find_program program apt-get
functions_of "/usr/lib/apt/methods/copy"
[[ "$(ldd /usr/lib/apt/methods/copy 2> /dev/null)" == *libseccomp* ]] || skip "this apt is built without libseccomp"

mkdir -p "$work"/{repository,lists/partial,cache/archives/partial,etc}
cat > "$work/repository/Packages" <<'EOF'
Package: on-seccomp
Version: 1
Architecture: all
Maintainer: nobody
Filename: on-seccomp.deb
Size: 1
SHA256: 0000000000000000000000000000000000000000000000000000000000000000
Description: only an index
EOF
echo "deb [trusted=yes] copy:$work/repository ./" > "$work/etc/sources.list"
chmod -R a+rX "$work"
[ "$(id -u)" != 0 ] || chown -R _apt "$work/lists/partial"
options=(-q -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache"
    -o "Dir::Etc::SourceList=$work/etc/sources.list" -o Dir::Etc::SourceParts=-
    -o APT::Sandbox::Seccomp=true -o Acquire::GzipIndexes=false -o Debug::NoLocking=true
    -o APT::Update::Post-Invoke-Success= -o APT::Update::Post-Invoke=)

prove_filter "$program" "${options[@]}" update
rm -rf "$work"/lists/*Packages*
on_library timeout 60 "$program" "${options[@]}" update > "$work/update.log" 2>&1 ||
    fail "apt-get ended with $?: $(tail -n 1 "$work/update.log")"
grep -q -s '^Package: on-seccomp' "$work"/lists/*Packages* ||
    fail "no index: $(tail -n 1 "$work/update.log")"
echo "ok: apt's filtered methods fetched an index; $way"
