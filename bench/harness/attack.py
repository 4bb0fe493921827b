"""Look-ups and searches of ordinary clients, alone and beside forty attackers that send costly searches without end."""

import contextlib
import json
import pathlib
import subprocess
import sys

from . import people
from .measure import Line, at_least, at_most, interleave, median, median_ratio, say
from .reading import rates, write_paths
from .servers import Dossier

ATTACKERS = 40
CONNECTIONS = 8
# Those who search as people do: some at a time, each of whom looks at what was found before the next search.
SEARCHERS = 4
PAUSE = 500  # milliseconds
# Words that many people have but few or none have together, in an order in which the index does not have their people.
COSTLY = ["/api/v1/people?q=lovelace+grace&sort=name", "/api/v1/people?q=g+l+r&sort=name",
          "/api/v1/people?q=lisbon+rust&sort=age", "/api/v1/people?has_files=false&q=a+e&sort=name"]
ORDINARY = "/api/v1/people?limit=20&q=grace+lisbon"
WAYS = {
    "wait for the answer, one address": ("stay", False),
    "wait for the answer, forty addresses": ("stay", True),
    "hang up at once, one address": ("hang up", False),
    "hang up at once, forty addresses": ("hang up", True),
}


def wrk(settings, port, paths, connections=CONNECTIONS, pause=None):
    command = ["wrk", "-t1", f"-c{connections}", f"-d{settings.seconds}s", "--timeout", "20s", "--latency", "-s",
               pathlib.Path(__file__).parent.parent / "load/paths.lua", f"http://127.0.0.1:{port}", "--", paths,
               *([pause] if pause else [])]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True)
    return json.loads(next(l for l in done.stdout.splitlines() if l.startswith("RESULT "))[7:])


@contextlib.contextmanager
def attackers(port, how, many_addresses):
    """All attackers are in one separate process. One that hangs up does so as soon as it has asked, and asks again 20 ms
    later, so that it is not the cost of connecting that is measured."""
    process = subprocess.Popen(
        [sys.executable, pathlib.Path(__file__).parent.parent / "load/attackers.py", str(port), how, str(ATTACKERS),
         "many" if many_addresses else "one", *COSTLY], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        process.stdout.readline()
        yield
    finally:
        process.kill()
        process.communicate()


def attack(settings):
    """In turn: alone, and beside the attackers. The processor time that the attackers themselves use counts against
    Dossier."""
    data = people.data_folder(settings, settings.people)
    lines = []
    with Dossier(settings, data) as dossier:
        numbers = people.some_with_files(settings, settings.people, 20_000)
        look_ups = write_paths(settings, "attack-look-ups", [f"/api/v1/people/{number}" for number in numbers])
        searches = write_paths(settings, "attack-searches", [ORDINARY])

        def search():
            return wrk(settings, dossier.port, searches, SEARCHERS, PAUSE)

        def beside(how, ask):
            with attackers(dossier.port, *how):
                return ask()

        def look_up():
            return wrk(settings, dossier.port, look_ups)

        for name, how in WAYS.items():
            looked = interleave(3, {"floor": look_up, "dossier": lambda how=how: beside(how, look_up)})
            ratio = median_ratio(rates(looked["dossier"]), rates(looked["floor"]))
            lines.append(Line(
                f"look-ups, beside {ATTACKERS} who search and {name}, {settings.people:,} people",
                f"alone: {median(rates(looked['floor'])):,.0f}/s", f"{median(rates(looked['dossier'])):,.0f}/s", ratio,
                f"{ratio:.2f} of alone", at_least(0.5)))
            say(f"{lines[-1].name}: {lines[-1].judged_text}")
            searched = interleave(3, {"floor": search, "dossier": lambda how=how: beside(how, search)})
            p99 = {side: median([each["p99_ms"] for each in searched[side]]) for side in searched}
            refused = sum(each["errors"] for each in searched["dossier"])
            lines.append(Line(
                f"searches for two words, beside the same, {settings.people:,} people",
                f"alone: p99 {p99['floor']:.1f} ms", f"p99 {p99['dossier']:.1f} ms", p99["dossier"],
                f"{p99['dossier']:.0f} ms", at_most(1000, " ms"), note=f"{refused} refused" if refused else ""))
            say(f"{lines[-1].name}: {lines[-1].judged_text}")
    return lines
