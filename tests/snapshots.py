"""Snapshots for tests: one by hand, and any that can be."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from govcheck.facts.live import Answer
from govcheck.findings import Finding, Outcome, Reason, Undecided
from govcheck.report import Phase, ReportedFinding, ReportedUnknown, Stage
from govcheck.snapshot import Setting, build
from govcheck.snapshot.document import hash_of
from reports import EVENING, hostile, json_values, policy, report, result


def snapshot(*results, phase=Phase.STARTUP, finished=EVENING, previous=None, settings=None, version=None, **keys):
    own = {key: keys.pop(key) for key in ("answers", "tokens") if key in keys}
    given = report(
        *results,
        stage=Stage.SWEEP,
        phase=phase,
        started_at=finished - timedelta(seconds=2),
        finished_at=finished,
        **keys,
    )
    built = build(
        given,
        settings={
            name: one if isinstance(one, Setting) else Setting(value=one) for name, one in (settings or {}).items()
        },
        previous=previous,
        previous_hash=hash_of(previous) if previous else None,
        **own,
    )
    return replace(built, govcheck=version) if version else built


answers = st.builds(
    Answer,
    endpoint=st.sampled_from(["repos/o/r", "repos/o/r/branches/main/protection", "repos/o/r/rulesets/1"]),
    status=st.sampled_from([200, 403, 404, None]),
    message=st.sampled_from(["", "Branch not protected", "Not Found"]) | hostile,
    body=json_values,
    complete=st.booleans(),
    failure=st.none() | st.just("network"),
    permission=st.none() | st.just("administration:read"),
    grantable=st.booleans(),
)

_settings = st.dictionaries(
    st.sampled_from(
        ["branches/main/approvals", "branches/main/linear_history", "branches/dev/approvals", "rulesets/1/name"]
    ),
    st.builds(Setting, value=st.integers(0, 2) | st.booleans(), unknown=st.none() | st.just("HTTP 403")),
)


@st.composite
def _results(draw, id_):
    of = policy(id_)
    findings = draw(
        st.lists(
            st.builds(
                Finding,
                control=st.sampled_from(["a", "b"]),
                subject=st.sampled_from(["x", "y"]),
                message=st.sampled_from(["m", "n"]),
                plane=st.just("repo"),
                actual=st.none() | st.integers(0, 1),
            ),
            max_size=3,
            unique_by=lambda one: (one.control, one.subject),
        )
    )
    taken = {(one.control, one.subject) for one in findings}
    undecided = draw(
        st.lists(
            st.builds(
                Undecided,
                control=st.sampled_from(["a", "b"]),
                subject=st.sampled_from(["x", "y"]),
                reason=st.just(Reason.API_ERROR),
                message=st.just("no answer"),
            ),
            max_size=2,
            unique_by=lambda one: (one.control, one.subject),
        )
    )
    said = [ReportedFinding(policy=of, finding=one) for one in findings]
    said += [ReportedUnknown(policy=of, undecided=one) for one in undecided if (one.control, one.subject) not in taken]
    idle = not said and draw(st.booleans())
    return result(*said, of=of, outcome=Outcome.NOT_APPLICABLE if idle else None)


@st.composite
def _snapshots(draw):
    ids = draw(st.lists(st.sampled_from(["docs", "checks"]), unique=True))
    return snapshot(
        *(draw(_results(id_)) for id_ in ids),
        phase=draw(st.sampled_from(Phase)),
        settings=draw(_settings),
        answers=draw(st.lists(answers, max_size=2)),
    )


snapshots = _snapshots()
"""Any snapshot of `o/r`, of a small world in which two of them often share something."""
