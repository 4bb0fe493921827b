"""What Dossier costs before it does anything: start, idle memory, size of the binary. And what group commit gains."""

import pathlib
import subprocess
import tempfile
import time

from .measure import Line, at_least, at_most, interleave, median, run_program, say, settle
from .servers import Dossier, memory


def start_and_idle(settings):
    data = pathlib.Path(tempfile.mkdtemp(dir=settings.folder, prefix="data-"))
    fresh, again, resident, proportional = [], [], [], []
    for number in range(5 if settings.quick else 15):
        empty = pathlib.Path(tempfile.mkdtemp(dir=settings.folder, prefix="data-"))
        with Dossier(settings, empty) as server:
            fresh.append(server.seconds_to_first_answer * 1000)
        with Dossier(settings, data) as server:
            if number > 0:  # the first one makes the databases
                again.append(server.seconds_to_first_answer * 1000)
            time.sleep(1)
            use = memory(server.pid)
            resident.append(use["rss"] / 1024)
            proportional.append(use["pss"] / 1024)
    start = median(again)
    lines = [
        Line("start to first answer (the form)", "a comparable product: 23 ms",
             f"{start:.1f} ms; {median(fresh):.1f} ms in an empty folder", start, f"{start:.1f} ms",
             at_most(25, " ms")),
        Line("idle memory, resident", "a comparable product: 22 MiB",
             f"{median(resident):.1f} MiB; proportional share {median(proportional):.1f} MiB", median(resident),
             f"{median(resident):.1f} MiB", at_most(14, " MiB")),
    ]
    stripped = settings.folder / "stripped"
    subprocess.run(["strip", "-o", stripped, settings.binary], check=True)
    size = stripped.stat().st_size / (1 << 20)
    lines.append(Line("binary, stripped", "a comparable product: 24 MiB", f"{size:.1f} MiB", size,
                      f"{size:.1f} MiB", at_most(20, " MiB")))
    for line in lines:
        say(f"{line.name}: {line.dossier}")
    return lines


def group_commit(settings):
    """The records store alone: 64 writers at once, beside one writer whose commits each have a sync of their own."""
    def commits(writers):
        folder = tempfile.mkdtemp(dir=settings.folder, prefix="commits-")
        return run_program([settings.programs / "commit_load", "--folder", folder, "--writers", writers,
                            "--commits", 200 * writers if writers > 1 else 1000])["per_second"]

    results = interleave(settings.rounds, {"floor": lambda: commits(1), "dossier": lambda: commits(64)},
                         before=lambda _: settle(settings))
    ratio = median(results["dossier"]) / median(results["floor"])
    line = Line("group commit: people without files, 64 writers, records store alone",
                f"one sync each: {median(results['floor']):,.0f}/s", f"{median(results['dossier']):,.0f}/s", ratio,
                f"{ratio:.1f} ×", at_least(4, " ×"))
    say(f"{line.name}: {line.judged_text}")
    return [line]
