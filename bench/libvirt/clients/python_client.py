"""python3-libvirt behind the bench's line protocol: one command a line, one line of JSON as the answer."""

import json
import sys
import threading
import time

import libvirt

AGES_US = []


def on_metadata(_connection, _domain, _kind, uri, _opaque):
    now = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    if uri and uri.startswith("urn:bench:"):
        AGES_US.append((now - int(uri[10:])) / 1000)


def run_events():
    while True:
        libvirt.virEventRunDefaultImpl()


def in_threads(count, work):
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main():
    libvirt.virEventRegisterDefaultImpl()
    connection = libvirt.open(sys.argv[1])
    domain = connection.listAllDomains()[0]
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        task, _, count = line.strip().partition(" ")
        started = time.perf_counter()
        if task == "sequential":
            for _ in range(int(count)):
                domain.state()
        elif task == "inflight":
            share = int(count) // 5
            in_threads(5, lambda: [domain.state() for _ in range(share)])
        elif task == "stats":
            connection.getAllDomainStats()
        elif task == "xml":
            for each in connection.listAllDomains():
                each.XMLDesc()
        elif task == "subscribe":
            connection.domainEventRegisterAny(
                None, libvirt.VIR_DOMAIN_EVENT_ID_METADATA_CHANGE, on_metadata, None
            )
            threading.Thread(target=run_events, daemon=True).start()
        elif task == "ages":
            # The other thread goes on adding at the end.
            ages = AGES_US.copy()
            del AGES_US[: len(ages)]
            print(json.dumps(ages), flush=True)
            continue
        print(json.dumps((time.perf_counter() - started) * 1000), flush=True)


main()
