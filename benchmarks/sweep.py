"""The live facts of many repositories by one client, against the least that their requests can take.

    .venv/bin/python benchmarks/sweep.py [REPOSITORIES [CONNECTIONS]]

A server in a process of its own answers each request after 50 ms. The least is requests x 50 ms / connections.
"""

import asyncio
import json
import multiprocessing
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection

from govcheck.facts import Fact, Missing
from govcheck.facts.live import DEFAULT_BRANCH, HeadChecks, HeadChecksRequest, LiveBranch, LiveBranchRequest
from govcheck.sources.github.client import Client
from govcheck.sources.github.configuration import from_environment
from govcheck.sources.github.gather import gather
from govcheck.sources.github.transport import Urllib3Transport

LATENCY = 0.05
WANTED = [LiveBranchRequest(LiveBranch, DEFAULT_BRANCH), HeadChecksRequest(HeadChecks, DEFAULT_BRANCH)]
RULES = [{"type": "deletion", "ruleset_id": 1, "ruleset_source_type": "Repository", "ruleset_source": "o/r"}]


def body(path: str) -> object:
    """What stands at a path: enough to make the client ask on."""
    below = path.partition("?")[0].split("/", 4)[4:]
    if not below:
        return {"full_name": path.removeprefix("/repos/"), "default_branch": "main"}
    if below[0].startswith("rules/"):
        return RULES
    if below[0] == "branches/main":
        return {"name": "main", "commit": {"sha": "a" * 40}, "protected": True}
    key = {"check-runs": "check_runs", "status": "statuses"}.get(below[0].rpartition("/")[2])
    return {"total_count": 0, key: []} if key else {"id": 1, "enabled": True}


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(asyncio.IncompleteReadError, ConnectionError):  # the client went away
        while head := await reader.readuntil(b"\r\n\r\n"):
            await asyncio.sleep(LATENCY)
            document = json.dumps(body(head.split(b" ", 2)[1].decode())).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(document), document))


def serve(ready: Connection) -> None:
    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1000)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def main(repositories: int = 1000, connections: int = 50) -> None:
    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(there,), daemon=True)
    server.start()
    configuration = from_environment(
        {"GITHUB_API_URL": f"http://127.0.0.1:{here.recv()}", "GH_TOKEN": "ghp_" + "x" * 36}
    )
    transport = Urllib3Transport(configuration, connections=connections)

    def read(number: int) -> int:
        found = gather(client, f"o/r{number}", WANTED)
        return sum(map(is_whole, found.values()))

    start, memory = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with Client(configuration, transport=transport) as client, ThreadPoolExecutor(connections) as pool:
        whole = sum(pool.map(read, range(repositories)))
        requests = client.counts.requests
    took, least = time.perf_counter() - start, requests * LATENCY / connections
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    server.kill()
    sys.stdout.write(
        f"{repositories} repositories, {whole} whole facts, {requests} requests by {connections} connections\n"
    )
    sys.stdout.write(f"{took:.2f} s, {took / least:.2f} x the least ({least:.2f} s); memory grew by {grown:.0f} MB\n")


def is_whole(fact: Fact | Missing) -> bool:
    """Whether it came without a refusal or a broken connection."""
    return (isinstance(fact, LiveBranch) and fact.rules.good) or (isinstance(fact, HeadChecks) and fact.check_runs.good)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
