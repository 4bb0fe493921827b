"""Look-ups and lists, by wrk."""

import json
import pathlib
import subprocess
import time

from . import people
from .measure import Line, at_least, at_most, interleave, median, median_ratio, say
from .servers import Dossier, Nginx, constant_answer

CONNECTIONS = 64
BETWEEN_RUNS = 0.5  # seconds


def wrk(settings, port, paths, may_fail=False):
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{settings.seconds}s", "--timeout", "20s", "--latency", "-s"]
    command += [pathlib.Path(__file__).parent.parent / "load/paths.lua", f"http://127.0.0.1:{port}", "--", paths]
    # Searches of the run before stay in the line until the server notices that their clients left. Until then it would
    # refuse as many of this run.
    time.sleep(BETWEEN_RUNS)
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True)
    result = json.loads(next(l for l in done.stdout.splitlines() if l.startswith("RESULT "))[7:])
    if result["errors"] and not may_fail:
        raise RuntimeError(f"{result['errors']} requests failed: {done.stdout}")
    return result


def write_paths(settings, name, paths):
    file = settings.folder / f"paths-{name}"
    file.write_text("\n".join(paths) + "\n")
    return file


def rates(results):
    return [each["per_second"] for each in results]


def look_up(settings):
    """Look-ups by number, as JSON and as a page, beside nginx answering the same bytes as one of these answers."""
    data = people.data_folder(settings, settings.people)
    lines = []
    aims = {"JSON": (at_least(0.4), "/api/v1/people/{}"), "page": (at_least(0.4), "/people/{}")}
    with Dossier(settings, data) as dossier:
        for kind, (aim, pattern) in aims.items():
            numbers = people.some_with_files(settings, settings.people, 20_000)
            paths = write_paths(settings, kind, [pattern.format(number) for number in numbers])
            status, headers, body = dossier.get(pattern.format(numbers[0]))
            if status != 200:
                raise RuntimeError(f"{pattern.format(numbers[0])}: {status}")
            with Nginx(settings, constant_answer(headers, body)) as nginx:
                if nginx.get("/")[2] != body:
                    raise RuntimeError("nginx does not answer the same bytes")
                results = interleave(settings.rounds, {
                    "floor": lambda: wrk(settings, nginx.port, paths),
                    "dossier": lambda: wrk(settings, dossier.port, paths),
                })
            floor, ours = rates(results["floor"]), rates(results["dossier"])
            ratio = median_ratio(ours, floor)
            p99 = median([each["p99_ms"] for each in results["dossier"]])
            lines.append(Line(
                f"look-up by number, {kind}, {settings.people:,} people, {CONNECTIONS} connections",
                f"nginx, the same {len(body):,} bytes: {median(floor):,.0f}/s",
                f"{median(ours):,.0f}/s, p99 {p99:.1f} ms", ratio, f"{ratio:.2f} of nginx", aim))
            say(f"{lines[-1].name}: {lines[-1].judged_text}")
    return lines


def deep_cursor(server, share, count):
    """The cursor of a page at this share of the list, found by reading page after page."""
    cursor = None
    for _ in range(int(count * share / 100)):
        path = "/api/v1/people?limit=100" + (f"&cursor={cursor}" if cursor else "")
        cursor = json.loads(server.get(path)[2])["next_cursor"]
    return cursor


VARIANTS = {
    "newest first": "",
    "sorted by name": "&sort=name",
    "sorted by age": "&sort=age",
    "one word that one in thirty has": "&q=lovelace",
    "two words": "&q=grace+lisbon",
    "the beginning of a word": "&q=gra",
    "a word that nobody has": "&q=zyzzyva",
    "technology": "&technology=Rust",
    "technology and place": "&technology=Rust&location=Lisbon",
    "a range of ages": "&age_from=30&age_to=39",
    "with files, by name": "&has_files=true&sort=name",
    "a word, by name": "&q=lovelace&sort=name",
}


def lists(settings):
    """Each kind of list at 1,000 people and at all of them: the same program on the same machine, in turn."""
    lines = []
    small_data, large_data = (people.data_folder(settings, count) for count in (1000, settings.people))
    with Dossier(settings, small_data) as small, Dossier(settings, large_data) as large:
        say("walking to the middle of the list")
        queries = {f"list of 20, {name}": (f"/api/v1/people?limit=20{query}",) * 2 for name, query in VARIANTS.items()}
        queries["list of 20, newest first, far down"] = tuple(
            f"/api/v1/people?limit=20&cursor={deep_cursor(server, 0.5, count)}"
            for server, count in ((small, 1000), (large, settings.people)))
        queries["directory page, newest first"] = ("/people",) * 2
        for name, paths in queries.items():
            files = [write_paths(settings, f"list-{i}", [path]) for i, path in enumerate(paths)]
            required = name in ("list of 20, newest first", "list of 20, newest first, far down")
            results = interleave(settings.rounds if required else 3, {
                "floor": lambda: wrk(settings, small.port, files[0]),
                # With this many connections at once, a list that takes too long is refused; the line says how often.
                "dossier": lambda: wrk(settings, large.port, files[1], may_fail=not required),
            })
            p99 = {side: [each["p99_ms"] for each in results[side]] for side in results}
            ratio = median_ratio(p99["dossier"], p99["floor"])
            refused = sum(each["errors"] for each in results["dossier"])
            text = lambda side: f"{median(rates(results[side])):,.0f}/s, p99 {median(p99[side]):.1f} ms"
            lines.append(Line(
                f"{name}, {settings.people:,} people", f"itself at 1,000 people: {text('floor')}",
                text("dossier"), ratio, f"p99 {ratio:.2f} ×", at_most(2, " ×") if required else None,
                note=f"{refused} refused, they took too long" if refused else ""))
            say(f"{lines[-1].name}: {lines[-1].dossier}, {lines[-1].judged_text}")
    return lines
