"""What alembic runs on a server: the steps of `govcheck.store.steps`."""
