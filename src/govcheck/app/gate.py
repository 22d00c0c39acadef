"""`gate deploy`: may a deploy start now?"""

from datetime import datetime
from zoneinfo import ZoneInfo

from govcheck.actions.calendar import GateAnswer, gate
from govcheck.app.options import Setting
from govcheck.app.policies import load
from govcheck.app.state import Reading
from govcheck.app.world import instant
from govcheck.errors import UsageError
from govcheck.policy import LoadedPolicy
from govcheck.sources.git.repository import open_repository
from govcheck.sources.git.states import OnDisk

KIND = "deploy-window"
