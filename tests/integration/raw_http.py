"""HTTP as bytes over a socket, for requests that no decent client sends and for looking at exactly what comes."""

import socket
import ssl
import time


class RawAnswer:
    def __init__(self, status, reason, headers, body):
        self.status = status
        self.reason = reason
        self.headers = headers  # [(lower-case name, value)]
        self.body = body

    def header(self, name):
        return next((value for key, value in self.headers if key == name.lower()), None)

    def __repr__(self):
        return f"<{self.status} {self.reason} {self.headers} {self.body[:200]!r}>"


class RawConnection:
    def __init__(self, address, timeout=15, receive_buffer=None, tls=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        self.pending = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data.encode() if isinstance(data, str) else data)

    def send_some(self, data):
        """Sends until the peer takes no more; returns whether all was sent."""
        try:
            self.send(data)
            return True
        except (ConnectionError, ssl.SSLError, TimeoutError):
            return False

    def _more(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            data = b""
        self.pending += data
        return bool(data)

    def _line(self):
        while b"\r\n" not in self.pending:
            if not self._more():
                raise EOFError(f"the connection ended within {self.pending[:200]!r}")
        line, self.pending = self.pending.split(b"\r\n", 1)
        return line.decode("latin-1")

    def _exactly(self, count):
        while len(self.pending) < count:
            if not self._more():
                raise EOFError(f"the connection ended {count - len(self.pending)} bytes early")
        taken, self.pending = self.pending[:count], self.pending[count:]
        return taken

    def _rest(self):
        while self._more():
            pass
        taken, self.pending = self.pending, b""
        return taken

    def _chunks(self):
        body = b""
        while True:
            size = int(self._line().split(";")[0], 16)
            if size == 0:
                while self._line():
                    pass
                return body
            body += self._exactly(size)
            assert self._exactly(2) == b"\r\n"

    def read_answer(self, head_only=False):
        """The next answer, read as RFC 9112 says; 100 (Continue) is an answer like others."""
        version, status, *reason = self._line().split(" ", 2)
        assert version == "HTTP/1.1", version
        headers = []
        while line := self._line():
            name, value = line.split(":", 1)
            headers.append((name.lower(), value.strip()))
        answer = RawAnswer(int(status), "".join(reason), headers, b"")
        if head_only or answer.status in (204, 304) or answer.status < 200:
            return answer
        if answer.header("transfer-encoding"):
            answer.body = self._chunks()
        elif answer.header("content-length") is not None:
            answer.body = self._exactly(int(answer.header("content-length")))
        else:
            answer.body = self._rest()
        return answer

    def closed_within(self, seconds):
        """Whether the server closes the connection in this time; what it still sends is read and kept."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.socket.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                if not self._more():
                    return True
            except TimeoutError:
                return False
        return False


def request(method, target, headers=(), body=b"", host="localhost", close=True):
    """The bytes of a well-formed request."""
    lines = [f"{method} {target} HTTP/1.1"] + ([f"Host: {host}"] if host else [])
    lines += [f"{name}: {value}" for name, value in headers]
    if body and not any(name.lower() in ("content-length", "transfer-encoding") for name, _ in headers):
        lines.append(f"Content-Length: {len(body)}")
    if close:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def exchange(address, data, timeout=15):
    """All answers that come to these bytes until the server closes."""
    with RawConnection(address, timeout) as connection:
        connection.send_some(data)
        answers = []
        while True:
            if not connection.pending and not connection._more():
                return answers
            answers.append(connection.read_answer())
