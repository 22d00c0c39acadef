"""How a redirection can fail: a file that is missing, a folder that is, a port that nobody listens on."""

import re

from tree_sitter import Node

from govcheck.liveness.effects import Effect
from govcheck.liveness.shell_commands import Commands
from govcheck.liveness.shell_state import FINE, Red, Status

_SOCKET = re.compile(r"[\"']?/dev/(?:tcp|udp)/")
_ALWAYS_THERE = re.compile(
    r"[\"']?(?:/dev/(?:null|stdout|stderr|stdin|fd/\d)|\$\{?GITHUB_(?:OUTPUT|ENV|STEP_SUMMARY|PATH|STATE)\}?)[\"']?"
)


def redirected(node: Node, commands: Commands) -> Status:
    """How a `file_redirect` can end."""
    target = node.named_children[-1] if node.named_children else node
    signs = {child.type for child in node.children if not child.is_named}
    text = commands.words.text(target.start_byte, target.end_byte)
    if _SOCKET.match(text):
        return Status(zero=True, red=(Red(node.start_byte, f"{commands.shown(node)} fails", Effect.JUDGEMENT),))
    if target.type in {"process_substitution", "number"} or "-" in signs or _ALWAYS_THERE.fullmatch(text):
        return FINE
    if "<" in signs:
        how = f"the file of {commands.shown(node)} is missing"
    else:
        how = f"{commands.shown(node)} cannot be written"
    return Status(zero=True, red=(Red(node.start_byte, how, Effect.ACCIDENT),))
