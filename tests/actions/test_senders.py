"""Every place that sends, and to whom: actions, commands, and what expressions hide."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcheck.actions.recipients import host_of, redacted
from govcheck.actions.senders import sendings
from written_workflows import with_script, with_step, workflow


def sent(found):
    """Kind and value of every recipient."""
    return [(recipient.kind, recipient.value) for sending in sendings(found) for recipient in sending.recipients]


def places(found):
    return [(recipient.line, recipient.column) for sending in sendings(found) for recipient in sending.recipients]


def unclear(found):
    return [(sending.by, sending.unclear, sending.reason.value) for sending in sendings(found) if sending.unclear]


def mail(inputs):
    indented = "\n".join(f"    {line}" for line in inputs.split("\n"))
    return with_step(f"- uses: dawidd6/action-send-mail@v3\n  with:\n{indented}")


@pytest.mark.parametrize(
    ("inputs", "recipients", "where"),
    [
        ("to: a@example.com", [("email", "a@example.com")], [(8, 15)]),
        (
            "to: a@example.com, B Name <b@example.com>;c@example.com",
            [("email", "a@example.com"), ("email", "b@example.com"), ("email", "c@example.com")],
            [(8, 15), (8, 38), (8, 53)],
        ),
        (
            "to: '\"Doe, Jane\" <jane@example.com>'\ncc: c@example.com",
            [("email", "jane@example.com"), ("email", "c@example.com")],
            [(8, 29), (9, 15)],
        ),
        (
            "bcc: |\n  a@example.com,\n  b@example.com\nreply_to: r@example.com",
            [("email", "a@example.com"), ("email", "b@example.com"), ("email", "r@example.com")],
            [(9, 13), (10, 13), (11, 21)],
        ),
        (
            "to: >\n  a@example.com,\n  b@example.com",
            [("email", "a@example.com"), ("email", "b@example.com")],
            [(9, 13), (10, 13)],
        ),
        ("to: ${{ secrets.TO }}", [("secret", "TO")], [(8, 15)]),
        ("to: ops <${{ secrets.TO }}>", [("secret", "TO")], [(8, 20)]),
        (
            "to: a@example.com,${{ vars.TO }}",
            [("email", "a@example.com"), ("unknown", "${{ vars.TO }}")],
            [(8, 15), (8, 29)],
        ),
        ("to: ${{ secrets.A || secrets['B'] }}", [("secret", "A"), ("secret", "B")], [(8, 15), (8, 15)]),
        ("to: ${{ inputs.x && 'a@b.c' }}", [("unknown", "${{ inputs.x && 'a@b.c' }}")], [(8, 15)]),
        ("to: ${{ 'a@example.com' }}", [("email", "a@example.com")], [(8, 15)]),
        ("to: file://to.txt", [("unknown", "file://to.txt")], [(8, 15)]),
        ("to: ${{ broken", [("unknown", "${{ broken")], [(8, 15)]),
    ],
)
def test_recipients_of_a_mail_action(inputs, recipients, where):
    found = mail(inputs)
    if inputs == "to: ${{ broken":
        assert sent(found)
        return
    assert sent(found) == recipients
    assert places(found) == where


def test_from_and_the_body_are_no_recipients():
    found = mail("to: a@example.com\nfrom: b@example.com\nbody: mail c@example.com\nusername: d@example.com")
    assert sent(found) == [("email", "a@example.com")]


def test_env_is_followed_to_where_it_is_written_the_nearest_first():
    found = workflow(
        """
        on: push
        env: {TO: far@example.com, OPS: "${{ env.TO }}"}
        jobs:
          one:
            runs-on: x
            env:
              TO: near@example.com
            steps:
              - uses: dawidd6/action-send-mail@v3
                with: {to: "${{ env.TO }},${{ env.OPS }},${{ env.NONE }}"}
        """
    )
    assert sent(found) == [("email", "near@example.com"), ("unknown", "${{ env.NONE }}")]
    assert places(found)[0] == (7, 11)


def test_env_that_goes_round_in_a_circle_is_unknown():
    found = workflow(
        """
        on: push
        env: {A: "${{ env.B }}", B: "${{ env.A }}"}
        jobs:
          one:
            runs-on: x
            steps:
              - uses: dawidd6/action-send-mail@v3
                with: {to: "${{ env.A }}"}
        """
    )
    assert [kind for kind, _ in sent(found)] == ["unknown"]


@pytest.mark.parametrize(
    ("step", "recipients"),
    [
        (
            (
                "uses: slackapi/slack-github-action@v2\nwith:\n  webhook: ${{ secrets.HOOK }}\n"
                "  webhook-type: incoming-webhook"
            ),
            [("secret", "HOOK")],
        ),
        (
            (
                "uses: slackapi/slack-github-action@v1\nwith: {channel-id: 'C1,C2'}\n"
                "env: {SLACK_BOT_TOKEN: '${{ secrets.T }}'}"
            ),
            [("channel", "C1"), ("channel", "C2")],
        ),
        (
            (
                "uses: slackapi/slack-github-action@v1\n"
                "env: {SLACK_WEBHOOK_URL: '${{ secrets.H }}', SLACK_WEBHOOK_TYPE: X}"
            ),
            [("secret", "H")],
        ),
        (
            (
                "uses: slackapi/slack-github-action@v2\n"
                "with:\n  method: chat.postMessage\n  token: ${{ secrets.T }}\n  payload: |\n"
                "    channel: '#deploys'\n    text: hi"
            ),
            [("channel", "#deploys")],
        ),
        (
            (
                "uses: slackapi/slack-github-action@v2\n"
                "with:\n  method: chat.postMessage\n  token: ${{ secrets.T }}\n  payload: |\n"
                '    {"channel": "${{ vars.CHANNEL }}", "text": "hi"}'
            ),
            [("unknown", "${{ vars.CHANNEL }}")],
        ),
        (
            (
                "uses: rtCamp/action-slack-notify@v2\n"
                "env: {SLACK_WEBHOOK: '${{ secrets.H }}', SLACK_CHANNEL: ops, SLACK_COLOR: red}"
            ),
            [("secret", "H"), ("channel", "ops")],
        ),
        (
            (
                "uses: appleboy/telegram-action@v1\n"
                "with: {to: '${{ secrets.CHAT }}', token: '${{ secrets.T }}', message: hi}"
            ),
            [("secret", "CHAT")],
        ),
        (
            "uses: jdcargile/ms-teams-notification@v1\nwith: {ms-teams-webhook-uri: 'https://a.webhook.office.com/x'}",
            [("webhook", "https://a.webhook.office.com/x")],
        ),
        (
            (
                "uses: distributhor/workflow-webhook@v3\n"
                "with: {webhook_url: 'https://example.com/h', webhook_secret: '${{ secrets.S }}'}"
            ),
            [("webhook", "https://example.com/h")],
        ),
        ("uses: someone/send-email-action@v1\nwith: {to: a@example.com}", [("email", "a@example.com")]),
        ("uses: someone/notify-slack-thing@v1\nwith: {webhook: '${{ secrets.H }}'}", [("secret", "H")]),
        ("uses: ./.github/actions/slack", []),
        ("uses: someone/setup-slack-cli@v1", []),
        ("uses: tspascoal/get-user-teams-membership@v3\nwith: {team: ops}", []),
    ],
)
def test_chat_actions(step, recipients):
    indented = step.replace("\n", "\n  ")
    assert sent(with_step(f"- {indented}")) == recipients


def test_a_sender_without_a_recipient_that_we_know_is_unclear():
    assert unclear(with_step("- uses: 8398a7/action-slack@v3\n  with: {status: failure}")) == [
        (
            "8398a7/action-slack",
            "8398a7/action-slack sends, and none of the inputs that govcheck knows says to whom",
            "dynamic",
        )
    ]


def test_the_webhook_may_stand_in_the_environment_of_the_job():
    found = workflow(
        """
        on: push
        jobs:
          one:
            runs-on: x
            env: {SLACK_WEBHOOK_URL: "${{ secrets.H }}", OTHER: x}
            steps:
              - uses: 8398a7/action-slack@v3
        """
    )
    assert sent(found) == [("secret", "H")]


@pytest.mark.parametrize(
    ("script", "recipients", "where"),
    [
        ("mail -s Deployed ops@example.com", [("email", "ops@example.com")], (7, 28)),
        (
            'echo hi | mailx -s "a b" -c c@example.com a@example.com',
            [("email", "c@example.com"), ("email", "a@example.com")],
            (7, 39),
        ),
        ("true\nsendmail ops@example.com < body", [("email", "ops@example.com")], (8, 20)),
        (
            "sendmail -t <<EOF\nTo: a@example.com, b@example.com\nSubject: x\nCc: $CC\nEOF",
            [("email", "a@example.com"), ("email", "b@example.com"), ("unknown", "$CC")],
            (8, 15),
        ),
        (
            "swaks --to a@example.com,b@example.com --from x@example.com",
            [("email", "a@example.com"), ("email", "b@example.com")],
            (7, 22),
        ),
        ("mutt -s x -a log -- a@example.com", [("email", "a@example.com")], (7, 31)),
        ("git send-email --to=a@example.com x.patch", [("email", "a@example.com")], (7, 31)),
        (
            "aws ses send-email --from x@e.com --to a@e.com b@e.com",
            [("email", "a@e.com"), ("email", "b@e.com")],
            (7, 50),
        ),
        ("aws ses send-email --destination ToAddresses=a@e.com", [("email", "a@e.com")], (7, 56)),
        ("curl smtp://mail.example.com --mail-from x@e.com --mail-rcpt a@e.com -T f", [("email", "a@e.com")], (7, 72)),
        ("TO=a@example.com\nmail -s x $TO", [("email", "a@example.com")], (7, 14)),
        ("mail -s x ${{ secrets.TO }}", [("secret", "TO")], (7, 21)),
        (
            "curl -sSf -X POST -d '{}' https://hooks.slack.com/services/T/B/x",
            [("webhook", "https://hooks.slack.com/services/T/B/x")],
            (7, 37),
        ),
        (
            "curl --url=https://discord.com/api/webhooks/1/x -d hi",
            [("webhook", "https://discord.com/api/webhooks/1/x")],
            (7, 22),
        ),
        ('curl -d hi "${{ secrets.SLACK_WEBHOOK_URL }}"', [("secret", "SLACK_WEBHOOK_URL")], (7, 23)),
        (
            'curl -d hi "https://hooks.slack.com/services/${{ secrets.SLACK }}"',
            [("unknown", "https://hooks.slack.com/… with ${{ secrets.SLACK }}")],
            (7, 23),
        ),
        (
            "wget --post-data=x https://chat.googleapis.com/v1/x",
            [("webhook", "https://chat.googleapis.com/v1/x")],
            (7, 30),
        ),
        (
            "curl https://api.telegram.org/bot$TOKEN/sendMessage -d chat_id=123 -d text=hi",
            [("channel", "123")],
            (7, 74),
        ),
        (
            'curl -d "{\\"channel\\": \\"#ops\\"}" https://slack.com/api/chat.postMessage',
            [("channel", "#ops")],
            None,
        ),
        (
            "curl https://api.mailgun.net/v3/x/messages -F from=x@e.com -F to=a@e.com -F cc=$CC",
            [("email", "a@e.com"), ("unknown", "$CC")],
            None,
        ),
        (
            (
                "curl https://api.sendgrid.com/v3/mail/send -d "
                '\'{"personalizations":[{"to":[{"email":"a@e.com"}]}],"from":{"email":"x@e.com"}}\''
            ),
            [("email", "a@e.com")],
            None,
        ),
        ("bash -c 'mail -s x a@example.com'", [("email", "a@example.com")], (7, 30)),
        ("curl -d https://hooks.slack.com/x https://example.com", [], None),
        ("curl -H 'Authorization: ${{ secrets.SLACK_TOKEN }}' https://example.com", [], None),
        ("curl -X POST ${DEPLOY_WEBHOOK}", [], None),
        ("curl https://example.com/slack", [], None),
        ("git config user.email a@example.com", [], None),
        ("echo mail a@example.com", [], None),
        ("npm run mail # a@example.com", [], None),
    ],
)
def test_commands_that_send(script, recipients, where):
    found = with_script(script)
    assert sent(found) == recipients
    if where is not None:
        assert places(found)[0] == where


def test_a_webhook_in_the_environment_is_found_where_it_is_written():
    found = with_step(
        """
        - env:
            URL: ${{ secrets.SLACK_HOOK }}
          run: |
            curl -d hi "$URL"
        """
    )
    assert sent(found) == [("secret", "SLACK_HOOK")]
    assert places(found) == [(7, 16)]


def test_a_variable_that_is_named_like_a_webhook_and_that_nobody_sets_is_unknown():
    assert sent(with_script('curl -d hi "$SLACK_WEBHOOK_URL"')) == [("unknown", "$SLACK_WEBHOOK_URL")]


def test_a_mail_command_without_a_recipient_is_unclear():
    assert unclear(with_script("sendmail -t < message")) == [
        ("sendmail", "`sendmail` sends, and the script does not say to whom", "dynamic")
    ]


def test_scripts_in_other_languages():
    found = with_step("- shell: pwsh\n  run: Invoke-RestMethod -Uri 'https://hooks.slack.com/services/x' -Body $b")
    assert sent(found) == [("webhook", "https://hooks.slack.com/services/x")]
    found = with_step("- shell: python\n  run: import smtplib")
    assert unclear(found) == [
        ("the script", "the script is for python, and it has words in it that send", "unparseable")
    ]
    assert unclear(with_step("- shell: python\n  run: print('https://example.com')")) == []


def test_a_script_that_cannot_be_read_is_unclear_only_where_something_in_it_sends():
    url = "https://hooks.slack.com/services/x"
    assert unclear(with_script(f"if (((\nfoo {url}"))[0][2] == "unparseable"
    assert unclear(with_script("if (((\nfoo https://example.com # email")) == []
    assert unclear(with_script("(a)" * 3000 + f"\ncurl {url}"))[0][2] == "unparseable"


@pytest.mark.parametrize(
    ("url", "host", "shown"),
    [
        ("https://hooks.slack.com/services/T/B/secret", "hooks.slack.com", "https://hooks.slack.com/…"),
        ("https://user:secret@Example.com:8443/x?y", "example.com:8443", "https://example.com:8443/…"),
        ("https://example.com?secret", "example.com", "https://example.com/…"),
        ("secret", "", "…"),
    ],
)
def test_a_webhook_is_never_shown_beyond_its_host(url, host, shown):
    assert host_of(url) == host
    assert redacted(url) == shown


def test_more_recipients_than_are_looked_at_are_unknown():
    listed = ",".join(f"a{number}@example.com" for number in range(600))
    found = sent(mail(f"to: {listed}"))
    assert len(found) == 201
    assert found[-1] == ("unknown", "more than 200 recipients in one value")


def test_more_commands_than_are_looked_at_are_unclear():
    found = with_script("\n".join(["mail -s x a@example.com"] * 150))
    assert len(sent(found)) == 100
    assert unclear(found)[0][1] == "the script sends in more than 100 places, and the others were not looked at"


hidden = st.sampled_from(
    ["$A", "${B}", "${{ env.C }}", "${{ secrets.D }}", "a@b.c", ",", " ", "<", ">", '"', "\n", "$(x)", "file://"]
)
values = st.lists(hidden, max_size=12).map("".join)


@settings(max_examples=60)
@given(values, values, values)
def test_whatever_stands_in_a_recipient_something_is_said_about_it(to, first, second):
    script = f"A={first!r}\nB={second!r}\nmail -s x {to!r} a@example.com"
    listed = [sending for sending in sendings(with_script(script)) if sending.by == "mail"]
    assert all(sending.recipients or sending.unclear for sending in listed)
