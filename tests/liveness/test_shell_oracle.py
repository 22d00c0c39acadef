"""What is said of a script holds under the real bash."""

import shutil

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from govcheck.liveness.shell_assignments import Surroundings
from govcheck.liveness.shell_exits import exits
from shell_scripts import ACCIDENTS, KNOWN, MODES, run, script_of

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")

CUT_OFF = 141
"""A writer whose reader has gone away: by chance."""


def read(script, mode):
    return exits(
        script,
        errexit="-e" in MODES[mode],
        pipefail="pipefail" in MODES[mode],
        nounset="-u" in MODES[mode],
        surroundings=Surroundings(environment=KNOWN, given=frozenset(KNOWN)),
    )


def check(script, mode, folder):
    found = read(script, mode)
    if found.untold:
        return "untold"
    ran = run(script, MODES[mode], folder)
    if ran.status not in {0, CUT_OFF}:
        accident = mode == "unset" or ACCIDENTS.search(script)
        assert found.red if accident else found.judging, (ran.status, mode)
    for mark in ran.marks:
        assert found.reaches(script.index(f"echo {mark} >&2")), (mark, mode)
    return "red" if ran.status else "green"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("shell")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**48), mode=st.sampled_from(sorted(MODES)))
def test_a_script_that_fails_was_known_to_be_able_to_and_so_was_where_it_came_by(folder, seed, mode):
    script = script_of(seed)
    note(script)
    check(script, mode, folder)
