"""A TCP proxy of the tests' own, between Dossier and a store, that can be told to misbehave.

  passing    bytes go through
  refusing   connections are refused
  stalled    connections are taken and nothing moves
  slow       each piece waits
  cutting    each connection is reset after so many bytes of the answer
  answering  an HTTP answer of its own to each request, the store is not asked
"""

import contextlib
import select
import socket
import struct
import threading
import time

PIECE = 65536


class Proxy:
    def __init__(self, target_port):
        self.target = ("127.0.0.1", target_port)
        self.mode, self.argument = "passing", None
        self.taken = 0  # connections
        self.ended = False
        self.live = set()
        self.lock = threading.Lock()
        self._listen(0)

    def _listen(self, port):
        self.listener = socket.create_server(("127.0.0.1", port), backlog=256, reuse_port=False)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    @contextlib.contextmanager
    def misbehaving(self, mode, argument=None, cut=True):
        """In this mode for a while; `cut`: connections that are open already are reset first."""
        self.mode, self.argument = mode, argument
        if mode == "refusing":
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
        if cut:
            self.reset_all()
        try:
            yield self
        finally:
            if mode == "refusing":
                self._listen(self.port)
            self.mode, self.argument = "passing", None
            self.reset_all()

    def end(self):
        self.ended = True
        with contextlib.suppress(OSError):
            self.listener.close()
        self.reset_all()

    def reset_all(self):
        with self.lock:
            live, self.live = self.live, set()
        for connection in live:
            reset(connection)

    def _accept(self, listener):
        while not self.ended:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.taken += 1
            with self.lock:
                self.live.add(client)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        try:
            if self.mode == "answering":
                self._answer(client)
                return
            with socket.create_connection(self.target) as store:
                self._pass(client, store)
        except (OSError, ValueError):  # ValueError: reset meanwhile
            pass
        finally:
            with self.lock:
                self.live.discard(client)
            with contextlib.suppress(OSError):
                client.close()

    def _pass(self, client, store):
        answered = 0
        while True:
            if self.mode == "stalled":
                time.sleep(0.02)
                if client.fileno() < 0 or self.ended:
                    return
                continue
            if client.fileno() < 0:
                return
            ready, _, _ = select.select([client, store], [], [], 0.05)
            for end in ready:
                if self.mode == "stalled":
                    break
                data = end.recv(PIECE)
                if not data:
                    return
                if self.mode == "slow":
                    time.sleep(self.argument)
                if end is client:
                    store.sendall(data)
                    continue
                if self.mode == "cutting" and answered + len(data) > self.argument:
                    client.sendall(data[:max(0, self.argument - answered)])
                    reset(client)
                    return
                answered += len(data)
                client.sendall(data)

    def _answer(self, client):
        """Reads a request to its end, as far as Content-Length tells, and answers it."""
        client.settimeout(10)
        head = b""
        while b"\r\n\r\n" not in head:
            data = client.recv(PIECE)
            if not data:
                return
            head += data
        head, _, body = head.partition(b"\r\n\r\n")
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        if b"100-continue" in head.lower():
            client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        while len(body) < length:
            data = client.recv(PIECE)
            if not data:
                return
            body += data
        client.sendall(self.argument)


def http_answer(status, body, content_type="application/xml", **headers):
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return (f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{more}Content-Length: {len(body)}\r\n"
            f"Connection: close\r\n\r\n{body}").encode()


def reset(connection):
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()
