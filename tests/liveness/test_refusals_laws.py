"""What is said of a rollback against every way in which its workflow can end, played through."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from govcheck.liveness import bypasses
from govcheck.liveness.gate import State
from written_workflows import workflows

PLAIN = ("", "success()", "always()", "!cancelled()", "!failure() && !cancelled()")
ROLLBACK = (
    *("failure()", "always()", "!cancelled()", "success()", ""),
    *("failure() && needs.deploy.result != 'skipped'", "always() && needs.deploy.result == 'failure'"),
    *("failure() && needs.health.result == 'failure'", "always() && needs.health.result != 'success'"),
    *("failure() && needs.deploy.outputs.began == 'true'", "always() && needs.deploy.outputs.began == 'true'"),
)
ORDER = ("gate", "build", "deploy", "health", "undo")


@st.composite
def graphs(draw):
    """Needs and conditions of five jobs."""
    needs = {
        "gate": (),
        "build": draw(st.sampled_from([(), ("gate",)])),
        "deploy": draw(st.sampled_from([("gate",), ("build",), ("gate", "build")])),
        "health": ("deploy",),
        "undo": ("deploy", "health"),
    }
    conditions = {name: draw(st.sampled_from(PLAIN)) for name in ("build", "deploy", "health")}
    return needs, {"gate": "", "undo": draw(st.sampled_from(ROLLBACK)), **conditions}


def before(needs, name):
    found = set(needs[name])
    return found.union(*(before(needs, one) for one in found)) if found else found


def runs(condition, results, needs, name):
    """GitHub's rules, written down once more: what a status function sees, and what a result is."""
    earlier = [results[one] for one in before(needs, name)]
    success, failure = all(one == "success" for one in earlier), "failure" in earlier
    source = condition.replace("!cancelled()", "True").replace("!failure()", "(not failure())").replace("&&", "and")
    if not source:
        return success
    for one in ORDER:
        source = source.replace(f"needs.{one}.result", repr(results.get(one)))
        began = "true" if results.get(one) in {"success", "failure"} else ""
        source = source.replace(f"needs.{one}.outputs.began", repr(began))
    values = {"success": lambda: success, "failure": lambda: failure, "always": lambda: True}
    return bool(eval(source, {"__builtins__": {}}, values))  # noqa: S307 - of this file's own conditions


def goes_around(needs, conditions):
    """Whether there is a run in which a job fails, the deploy is skipped for it, and the rollback runs."""
    for failing in product([False, True], repeat=4):
        fails = dict(zip(ORDER, failing, strict=False))
        results = {}
        for name in ORDER:
            ran = runs(conditions[name], results, needs, name)
            results[name] = ("failure" if fails.get(name) else "success") if ran else "skipped"
        refused = results["deploy"] == "skipped" and "failure" in [results[one] for one in before(needs, "deploy")]
        if refused and results["undo"] != "skipped":
            return True
    return False


def written(needs, conditions):
    lines = ["on: push", "jobs:"]
    for name in ORDER:
        lines += [f"  {name}:", "    runs-on: x"]
        lines += [f"    needs: [{', '.join(needs[name])}]"] if needs[name] else []
        lines += [f'    if: "{conditions[name]}"'] if conditions[name] else []
        script = "flyctl deploy --app x" if name in {"deploy", "undo"} else "make"
        lines += [f"    steps: [{{run: {script}}}]"]
    return "\n".join(lines)


@given(graphs())
def test_a_rollback_is_dead_exactly_where_a_refused_deploy_comes_by_it(graph):
    needs, conditions = graph
    found = {gate.subject: gate for gate in bypasses.gates(workflows({"w.yml": written(needs, conditions)}))}
    gate = found[".github/workflows/w.yml:undo"]
    assert (gate.state is State.DEAD) == goes_around(needs, conditions), written(needs, conditions)
