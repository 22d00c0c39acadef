"""What pre-commit refuses, held against pre-commit's own schema."""

import json
import logging

import cfgv
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pre_commit.clientlib import CONFIG_SCHEMA

from govcheck.liveness.hook_shape import problems
from govcheck.sources.yaml_document import load_one

_HOOK = {"id": "a", "name": "b", "entry": "c", "language": "system"}
_CHANGES = {
    **{key: ["x", 1, None, [], {}, True, "("] for key in ("id", "name", "entry", "files", "exclude", "alias")},
    "language": ["python", "script", "pyton", 1, ["python"], None],
    "stages": [[], ["commit"], ["pre-push", "manual"], ["x"], "commit", None],
    "types": [["python"], [1], "python", {}],
    "args": [["-x"], [1], "x", None],
    "always_run": [True, False, "x", 1, None, []],
    "unknown": [1],
}
_TOP = {
    "default_stages": [["commit"], ["x"], "commit"],
    "default_install_hook_types": [["commit-msg"], ["manual"], "pre-commit"],
    "fail_fast": [True, "x"],
    "files": ["x", "(", 1],
    "ci": [{}, [], 1],
    "unknown": [1],
}


def refused(document):
    try:
        cfgv.validate(document, CONFIG_SCHEMA)
    except (cfgv.ValidationError, TypeError):  # a language that is a list breaks pre-commit itself
        return True
    return False


def ours(document):
    return any(problem.fatal for problem in problems(load_one(json.dumps(document))))


changed = st.sampled_from([(key, value) for key, values in _CHANGES.items() for value in values])
at_top = st.sampled_from([(key, value) for key, values in _TOP.items() for value in values])


@given(
    st.lists(changed, max_size=2),
    st.sets(st.sampled_from(sorted(_HOOK)), max_size=1),
    st.lists(at_top, max_size=1),
    st.sampled_from(["local", "https://example.com/x"]),
    st.booleans(),
)
def test_it_refuses_what_pre_commit_refuses(hook, dropped, top, repo, revision):
    logging.disable(logging.CRITICAL)
    made = {key: value for key, value in ({**_HOOK, **dict(hook)}).items() if key not in dropped}
    document = {"repos": [{"repo": repo, "hooks": [made]} | ({"rev": "v1.0"} if revision else {})], **dict(top)}
    assert ours(document) is refused(document), document


@pytest.mark.parametrize(
    "document", [{}, {"repos": {}}, {"repos": [1]}, {"repos": [{}]}, {"repos": [{"repo": "local"}]}]
)
def test_and_what_is_missing(document):
    assert ours(document)
    assert refused(document)
