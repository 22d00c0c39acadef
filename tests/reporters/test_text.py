import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from govcheck.findings import Evidence, Fix, Location, Outcome, Reason
from govcheck.report import Coverage, Drift, DriftEntry, Phase, Stage
from govcheck.reporters.text import render
from reports import EVENING, MORNING, found, policy, report, reports, result, unknown

CHECKS = policy("main-checks", "required-checks", why="A check that nobody reports blocks everything.")


def stray(number, **keys):
    path = f"docs/{number:02}.md"
    return found(
        subject=path,
        message=f"{path} matches no `allow` glob",
        location=Location(path=path),
        fix=Fix(text="move it, or widen `allow`"),
        **keys,
    )


def missing(**keys):
    return found(
        CHECKS,
        control="reported",
        subject="build",
        message="`build` is reported by no workflow",
        plane="workflow",
        location=Location(path="policies/main-checks.yaml", line=2, column=13),
        expected="exact",
        actual="missing",
        evidence=(
            Evidence(text="job `build-test` reports `build-test`", location=Location(path="ci.yml", line=3, column=3)),
        ),
        fix=Fix(text="name the job `build`", command="sed -i s/a/b/ ci.yml"),
        **keys,
    )


SOURCES = {"policies/main-checks.yaml": "checks:\n  - context: build\n"}


def test_a_finding_whole():
    assert (
        render(report(result(missing()), sources=SOURCES))
        == """\
error[main-checks] reported (required-checks, policies/main-checks.yaml:3)
  why: A check that nobody reports blocks everything.

  `build` is reported by no workflow
    --> policies/main-checks.yaml:2:13
      |
    2 |   - context: build
      |             ^
    expected "exact", found "missing"
    = ci.yml:3:3: job `build-test` reports `build-test`
    fix: Name the job `build`.
      $ sed -i s/a/b/ ci.yml

1 policy: 1 failed; 1 error — exit 1: at least one finding fails this run
"""
    )


def test_many_alike_are_told_in_short_with_their_fix_once():
    shown = render(report(result(*map(stray, range(84)))))
    assert shown.startswith("error[docs] path: 84 findings (allowed-paths, policies/docs.yaml:3)\n")
    assert shown.count("matches no `allow` glob") == 10
    assert "… and 74 more (all with --verbose or --format json)" in shown
    assert shown.count("Move it, or widen `allow`.") == 1
    assert "fix for each: Move it, or widen `allow`." in shown


def test_many_alike_need_no_excerpts():
    def at(line):
        finding = stray(line).finding
        return found(
            subject=f"ci.yml:{line}",
            message="the job has no timeout",
            location=Location(path="ci.yml", line=line, column=3),
            fix=finding.fix,
        )

    five = report(result(*map(at, range(1, 6))), sources={"ci.yml": "one\ntwo\nthree\nfour\nfive\n"})
    assert "  the job has no timeout (ci.yml:1:3)\n  the job has no timeout (ci.yml:2:3)\n" in render(five)
    assert "three" not in render(five)
    assert "three" in render(five, verbose=True)


def test_verbose_shows_all():
    shown = render(report(result(*map(stray, range(84)))), verbose=True)
    assert shown.count("matches no `allow` glob") == 84
    assert "more" not in shown


def test_a_live_setting_names_the_setting_and_where_to_see_it():
    finding = found(
        location=Location(setting="branches/main/approvals", url="u/settings"), expected={"min": 2}, actual=1
    )
    shown = render(report(result(replace(finding, finding=replace(finding.finding, direction="weakened")))))
    assert "--> branches/main/approvals (u/settings)" in shown
    assert 'expected {"min": 2}, found 1 (weakened)' in shown


def test_severity_decides_the_order():
    shown = render(report(result(stray(1, severity="note")), result(missing())))
    assert shown.index("error[main-checks]") < shown.index("note[docs]")


