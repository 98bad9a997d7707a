# SPDX-License-Identifier: LGPL-2.1-only
"""Writes the config.json of an OCI bundle whose process is /inside.

    bundle.py FOLDER PROFILE LISTENER CALL...

PROFILE is the file of the containers' default profile, as engines have it (with
conditions on capabilities and architectures, which are resolved here, for a
container without capabilities); "every" for one with every action, "every-flagged"
with flags, too; or
"notify" for one that asks the agent at the socket LISTENER about getpgid.
"""

import json
import sys

folder, profile, listener, *calls = sys.argv[1:]


def rule(name, action, **more):
    return {"names": [name], "action": action, **more}


if profile in ("every", "every-flagged"):
    seccomp = {
        "defaultAction": "SCMP_ACT_ALLOW",
        "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
        "syscalls": [
            rule("getpgid", "SCMP_ACT_KILL_PROCESS"),
            rule("getsid", "SCMP_ACT_KILL_THREAD"),
            rule("getpriority", "SCMP_ACT_KILL"),
            rule("setpriority", "SCMP_ACT_TRAP"),
            rule("personality", "SCMP_ACT_ERRNO", errnoRet=33,
                 args=[{"index": 0, "value": 0xFFFFFFFF, "op": "SCMP_CMP_NE"}]),
            rule("sysfs", "SCMP_ACT_TRACE", errnoRet=7),
            rule("getuid", "SCMP_ACT_LOG"),
        ],
    }
    if profile == "every-flagged":
        seccomp["flags"] = ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW"]
elif profile == "notify":
    seccomp = {
        "defaultAction": "SCMP_ACT_ALLOW",
        "architectures": ["SCMP_ARCH_X86_64"],
        "listenerPath": listener,
        "listenerMetadata": "from the bundle",
        "syscalls": [rule("getpgid", "SCMP_ACT_NOTIFY")],
    }
else:
    with open(profile, encoding="utf-8") as file:
        whole = json.load(file)
    rules = []
    for entry in whole["syscalls"]:
        includes, excludes = entry.get("includes", {}), entry.get("excludes", {})
        if includes.get("caps") or "amd64" not in includes.get("arches", ["amd64"]):
            continue
        if "amd64" in excludes.get("arches", []):
            continue
        kept = {key: entry[key] for key in ("names", "action", "errnoRet") if entry.get(key)}
        if entry.get("args"):
            kept["args"] = entry["args"]
        rules.append(kept)
    seccomp = {
        "defaultAction": whole["defaultAction"],
        "defaultErrnoRet": whole.get("defaultErrnoRet", 1),
        "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
        "syscalls": rules,
    }

config = {
    "ociVersion": "1.0.2",
    "process": {
        "user": {"uid": 0, "gid": 0},
        "args": ["/inside", *calls],
        "env": ["PATH=/"],
        "cwd": "/",
        "capabilities": {},
        "noNewPrivileges": True,
    },
    "root": {"path": "rootfs", "readonly": True},
    "mounts": [
        {"destination": "/proc", "type": "proc", "source": "proc"},
        # youki makes devices in there.
        {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"]},
    ],
    "linux": {
        "namespaces": [{"type": kind} for kind in ("pid", "mount", "ipc", "uts")],
        "seccomp": seccomp,
    },
}
with open(f"{folder}/config.json", "w", encoding="utf-8") as file:
    json.dump(config, file)
