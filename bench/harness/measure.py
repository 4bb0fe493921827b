"""How a line is measured: both sides in turn, several times; then the medians, and the ratio of each round."""

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Callable


@dataclass
class Aim:
    text: str
    reached: Callable[[float], bool]


def at_least(value, unit=""):
    return Aim(f"≥ {value:g}{unit}", lambda measured: measured >= value)


def at_most(value, unit=""):
    return Aim(f"≤ {value:g}{unit}", lambda measured: measured <= value)


@dataclass
class Line:
    """One line of the report. `judged` is compared with the aim: a ratio, or an amount."""

    name: str
    floor: str
    dossier: str
    judged: float
    judged_text: str
    aim: Aim | None
    note: str = ""
    rounds: list = field(default_factory=list)

    def verdict(self):
        if self.aim is None:
            return ""
        return "yes" if self.aim.reached(self.judged) else "**no**"


class Settings:
    def __init__(self, quick, people, programs, binary, folder, kept):
        self.quick = quick
        self.people = people
        self.programs = programs  # the folder with bare_store, submit_load, …
        self.binary = binary  # dossier
        self.folder = folder  # temporary files; on the disk that is measured
        self.kept = kept  # data folders that outlive the run
        self.rounds = 3 if quick else 5
        self.seconds = 2 if quick else 6  # of each run of wrk
        self.pause = 1 if quick else 3  # between runs that write


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def run_program(command):
    """Runs a load generator; its last line is JSON."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def interleave(rounds, sides, before=None):
    """Runs the sides A B, B A, A B, … and returns each side's list of results, in order of rounds."""
    results = {name: [] for name in sides}
    for number in range(rounds):
        names = list(sides) if number % 2 == 0 else list(reversed(sides))
        for name in names:
            if before:
                before(name)
            results[name].append(sides[name]())
    return results


def median(values):
    return statistics.median(values)


def median_ratio(upper, lower):
    """The median of each round's ratio: a drift from round to round affects both sides."""
    return statistics.median(a / b for a, b in zip(upper, lower))


def settle(settings):
    """Lets the disk finish the writes of earlier runs."""
    os.sync()
    time.sleep(settings.pause)
