"""Laws of registered settings: what is imported is clean, what changes is seen, what is hidden is never green.

Those of branches are in `tests/rules/test_branch_protection_laws.py`.
"""

import copy

from hypothesis import assume, given
from hypothesis import strategies as st

from govcheck.app.contrary_settings import OWN, WORST, contrary
from govcheck.constraints import SetConstraint
from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.findings import Finding, Judged, Undecided
from govcheck.policy_keys import keys, literals, members
from govcheck.registry import kind
from govcheck.rules import actions_settings, code_security, repository_settings
from govcheck.settings import assertions
from govcheck.settings.endpoints import ENDPOINTS, GRAPHQL, REPOSITORY
from govcheck.settings.reading import read, with_deciding
from govcheck.settings.registry import Absent, named, of_kind

CHECKS = {
    "actions-settings": actions_settings.settings,
    "code-security": code_security.settings,
    "repository-settings": repository_settings.settings,
}
PERSONAL = {REPOSITORY: {**OWN, "html_url": "https://github.com/o/r", "visibility": "private", "has_pages": True}}


def wanted(setting):
    """Some values that a policy may want of it."""
    (found,) = (one for one in keys(kind(setting.kind).model) if one.field == setting.key)
    types = members(found.type)
    if literals(found.type):
        return literals(found.type)
    return (False, True) if bool in types else (1, 7) if int in types else ("x",) if str in types else (("a",), ("b",))


APART = {"properties", "dependency_graph"}
"""A setting for each member, and one that two answers tell: they have tests of their own."""

PLAIN = [
    one
    for name in CHECKS
    for one in of_kind(name)
    if one.path and "[" not in one.path and one.entry is None and one.members is None and one.key not in APART
]
"""Settings that stand in one place of an answer. Lists of objects have tests of their own."""

ONE = st.sampled_from(PLAIN)


def policy_of(name, **given_):
    return kind(name).model(id="p", **given_)


def merged(*worlds):
    """Documents by endpoint, the later ones over those before."""
    found = {}
    for world in worlds:
        for template, body in world.items():
            into = found.setdefault(template, {})
            _merge(into, copy.deepcopy(body))
    return found


def _merge(into, more):
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def live(bodies, name):
    """A world as answers; each endpoint that the kind needs is answered."""
    needed = with_deciding(endpoint for one in of_kind(name) for endpoint in assertions.endpoints([one]))
    answers = {}
    for template in needed:
        if template not in {REPOSITORY, GRAPHQL}:
            body = bodies.get(template, WORST.get(template.removeprefix(f"{REPOSITORY}/"), {}))
            answers[template] = Answer(endpoint=template, status=200, message="", body=body)
    permission = ENDPOINTS[REPOSITORY].permission
    own = Answer(endpoint="repos/o/r", status=200, message="", body=bodies[REPOSITORY], permission=permission)
    return LiveAnswers(own, answers)


def said(policy, bodies):
    told = CHECKS[policy.kind].judge(policy, live(bodies, policy.kind))
    return [one for one in told if not isinstance(one, Judged)]


def exactly(value):
    return SetConstraint(equals=tuple(value)) if isinstance(value, list) else value


@st.composite
def worlds(draw):
    """A setting that applies, with documents in which it has a value, and that value."""
    setting = draw(ONE)
    asked = draw(st.sampled_from(wanted(setting)))
    worst = {setting.endpoint: WORST.get(setting.endpoint.removeprefix(f"{REPOSITORY}/"), {})}
    bodies = merged(PERSONAL, worst, contrary(policy_of(setting.kind, **{setting.key: asked})))
    found = read(setting, live(bodies, setting.kind))
    assume(found.trouble is None and not found.inapplicable and not found.unavailable and found.value is not None)
    return setting, bodies, found.value


def importing(setting, value):
    return policy_of(setting.kind, **{setting.key: exactly(value)})


@given(worlds())
def test_what_is_imported_is_clean(world):
    setting, bodies, value = world
    assert said(importing(setting, value), bodies) == []


@given(worlds())
def test_no_setting_is_a_blind_spot_and_what_is_weaker_is_an_error(world):
    setting, bodies, value = world
    policy = importing(setting, value)
    changed = merged(bodies, contrary(policy))
    assume(changed != bodies)
    found = said(policy, changed)
    assert [one.control for one in found] == [setting.key]
    after = read(setting, live(changed, setting.kind))
    if after.trouble is None and assertions.direction(setting, value, after.value) == "weakened":
        assert isinstance(found[0], Finding)
        assert policy.severity == "error"


@given(worlds(), st.data())
def test_order_and_unknown_fields_leave_the_verdict(world, data):
    setting, bodies, value = world
    other = data.draw(st.sampled_from([bodies, merged(bodies, contrary(importing(setting, value)))]))
    noisy = {template: shuffled(body, data) | {"brand_new": data.draw(NOISE)} for template, body in other.items()}
    policy = importing(setting, value)
    assert [(type(one), one.control) for one in said(policy, noisy)] == [
        (type(one), one.control) for one in said(policy, other)
    ]


NOISE = st.sampled_from([None, 1, "x", {"a": []}, [{}]])


def shuffled(value, data):
    if isinstance(value, dict):
        return {key: shuffled(value[key], data) for key in data.draw(st.permutations(list(value)))}
    if isinstance(value, list):
        return data.draw(st.permutations(value))
    return value


@given(worlds(), st.sampled_from(["hidden", None, 10**9, "odd"]), st.data())
def test_what_is_hidden_or_odd_never_turns_a_failure_or_an_unknown_into_a_pass(world, instead, data):
    setting, bodies, value = world
    policy = importing(setting, value)
    failing = merged(bodies, contrary(policy))
    assume(any(isinstance(one, Finding | Undecided) for one in said(policy, failing)))
    hidden = copy.deepcopy(failing)
    *above, last = setting.path.split(".")
    cut = data.draw(st.integers(0, len(above)))
    body = hidden[setting.endpoint]
    for key in above[:cut]:
        body = body[key]
    name = [*above, last][cut]
    if instead == "hidden":
        body.pop(name, None)
    else:
        body[name] = instead
    after = read(setting, live(hidden, setting.kind))
    if setting.absent is Absent.DEFAULT or after.unavailable or instead not in {"hidden", None}:
        # What GitHub leaves out where it is not set has its default then, and what a plan does not have is off; and
        # what is odd for one setting is legal for another.
        assume(after.trouble is not None or after.value != value)
    assert said(policy, hidden) != []


def test_the_settings_of_these_laws_are_not_few():
    assert len(PLAIN) > 40
    assert named("code-security/secret_scanning") in PLAIN
