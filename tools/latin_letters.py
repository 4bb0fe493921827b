#!/usr/bin/env python3
"""Writes the table of src/base/latin_letters.cc from ICU's transform Latin-ASCII, or compares it (--check).

Needs uconv (Debian: icu-devtools). Letters that Unicode takes apart itself (é into e and an accent) need no entry.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import unicodedata

SOURCE = pathlib.Path(__file__).resolve().parents[1] / "src/base/latin_letters.cc"
COLUMNS = 110


def folded(text):
    """The text decomposed, in lower case and without accents: only what is left then needs the table."""
    small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(each for each in small if not unicodedata.combining(each))


def as_icu_writes(letters):
    told = subprocess.run(["uconv", "-f", "utf-8", "-t", "utf-8", "-x", "Latin-ASCII"], input="\n".join(letters).encode(),
                          capture_output=True, check=True)
    return told.stdout.decode().split("\n")


def make_table():
    letters = [chr(code) for code in range(0x80, 0x10000)
               if unicodedata.category(chr(code)).startswith("L") and "LATIN" in unicodedata.name(chr(code), "")]
    table = {}
    for letter, plain in zip(letters, as_icu_writes(letters), strict=True):
        small = folded(letter)
        if len(small) != 1 or small.isascii() or not plain.isascii():
            continue
        assert table.setdefault(small, plain.casefold()) == plain.casefold(), letter
    return dict(sorted(table.items()))


def as_source(table):
    rows, row = [], "   "
    for letter, plain in table.items():
        entry = f' {{0x{ord(letter):04x}, "{plain}"}},'
        if len(row) + len(entry) > COLUMNS:
            rows.append(row)
            row = "   "
        row += entry
    return "\n".join([*rows, row]) + "\n"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--check", action="store_true", help="compare with the source, change nothing")
    check = arguments.parse_args().check
    if not shutil.which("uconv"):
        sys.exit("uconv is missing: apt-get install icu-devtools")
    source = SOURCE.read_text()
    table = make_table()
    if check:
        there = {chr(int(code, 16)): plain for code, plain in re.findall(r'\{0x([0-9a-f]{4}), "([a-z]+)"\}', source)}
        differ = {letter: (there.get(letter), table.get(letter)) for letter in {*there, *table}
                  if there.get(letter) != table.get(letter)}
        if differ:
            sys.exit(f"Letters whose form differs from ICU's (letter: ours, ICU's): {differ}")
        print(f"{len(table)} letters as ICU writes them.")
        return
    SOURCE.write_text(re.sub(r"(to_array<plain_form>\(\{\n).*?(\}\);)", lambda found: found[1] + as_source(table) + found[2],
                             source, flags=re.S))


if __name__ == "__main__":
    main()
