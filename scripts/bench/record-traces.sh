#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-only
#
# record-traces.sh: which system calls four programs make, and how often, into
# data/traces. Needs the Debian packages strace, redis, nginx-light,
# apache2-utils, python3 and gcc; not part of make bench, which reads the files.
set -euo pipefail
cd "$(dirname "$0")/../.."
PATH=$PATH:/usr/sbin
folder=$(mktemp -d)
# nginx's workers, which are another user, read their files here.
chmod 755 "$folder"
trap 'kill $(jobs -p) 2> /dev/null || true; rm -rf "$folder"' EXIT
mkdir -p data/traces
port=16380

version() { dpkg-query -Wf '${Package} ${Version}' "$1"; }
trace() { # NAME COMMAND...
    exec strace -f -c -U name,calls -o "$folder/$1.counts" "${@:2}" > "$folder/$1.log" 2>&1
}
keep() { # NAME WHAT-RAN
    {
        echo '# SPDX-License-Identifier: LGPL-2.1-only'
        echo "# $2; $(strace -V | awk 'NR == 1 { print $1, $NF }'), Linux $(uname -r), $(date -u +%F)"
        awk '$2 ~ /^[0-9]+$/ && $1 != "total" { print $1, $2 }' "$folder/$1.counts" | sort -k 2,2nr -k 1,1
    } > "data/traces/$1.trace"
    echo "data/traces/$1.trace: $(grep -vc '^#' "data/traces/$1.trace") system calls"
}
answering() {
    for (( tries = 0; tries < 100; tries++ )); do
        (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null && return
        sleep 0.1
    done
    cat "$folder"/*.log >&2
    exit 1
}

(trace redis redis-server --port $port --bind 127.0.0.1 --dir "$folder") &
answering $port
redis-benchmark -p $port -n 2000 -q > /dev/null
redis-cli -p $port shutdown
wait $!
keep redis "$(version redis-server) from start to stop, under redis-benchmark -n 2000"

mkdir -p "$folder/www"
head -c 612 /dev/zero | tr '\0' x > "$folder/www/index.html"
head -c 100000 /dev/zero | tr '\0' x > "$folder/www/large"
cat > "$folder/nginx.conf" << END
daemon off;
worker_processes 1;
pid $folder/nginx.pid;
error_log $folder/error.log;
events { }
http {
    sendfile on;
    access_log $folder/access.log;
    server { listen 127.0.0.1:$port; root $folder/www; }
}
END
(trace nginx nginx -c "$folder/nginx.conf") &
answering $port
for path in index.html large missing; do
    ab -q -n 200 -c 10 "http://127.0.0.1:$port/$path" > /dev/null
    ab -q -k -n 200 -c 10 "http://127.0.0.1:$port/$path" > /dev/null
done
nginx -c "$folder/nginx.conf" -s quit
wait $!
keep nginx "$(version nginx-light) from start to stop, under ab for 1200 requests of three pages"

cat > "$folder/work.py" << 'END'
import compileall, json, os, sqlite3, sys

here = os.path.dirname(sys.argv[0])
for package in "json", "email", "logging":
    compileall.compile_dir(os.path.join(os.path.dirname(os.__file__), package),
                           ddir=here, quiet=1, force=True)
base = sqlite3.connect(os.path.join(here, "base"))
base.execute("create table words (at integer primary key, word text)")
for at in range(200):
    base.execute("insert into words (word) values (?)", (json.dumps({"at": [at] * 10}),))
    if at % 20 == 0:
        base.commit()
base.commit()
for at in range(50):
    with open(os.path.join(here, "%d.json" % at), "w") as file:
        json.dump(base.execute("select * from words where at > ?", (at,)).fetchall(), file)
END
(PYTHONPYCACHEPREFIX=$folder trace python /usr/bin/python3 "$folder/work.py")
keep python "$(version python3-minimal) that compiles json, email and logging, then writes with sqlite3 and json"

(trace gcc gcc -std=gnu11 -D_GNU_SOURCE -O2 -Iinclude -shared -fPIC -o "$folder/heap.so" crates/scmp-bench/heap.c)
keep gcc "$(version gcc) that compiles and links crates/scmp-bench/heap.c, with cc1, as, collect2 and ld"
