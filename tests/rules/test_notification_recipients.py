"""`notification-recipients`: who may be told, and what must be told."""

import pytest

from govcheck.facts.workflows import Unreadable, WorkflowFile, Workflows
from govcheck.findings import Finding, Judged, Reason, Undecided
from govcheck.rules.notification_recipients import (
    Allowed,
    NotificationRecipients,
    Required,
    recipients,
    required_messages,
)
from written_workflows import workflows

MAIL = """
on: push
jobs:
  tell:
    runs-on: x
    steps:
      - uses: dawidd6/action-send-mail@v3
        with:
          to: {to}
"""
SECRET_URL = "https://hooks.slack.com/services/T0/B0/verysecret"


def policy(**allow):
    return NotificationRecipients(id="one-inbox", allow=Allowed(**allow))


def judged(files, asked):
    said = [*recipients.judge(asked, files), *required_messages.judge(asked, files)]
    assert sum(isinstance(one, Judged) for one in said) == 2
    return [one for one in said if not isinstance(one, Judged)]


def mailed(to, **allow):
    return judged(workflows({"w.yml": MAIL.format(to=to)}), policy(**allow))


def ran(script, **allow):
    body = "\n".join(f"          {line}" for line in script.split("\n"))
    text = f"on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: |\n{body}\n"
    return judged(workflows({"w.yml": text}), policy(**allow))


@pytest.mark.parametrize(
    ("to", "allow"),
    [
        ("ops@example.com", {"email": ("ops@example.com",)}),
        ("Ops@Example.com", {"email": ("ops@example.com",)}),
        ("Ops <ops@example.com>", {"email": ("OPS@example.com",)}),
        ("anybody@example.com", {"domain": ("example.com",)}),
        ("anybody@eu.example.com", {"domain": ("*.example.com",)}),
        ("${{ secrets.OPS }}", {"secret": ("OPS",)}),
        ("${{ secrets.ops }}", {"secret": ("OPS",)}),
        ("ops+${{ github.run_id }}@example.com", {"domain": ("example.com",)}),
    ],
)
def test_who_may_be_told(to, allow):
    assert mailed(to, **allow) == []


@pytest.mark.parametrize(
    ("to", "allow", "subject"),
    [
        ("ops@example.com", {}, "ops@example.com"),
        (
            "ops@example.com.evil.org",
            {"email": ("ops@example.com",), "domain": ("example.com",)},
            "ops@example.com.evil.org",
        ),
        ("ops@notexample.com", {"domain": ("example.com", "*.example.com")}, "ops@notexample.com"),
        ("ops@eu.example.com", {"domain": ("example.com",)}, "ops@eu.example.com"),
        ("ops@example.com", {"domain": ("*.example.com",)}, "ops@example.com"),
        ("${{ secrets.OPS }}", {"email": ("OPS",)}, "secret:OPS"),
    ],
)
def test_who_may_not(to, allow, subject):
    (finding,) = mailed(to, **allow)
    assert isinstance(finding, Finding)
    assert (finding.control, finding.subject) == ("recipient", subject)
    assert (finding.location.path, finding.location.line, finding.location.column) == (".github/workflows/w.yml", 8, 15)


def test_a_finding_says_what_to_write_instead():
    (finding,) = mailed("a@example.com", email=("ops@example.com",))
    assert finding.message == "dawidd6/action-send-mail sends to a@example.com, which the policy does not allow"
    assert finding.expected == ["ops@example.com"]
    assert (
        finding.fix.text
        == "write ops@example.com in its place; if it may be told, add `a@example.com` to `allow.email`"
    )


def test_each_line_of_a_list_is_a_finding_of_its_own_place():
    found = mailed(
        "|\n            a@example.com,\n            ops@example.com\n            b@example.com",
        email=("ops@example.com",),
    )
    assert [(one.subject, one.location.line, one.location.column) for one in found] == [
        ("a@example.com", 9, 13),
        ("b@example.com", 11, 13),
    ]


@pytest.mark.parametrize("to", ["${{ vars.TO }}", "${{ inputs.to }}", "file://to.txt", "x${{ vars.TO }}@example.com"])
def test_what_an_expression_hides_is_unknown_and_named(to):
    (unknown,) = mailed(to, email=("ops@example.com",))
    assert isinstance(unknown, Undecided)
    assert (unknown.control, unknown.subject, unknown.reason) == ("recipient", to, Reason.DYNAMIC)
    assert to in unknown.message
    assert unknown.location.line == 8


@pytest.mark.parametrize(
    ("allow", "passes"),
    [
        ({"webhook": ("hooks.slack.com",)}, True),
        ({"webhook": ("HOOKS.slack.com",)}, True),
        ({"webhook": (SECRET_URL,)}, True),
        ({"webhook": ("*.slack.com",)}, True),
        ({"webhook": (f"{SECRET_URL}/x",)}, False),
        ({"webhook": ("slack.com",)}, False),
        ({"secret": ("SLACK",)}, False),
    ],
)
def test_webhooks_by_host_or_whole_and_never_shown_whole(allow, passes):
    said = ran(f"curl -d hi {SECRET_URL}", **allow)
    assert (said == []) is passes
    for finding in said:
        assert finding.subject == "https://hooks.slack.com/…"
        assert "verysecret" not in repr(finding)


