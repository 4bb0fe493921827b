"""What tests submit: small pictures, texts, hostile bytes, and the encoding of a form."""

import hashlib
import random
import struct
import uuid
import zlib

ANNA = {"name": "Anna Berg", "location": "Oslo", "age": 41, "technology": "C++"}


def picture(width=2, height=2, colour=(0, 128, 128)):
    """A valid PNG."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = (b"\0" + bytes(colour) * width) * height
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


PNG = picture()
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
HTML = b"<!DOCTYPE html><script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

HOSTILE_NAMES = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' OR 1=1; DROP TABLE people; --",
    "{{NAME}} {{>SLOT}} ${7*7} %s%n",
    "javascript:alert(1)",
    "&lt;b&gt; &amp;amp;",
    "Zoë Ångström 李小龙 👩‍🚀",
    "\u202eevil\u202c",
]


def random_bytes(size, seed=0):
    return random.Random(seed).randbytes(size)


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def form_part(name, content, filename=None, content_type=None):
    disposition = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename is not None else "")
    head = f"Content-Disposition: {disposition}\r\n" + (f"Content-Type: {content_type}\r\n" if content_type else "")
    if isinstance(content, str):
        content = content.encode()
    return head.encode() + b"\r\n" + content + b"\r\n"


def form(fields, files=(), boundary=None, close=True):
    """(body, content type) of a multipart form; fields is a dict or pairs, files are (name, bytes)."""
    boundary = boundary or "b" + uuid.uuid4().hex
    pairs = fields.items() if isinstance(fields, dict) else fields
    parts = [form_part(name, value if isinstance(value, bytes) else str(value)) for name, value in pairs]
    parts += [form_part("file_name", content, filename, "application/octet-stream") for filename, content in files]
    mark = b"--" + boundary.encode()
    body = b"".join(mark + b"\r\n" + part for part in parts) + (mark + b"--\r\n" if close else b"")
    return body, f"multipart/form-data; boundary={boundary}"
