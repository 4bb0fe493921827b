"""moto, which answers as AWS would, on a free port of loopback. Says its URL and ends when standard input does."""
import logging
import os
import sys

os.environ.setdefault("S3_UPLOAD_PART_MIN_SIZE", "1")  # the tests have small parts
os.environ.setdefault("MOTO_S3_DEFAULT_KEY_BUFFER_SIZE", str(16 << 20))

from moto.server import ThreadedMotoServer  # noqa: E402

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
# It tells what it cannot do as a Python traceback; the tests see the 500.
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
print("http://127.0.0.1:%d" % server.get_host_and_port()[1], flush=True)
sys.stdin.read()
os._exit(0)
