"""A slow S3, with only what uploads need: it takes bytes at a bounded rate, checks them and forgets them.

moto would keep them all in memory. A request that is not as S3 wants it is refused, and noted as a complaint.
"""

import base64
import hashlib
import http.server
import itertools
import re
import threading
import time
import urllib.parse
import xml.etree.ElementTree as xml

PIECE = 256 << 10
MARK = "/dossier-records"  # the object that says to which records the bucket belongs; only its bytes are kept
NAMESPACE = "{http://s3.amazonaws.com/doc/2006-03-01/}"


class SlowS3(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, rate):
        self.rate = rate  # bytes a second of each connection
        self.lock = threading.Lock()
        self.numbers = itertools.count(1)
        self.uploads = {}  # id: {number: Part}
        self.objects = {}  # path: [Part], in order
        self.mark = None  # its bytes
        self.complaints = []
        self.taking = self.most_taking = 0  # how many bodies it takes at once: now, and at most so far
        super().__init__(("127.0.0.1", 0), Request)
        # A small buffer in the kernel, because bytes that fit into it are taken at once, whatever the rate is.
        self.socket.setsockopt(http.server.socketserver.socket.SOL_SOCKET, http.server.socketserver.socket.SO_RCVBUF, PIECE)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def end(self):
        self.shutdown()
        self.server_close()


class Part:
    """What is kept of a part: all but its bytes."""

    def __init__(self, size, digest):
        self.size, self.digest = size, digest
        self.checksum = base64.b64encode(digest).decode()
        self.etag = f'"{digest.hex()[:32]}"'


class Request(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def parse(self):
        path, _, query = self.path.partition("?")
        return path, dict(urllib.parse.parse_qsl(query, keep_blank_values=True))

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        headers.setdefault("Content_Length", len(body))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, why):
        with self.server.lock:
            self.server.complaints.append(f"{self.command} {self.path}: {why}")
        self.close_connection = True
        self.answer(400, f"<Error><Code>InvalidRequest</Code><Message>{why}</Message></Error>".encode())

    def take_body(self):
        """Reads the body slowly; returns the part, or None when it is not what its headers say."""
        length = self.headers.get("Content-Length")
        if length is None or not self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256 "):
            return self.refuse("no length, or no signature")
        piece, digest, left, started = bytearray(PIECE), hashlib.sha256(), int(length), time.monotonic()
        while left:
            count = self.rfile.readinto(memoryview(piece)[:min(left, PIECE)])
            if not count:
                self.close_connection = True
                return None
            digest.update(memoryview(piece)[:count])
            if self.path.endswith(MARK):
                self.server.mark = bytes(piece[:count])
            left -= count
            time.sleep(max(0, started + (int(length) - left) / self.server.rate - time.monotonic()))
        part = Part(int(length), digest.digest())
        if self.headers.get("x-amz-content-sha256") != digest.hexdigest():
            return self.refuse("the signed digest is another one")
        if self.headers.get("x-amz-checksum-sha256") != part.checksum:
            return self.refuse("the checksum is another one")
        return part

    def do_PUT(self):
        path, query = self.parse()
        with self.server.lock:
            self.server.taking += 1
            self.server.most_taking = max(self.server.most_taking, self.server.taking)
        part = self.take_body()
        with self.server.lock:
            self.server.taking -= 1
            known = "uploadId" not in query or query["uploadId"] in self.server.uploads
            if part and known and "uploadId" in query:
                self.server.uploads[query["uploadId"]][int(query["partNumber"])] = part
            elif part and known and not path.endswith(MARK):
                self.server.objects[path] = [part]
        if part and not known:
            self.refuse("no such upload")
        elif part:
            self.answer(200, ETag=part.etag, x_amz_checksum_sha256=part.checksum)

    def do_POST(self):
        path, query = self.parse()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "uploads" in query:
            return self.begin(path)
        with self.server.lock:
            taken = self.server.uploads.pop(query.get("uploadId"), None)
        if not taken:
            return self.refuse("no such upload")
        named = [(int(part.findtext(NAMESPACE + "PartNumber")), part.findtext(NAMESPACE + "ETag"),
                  part.findtext(NAMESPACE + "ChecksumSHA256")) for part in xml.fromstring(body).iter(NAMESPACE + "Part")]
        if named != [(number, part.etag, part.checksum) for number, part in sorted(taken.items())]:
            return self.refuse("not the parts that were taken")
        with self.server.lock:
            self.server.objects[path] = [part for _, part in sorted(taken.items())]
        return self.answer(200, f"<CompleteMultipartUploadResult><ETag>&quot;all-{len(named)}&quot;</ETag>"
                                "</CompleteMultipartUploadResult>".encode(), Content_Type="application/xml")

    def begin(self, path):
        with self.server.lock:
            upload = f"upload-{next(self.server.numbers)}"
            self.server.uploads[upload] = {}
        bucket, key = re.fullmatch(r"/([^/]+)/(.+)", path).groups()
        self.answer(200, f"<InitiateMultipartUploadResult><Bucket>{bucket}</Bucket><Key>{key}</Key>"
                         f"<UploadId>{upload}</UploadId></InitiateMultipartUploadResult>".encode(), Content_Type="application/xml")

    def do_HEAD(self):
        """The bucket is there. No upload asks for an object."""
        path, _ = self.parse()
        self.answer(200 if path.count("/") == 1 else 404)

    def do_GET(self):
        """The mark and the list of objects, for which a new node asks at its start."""
        path, query = self.parse()
        if path.endswith(MARK) and self.server.mark:
            return self.answer(200, self.server.mark)
        if path.endswith(MARK):
            return self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>", Content_Type="application/xml")
        if "list-type" in query and not self.server.objects:
            return self.answer(200, b"<ListBucketResult><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>",
                               Content_Type="application/xml")
        return self.refuse("nothing else is read here")

    def do_DELETE(self):
        self.refuse("no upload failed")
