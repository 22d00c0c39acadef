"""What is known of those who send: actions, commands and addresses on the web. Data, no logic.

The inputs are those of the actions' own `action.yml` and README, over all their versions.
"""

import re

from govcheck.actions.recipient_tokens import Wanted

MAIL = "mail"
CHAT = "chat"

ACTIONS = {
    "dawidd6/action-send-mail": MAIL,
    "cinotify/github-action": MAIL,
    "licenseware/send-email-notification": MAIL,
    "wadeww/send-email-action": MAIL,
    "wadeww/send-email": MAIL,
    "syphnosys-dev/action-send-email": MAIL,
    "peter-evans/sendgrid-action": MAIL,
    "zeek/ci-email-action": MAIL,
    "rsmontoya/send-email-action": MAIL,
    "yanzay/notify-telegram": CHAT,
    "slackapi/slack-github-action": CHAT,
    "8398a7/action-slack": CHAT,
    "rtcamp/action-slack-notify": CHAT,
    "ravsamhq/notify-slack-action": CHAT,
    "act10ns/slack": CHAT,
    "voxmedia/github-action-slack-notify-build": CHAT,
    "gamesight/slack-workflow-status": CHAT,
    "edge/simple-slack-notify": CHAT,
    "archive/github-actions-slack": CHAT,
    "ilshidur/action-slack": CHAT,
    "ilshidur/action-discord": CHAT,
    "sarisia/actions-status-discord": CHAT,
    "appleboy/discord-action": CHAT,
    "appleboy/telegram-action": CHAT,
    "tsickert/discord-webhook": CHAT,
    "zzak/action-discord": CHAT,
    "th0th/notify-discord": CHAT,
    "mattermost/action-mattermost-notify": CHAT,
    "skitionek/notify-microsoft-teams": CHAT,
    "jdcargile/ms-teams-notification": CHAT,
    "toko-bifrost/ms-teams-deploy-card": CHAT,
    "aliencube/microsoft-teams-actions": CHAT,
    "distributhor/workflow-webhook": CHAT,
    "joelwmale/webhook-action": CHAT,
    "matrix-org/matrix-message-notify-action": CHAT,
    "zulip/github-actions-zulip": CHAT,
}
"""Actions that send, in lower case."""

MAIL_NAME = re.compile(
    r"(?:^|[-_/])(?:send-?e?-?mail|e?mail-(?:notif\w*|action|send\w*)|sendgrid|mailgun|mailjet"
    r"|notify-(?:by-)?e?mail)"
)
CHAT_NAME = re.compile(
    r"(?:^|[-_/])(?:slack|discord|mattermost|telegram|ms-?teams|microsoft-teams|teams-notif\w*|rocket-?chat|g(?:oogle-?)?chat"
    r"|pagerduty|opsgenie|twilio|pushover|ntfy|feishu|lark|dingtalk|zulip)(?:$|[-_/])"
)
NO_SENDER = re.compile(r"(?:^|[-_/])(?:setup|install|check|validate|lint|login)(?:$|[-_/])")
"""Names of actions that send although they are not in the table; and of those that only look like it."""

MAIL_INPUTS = frozenset(
    {
        "to",
        "cc",
        "bcc",
        "reply_to",
        "reply-to",
        "replyto",
        "to_email",
        "to-email",
        "email_to",
        "email-to",
        "to_emails",
        "to_address",
        "to-address",
        "to_addresses",
        "recipient",
        "recipients",
        "recipient_email",
        "recipient-email",
        "receiver",
        "receivers",
        "email",
        "emails",
        "mail_to",
        "mail-to",
        "mailto",
        "cc_email",
        "cc-email",
        "bcc_email",
        "bcc-email",
        "to-addresses",
        "cc-addresses",
        "bcc-addresses",
        "mail_cc",
        "mail_bcc",
    }
)
CHANNEL_INPUTS = frozenset(
    {
        "channel",
        "channels",
        "channel-id",
        "channel_id",
        "channel-ids",
        "slack-channel",
        "slack_channel",
        "slack-channel-id",
        "slack_channel_id",
        "chat_id",
        "chat-id",
        "chat",
        "telegram_chat_id",
        "telegram-chat-id",
        "to",
        "room",
        "room-id",
        "room_id",
        "topic",
        "mattermost_channel",
    }
)
WEBHOOK_INPUT = re.compile(r"(?:[a-z0-9]+[-_])*?(?:webhook|web-hook|hook)(?:[-_](?:url|uri|token|endpoint|link))?")
"""Inputs and environment variables, in lower case, that say where an action sends to."""

NO_ENDPOINT = re.compile(r"webhook[-_](?:type|secret|auth|id)")

