"""Kinds of which neither `good_world` nor a shipped test has a repository that their policies hold in."""

WITHOUT_WORLDS = frozenset(
    {
        "custom",  # of which a key is changed is refused where its own examples do not come out any more
    }
)
