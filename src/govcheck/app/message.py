"""`check --message FILE`: the message of a commit that is being made, by the policies of the index."""

from govcheck import engine
from govcheck.app.bare import in_order, whole
from govcheck.app.configured import configured
from govcheck.app.options import CheckOptions
from govcheck.app.policies import load, read_files, read_waivers
from govcheck.app.reporting import Run, build, stop_watch
from govcheck.app.state import Reading
from govcheck.app.world import Gatherer, instant
from govcheck.errors import UsageError
from govcheck.facts import Facts
from govcheck.facts.commits import CommitMessage
from govcheck.plan import plan, requests
from govcheck.report import Report, Stage
from govcheck.sources.git.message import read_message
from govcheck.sources.git.repository import Repository
from govcheck.sources.git.states import InIndex

_NAMES = frozenset({CommitMessage.__name__})


def judge(options: CheckOptions, repository: Repository, file: str) -> Report:
    """Judges a message: nothing else is on offer, so that every policy about anything else is not applicable.

    Raises:
        UsageError: the message cannot be read, or is to be recorded.
    """
    if options.setting.record is not None:
        raise UsageError("the check of a message is not recorded: there is nothing in it but the message")
    started = instant(None)
    reading = Reading(repository, InIndex())
    setting = configured(options.setting, reading)
    policies = load(setting, reading, lambda outline: engine.nothing_to_judge(outline, _NAMES, frozenset()))
    planned = plan(whole(policies))
    offered = frozenset({CommitMessage})
    gatherer = Gatherer(suppliers={CommitMessage.__name__: lambda _: read_message(repository, file)})
    facts = Facts(offered=offered, answers=gatherer.gather(requests(planned, offered)))
    results = in_order(policies, engine.judge(planned, facts, Stage.PRE_COMMIT, stop_watch), _NAMES)
    run = Run(
        stage=Stage.PRE_COMMIT,
        started=started,
        commit=reading.commit,
        policies=policies,
        written=lambda: read_files(setting, reading),
        facts=facts,
        moment=setting.at or started,
        waivers=read_waivers(setting, reading),
        git_dir=repository.git_dir,
    )
    return build(run, results, fail_on=options.fail_on, unknown=options.unknown)
