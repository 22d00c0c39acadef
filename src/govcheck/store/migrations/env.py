"""How alembic runs: within the transaction of whoever asked, and nothing else."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
