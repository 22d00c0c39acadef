"""Snapshots and history."""
