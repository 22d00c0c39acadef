"""The sets of policies that come with govcheck, and the files by which a set tells of itself. Hooks import it."""

PACKAGED = ("cis-github", "governed-delivery", "openssf-baseline", "starter", "third-party-services")
"""Their names, without `govcheck:`."""

DESCRIPTION = "_set.yaml"
"""The file of a set's folder in which the set describes itself; it may be missing."""

CONTROLS = "_controls.yaml"
"""The file that maps a published benchmark to the set's policies."""