def test_one_missing_permission_is_one_entry():
    entries = [
        unknown(
            policy("main-protected"),
            control=control,
            reason=Reason.PERMISSION,
            permission="administration:read",
            endpoint="repos/o/r/branches/main/protection",
            status=403,
            message="Resource not accessible by personal access token",
        )
        for control in ("approvals", "bypass", "linear_history")
    ]
    assert (
        render(report(result(*entries)), width=120)
        == """\
unknown[permission] 3 controls could not be told: the token lacks administration:read
  main-protected: approvals, bypass, linear_history (main)
    = Resource not accessible by personal access token (repos/o/r/branches/main/protection, HTTP 403)
  fix: Use a token with administration:read, as GH_TOKEN or GOVCHECK_TOKEN.

1 policy: 1 unknown; 3 unknowns — exit 3: nothing fails, but something could not be told
"""
    )


def test_one_endpoint_that_takes_no_token_is_one_entry():
    entries = [
        unknown(control=control, endpoint="repos/o/r", status=401, message="repos/o/r answered 401: Bad credentials")
        for control in ("approvals", "bypass")
    ]
    shown = render(report(result(*entries)))
    assert shown.startswith("unknown[api-error] 2 controls could not be told\n  docs: approvals, bypass (main)\n")
    assert "\n  fix: Give a token that GitHub takes, as GH_TOKEN or GOVCHECK_TOKEN.\n" in shown


@pytest.mark.parametrize("became", ["became-unknown", "became-known"])
def test_what_a_permission_hides_or_shows_is_one_piece_of_news(became):
    entries = [change(name=f"branches/main/{number}", change=became, direction=None) for number in range(11)]
    shown = render(sweep(result(), drift=drift(*entries)))
    assert (shown.count("required approvals"), "11 could be read then" in shown or "11 can be read now" in shown) == (
        0,
        True,
    )
    assert render(sweep(result(), drift=drift(*entries)), verbose=True).count(became) == 11


def test_an_ungrantable_permission_asks_for_another_token():
    entry = unknown(reason=Reason.PERMISSION, permission="administration:read", grantable=False)
    assert "No token of this class can have administration:read" in render(report(result(entry)))


def test_a_run_that_holds_says_what_it_looked_at():
    given_report = report(
        result(subjects=7),
        result(of=policy("b"), subjects=2),
        result(of=policy("c", "deploy-window"), subjects=1),
        result(of=policy("d"), outcome=Outcome.NOT_APPLICABLE, reason="unchanged", subjects=0),
    )
    assert render(given_report) == (
        "not applicable at tree: d (unchanged)\n"
        "3 policies hold: 2 allowed-paths, 1 deploy-window; 10 subjects judged. Nothing left open.\n"
    )


def test_nothing_judged_is_not_called_good():
    given_report = report(result(outcome=Outcome.NOT_APPLICABLE, subjects=0), exit_code=3)
    assert "exit 3: nothing was judged" in render(given_report)
    assert "Nothing left open" not in render(given_report)


def test_an_empty_change_is_said_to_be_one():
    given_report = report(result(outcome=Outcome.NOT_APPLICABLE, subjects=0), stage=Stage.PRE_COMMIT)
    assert "No policy applies to this change. Nothing left open." in render(given_report)


def test_a_lenient_run_says_that_it_was_lenient():
    lenient = render(report(result(unknown()), exit_code=0), width=200)
    assert lenient.endswith("exit 0: what could not be told is let pass (--unknown warn)\n")
    both = render(report(result(unknown(), missing()), exit_code=0), width=200)
    assert "exit 0: no finding is severe enough to fail this run (--fail-on), and what could not be told is " in both


def test_a_place_that_the_message_names_is_not_told_twice():
    entry = unknown(endpoint="repos/o/r/x", status=403, message="on: repos/o/r/x answered 403: No rights")
    assert "    = on: repos/o/r/x answered 403: No rights\n" in render(report(result(entry)))


