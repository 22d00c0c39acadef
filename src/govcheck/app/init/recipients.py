"""Who is told something today."""

from collections.abc import Iterator

from govcheck.actions.senders import sendings
from govcheck.actions.workflow import read
from govcheck.app.init.proposal import Ladder, Proposal
from govcheck.facts.workflows import Workflows
from govcheck.findings import Json


def propose(workflows: Workflows) -> Iterator[Proposal]:
    """Every recipient that the workflows name, as the list of those who may be told."""
    lists: dict[str, set[str]] = {}
    for file in workflows.files:
        for sending in sendings(read(file)):
            for one in sending.recipients:
                key, entry = (one.kind, one.value) if one.kind != "webhook" else ("webhook", one.known)
                if key == "unknown":
                    key, entry = "secret", ""
                    lists.setdefault(key, set()).update(one.secrets)
                if entry:
                    lists.setdefault(key, set()).add(entry)
    if not lists:
        return
    allow: dict[str, Json] = {key: [*sorted(entries)] for key, entries in sorted(lists.items()) if entries}
    yield Proposal(
        kind="notification-recipients",
        id="who-is-told",
        file="notifications.yaml",
        why="What leaves the repository goes to people who are meant to read it, and to nobody else.",
        tried=(Ladder(key="allow", rungs=(allow,)),),
        explained=("Every recipient that the workflow files name today. Take away who should not be told.",),
        tighten=("`require: [{workflow: NAME.yml, on: [failure]}]` asks for a message where a workflow fails.",),
    )
