"""`govcheck generate`."""

import click

from govcheck.app.generation import run_generate
from govcheck.cli.options import global_options, setting


@click.command("generate")
@click.option(
    "--check", is_flag=True, help="Write nothing; name what is stale or left over, and exit 1 if anything is."
)
@global_options
@click.pass_context
def command(context: click.Context, *, check: bool) -> int:
    """Write schemas and docs from the rules: for govcheck's own repository."""
    names = run_generate(setting(context), write_files=not check)
    for name in names:
        click.echo(f"stale: {name}" if check else f"wrote {name}")
    return 1 if check and names else 0