@pytest.mark.parametrize(
    ("allow", "verdict"),
    [
        ({"webhook": ("hooks.slack.com",)}, []),
        ({"secret": ("SLACK_PATH",)}, []),
        ({"secret": ("OTHER",)}, ["https://hooks.slack.com/… with ${{ secrets.SLACK_PATH }}"]),
    ],
)
def test_of_a_literal_host_with_a_secret_path_either_is_enough(allow, verdict):
    said = ran("curl -d hi https://hooks.slack.com/services/${{ secrets.SLACK_PATH }}", **allow)
    assert [one.subject for one in said] == verdict


def test_channels_with_or_without_the_hash():
    text = """
    on: push
    jobs:
      a:
        runs-on: x
        steps:
          - uses: slackapi/slack-github-action@v1
            with: {channel-id: "#Ops, C024BE91L, other"}
    """
    said = judged(workflows({"w.yml": text}), policy(channel=("ops", "#C024BE91L")))
    assert [one.subject for one in said] == ["other"]


def test_a_sender_whose_recipient_nobody_can_tell_is_unknown():
    (unknown,) = ran("sendmail -t < message", email=("ops@example.com",))
    assert (unknown.subject, unknown.reason) == (".github/workflows/w.yml:a", Reason.DYNAMIC)


def test_without_senders_there_is_nothing_to_judge():
    files = workflows({"w.yml": "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: echo mail\n"})
    assert list(recipients.judge(policy(), files)) == [Judged(0)]


def test_a_file_that_only_we_cannot_read_is_unknown():
    def file(reason):
        return Workflows((WorkflowFile(".github/workflows/w.yml", Unreadable("broken", 3, 1, reason), ""),))

    (unknown,) = judged(file(Reason.UNPARSEABLE), policy())
    assert (unknown.subject, unknown.location.line) == (".github/workflows/w.yml", 3)
    assert judged(file(None), policy()) == []


DEPLOY = """
on: push
jobs:
  build:
    runs-on: x
    steps: [{{run: make}}]
  deploy:
    needs: build
    runs-on: x
    steps: [{{run: make deploy}}]
  tell:
    needs: {needs}
    if: {condition}
    runs-on: x
    steps:
      - run: mail -s x ops@example.com
        if: {step}
"""


def required(on=("failure",), needs="[build, deploy]", condition="failure()", step="success()"):
    files = workflows({"deploy.yml": DEPLOY.format(needs=needs, condition=condition, step=step)})
    asked = NotificationRecipients(id="told", require=(Required(workflow="deploy*.yml", on=on),))
    return judged(files, asked)


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"needs": "deploy"},
        {"condition": "always()"},
        {"condition": "${{ !cancelled() }}"},
        {"condition": "always() && needs.deploy.result != 'success'"},
        {"on": ("success",), "condition": "success()"},
        {"on": ("success", "failure"), "condition": "always()"},
    ],
)
def test_what_is_told(keys):
    assert required(**keys) == []


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"needs": "build"}, "nobody is told of the failure of deploy"),
        ({"condition": "success()"}, "nobody is told of the failure of build, deploy"),
        ({"condition": "needs.deploy.result == 'failure'"}, "nobody is told of the failure of build, deploy"),
        ({"on": ("success",)}, "nobody is told of the success of this workflow"),
    ],
)
def test_what_is_not_told(keys, message):
    (finding,) = required(**keys)
    assert isinstance(finding, Finding)
    assert (finding.control, finding.message) == ("require", message)
    assert finding.subject == f".github/workflows/deploy.yml {keys.get('on', ('failure',))[0]}"


@pytest.mark.parametrize(
    "keys", [{"condition": "failure() && inputs.tell"}, {"condition": "always()", "step": "failure()"}]
)
def test_what_only_a_run_can_tell(keys):
    (unknown,) = required(**keys)
    assert (unknown.control, unknown.reason) == ("require", Reason.DYNAMIC)


def test_a_step_of_the_job_itself_tells_of_its_failure():
    text = """
    on: push
    jobs:
      a:
        runs-on: x
        steps:
          - run: make
          - run: mail -s x ops@example.com
            if: failure()
    """
    asked = NotificationRecipients(id="told", require=(Required(workflow="w.yml"),))
    assert judged(workflows({"w.yml": text}), asked) == []


def test_a_workflow_that_is_not_there_is_a_finding():
    (finding,) = judged(workflows({}), NotificationRecipients(id="told", require=(Required(workflow="w.yml"),)))
    assert (finding.control, finding.subject) == ("require", "w.yml")


@pytest.mark.parametrize(
    ("asked", "path", "says"),
    [
        (NotificationRecipients(id="x"), (), "asserts nothing"),
        (policy(email=("ops",)), ("allow", "email", 0), "is not an address"),
        (policy(email=("a b@example.com",)), ("allow", "email", 0), "is not an address"),
        (policy(domain=("ops@example.com",)), ("allow", "domain", 0), "is not a domain"),
        (policy(secret=("secrets.X",)), ("allow", "secret", 0), "write 'X'"),
        (NotificationRecipients(id="x", require=(Required(workflow="a**b"),)), ("require", 0, "workflow"), "**"),
        (
            NotificationRecipients(id="x", require=(Required(workflow="a.yml", on=()),)),
            ("require", 0, "on"),
            "requires nothing",
        ),
    ],
)
def test_problems_are_found_before_anything_is_judged(asked, path, says):
    (problem,) = asked.problems()
    assert problem[0] == path
    assert says in problem[1]


def test_a_policy_without_problems():
    asked = policy(email=("a@b.c",), domain=("*.b.c",), channel=("#x",), webhook=("h.c",), secret=("A_1",))
    assert list(asked.problems()) == []
