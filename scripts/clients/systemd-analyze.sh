# SPDX-License-Identifier: LGPL-2.1-only
#
# The library's names decide whether a list covers a group.

client_program systemd-analyze systemd libsystemd-shared
cat > "$work/check.service" <<'EOF2'
[Service]
ExecStart=/bin/true
SystemCallFilter=~@clock @reboot
EOF2
fresh_report
watched "$program" security --offline=true --no-pager --json=short "$work/check.service" > "$work/json" 2> "$work/log" ||
    fail "ended with $?: $(tail -n 1 "$work/log")"
denied=$(/usr/bin/python3 -c '
import json, sys
prefix = "SystemCallFilter_"
rows = [r for r in json.load(open(sys.argv[1])) if r["json_field"].startswith(prefix)]
print(*sorted(r["json_field"][len(prefix):] for r in rows if r["set"]))' "$work/json")
saw_library systemd-analyze
[ "$denied" = 'clock reboot' ] || fail "denied groups: $denied"
echo "ok: denied groups: $denied"
