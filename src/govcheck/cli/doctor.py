"""`govcheck doctor`."""

import click

from govcheck.app.doctor import run_doctor
from govcheck.app.options import DoctorOptions
from govcheck.cli.options import exit_codes, global_options, max_wait_option, setting
from govcheck.cli.output import show, told
from govcheck.cli.progress import progress


@click.command(
    "doctor",
    epilog=exit_codes(
        {
            0: "everything can be decided by the tokens together",
            2: "no policy, an invalid one, or nothing says which repository it is",
            3: "something cannot; with --offline: some of it no such token can be given",
        }
    ),
)
@click.option("--offline", is_flag=True, help="Ask nobody: what the policies need, and what no such token can have.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For whom."
)
@max_wait_option
@global_options
@click.pass_context
def command(context: click.Context, *, offline: bool, form: str, max_wait: float) -> int:
    """Tell what the tokens at hand can decide of the policies, what not, and the least permissions that would do.

    Every endpoint that the policies need is asked once for each token. No token is ever shown.
    """
    where = setting(context)
    waiting = progress("Asking GitHub what each token may see")
    with told(where.environment, form="json" if form == "json" else "text"), waiting:
        diagnosis = run_doctor(DoctorOptions(setting=where, offline=offline, max_wait=max_wait))
    if form == "json":
        from govcheck.reporters import doctor_json  # noqa: PLC0415 - only what is asked for

        show(lambda **_: doctor_json.render(diagnosis), where.environment)
    else:
        from govcheck.reporters import doctor_text  # noqa: PLC0415 - only what is asked for

        show(lambda **style: doctor_text.render(diagnosis, **style), where.environment)
    return diagnosis.exit_code
