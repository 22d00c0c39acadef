"""What an organisation's setting leaves of a repository's: the stricter of both. Pure.

GitHub answers `409` where a repository would be set to more than its organisation allows, and shows the organisation's
choice in the repository's settings from then on; what a repository was set to before that, its endpoint may still tell.
So both are read. Source: https://docs.github.com/en/rest/actions/permissions and
https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository
"""

from govcheck.findings import Json
from govcheck.settings.registry import Setting
from govcheck.settings.strength import Strength

_ANYTHING: Json = ["*"]


def capped(setting: Setting, own: Json, cap: Json) -> Json:
    """What a repository's value comes to under its organisation's; its own where the two do not compare."""
    if isinstance(own, str) and isinstance(cap, str):
        both = {own, cap} <= set(setting.order)
        return max(own, cap, key=setting.order.index) if both else own
    if isinstance(own, bool) and isinstance(cap, bool):
        return own or cap  # a demand, which either may make
    if isinstance(own, int) and isinstance(cap, int):
        return min(own, cap)  # the organisation's number is the most that a repository may have
    if setting.strength is Strength.CHOICE and own == _ANYTHING and isinstance(cap, list):
        return cap
    return own
