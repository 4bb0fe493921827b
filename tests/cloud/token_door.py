"""Plays an RDS that takes IAM tokens: TLS, then the token in clear text; then it relays to a MariaDB that knows the user by
a password. https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html"""

import contextlib
import hashlib
import select
import socket
import ssl
import struct
import threading

SSL, CONNECT_ATTRIBUTES, LENGTH_ENCODED = 1 << 11, 1 << 20, 1 << 21  # capabilities
CLEAR_PASSWORD = b"\xfemysql_clear_password\0"
REFUSED = b"\xff" + struct.pack("<H", 1045) + b"#28000Access denied"
PIECE = 65536


class TokenDoor:
    def __init__(self, identity, database):
        """Shows this certificate, and lets any token in, as the user of `database`."""
        self.database = database
        self.tokens = []  # in the order they came
        self.open = True
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*identity)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def end(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with contextlib.suppress(OSError), client, socket.create_connection(("127.0.0.1", self.database.port)) as server:
            greeting = Greeting(read_packet(server))
            client.sendall(packet(0, greeting.with_tls()))
            read_packet(client)  # asks for TLS
            with self.context.wrap_socket(client, server_side=True) as line:
                answer = Answer(read_packet(line))
                line.sendall(packet(3, CLEAR_PASSWORD))
                self.tokens.append(read_packet(line).rstrip(b"\0").decode())
                if not self.open:
                    line.sendall(packet(5, REFUSED))
                    return
                server.sendall(packet(1, answer.with_password(self.database.password, greeting.salt)))
                line.sendall(packet(5, read_packet(server)))
                relay(line, server)


class Greeting:
    def __init__(self, payload):
        self.payload = payload
        salt = payload.index(b"\0", 1) + 1 + 4  # comes after the version and the connection's number
        self.capabilities = salt + 8 + 1
        self.salt = payload[salt:salt + 8] + payload[self.capabilities + 18:self.capabilities + 30]

    def with_tls(self):
        changed = bytearray(self.payload)
        low, = struct.unpack_from("<H", changed, self.capabilities)
        struct.pack_into("<H", changed, self.capabilities, low | SSL)
        return bytes(changed)


class Answer:
    """The client's answer to the greeting: its user and its database."""

    def __init__(self, payload):
        self.capabilities, self.head = struct.unpack_from("<I", payload)[0], payload[4:32]
        self.user, rest = payload[32:].split(b"\0", 1)
        rest = rest[1 + rest[0]:]  # skips the proof of the password: here it proves nothing
        self.database = rest.split(b"\0", 1)[0]

    def with_password(self, password, salt):
        capabilities = self.capabilities & ~(SSL | CONNECT_ATTRIBUTES | LENGTH_ENCODED)
        once = hashlib.sha1(password.encode()).digest()
        mask = hashlib.sha1(salt + hashlib.sha1(once).digest()).digest()
        proof = bytes(a ^ b for a, b in zip(once, mask))
        return (struct.pack("<I", capabilities) + self.head + self.user + b"\0" + bytes([len(proof)]) + proof
                + self.database + b"\0mysql_native_password\0")


def packet(number, payload):
    return struct.pack("<I", len(payload))[:3] + bytes([number]) + payload


def read_packet(line):
    size, = struct.unpack("<I", read_exactly(line, 4)[:3] + b"\0")
    return read_exactly(line, size)


def read_exactly(line, size):
    read = b""
    while len(read) < size:
        some = line.recv(size - len(read))
        if not some:
            raise ConnectionError
        read += some
    return read


def relay(line, server):
    while True:
        ready = [line] if line.pending() else select.select([line, server], [], [])[0]
        for end in ready:
            data = end.recv(PIECE)
            if not data:
                return
            (server if end is line else line).sendall(data)
