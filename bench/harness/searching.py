"""Every search that the pages can ask, alone, a hundred times each: embedded and on MariaDB."""

import json
import os
import pathlib
import re
import secrets
import sqlite3
import subprocess
import sys

from . import people
from .measure import Line, at_most, say

ROOT = pathlib.Path(__file__).resolve().parents[2]
AIMS = {"embedded": 100, "MariaDB": 300}  # ms, the p99 of a hundred
PERSON = ("id, name, location, age, technology, folded_name, folded_location, folded_technology, words, file_count, "
          "has_files, version, created_at, updated_at")


def run(settings, *more):
    """{name: its line of search_load's output}, in order."""
    done = subprocess.run([str(word) for word in (settings.programs / "search_load", "--runs", 100,
                                                  "--fill", "yes", *more)], capture_output=True, text=True, check=True)
    return {each["name"]: each for each in map(json.loads, done.stdout.splitlines())}


def escaped(value):
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def copy_people(settings, data, server):
    """Copies the people, with their numbers, into the tables that `dossier migrate` makes, but not their files."""
    subprocess.run([str(settings.binary), "migrate", "--data", str(settings.folder / "unused")], check=True, stdout=sys.stderr, env={
        **os.environ, "DOSSIER_RECORDS": server.url(), "DOSSIER_RECORDS_PASSWORD": server.password, "DOSSIER_MYSQL_TLS": "off"})
    rows = settings.folder / "people.tsv"
    with sqlite3.connect(f"file:{data}/records.db?mode=ro", uri=True) as lite, open(rows, "w", encoding="utf-8") as file:
        for row in lite.execute(f"SELECT {PERSON} FROM person"):
            file.write("\t".join(map(escaped, row)) + "\n")
    rows.chmod(0o644)
    server.sql(f"LOAD DATA INFILE '{rows}' INTO TABLE dossier.person CHARACTER SET utf8mb4 ({PERSON})")
    server.sql("ANALYZE TABLE dossier.person")
    rows.unlink()


def on_mariadb(settings, data):
    sys.path.insert(0, str(ROOT / "tools"))
    from services.mariadb import MariaDb  # pylint: disable=C0415
    server = MariaDb(settings.folder / "mariadb", secrets.token_urlsafe(18), options=["--innodb-buffer-pool-size=128M"])
    server.start()
    try:
        copy_people(settings, data, server)
        os.environ["DOSSIER_RECORDS_PASSWORD"] = server.password
        return run(settings, "--port", server.port)
    finally:
        server.stop()


def by_kind(answers):
    """{what is asked: [(order and page, its figures)]}"""
    kinds = {}
    for name, each in answers.items():
        kind, how = re.fullmatch(r"(.*), ((?:newest first|oldest first|by name|by age).*)", name).groups()
        kinds.setdefault(kind, []).append((how, each))
    return kinds


def line_of(store, what, answers, note=""):
    how, worst = max(answers, key=lambda each: each[1]["p99"])
    return Line(f"{store}: {what}", "", f"p99 {worst['p99']:.1f} ms, p50 {worst['p50']:.1f} ms ({how})", worst["p99"],
                f"p99 {worst['p99']:.1f} ms", at_most(AIMS[store], " ms"), note=note)


def lines_of(settings, store, answers):
    """First a line with the slowest search of all; then a line for each kind of search, with its slowest order and page."""
    filled = answers.pop("filling the index")["seconds"]
    kinds = by_kind(answers)
    everything = [(f"{kind}, {how}", each) for kind, hows in kinds.items() for how, each in hows]
    lines = [line_of(store, f"the slowest of {len(everything)} searches at {settings.people:,} people", everything,
                     f"filling the index took {filled:.0f} s" if filled > 1 else "")]
    say(f"{lines[0].name}: {lines[0].dossier}")
    return lines + [line_of(store, kind, hows) for kind, hows in kinds.items()]


def searches(settings):
    data = people.data_folder(settings, settings.people)
    lines = lines_of(settings, "embedded", run(settings, "--data", data))
    return lines + lines_of(settings, "MariaDB", on_mariadb(settings, data))
