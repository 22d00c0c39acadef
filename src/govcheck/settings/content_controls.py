"""Controls of what a commit or a push may contain."""

from govcheck.settings import readers, rule_readers
from govcheck.settings.control import Control, RuleReading, Target, rule
from govcheck.settings.strength import Strength

_REFS = frozenset[Target]({"branch", "tag"})
_TAGS = frozenset[Target]({"tag"})
_PUSHES = frozenset[Target]({"branch", "push"})
"""A ruleset for pushes guards every branch as well."""

CONTENT_CONTROLS = (
    Control(
        key="commit_message_patterns",
        title="patterns of commit messages",
        strength=Strength.DEMANDED,
        rules=(RuleReading("commit_message_pattern", rule_readers.pattern, rule_readers.PATTERN_KEYS),),
        targets=_REFS,
    ),
    Control(
        key="commit_author_email_patterns",
        title="patterns of authors' addresses",
        strength=Strength.DEMANDED,
        rules=(RuleReading("commit_author_email_pattern", rule_readers.pattern, rule_readers.PATTERN_KEYS),),
        targets=_REFS,
    ),
    Control(
        key="committer_email_patterns",
        title="patterns of committers' addresses",
        strength=Strength.DEMANDED,
        rules=(RuleReading("committer_email_pattern", rule_readers.pattern, rule_readers.PATTERN_KEYS),),
        targets=_REFS,
    ),
    Control(
        key="branch_name_patterns",
        title="patterns of the branch's name",
        strength=Strength.DEMANDED,
        rules=(RuleReading("branch_name_pattern", rule_readers.pattern, rule_readers.PATTERN_KEYS),),
    ),
    Control(
        key="tag_name_patterns",
        title="patterns of the tag's name",
        strength=Strength.DEMANDED,
        rules=(RuleReading("tag_name_pattern", rule_readers.pattern, rule_readers.PATTERN_KEYS),),
        targets=_TAGS,
    ),
    Control(
        key="restricted_file_paths",
        title="paths that no push may change",
        strength=Strength.DEMANDED,
        rules=rule("file_path_restriction", readers.demanded, "restricted_file_paths"),
        targets=_PUSHES,
    ),
    Control(
        key="restricted_file_extensions",
        title="file extensions that no push may bring",
        strength=Strength.DEMANDED,
        rules=rule("file_extension_restriction", readers.demanded, "restricted_file_extensions"),
        targets=_PUSHES,
    ),
    Control(
        key="max_file_size",
        title="the largest file that a push may bring, in MB",
        strength=Strength.AT_MOST,
        rules=rule("max_file_size", readers.count, "max_file_size"),
        targets=_PUSHES,
    ),
    Control(
        key="max_file_path_length",
        title="the longest path that a push may bring",
        strength=Strength.AT_MOST,
        rules=rule("max_file_path_length", readers.count, "max_file_path_length"),
        targets=_PUSHES,
    ),
)
