"""CODEOWNERS: every pattern that has owners is a promise that what it matches has one."""

from collections.abc import Iterator

from govcheck import globs
from govcheck.app.init.importing.told import Left, Source
from govcheck.app.init.proposal import Proposal
from govcheck.codeowners.parsing import Rule, parse
from govcheck.findings import Json


def read(content: bytes, source: Source) -> Iterator[Proposal | Left]:
    """The patterns as `owned` of `gate-liveness`, and that the owners are asked, which is GitHub's to hold."""
    found = parse(content)
    if found.unloaded:
        yield Left(source=source.name, line=1, what="the file", why=found.unloaded)
        return
    for line in found.skipped:
        yield Left(source=source.name, line=line.line, what=line.pattern, why=line.message)
    owned: dict[str, None] = {}
    for rule in found.rules:
        glob, why = _glob(rule, found.rules)
        if glob:
            owned[glob] = None
        else:
            yield Left(source=source.name, line=rule.line, what=rule.pattern, why=why)
    if not owned:
        return
    promised: list[Json] = [*owned]
    yield Proposal(
        kind="gate-liveness",
        id="code-has-owners",
        file="gates.yaml",
        why=f"As {source.name} promises.",
        fixed={"families": ["codeowners"], "owned": promised},
        explained=(f"Imported from {source.name}: every tracked file of these has an owner, and each line is alive.",),
        tighten=("`code_owner_reviews: true` of branch-protection, without which nobody has to ask an owner.",),
        declared=True,
    )


def _glob(rule: Rule, rules: tuple[Rule, ...]) -> tuple[str, str]:
    """The pattern in govcheck's own dialect, or why it cannot be one."""
    if not rule.owners:
        return "", "it leaves what it matches to nobody, which no policy demands"
    later = [one for one in rules if one.line > rule.line and not one.owners]
    if later:
        return (
            "",
            f"line {later[0].line} leaves some paths to nobody again, so that this promises nothing of all it matches",
        )
    glob = _converted(rule.pattern)
    problem = globs.problems(glob) if glob else "it has no equal among globs"
    return ("", problem) if problem else (glob, "")


def _converted(pattern: str) -> str:
    r"""GitHub's reading: a slash that is not at the end anchors, a name matches a file or all of a folder."""
    if "\\" in pattern:
        return ""
    bare = pattern.removeprefix("/")
    anchored = "/" in pattern.rstrip("/")
    if bare in {"*", "**", ""}:
        return "**"
    start = "" if anchored or bare.startswith("**/") else "**/"
    if bare.endswith("/"):
        return f"{start}{bare}**"
    last = bare.rpartition("/")[2]
    # Without a dot or a star, a last name is a folder more often than a file; its files are what it promises.
    return f"{start}{bare}" if "." in last or "*" in last else f"{start}{bare}/**"
