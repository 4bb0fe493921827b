"""Data folders with many people. They are made once, checked by the doctor, and kept between reports."""

import functools
import hashlib
import pathlib
import random
import shutil
import subprocess

from .measure import say

ROOT = pathlib.Path(__file__).resolve().parents[2]


def schema_digest():
    hashed = hashlib.sha256((ROOT / "bench/load/make_people.cc").read_bytes())
    for file in sorted((ROOT / "db").glob("sqlite*/*.sql")):
        hashed.update(file.read_bytes())
    return hashed.hexdigest()


@functools.cache
def _made(programs, binary, kept, count):
    data = kept / f"people-{count}"
    stamp = data / "bench-stamp"
    digest = schema_digest()
    if stamp.exists() and stamp.read_text() == digest:
        return data
    say(f"making {count:,} people in {data}")
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    subprocess.run([programs / "make_people", "--data", data, "--people", str(count)], check=True)
    # make_people does not write the catalog items: gc does. After that all three stores must agree.
    subprocess.run([binary, "gc", "--data", data], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([binary, "doctor", "--data", data], check=True, stdout=subprocess.DEVNULL)
    stamp.write_text(digest)
    return data


def data_folder(settings, count):
    return _made(settings.programs, settings.binary, settings.kept, count)


def some_with_files(settings, count, how_many):
    """Numbers of people who have a file, chosen at random but the same in every report."""
    numbers = (data_folder(settings, count) / "bench-with-files").read_text().split()
    return random.Random(42).choices(numbers, k=how_many)
