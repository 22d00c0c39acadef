"""Git repositories: what is tracked, what its files hold, what changed. Plumbing with `-z`, bytes first.

Nothing of the checked repository is run (no hook, filter, textconv, external diff or file-system monitor), nothing is
fetched, nothing is written. `repository.open_repository` is where to begin; modules are imported one by one, because
the hook pays for each.
"""
