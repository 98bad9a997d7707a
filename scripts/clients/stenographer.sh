# SPDX-License-Identifier: LGPL-2.1-only
#
# Each of its threads builds and loads a filter of its own, at the same time.

need_root
client_program stenotype stenographer
[[ "$(ldd "$program")" != *libaio.so.1t64* ]] ||
    skip "its own list lacks io_pgetevents, which this libaio calls: ends by SIGSYS with the C library too"

mkdir -p "$work/PKT0" "$work/IDX0" "$work/PKT1" "$work/IDX1"
command=("$program" --iface=lo --threads=2 "--dir=$work" --seccomp=kill --uid=root --gid=root
    --blocks=16 --aiops=8 --preallocate_file_mb=1 --blockage_sec=1 --fileage_sec=2)
limit=2 prove_filter stenotype ptrace "${command[@]}"

fresh_report
limit=5 watched "${command[@]}" > "$work/log" 2>&1 < /dev/null &
writer=$!
packets=0
for _ in $(seq 30); do
    echo packet-of-check > /dev/udp/127.0.0.1/9 || true
    sleep 0.1
    ! grep -r -q -a packet-of-check "$work"/PKT? || packets=1
done 2> /dev/null
wait $writer 2> /dev/null || true
saw_library stenotype
saw_filter stenotype
[ $packets = 1 ] || fail "no packets: $(tail -n 1 "$work/log")"
echo "ok: packets written under $(grep -c ^filter "$report") filters"
