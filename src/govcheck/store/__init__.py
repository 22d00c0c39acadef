"""Snapshots and history: a folder of files, one for each sweep."""
