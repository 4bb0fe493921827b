"""Twenty SIGKILLs of the real process under concurrent clients. From outside: what was acknowledged is there, byte for
byte; what was not is wholly there or wholly gone; one key makes one record; in the end the three stores are in step."""

import json
import os
import pathlib
import random
import time

from client import Client
from dossier_process import Server
from ledger import Ledger
from look import check_after_restart, drain, print_figures

KILLS = int(os.environ.get("KILLS", 20))
CLIENTS = 6
SETTINGS = {"intake.lease": "2s", "worker.lease": "1s", "worker.erase_again_after": "300ms", "worker.longest_sleep": "200ms",
            "worker.first_retry": "100ms"}


def run_round(server, clients, round_number, random_):
    for client in clients:
        client.start(server.address, round_number)
    # Sometimes kill at once, in the middle of recovery; otherwise after some work.
    time.sleep(random_.uniform(0, 0.05) if random_.random() < 0.2 else random_.uniform(0.1, 1.5))
    server.kill()
    for client in clients:
        client.join()
    refused = [each for client in clients for each in client.refused]
    assert not refused, "refused, though nothing was wrong with it:\n" + "\n".join(refused)


def test_twenty_kills_lose_nothing_and_leave_nothing(tmp_path):
    seed = int(os.environ.get("KILL_SEED", random.SystemRandom().randrange(10**9)))
    print(f"\nKILL_SEED={seed}")
    random_ = random.Random(seed)
    ledger = Ledger()
    clients = [Client(number, ledger, seed) for number in range(CLIENTS)]
    server = Server(tmp_path)
    started = time.monotonic()
    try:
        for round_number in range(1, KILLS + 1):
            server.start(settings=SETTINGS)
            check_after_restart(server, ledger, clients, round_number, random_)
            report, code = server.doctor()
            assert code == 0, f"after kill {round_number - 1}: {json.dumps(report, indent=1)}"
            run_round(server, clients, round_number, random_)
        server.start(settings=SETTINGS)
        check_after_restart(server, ledger, clients, KILLS + 1, random_)
        found = drain(server, ledger, clients, KILLS + 1)
        server.stop()
    finally:
        server.kill()
    files = sum(len(person["files"]) for person in found.values())
    report, code = server.doctor("--read-bytes")
    assert code == 0, json.dumps(report, indent=1)
    assert report["files"] == report["objects"] == report["items"] == files and report["in_progress"] == 0, report
    on_disk = [path for path in pathlib.Path(server.data, "objects").rglob("*") if path.is_file() and path.name != "dossier-records"]
    assert len(on_disk) == files, f"{len(on_disk)} files in the objects folder for {files} files of people"
    print_figures(ledger, KILLS, len(found), files, time.monotonic() - started)
    assert sum(count for what, count in ledger.counts.items() if what.startswith("acknowledged")) >= 10 * KILLS
    assert ledger.counts.get("sent again with its key", 0) >= 1
