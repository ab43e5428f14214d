"""Holds SOCKETS TCP sockets on loopback, half of them at ten ports, and measures what counting them costs.

Run in a network namespace of its own: sockets-peers.py SOCKETS NODE SCRIPT. Prints one JSON object: CPU milliseconds of
the cheapest count by `ss -tan`, by psutil, by one psutil walk per port (as an older exporter did), and by SCRIPT.
"""
import atexit
import json
import os
import resource
import signal
import socket
import subprocess
import sys

sockets, node, script = int(sys.argv[1]), sys.argv[2], sys.argv[3]
PORTS = [3000 + index for index in range(10)]


def cpu_ms(who):
    usage = resource.getrusage(who)
    return (usage.ru_utime + usage.ru_stime) * 1000


def cost(who, work):
    before = cpu_ms(who)
    work()
    return cpu_ms(who) - before


subprocess.run("ip link set lo up; sysctl -qw net.core.somaxconn=65535 net.ipv4.tcp_max_syn_backlog=65535", shell=True, check=True)
listeners, holders = [], []
for port in PORTS:
    listener = socket.socket()
    listener.bind(("127.0.0.1", port))
    listener.listen(65535)
    listeners.append(listener)


def hold(first, last):
    """Connects in a process of its own, for one process may not have so many files, and waits to be ended."""
    ready, tell = os.pipe()
    pid = os.fork()
    if pid:
        os.close(tell)
        os.read(ready, 1)
        os.close(ready)
        return pid
    clients = []
    for index in range(first, last):
        client = socket.socket()
        client.connect(("127.0.0.1", PORTS[index % len(PORTS)]))
        clients.append(client)
    os.write(tell, b"x")
    signal.pause()


SHARE = min(15000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 1000)
for first in range(0, sockets // 2, SHARE):
    holders.append(hold(first, min(first + SHARE, sockets // 2)))


def release():
    for pid in holders:
        os.kill(pid, signal.SIGKILL)


atexit.register(release)
found = {}
ours = subprocess.run([node, script, ",".join(map(str, PORTS))], check=True, stdout=subprocess.PIPE)
found["ours"] = json.loads(ours.stdout)
found["ss"] = min(
    cost(resource.RUSAGE_CHILDREN, lambda: subprocess.run(["ss", "-tan"], stdout=subprocess.DEVNULL, check=True))
    for _ in range(10)
)
try:
    import psutil
except ImportError:
    psutil = None
if psutil:
    found["psutil"] = min(
        cost(resource.RUSAGE_SELF, lambda: psutil.net_connections(kind="inet")) for _ in range(5)
    )

    def older():
        for port in PORTS:
            counts = {"TIME_WAIT": 0, "ESTABLISHED": 0, "CLOSE_WAIT": 0}
            for connection in psutil.net_connections(kind="inet"):
                if connection.laddr and connection.laddr.port == port and connection.status in counts:
                    counts[connection.status] += 1

    found["older"] = cost(resource.RUSAGE_SELF, older)
print(json.dumps(found))
