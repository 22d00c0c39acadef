"""`govcheck init`."""

import click

from govcheck.app.init.importing import FORMATS
from govcheck.app.init.run import run_init
from govcheck.app.options import InitOptions
from govcheck.cli.options import exit_codes, global_options, max_wait_option, setting
from govcheck.cli.output import show
from govcheck.cli.progress import progress


@click.command(
    "init",
    epilog=exit_codes(
        {
            0: "the set that was written holds",
            1: "something that was imported does not hold today",
            2: "nothing was written: there are policies already, or an import cannot be read",
            3: "something in the set could not be told",
        }
    ),
)
@click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")
@click.option("--force", is_flag=True, help="Write over files of the same name.")
@click.option(
    "--live", is_flag=True, help="Propose from the settings on GitHub too, as far as the token at hand may see."
)
@click.option(
    "--import",
    "imports",
    multiple=True,
    metavar="FILE",
    help="Write what another tool or GitHub's export demands: settings.yml, branch protection or a ruleset as JSON, "
    "CODEOWNERS, .pre-commit-config.yaml; repeatable.",
)
@click.option("--import-format", type=click.Choice(FORMATS), help="What they are, where their shape does not tell.")
@click.option("--hook", is_flag=True, help="Write a .pre-commit-config.yaml as well.")
@click.option("--ci", is_flag=True, help="Write .github/workflows/govcheck.yml as well.")
@max_wait_option
@global_options
@click.pass_context
def command(
    context: click.Context,
    *,
    dry_run: bool,
    force: bool,
    live: bool,
    imports: tuple[str, ...],
    import_format: str | None,
    hook: bool,
    ci: bool,
    max_wait: float,
) -> int:
    """Write a starting set of policies that holds today, with what could be tighter as comments.

    Reads the repository, offline unless --live is given. Every value was tried: the engine that judges each run says
    what holds.
    """
    with progress("Trying what holds"):
        code, text = run_init(
            InitOptions(
                setting=setting(context),
                dry_run=dry_run,
                force=force,
                live=live,
                imports=imports,
                import_format=import_format,
                hook=hook,
                ci=ci,
                max_wait=max_wait,
            )
        )
    show(lambda *, width, **_: f"{text(width)}\n", setting(context).environment)
    return code
