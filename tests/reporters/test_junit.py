from xml.etree import ElementTree as ET

from hypothesis import HealthCheck, given, settings

from govcheck.findings import Fix, Outcome
from govcheck.report import Stage
from govcheck.reporters import junit
from reports import found, policy, report, reports, result, unknown

SUITE = {"name", "package", "id", "hostname", "timestamp", "tests", "failures", "errors", "skipped", "time"}


def suite_of(of):
    """The suite, held against what Ant's schema and Jenkins' ask for."""
    root = ET.fromstring(junit.render(of).encode())  # noqa: S314 - our own text, parsed to see that it is XML
    assert (root.tag, root.attrib, [child.tag for child in root]) == ("testsuites", {}, ["testsuite"])
    suite = root[0]
    assert set(suite.attrib) == SUITE
    kinds = [child.tag for child in suite]
    cases = suite.findall("testcase")
    assert kinds == ["properties", *["testcase"] * len(cases), "system-out", "system-err"]
    assert all(set(one.attrib) == {"name", "value"} for one in suite.find("properties"))
    for case in cases:
        assert set(case.attrib) == {"classname", "name", "time"}
        assert case.get("name") == " ".join(case.get("name").split()) != ""
        assert float(case.get("time")) >= 0
        assert [child.tag for child in case] in ([], ["failure"], ["error"], ["skipped"])
        assert all(set(one.attrib) == ({"message"} if one.tag == "skipped" else {"type", "message"}) for one in case)
    said = [child.tag for case in cases for child in case]
    counts = [said.count(name) for name in ("failure", "error", "skipped")]
    assert [int(suite.get(name)) for name in ("failures", "errors", "skipped")] == counts
    assert int(suite.get("tests")) == len(cases)
    return suite


def cases(of):
    return [
        (case.get("classname"), case.get("name"), *((child.tag, child.get("message")) for child in case))
        for case in suite_of(of).findall("testcase")
    ]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(reports)
def test_whatever_the_report_it_is_junit(any_report):
    suite_of(any_report)


def test_every_outcome_has_its_case():
    of = report(
        result(found(message="stray", fix=Fix(text="Move it")), found(subject="b", severity="warning", message="odd")),
        result(found(policy("old"), pre_existing=True, message="old")),
        result(unknown(policy("blind"), message="no answer")),
        result(of=policy("idle"), outcome=Outcome.NOT_APPLICABLE, reason="nothing deploys"),
        result(of=policy("good")),
        stage=Stage.CI,
    )
    assert cases(of) == [
        ("allowed-paths.docs", "path: a.md", ("failure", "stray")),
        ("allowed-paths.docs", "path: b"),
        ("allowed-paths.old", "path: a.md", ("skipped", "there before this change: old")),
        ("allowed-paths.blind", "approvals: main", ("error", "no answer")),
        ("allowed-paths.idle", "idle", ("skipped", "nothing deploys")),
        ("allowed-paths.good", "good"),
    ]
    failure = suite_of(of).find("testcase/failure").text
    assert "Fix: Move it." in failure
    assert f"Fingerprint: {found().fingerprint}" in failure


def test_red_is_what_the_run_calls_red():
    odd = result(found(severity="warning"))
    assert [said for *_, (said, _) in cases(report(odd, fail_on="warning"))] == ["failure"]
    slight = report(odd, exit_code=0, fail_on="never")
    assert cases(slight) == [("allowed-paths.docs", "path: a.md")]
    assert "warning[docs]: " in junit.render(slight)
    blind = result(unknown())
    assert [said for *_, (said, _) in cases(report(blind, exit_code=0, on_unknown="warn"))] == ["skipped"]


def test_a_run_that_judged_nothing_is_red():
    of = report(result(of=policy("idle"), outcome=Outcome.NOT_APPLICABLE), exit_code=3)
    assert cases(of)[-1] == ("govcheck", "judged", ("error", "exit 3: nothing was judged"))


def test_a_policy_that_failed_without_a_word_is_no_pass():
    [(*_, (said, message))] = cases(report(result(outcome=Outcome.UNKNOWN, reason="it crashed"), exit_code=1))
    assert (said, message) == ("error", "it crashed")


def test_what_xml_cannot_hold_is_shown():
    [(_, name, (_, message))] = cases(report(result(found(subject="a\x00\x1b\ufffe b", message='<&">]]>'))))
    assert (name, message) == ("path: a\\x00\\x1b\\ufffe b", '<&">]]>')
