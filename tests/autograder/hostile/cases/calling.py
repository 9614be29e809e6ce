"""Code that calls what listens outside: on loopback, on a unix socket, under an abstract name.

The room listens on all of them and counts. The only addresses here are the room's own.
"""

from hostile.case import Case
from hostile.room import PORT

LOOPBACK = f"""
import socket

for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    for address in ("127.0.0.1", "localhost", "127.1.2.3", "0.0.0.0"):
        with socket.socket(type=kind) as caller:
            caller.settimeout(1)
            try:
                caller.connect((address, {PORT}))
                caller.send(b"EVE-WAS-HERE")
                print("called", address) if kind == socket.SOCK_STREAM else None
            except OSError as error:
                print("refused", error.strerror)
with socket.socket() as listener:
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    with socket.create_connection(listener.getsockname()):
        print("own loopback works")
print("devices", sorted(name for _, name in socket.if_nameindex()))
"""
UNIX = """
import glob, os, socket

addresses = ["ROOM/outside/listener", "\\0hostile", "\\0hostile\\0", "/run/docker.sock", "/run/dbus/system_bus_socket"]
addresses += [f"/proc/{pid}/root" + "ROOM/outside/listener" for pid in (1, os.getpid())]
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
    for address in addresses:
        with socket.socket(socket.AF_UNIX, kind) as caller:
            try:
                caller.connect(address)
                print("called", repr(address))
            except OSError as error:
                print("refused", error.strerror)
"""
SERVERS = """
import glob, json, os, socket

found = []
for pattern in ("ROOM/tmp/fork-*/s", "/tmp/fork-*/s", "/var/tmp/fork-*/s", "ROOM/tmp/kernel-*/k-*"):
    found += glob.glob(pattern)
for line in open("/proc/net/unix").read().splitlines()[1:]:
    path = line.split()[-1]
    if path.startswith("/") and os.path.exists(path):
        found.append(path)
for path in found:
    with socket.socket(socket.AF_UNIX) as caller:
        try:
            caller.connect(path)
        except OSError:
            continue
        print("called", path)
        caller.settimeout(3)
        request = {"ids": ["eve"], "seed": 1, "seconds": 1, "patience": 1, "judge_seconds": 5}
        try:
            caller.sendall(json.dumps(request).encode() + b"\\n")
            print("answered", caller.recv(1000))
        except OSError:
            pass
print("looked")
"""
FAMILIES = """
import socket

allowed = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)
for family in range(50):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        if family in allowed and (kind != socket.SOCK_RAW or family == socket.AF_NETLINK):
            continue
        try:
            with socket.socket(family, kind, socket.IPPROTO_ICMP if family in allowed else 0) as made:
                print("opened", family, kind) if made.family != socket.AF_UNIX else None
        except OSError:
            pass
with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as caller:
    request = bytes([32, 0, 0, 0, 16, 0, 5, 6, 1, 0, 0, 0, 0, 0, 0, 0]) + bytes(16)
    caller.send(request)  # a new network device
    answer = caller.recv(100)
    print("device", "made" if answer[16:20] == bytes(4) else "refused")
"""
CASES = [
    Case(
        "loopback",
        first=LOOPBACK,
        says=("own loopback works", r"devices \['lo'\]", "refused"),
        never=("called",),
    ),
    Case("unix_sockets", first=UNIX, says=("refused",), never=("called",)),
    Case("our_servers", first=SERVERS, says=("looked",), never=("called", "answered")),
    Case("socket_families", first=FAMILIES, says=("device refused",), never=("opened", "made")),
]