def test_what_was_expected_is_told_once_where_all_findings_share_it():
    shown = render(report(result(stray(1, expected=["a/**"], actual="add"), stray(2, expected=["a/**"], actual="add"))))
    assert shown.count("expected") == 1
    assert '\n  each: expected ["a/**"], found "add"\n' in shown


def test_what_the_base_had_is_told_in_short():
    old = [stray(number, pre_existing=True) for number in range(5)]
    shown = render(report(result(*old), stage=Stage.CI, exit_code=0))
    assert "There before this change, and not held against it (5)" in shown
    assert "… and 2 more" in shown
    assert "5 pre-existing — exit 0: nothing fails" in shown
    assert "fix" not in shown


def test_parts_that_cannot_be_judged_here():
    given_report = report(result(not_offered=("`required` needs the live settings",)), stage=Stage.CI)
    assert "judged in part here: docs (--verbose says which)" in render(given_report)
    assert "not judged here: docs: `required` needs the live settings" in render(given_report, verbose=True)


def drift(*entries, **keys):
    given = {"since": MORNING, "since_phase": Phase.STARTUP, "since_snapshot": "0" * 64, "unchanged_findings": 0}
    return Drift(entries=entries, **(given | keys))


def change(**keys):
    given = {
        "plane": "setting",
        "name": "branches/main/approvals",
        "change": "changed",
        "title": "required approvals on main",
        "direction": "weakened",
        "before": 2,
        "after": 1,
    }
    return DriftEntry(**(given | keys))


def sweep(*results, **keys):
    return report(*results, stage=Stage.SWEEP, phase=Phase.SHUTDOWN, **keys)


def test_a_weakening_is_told_with_old_and_new_value():
    shown = render(sweep(result(), drift=drift(change())))
    assert shown.startswith(
        "Since 2026-11-23 09:00 UTC (startup): 1 change\n\n"
        "Settings that moved (1)\n  weakened required approvals on main: 2 → 1\n"
    )


def test_what_was_told_is_only_counted():
    shown = render(
        sweep(result(), drift=drift(change(told=True), told_at=EVENING, told_phase=Phase.SHUTDOWN)), width=120
    )
    assert shown.splitlines()[0] == (
        "Since 2026-11-23 17:02 UTC (shutdown): nothing new; "
        "1 change since 2026-11-23 09:00 UTC (startup) was told already"
    )
    assert "→" not in shown


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (change(change="became-unknown", after="HTTP 403", direction=None), "2 → could not be read (HTTP 403)"),
        (change(change="became-known", before="HTTP 403", direction=None), "could not be read before → 1"),
        (change(change="gone", after=None, direction="changed"), "2 → nothing"),
        (change(change="introduced", before=None, direction="changed"), "nothing → 1"),
        (
            change(plane="finding", change="fixed", before="it was so", after=None),
            "Mended (1): required approvals on main",
        ),
    ],
)
def test_every_kind_of_change(entry, expected):
    assert expected in render(sweep(result(), drift=drift(entry)))


def test_findings_that_were_told_are_told_in_short_with_since_when():
    old, new = stray(1), missing()
    news = change(plane="finding", name=new.fingerprint, change="introduced", before=None, after="x")
    seen = {old.fingerprint: MORNING - timedelta(days=3), new.fingerprint: EVENING}
    given_report = sweep(result(old), result(new), drift=drift(news, open_since=seen))
    shown = render(given_report)
    assert "    $ " in shown
    assert "Still open (1 finding)\n  error[docs] since 2026-11-20 09:00 UTC: " in shown
    assert "Move it" not in shown
    assert "Move it" in render(given_report, verbose=True)


def test_uncovered_settings_are_counted():
    given_report = sweep(result(), coverage=Coverage(uncovered=("a", "b")))
    assert "Nothing left open; 2 live settings no policy asserts." in render(given_report, width=120)


