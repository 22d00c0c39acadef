"""`govcheck metrics`."""

import click

from govcheck.app.metrics import NotDeliveredError, run_metrics
from govcheck.cli.options import exit_codes, global_options, setting
from govcheck.errors import SourceError


@click.command(
    "metrics",
    epilog=exit_codes(
        {
            0: "the figures are where they were wanted, whatever they say",
            2: "no sweep to take them from, or a file that cannot be written",
            3: "the Pushgateway did not take them",
        }
    ),
)
@click.option("--report", metavar="FILE", help="The JSON report of a sweep; `-` reads it. Default: the store's newest.")
@click.option("--output", metavar="FILE", help="Write a file, as the node exporter's textfile collector reads it.")
@click.option("--push", metavar="URL", help="The root of a Pushgateway; what it had of this repository is replaced.")
@global_options
@click.pass_context
def command(context: click.Context, *, report: str | None, output: str | None, push: str | None) -> int:
    """Write a sweep's figures for Prometheus: to a file, to a Pushgateway, or else to standard output.

    What drifted is only in a report: a sweep of the store has no comparison.
    """
    try:
        text = run_metrics(setting(context), report=report, output=output, push=push)
    except NotDeliveredError as error:
        raise SourceError(f"the Pushgateway did not take the figures: {error}") from error
    if text is not None:
        click.echo(text, nl=False)
    return 0
