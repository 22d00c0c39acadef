"""`govcheck notify`."""

import json

import click

from govcheck.app.notify import NotifyOptions, Told, run_notify
from govcheck.cli.options import at_option, exit_codes, global_options, setting
from govcheck.findings import SEVERITIES, Severity
from govcheck.reporters.escape import visible
from govcheck.reporters.wording import place


@click.command(
    "notify",
    epilog=exit_codes(
        {
            0: "everybody was told what is news to them, or it is quiet hours",
            1: "somebody was asked for whom no policy allows: nothing was sent to them",
            2: "nothing to tell of, nobody to tell, or no way to",
            3: "somebody could not be told; it is told next time",
        }
    ),
)
@click.option("--report", metavar="FILE", help="The JSON report of a sweep; `-` reads it. Default: the store's newest.")
@click.option("--mail", metavar="ADDRESS", multiple=True, help="Somebody to be told, beside `tell.mail` of policies.")
@click.option(
    "--least",
    type=click.Choice(SEVERITIES),
    default="warning",
    show_default=True,
    help="The least severity that is told.",
)
@click.option("--dry-run", is_flag=True, help="Send nothing and remember nothing: say what would be told.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1),
    default=20.0,
    show_default=True,
    metavar="SECONDS",
    help="For each step of a conversation with the mail server.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For whom."
)
@at_option
@global_options
@click.pass_context
def command(
    context: click.Context,
    *,
    report: str | None,
    mail: tuple[str, ...],
    least: Severity,
    dry_run: bool,
    timeout: float,
    form: str,
) -> int:
    """Tell what is news of a sweep: by mail, a chat's webhook, or whatever apprise knows.

    Only those are told whom every `notification-recipients` policy of the repository allows. Nothing is told twice;
    what is about one thing is one thread. GOVCHECK_SMTP_URL, GOVCHECK_WEBHOOK_URL and GOVCHECK_APPRISE_URLS say how.
    """
    options = NotifyOptions(
        setting=setting(context), report=report, mail=mail, least=least, dry_run=dry_run, timeout=timeout
    )
    came = run_notify(options)
    click.echo(_json(came) if form == "json" else _text(came), nl=False)
    return came.exit_code


def _text(came: Told) -> str:
    lines = []
    for found in came.refused:
        lines.append(f"{found.severity}[recipient] {visible(found.policy.policy.id)}: {visible(found.finding.message)}")
        fix = f"; {visible(found.finding.fix.sentence)}" if found.finding.fix else ""
        lines.append(f"  at {place(found.finding.location)}{fix}")
    would = "would tell" if came.dry_run else "told"
    lines += [f"{would} {visible(reader)}: {subject}" for reader, subject in came.told]
    later = "it is told next time"
    lines += [f"not told: {visible(reader)}: {visible(why)}; {later}" for reader, why in came.undelivered]
    if came.quiet is not None:
        lines.append(f"nothing is sent: these are quiet hours of {came.quiet}; it is told after them")
    elif not (came.told or came.undelivered or came.refused):
        lines.append("nothing is news")
    return "".join(f"{line}\n" for line in lines)


def _json(came: Told) -> str:
    refused = [
        {
            "fingerprint": found.fingerprint,
            "policy": visible(found.policy.policy.id),
            "control": found.finding.control,
            "subject": visible(found.finding.subject),
            "severity": found.severity,
            "message": visible(found.finding.message),
        }
        for found in came.refused
    ]
    document = {
        "refused": refused,
        "told": [{"reader": visible(reader), "subject": subject} for reader, subject in came.told],
        "undelivered": [{"reader": visible(reader), "why": visible(why)} for reader, why in came.undelivered],
        "quiet": came.quiet,
        "dry_run": came.dry_run,
        "exit_code": came.exit_code,
    }
    return json.dumps(document, indent=2) + "\n"
