"""Where a shell script can end as failed, and what its branches say without meaning it.

`exits(script, ...)` walks the script the way a shell would: every test that reading can settle is settled, every other
one goes both ways. What is not known can fail; so a script without any red end certainly has none.
"""

import re

from govcheck.actions.shell import Unread, read, too_much
from govcheck.actions.shell_tree import parsed
from govcheck.liveness.effects import Effect
from govcheck.liveness.shell_assignments import Surroundings
from govcheck.liveness.shell_commands import Commands
from govcheck.liveness.shell_expansions import Expansions
from govcheck.liveness.shell_options import Options
from govcheck.liveness.shell_progress import Follow, Progress, State
from govcheck.liveness.shell_state import Exits, Red, once
from govcheck.liveness.shell_tests import Tests
from govcheck.liveness.shell_values import Variables
from govcheck.liveness.shell_walk import Walk
from govcheck.records import replace

_DEEPEST_INLINE = 3
_LOOSE = re.compile(r"nocasematch|nocaseglob|extglob")


def exits(
    script: str,
    *,
    errexit: bool | None,
    pipefail: bool | None,
    nounset: bool | None = False,
    bash: bool = True,
    surroundings: Surroundings,
    follow: Follow = lambda _program, _inherited: None,
    inline: int = _DEEPEST_INLINE,
) -> Exits:
    """Where a script can end as failed.

    Args:
        script: For `bash` or `sh`.
        errexit: Whether it stops at the first failure, as with `set -e`; None: it may.
        pipefail: Whether a failure anywhere in a pipe is the pipe's; None: it may be.
        nounset: Whether a variable without a value ends it, as with `set -u`; None: it may.
        bash: Whether it is bash for certain: other shells do not know `[[`.
        surroundings: What is known of variables and outputs.
        follow: What a program of the repository's own comes to.
        inline: How many scripts within scripts (`bash -c`) are followed.
    """
    refusal = too_much(script)
    if refusal is not None:
        return Exits(red=(), untold=refusal.message)

    def inner(source: str, options: Options, inherited: Surroundings) -> Exits:
        if not inline:
            return Exits(red=(Red(0, "a script within a script", Effect.JUDGEMENT),))
        return exits(
            source,
            errexit=options.settings.get("errexit", False),
            pipefail=options.settings.get("pipefail", False),
            nounset=options.settings.get("nounset", False),
            bash=bash,
            surroundings=inherited,
            follow=follow,
            inline=inline - 1,
        )

    root, words = parsed(script)
    found = read(script)
    variables = Variables(root, words, surroundings)
    tests = Tests(words, variables, settled=_LOOSE.search(script) is None, bash=bash)
    by_offset = {} if isinstance(found, Unread) else {one.offset: one for one in found.commands}
    progress = Progress(State(errexit, pipefail, nounset))
    variables.succeeded = lambda: progress.state.last.zero and not progress.state.last.red
    commands = Commands(words, by_offset, tests, progress, follow, inner)
    return _ended(Walk(commands, Expansions(script, words, variables)).ended(root), progress, damaged=root.has_error)


def _ended(last: tuple[Red, ...], progress: Progress, *, damaged: bool) -> Exits:
    red = () if progress.overruled else once((*progress.red, *last))
    found = Exits(red=red, late=tuple(dict.fromkeys(progress.late)))
    return replace(
        found,
        unheeded=tuple(one for one in dict.fromkeys(progress.spoken) if not found.judges_after(one.after)),
        green=tuple(dict.fromkeys(progress.green)),
        rewrites=once(progress.rewrites),
        captured=tuple(dict.fromkeys(progress.captured)),
        reached=tuple(dict.fromkeys(progress.reached)),
        untold=progress.untold or ("a part of the script cannot be read" if damaged else ""),
    )