CHAT_URLS = (
    re.compile(r"hooks\.slack(?:-gov)?\.com"),
    re.compile(r"(?:[a-z]+\.)?discord(?:app)?\.com/api/(?:v[0-9]+/)?webhooks"),
    re.compile(r"[a-z0-9-]+\.webhook\.office\.com"),
    re.compile(r"outlook\.office(?:365)?\.com/webhook"),
    re.compile(r"[a-z0-9.-]+\.logic\.azure\.com"),
    re.compile(r"[a-z0-9.-]+\.api\.powerplatform\.com"),
    re.compile(r"chat\.googleapis\.com"),
    re.compile(r"open\.(?:feishu\.cn|larksuite\.com)"),
    re.compile(r"oapi\.dingtalk\.com"),
    re.compile(r"qyapi\.weixin\.qq\.com"),
    re.compile(r"hooks\.zapier\.com"),
    re.compile(r"maker\.ifttt\.com"),
    re.compile(r"api\.pushover\.net"),
    re.compile(r"ntfy\.sh"),
    re.compile(r"webhook\.site"),
    re.compile(r"(?:events|api)\.(?:eu\.)?pagerduty\.com"),
    re.compile(r"api\.(?:eu\.)?opsgenie\.com"),
)
"""What a URL that posts a message begins with, after its scheme."""

CHANNEL_URLS = (
    re.compile(r"(?:[a-z]+\.)?slack\.com/api/(?:chat\.|files\.)"),
    re.compile(r"api\.telegram\.org/"),
)
"""The same, where the channel is told apart from the URL."""

MAIL_URLS = (
    re.compile(r"api\.(?:eu\.)?mailgun\.net"),
    re.compile(r"api\.sendgrid\.com"),
    re.compile(r"api\.postmarkapp\.com"),
    re.compile(r"api\.resend\.com"),
    re.compile(r"api\.brevo\.com"),
    re.compile(r"api\.mailjet\.com"),
    re.compile(r"mandrillapp\.com"),
)
"""The same for services that send mail."""

CHAT_VARIABLE = re.compile(
    r"slack|discord|teams|telegram|mattermost|webhook|g(?:oogle)?_?chat|rocket_?chat|feishu|dingtalk|pushover|ntfy|zapier",
    re.IGNORECASE,
)
OTHER_HOOK = re.compile(
    r"deploy|build|render|vercel|netlify|jenkins|coolify|argo|cache|purge|revalidate", re.IGNORECASE
)
"""Names of variables and secrets that hold a chat's webhook, and of those that hold another one."""

MAIL_COMMANDS = {
    "mail": "-s -r -a -A -S -q -T -u -f -E",
    "mailx": "-s -r -a -A -S -q -T -u -f -E",
    "s-nail": "-s -r -a -A -S -q -T -u -f -E",
    "mutt": "-s -a -e -F -i -H -m -n -x",
    "neomutt": "-s -a -e -F -i -H -m -n -x",
    "sendmail": "-f -F -r -O -o -N -R -B -C -L -V -X -h -p -q -D -d",
    "msmtp": "-f -a -C -F --from --account --file --host --port --user --passwordeval --tls-trust-file",
    "ssmtp": "-f -F -r -C -a -au -ap -am",
    "swaks": "",
    "sendemail": "",
    "sendEmail": "",
}
"""Commands that send mail, with their options that take a value and name no recipient."""

RECIPIENT_OPTIONS: dict[str, dict[str, Wanted]] = {
    "mail": dict.fromkeys(("-c", "-b", "--to"), "email"),
    "mailx": dict.fromkeys(("-c", "-b", "--to"), "email"),
    "s-nail": dict.fromkeys(("-c", "-b", "--to"), "email"),
    "mutt": dict.fromkeys(("-c", "-b"), "email"),
    "neomutt": dict.fromkeys(("-c", "-b"), "email"),
    "swaks": dict.fromkeys(("-t", "--to", "-cc", "--cc", "-bcc", "--bcc"), "email"),
    "sendemail": dict.fromkeys(("-t", "-cc", "-bcc"), "email"),
    "sendEmail": dict.fromkeys(("-t", "-cc", "-bcc"), "email"),
}
"""Options whose value is a recipient."""

HINTS = (
    *("mail", "slack", "discord", "teams", "telegram", "mattermost", "hook", "smtp", "mutt", "swaks", "s-nail", "chat"),
    *("pushover", "ntfy", "feishu", "lark", "dingtalk", "weixin", "ifttt", "zapier", "pagerduty", "opsgenie", "twilio"),
    *("sendgrid", "postmark", "resend", "mandrill", "brevo", "azure.com", "powerplatform", "zulip", "notify"),
)
"""Of these one stands, in lower case, in every file that has a sender in it."""

MAIL_HINTS = ("mail", "smtp", "mutt", "swaks")
FETCH_HINTS = ("curl", "wget", "http", "invoke-", "iwr", "irm", "fetch", "request")
"""The same for every script that has a command in it that sends mail, or posts to a URL."""

COMMAND_HINT = re.compile(
    r"(?<![\w.@-])(?:mailx?|s-nail|(?:neo)?mutt|sendmail|[ms]smtp|swaks|send[eE]mail)(?![\w@-])|send-email|mail-rcpt"
    r"|Send-MailMessage|smtplib|nodemailer|SmtpClient"
)
"""What such a command looks like."""

OTHER_LANGUAGE = re.compile(r"Send-MailMessage|smtplib|nodemailer|SmtpClient|sendmail", re.IGNORECASE)
"""What sends in scripts of other languages."""
