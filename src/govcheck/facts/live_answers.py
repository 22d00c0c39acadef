"""What single endpoints answered: kept raw, each under its template, so that one answer serves many settings."""

from collections.abc import Mapping

from govcheck.facts import Fact, Request
from govcheck.facts.live import Answer
from govcheck.records import frozen


@frozen
class LiveAnswersRequest(Request):
    """What several endpoints answer. Its answer is a `LiveAnswers`."""

    endpoints: tuple[str, ...]
    """Templates, as `settings.endpoints` has them: `repos/{owner}/{repo}/actions/permissions`.

    One with `{environment_name}` is asked once for each environment of the repository.
    """

    beside: tuple[str, ...] = ()
    """More of them, asked where the token may: nothing is unknown for want of their answers."""


@frozen
class LiveAnswers(Fact):
    """The answers to one request, and the repository's own."""

    repository: Answer
    """`repos/{owner}/{repo}`."""

    answers: Mapping[str, Answer]
    """By template. Where an endpoint is asked once for each environment, the name stands in place of its parameter:
    `repos/{owner}/{repo}/environments/production/secrets`. Where the environments themselves could not be listed, the
    template has the answer that stood in the way."""
