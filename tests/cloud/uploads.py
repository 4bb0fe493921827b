"""Uploads that stop half way."""

import socket

from samples import form, random_bytes


def begin_upload(node, size, sent):
    """Sends only so many bytes of a submission; returns the connection and the remaining bytes."""
    body, content_type = form({"name": "Half Way", "location": "Oslo", "age": 41, "technology": "C++"},
                              [("large.bin", random_bytes(size))])
    line = socket.create_connection(node.address)
    line.sendall(f"POST /api/v1/people HTTP/1.1\r\nHost: localhost\r\nContent-Type: {content_type}\r\n"
                 f"Content-Length: {len(body)}\r\n\r\n".encode() + body[:sent])
    return line, body[sent:]
