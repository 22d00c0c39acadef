"""`init`: a starting set of policies, from what is true today.

Proposers (one module a kind, or a few that belong together) are pure: from gathered facts to proposals. What holds of
a proposal is never worked out here: the engine that judges every run is asked, key by key.
"""
