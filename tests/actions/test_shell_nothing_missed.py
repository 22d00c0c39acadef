"""Words of a script are looked into only where something is computed in them: nothing is missed by that."""

from hypothesis import given
from hypothesis import strategies as st
from tree_sitter import Node

from govcheck.actions.shell import Script, read
from govcheck.actions.shell_tree import parsed
from govcheck.liveness.shell_assignments import Assignments

WORDS = ["a", "b=1", "B=$x ", "x:=", "c[i++]", "export C=", "read r", "é", "${{ x }}", "# ", ">f", "=", " ", " ", "\n"]
SIGNS = [
    "$(",
    ")",
    "`",
    "<(",
    ">(",
    "((",
    "))",
    "$((",
    "${",
    "}",
    "$[",
    "]",
    '"',
    "'",
    "\\",
    "|",
    "&&",
    "||",
    ";",
    "(",
    "! ",
]
BLOCKS = ["<<E\n", "E\n", "<<<", "{ ", "; }", "if a; then ", "fi", "for i in ", "; do ", "done", "f() "]
PIECES = st.sampled_from([*WORDS, *SIGNS, *BLOCKS])
SCRIPTS = st.lists(PIECES, max_size=25).map("".join)


def below(root: Node) -> list[Node]:
    found = [root]
    for node in found:
        found += node.children
    return found


@given(SCRIPTS)
def test_every_command_is_found(script):
    found = read(script)
    assert isinstance(found, Script)
    root, _ = parsed(script)
    there = {one.start_byte for one in below(root) if one.type == "command"}
    known = {one.offset for one in found.commands}
    assert known == there


@given(SCRIPTS)
def test_every_assignment_is_found(script):
    root, words = parsed(script)
    found = Assignments(root, words)
    for node in below(root):
        name = node.child_by_field_name("name") if node.type == "variable_assignment" else None
        if name is not None and name.type == "variable_name":
            assert found.touches(words.text(name.start_byte, name.end_byte))
        assigns = node.type == "expansion" and any(one.type in {"=", ":="} for one in node.children)
        if assigns and node.named_children and node.named_children[0].type == "variable_name":
            assert found.touches(words.text(node.named_children[0].start_byte, node.named_children[0].end_byte))
