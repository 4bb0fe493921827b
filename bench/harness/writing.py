"""Submissions and large files, beside the bare program."""

import itertools
import json
import pathlib
import shutil
import tempfile

from .measure import Line, at_least, at_most, interleave, median, median_ratio, run_program, say, settle
from .servers import BareStore, Dossier, Nginx, memory

MIB = 1 << 20
GIB = 1 << 30


def folder(settings, prefix):
    return pathlib.Path(tempfile.mkdtemp(dir=settings.folder, prefix=prefix))


class Submitter:
    """Sends submissions to one server, all different."""

    def __init__(self, settings, server, protocol):
        self.settings, self.server, self.protocol = settings, server, protocol
        self.sent = itertools.count(1_000_000, 100_000)

    def __call__(self, connections, requests, size):
        return run_program([
            self.settings.programs / "submit_load", "--protocol", self.protocol, "--port", self.server.port,
            "--connections", connections, "--requests", requests, "--size", size, "--first", next(self.sent)])


def submissions(settings):
    """Four fields and a file, answered once it is on disk."""
    scale = 1 if settings.quick else 2
    kinds = [
        ("100 KB file, 64 connections", 64, 1500 * scale, 100_000, at_least(0.5)),
        ("100 KB file, one connection", 1, 300 * scale, 100_000, at_least(0.5)),
        ("4 KB file, 64 connections", 64, 1500 * scale, 4_096, None),
    ]
    lines = []
    with BareStore(settings, folder(settings, "bare-")) as bare, \
            Dossier(settings, folder(settings, "data-")) as dossier:
        to_bare, to_dossier = Submitter(settings, bare, "bare"), Submitter(settings, dossier, "http")
        behind = []

        def submit_and_index(*what):
            result = to_dossier(*what)
            behind.append(dossier.wait_until_nothing_is_owed())
            return result

        to_bare(8, 200, 4096)  # first, both servers grow their files and caches
        submit_and_index(8, 200, 4096)
        for name, connections, requests, size, aim in kinds:
            behind.clear()
            results = interleave(settings.rounds, {
                "floor": lambda: to_bare(connections, requests, size),
                "dossier": lambda: submit_and_index(connections, requests, size),
            }, before=lambda _: settle(settings))
            floor, ours = ([each["per_second"] for each in results[side]] for side in ("floor", "dossier"))
            ratio = median_ratio(ours, floor)
            p99 = median([each["p99_ms"] for each in results["dossier"]])
            lines.append(Line(
                f"durable submit: four fields and a {name}", f"bare program: {median(floor):,.0f}/s",
                f"{median(ours):,.0f}/s, p99 {p99:.1f} ms", ratio, f"{ratio:.2f} of bare", aim,
                note=f"catalog in step {median(behind):.1f} s after the last answer"))
            say(f"{lines[-1].name}: {lines[-1].judged_text}, {lines[-1].note}")
    return lines


def one_large_file(settings):
    """1 GiB in and out again, over one connection."""
    data = folder(settings, "data-")
    with BareStore(settings, folder(settings, "bare-")) as bare, Dossier(settings, data) as dossier:
        to_bare, to_dossier = Submitter(settings, bare, "bare"), Submitter(settings, dossier, "http")
        results = interleave(settings.rounds, {
            "floor": lambda: 1024 / to_bare(1, 1, GIB)["seconds"],
            "dossier": lambda: 1024 / to_dossier(1, 1, GIB)["seconds"],
        }, before=lambda _: settle(settings))
        ratio = median_ratio(results["dossier"], results["floor"])
        lines = [Line("one 1 GiB file in", f"bare program: {median(results['floor']):,.0f} MiB/s",
                      f"{median(results['dossier']):,.0f} MiB/s", ratio, f"{ratio:.2f} of bare", at_least(0.6),
                      note=f"Dossier's peak memory {memory(dossier.pid)['peak'] / 1024:.0f} MiB")]
        say(f"{lines[0].name}: {lines[0].judged_text}")

        person = json.loads(dossier.get("/api/v1/people?limit=1")[2])["items"][0]
        path = person["files"][0]["content_url"]
        path = path[path.index("/api/"):]
        stored = next(file for file in data.rglob("*") if file.is_file() and file.stat().st_size == GIB)
        fetch = lambda port, what: run_program(
            [settings.programs / "fetch_load", "--port", port, "--path", what])["mib_per_second"]
        with Nginx(settings, f"    root {stored.parent};") as nginx:
            results = interleave(settings.rounds + 2, {
                "floor": lambda: fetch(nginx.port, f"/{stored.name}"),
                "dossier": lambda: fetch(dossier.port, path),
            })
        ratio = median_ratio(results["dossier"], results["floor"])
        lines.append(Line("one 1 GiB file out", f"nginx, sendfile: {median(results['floor']):,.0f} MiB/s",
                          f"{median(results['dossier']):,.0f} MiB/s", ratio, f"{ratio:.2f} of nginx",
                          at_least(0.6)))
        say(f"{lines[1].name}: {lines[1].judged_text}")
    return lines


def many_large_files(settings):
    """Peak memory of a fresh process while it takes many large files at once."""
    lines = []
    for count, aim in ((16, at_most(32, " MiB")), (64, at_most(96, " MiB"))):
        peaks = {"floor": [], "dossier": []}
        seconds = []
        for _ in range(1 if settings.quick else 3):
            for side in peaks:
                settle(settings)
                where = folder(settings, side)
                server = BareStore(settings, where) if side == "floor" else Dossier(settings, where)
                with server:
                    send = Submitter(settings, server, "bare" if side == "floor" else "http")
                    took = send(count, count, 64 * MIB)["seconds"]
                    peaks[side].append(memory(server.pid)["peak"] / 1024)
                    if side == "dossier":
                        seconds.append(took)
                shutil.rmtree(where)  # few large files: deleting them does not slow the next run
        ours = median(peaks["dossier"])
        lines.append(Line(
            f"peak memory, {count} files of 64 MiB at once", f"bare program: {median(peaks['floor']):.0f} MiB",
            f"{ours:.1f} MiB", ours, f"{ours:.1f} MiB", aim,
            note=f"taken in {median(seconds):.1f} s: {count * 64 / median(seconds):,.0f} MiB/s"))
        say(f"{lines[-1].name}: {lines[-1].judged_text}")
    return lines
