"""Supabase: the backups of a project, and when they are made.

Source: https://supabase.com/docs/reference/api/v1-list-all-backups, and `.../v1-get-backup-schedule` beside it (the
management API's own description: https://api.supabase.com/api/v1-json).
"""

from collections.abc import Mapping

from govcheck.facts.services import SupabaseBackups, SupabaseBackupsRequest
from govcheck.sources.github.exchange import path
from govcheck.sources.services.asking import Asking, Connect, Service, connect

VARIABLE = "SUPABASE_ACCESS_TOKEN"
_ROOT = "https://api.supabase.com"
_PERMISSION = "a personal access token of a member, or a fine-grained one with backups:read"


def is_configured(environment: Mapping[str, str]) -> bool:
    """Whether the environment has a token."""
    return bool(environment.get(VARIABLE, "").strip())


def gather(
    request: SupabaseBackupsRequest, environment: Mapping[str, str], carrier: Connect = connect
) -> SupabaseBackups:
    """What Supabase says of the backups of a project.

    Raises:
        NotAskableError: the token is none.
    """
    token = environment[VARIABLE].strip()
    service = Service(name="Supabase", root=_ROOT, token=token, variable=VARIABLE, permission=_PERMISSION)
    asking = Asking(service, environment, carrier)
    try:
        root = path("v1", "projects", request.project, "database", "backups")
        return SupabaseBackups(backups=asking.get(root), schedule=asking.get(f"{root}/schedule"))
    finally:
        asking.close()