def test_uncovered_settings_that_bear_on_security_are_named():
    names = ("actions-settings/default_token", "branches/main/force_pushes")
    given_report = sweep(result(), coverage=Coverage(uncovered=("a", *names), uncovered_security=names))
    shown = render(given_report, width=200)
    assert (
        "Nothing left open; 3 live settings no policy asserts, 2 of which bear on security "
        "(the default permissions of a workflow's token, force pushes on main)." in shown.replace("on\n", "on ")
    )
    many = Coverage(uncovered=("a",) * 9, uncovered_security=("a",) * 9)
    assert "(a, a, a, a, a, and 4 more)" in render(sweep(result(), coverage=many), width=200)


def test_drift_of_what_nobody_asserts_says_so():
    given_report = sweep(result(), drift=drift(change(asserted=False)))
    assert "2 → 1 (no policy asserts it)" in render(given_report, width=200)


def test_colour_adds_codes_and_nothing_else():
    given_report = report(result(missing(), unknown(CHECKS)), sources=SOURCES)
    plain = render(given_report)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", render(given_report, colour=True)) == plain


def test_words_are_wrapped_and_places_are_not():
    long = "word " * 60
    finding = found(message=long.strip(), location=Location(path="a/" * 60, line=1))
    shown = render(report(result(finding)), width=10).splitlines()
    assert max(len(line) for line in shown if "-->" not in line) <= 60
    assert any(f"--> {'a/' * 60}:1" in line for line in shown)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(reports)
def test_whatever_the_input_no_line_is_a_command_or_a_trick(any_report):
    for verbose in (False, True):
        shown = render(any_report, verbose=verbose)
        shown.encode("utf-8")
        assert shown.endswith("\n")
        assert all(line.isprintable() for line in shown.split("\n"))
        assert not any(line.strip().startswith("::") or "##[" in line for line in shown.split("\n"))


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(reports)
def test_every_finding_that_counts_is_told_when_verbose(any_report):
    shown = " ".join(render(any_report, verbose=True, width=10_000).split())
    for one in any_report.findings:
        if not one.pre_existing and one.waiver is None:
            assert f"{one.severity}[{one.policy.policy.id}]" in shown


def test_why_a_policy_is_there_is_told_once():
    whole = policy("docs", why="No rogue markdown.")
    shown = render(report(result(found(whole, control="path"), found(whole, control="pattern"))))
    assert shown.count("No rogue markdown.") == 1


@pytest.mark.parametrize(
    ("expected", "actual", "is_shown"),
    [
        ("exact", "exact", False),
        (["not **/.env"], "tracked", False),
        ([], "tracked", False),
        (["docs/**"], "tracked", True),
        (2, 1, True),
        ("racked", "tracked", True),
    ],
)
def test_what_the_message_tells_is_not_told_again(expected: object, actual: object, *, is_shown: bool):
    one = found(message="`.env` is tracked although `deny` has `**/.env`", expected=expected, actual=actual)
    assert ("expected" in render(report(result(one)))) == is_shown


def test_warnings_and_an_unknown_are_told_without_contradiction():
    shown = render(report(result(found(severity="warning"), unknown()), exit_code=3))
    assert (
        "exit 3: no finding is severe enough to fail this run (--fail-on), but something could not be told"
        in " ".join(shown.split())
    )


def test_a_policy_of_a_set_is_changed_and_not_edited():
    shared = replace(policy("docs"), path="govcheck:starter/files.yaml")
    shown = " ".join(render(report(result(found(shared)))).split())
    assert "policies of govcheck:starter are shared, and are not edited here" in shown
    assert "`disable: [docs]`" in shown
    assert "not edited here" not in render(report(result(found())))


def test_a_server_that_is_not_there_is_told_once():
    why = "repos/o/r could not be read: api.github.com cannot be reached (name resolution failed)"
    one, other = unknown(message=why, control="approvals"), unknown(policy("hooks"), message=why, control="webhooks")
    shown = render(report(result(one), result(other)))
    assert shown.count("cannot be reached") == 1
    assert "2 controls could not be told: api.github.com cannot be reached (name resolution failed)" in " ".join(
        shown.split()
    )
