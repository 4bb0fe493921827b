"""A TCP proxy between Dossier and a store, which a test can tell to misbehave. Its modes, with their argument:

  passing           bytes go through
  refusing          connections are refused
  stalled           connections are accepted or stay open, and nothing moves
  slow              each piece waits, for so many seconds
  cutting           each connection is reset after so many bytes of answers
  cutting requests  each connection is reset after so many bytes of requests
  freezing          each connection stands still after so many bytes of requests
  holding           after so many bytes of answers, in all connections together, nothing moves any more
  answering         the proxy gives this HTTP answer to each request; the store is not asked
"""

import contextlib
import select
import socket
import struct
import threading
import time

PIECE = 65536
PASSING = ("passing", None)
BUFFER = 4 * PIECE  # the kernel's buffer of each connection; it is small, because even a proxy that stands still fills it


class Proxy:
    def __init__(self, target_port, recording=False):
        self.target = ("127.0.0.1", target_port)
        self.doing = PASSING
        self.taken = 0  # connections accepted
        self.held = threading.Event()
        self.answered = 0  # bytes of answers since the mode was set
        self.recorded = [] if recording else None  # for each connection the bytes of its requests
        self.ended = False
        self.live = set()
        self.lock = threading.Lock()
        self._listen(0)

    def _listen(self, port):
        self.listener = socket.create_server(("127.0.0.1", port), backlog=256, reuse_port=False)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    @contextlib.contextmanager
    def misbehaving(self, mode, argument=None, cut=True):
        """Sets this mode for a while. `cut`: connections that are open already are reset first."""
        self.doing, self.answered = (mode, argument), 0
        self.held.clear()
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
            self.doing = PASSING
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
            mode, argument = self.doing
            if mode == "answering":
                self._answer(client, argument)
                return
            with socket.create_connection(self.target) as store:
                self._pass(client, store)
        except (OSError, ValueError):  # ValueError: the connection was reset meanwhile
            pass
        finally:
            with self.lock:
                self.live.discard(client)
            with contextlib.suppress(OSError):
                client.close()

    def _pass(self, client, store):
        asked = answered = 0  # bytes of this connection
        record = bytearray()
        if self.recorded is not None:
            self.recorded.append(record)
        while client.fileno() >= 0 and not self.ended:
            if self._stands_still(asked):
                time.sleep(0.02)
                continue
            ready, _, _ = select.select([client, store], [], [], 0.05)
            for end in ready:
                mode, argument = self.doing
                is_request = end is client
                room = self._room(is_request, asked, answered)
                if room <= 0 and mode.startswith("cutting"):
                    reset(client)
                    return
                if room <= 0 or self._stands_still(asked):
                    break
                data = end.recv(min(PIECE, room))
                if not data:
                    return
                if mode == "slow":
                    time.sleep(argument)
                if is_request:
                    asked += len(data)
                    record += data if self.recorded is not None else b""
                else:
                    answered += len(data)
                    self._count(len(data))
                (store if is_request else client).sendall(data)

    def _stands_still(self, asked):
        mode, argument = self.doing
        return mode == "stalled" or (mode == "freezing" and asked >= argument) or (mode == "holding" and self.held.is_set())

    def _room(self, is_request, asked, answered):
        """How many bytes may go this way before something happens."""
        mode, argument = self.doing
        if is_request and mode in ("cutting requests", "freezing"):
            return argument - asked
        if not is_request and mode == "cutting":
            return argument - answered
        return PIECE

    def _count(self, more):
        with self.lock:
            self.answered += more
        mode, argument = self.doing
        if mode == "holding" and self.answered >= argument:
            self.held.set()

    def _answer(self, client, answer):
        """Reads a request to its end, which it knows by Content-Length, and answers it."""
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
        client.sendall(answer)


def http_answer(status, body, content_type="application/xml", **headers):
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return (f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{more}Content-Length: {len(body)}\r\n"
            f"Connection: close\r\n\r\n{body}").encode()


def reset(connection):
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()
