import html
import re

import pytest
from hypothesis import HealthCheck, given, settings

from govcheck.findings import Fix, Location, Outcome, Reason
from govcheck.policy import LoadedPolicy, Policy
from govcheck.report import Stage
from govcheck.reporters.github import render, summary
from reports import found, policy, report, reports, result, unknown

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def commands(text):
    """What the runner makes of the lines, by its documented rules; other lines are text."""
    read = []
    for line in text.split("\n"):
        if line.strip().startswith("::"):
            level, properties, message = COMMAND.fullmatch(line).groups()
            pairs = dict(pair.split("=", 1) for pair in properties.split(","))
            read.append((level, {key: unescaped(value) for key, value in pairs.items()}, unescaped(message)))
    return read


def unescaped(text):
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, character)
    return text


def test_a_finding_stands_at_its_line():
    finding = found(
        location=Location(path="docs/a,b:c%.md", line=3, column=5),
        message="100% stray",
        fix=Fix(text="Move it", command="git mv"),
    )
    assert render(report(result(finding))) == (
        "::error file=docs/a%2Cb%3Ac%25.md,line=3,col=5,title=docs%3A path::"
        "100%25 stray%0Afix: Move it.%0A$ git mv\n"
        "1 policy: 1 failed; 1 error — exit 1: at least one finding fails this run\n"
    )


def test_a_finding_of_a_live_setting_stands_at_its_policy():
    finding = found(location=Location(setting="branches/main/approvals"))
    [(level, properties, message)] = commands(render(report(result(finding))))
    assert (level, properties["file"], properties["line"]) == ("error", "policies/docs.yaml", "3")
    assert message == "a.md is stray\nbranches/main/approvals"


@pytest.mark.parametrize("path", ["/etc/policies/a.yaml", "../a.yaml", "govcheck:starter/a.yaml", ""])
def test_a_policy_from_elsewhere_has_no_file_to_stand_at(path):
    of = LoadedPolicy(Policy(kind="k", id="i"), path, 1)
    [(_, properties, _)] = commands(render(report(result(found(of)))))
    assert properties == {"title": "i: path"}


def test_severities_have_their_levels():
    shown = commands(render(report(result(*(found(severity=one) for one in ("error", "warning", "note"))))))
    assert [level for level, _, _ in shown] == ["error", "warning", "notice"]


def test_ten_of_each_level_and_no_policy_pushes_another_out():
    many = [found(subject=f"{number:02}", message=f"m{number}") for number in range(84)]
    other = found(policy("zzz"), message="the other one")
    shown = render(report(result(*many), result(other)))
    assert len(commands(shown)) == 10
    assert any(message == "the other one" for _, _, message in commands(shown))
    assert "75 more in the step summary" in shown


def test_unknowns_are_errors_where_they_decide():
    entry = unknown(reason=Reason.PERMISSION, permission="administration:read")
    [(level, properties, message)] = commands(render(report(result(entry))))
    assert (level, properties["title"]) == ("error", "could not tell: permission")
    assert message.startswith(
        "1 control could not be told: the token lacks administration:read\ndocs: approvals (main)"
    )
    [(level, _, _)] = commands(render(report(result(entry), exit_code=0)))
    assert level == "warning"


def test_what_the_base_had_is_in_the_summary_only():
    old = report(result(found(pre_existing=True)), stage=Stage.CI, exit_code=0)
    assert commands(render(old)) == []
    assert "There before this change&#58; 1 finding" in summary(old)


def test_a_run_that_holds():
    assert render(report(result())) == "1 policy holds: 1 allowed-paths; 1 subject judged. Nothing left open.\n"
    assert summary(report(result())).startswith("### govcheck: nothing fails\n\n1 policy holds")


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(reports)
def test_nothing_but_annotations_is_ever_a_command(any_report):
    shown = render(any_report)
    shown.encode("utf-8")
    assert "##[" not in shown
    levels = [level for level, _, _ in commands(shown)]
    assert all(levels.count(level) <= 10 for level in levels)
    assert all(len(message) <= 4096 for _, _, message in commands(shown))
    assert all(set(properties) <= {"file", "line", "col", "title"} for _, properties, _ in commands(shown))


def test_a_message_is_cut_at_githubs_limit():
    finding = found(message="%" * 5000)
    [(_, _, message)] = commands(render(report(result(finding))))
    assert 4090 <= len(message) <= 4096
    assert "more characters)" in message


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(reports)
def test_the_summary_has_only_its_own_markup(any_report):
    shown = summary(any_report)
    shown.encode("utf-8")
    tags = set(re.findall(r"<[^>]*>", shown))
    assert tags <= {"<details>", "<details open>", "</details>", "<summary>", "</summary>"}
    assert shown.count("<details") == shown.count("</details>")
    for line in shown.split("\n"):
        if line.startswith("| "):
            assert line.count("|") == 4
        else:
            assert "`" not in line
            assert "](" not in line


def test_the_summary_tells_all():
    shown = html.unescape(
        summary(
            report(
                result(found(message="a|b <b>*x*", fix=Fix(text="Move it", command="git mv"))),
                result(unknown(message="no answer"), of=policy("other")),
                result(of=policy("idle"), outcome=Outcome.NOT_APPLICABLE, reason="nothing deploys"),
            )
        )
    )
    assert "| a|b <b>*x* |  | Move it. $ git mv |" in shown
    assert "| no answer |" in shown
    assert "| idle | nothing deploys |" in shown


def test_the_summary_stays_within_githubs_limit():
    many = [found(policy(f"p{number % 50:02}"), subject=str(number), message="<" * 900) for number in range(2000)]
    shown = summary(report(*(result(one) for one in many)))
    assert len(shown.encode()) <= 1024 * 1024
    assert shown.count("<details") == shown.count("</details>")
    assert "… and" in shown
