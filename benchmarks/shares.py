"""What can be told of many workflow files: contexts that are exact, and gates by state; and a sample of dead ones.

    .venv/bin/python benchmarks/shares.py FOLDER [SEED]

FOLDER has one folder for each repository, each with workflow files below `.github/workflows`. Nothing else of the
repositories is known, so that their own scripts are not there: a step that calls one is taken as able to fail.
"""

import random
import sys
from collections import Counter
from pathlib import Path

from corpus import read

from govcheck.actions.contexts import derive
from govcheck.actions.values import Unknown
from govcheck.liveness.bypasses import gates as bypasses
from govcheck.liveness.gate import Gate
from govcheck.liveness.steps import step_gates
from govcheck.sources.workflow_files import read_workflows

SAMPLE = 20


def main(folder: Path, seed: int) -> None:
    """Prints shares over all repositories."""
    contexts: Counter[str] = Counter()
    states: Counter[tuple[str, str]] = Counter()
    dead: list[Gate] = []
    for contents in read(folder):
        workflows = read_workflows(contents)
        for one in derive(workflows, None, "pull-request").reported:
            contexts["cannot tell" if isinstance(one.name, Unknown) else "exact"] += 1
        tracked = dict.fromkeys(contents, "100644")
        for gate in (*step_gates(workflows, {}, tracked, {}), *bypasses(workflows)):
            states[gate.family, gate.state.value] += 1
            if gate.state.value == "dead" and gate.family != "cannot-go-green":  # what is there is not known here
                dead.append(gate)
    print("contexts", *(f"{name} {count}" for name, count in contexts.items()))
    for (family, state), count in sorted(states.items()):
        print(f"{family:16} {state:12} {count}")
    for gate in random.Random(seed).sample(dead, min(SAMPLE, len(dead))):
        print(f"{gate.family} {gate.subject} ({gate.location.path}:{gate.location.line})\n    {gate.why}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
