# SPDX-License-Identifier: LGPL-2.1-only
"""A seccomp agent: waits at the socket of its first argument for what an OCI
runtime sends (the container's state, and the descriptor of its notifications),
and refuses every call that it is told of with EBADE (52).
"""

import array
import fcntl
import json
import socket
import struct
import sys

RECEIVE, SEND = 0xC0502100, 0xC0182101  # linux/seccomp.h

server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
print("listening", flush=True)
connection, _ = server.accept()
text, control, _, _ = connection.recvmsg(65536, socket.CMSG_SPACE(16))
descriptors = array.array("i")
descriptors.frombytes(control[0][2][: len(control[0][2]) // 4 * 4])
try:
    state = json.loads(text)
    print("state", state.get("metadata", state.get("ociVersion")), flush=True)
except ValueError:
    print("state?", text[:80], flush=True)
while True:
    notification = bytearray(80)
    try:
        fcntl.ioctl(descriptors[0], RECEIVE, notification)
    except OSError:
        break
    (identifier,) = struct.unpack_from("=Q", notification)
    (number,) = struct.unpack_from("=i", notification, 16)
    print("asked", number, flush=True)
    fcntl.ioctl(descriptors[0], SEND, struct.pack("=QqiI", identifier, 0, -52, 0))
