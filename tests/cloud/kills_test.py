"""SIGKILLs of nodes that share their stores, under concurrent clients. The nodes that go on are asked from outside: what
was acknowledged is there, byte for byte; what was not is wholly there or wholly gone; in the end the stores are in step."""

import json
import os
import random
import time

from client import Client
from ledger import Ledger
from look import check_after_restart, drain, print_figures
from observing import wait_until

KILLS = int(os.environ.get("CLOUD_KILLS", 30))  # run once by hand with 500
NODES = 3
CLIENTS = 6
LEASE = "6s"  # long enough that a node on a busy machine renews its leases in time
LARGEST = 20_000  # bytes of a file: moto copies the whole bucket, and keeps the copy, each time versions are listed


def run_round(nodes, clients, round_number, random_):
    """Kills one of the nodes; the clients of the others finish and stop. In the next round each client is at another node:
    it sends the request that its dead node did not answer again there, with its key."""
    for number, client in enumerate(clients):
        client.start(nodes[(number + round_number) % NODES].address, round_number)
    time.sleep(random_.uniform(0, 0.05) if random_.random() < 0.2 else random_.uniform(0.2, 1.5))
    victim = random_.choice(nodes)
    victim.kill()
    for client in clients:
        client.enough = True
    for client in clients:
        client.join()
    refused = [each for client in clients for each in client.refused]
    assert not refused, "refused, though nothing was wrong with it:\n" + "\n".join(refused)
    return victim


def wait_for_last_commits(deployment):
    """The database may still be running a transaction of the dead node."""
    running = "SELECT COUNT(*) FROM information_schema.innodb_trx"
    # InnoDB refreshes this table only when nobody has read it for a tenth of a second.
    wait_until(lambda: deployment.sql(running) == [["0"]], "no transaction runs", limit=30, pause=0.25)


def test_kills_of_nodes_lose_nothing_and_leave_nothing(deployment):
    seed = int(os.environ.get("KILL_SEED", random.SystemRandom().randrange(10**9)))
    print(f"\nKILL_SEED={seed}")
    random_ = random.Random(seed)
    ledger = Ledger()
    clients = [Client(number, ledger, seed, LARGEST) for number in range(CLIENTS)]
    nodes = [deployment.node(intake__lease=LEASE) for _ in range(NODES)]
    started = time.monotonic()
    for round_number in range(1, KILLS + 1):
        victim = run_round(nodes, clients, round_number, random_)
        wait_for_last_commits(deployment)
        other = random_.choice([node for node in nodes if node is not victim])
        check_after_restart(other, ledger, clients, round_number, random_)
        victim.start(settings=deployment.settings(intake__lease=LEASE))
    found = drain(nodes[0], ledger, clients, KILLS + 1)
    files = sum(len(person["files"]) for person in found.values())
    done = deployment.command("doctor", "--json", "--read-bytes")
    report = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert report["files"] == report["objects"] == report["items"] == files and report["in_progress"] == 0, report
    assert len(deployment.objects()) == len(deployment.items()) == files
    assert deployment.aws.uploads(deployment.bucket) == []
    assert len(deployment.aws.versions(deployment.bucket)) == files
    print_figures(ledger, KILLS, len(found), files, time.monotonic() - started)
    assert sum(count for what, count in ledger.counts.items() if what.startswith("acknowledged")) >= 3 * KILLS
    assert ledger.counts.get("sent again with its key", 0) >= KILLS // 10, "few keys were used at two nodes"
