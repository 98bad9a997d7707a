# SPDX-License-Identifier: LGPL-2.1-only
#
# A runtime and an app with nothing in them but a static program. Loading is
# bubblewrap's, so the libraries that do not load can not be noticed.

client_program flatpak flatpak

install_app "$work/home" "$inside" > "$work/log" 2>&1 || skip "no app: $(tail -n 1 "$work/log")"
works "${flatpak[@]}" --user run org.check.App "${usual_calls[@]}" add_key=248:0:0:0:0:0 perf=298:0 unix=41:1:1:0 \
    vsock=41:40:1:0
saw_library flatpak
saw_filter bwrap
answered 'getpid ok' 'personality errno 1' 'personality1 errno 1' \
    'add_key errno 1' 'perf errno 1' 'unix ok' 'vsock errno 97'
echo "ok: its sandbox, seen from inside"
