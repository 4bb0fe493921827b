"""Searches without end: attackers.py PORT stay|hang\\ up NUMBER one|many PATH…

Each attacker connects, asks, and either reads what comes or hangs up; then it does so again. `many`: each has an
address of its own on loopback. Ends with its standard input."""

import socket
import sys
import threading
import time

BETWEEN = 0.02  # seconds, for those who hang up


def attack(port, stays, address, text):
    while True:
        try:
            with socket.socket() as one:
                if address:
                    one.bind((address, 0))
                one.connect(("127.0.0.1", port))
                one.sendall(text)
                while stays and one.recv(1 << 20):
                    pass
        except OSError:
            pass
        if not stays:
            time.sleep(BETWEEN)


def main(port, how, number, addresses, *paths):
    for at in range(int(number)):
        text = f"GET {paths[at % len(paths)]} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        address = f"127.0.1.{at + 1}" if addresses == "many" else None
        threading.Thread(target=attack, args=(int(port), how == "stay", address, text), daemon=True).start()
    print("attacking", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
