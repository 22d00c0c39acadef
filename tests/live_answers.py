"""Answers of single endpoints, as a test writes them."""

from govcheck.facts.live import Answer
from govcheck.facts.live_answers import LiveAnswers
from govcheck.settings.endpoints import ENDPOINTS, REPOSITORY

OWN = {
    "full_name": "o/r",
    "html_url": "https://github.com/o/r",
    "private": False,
    "owner": {"login": "o", "type": "User"},
}


def answer(template, body=None, *, status=200, message="", permission=None, **keys):
    """One answer; `permission` is what the endpoint needs, if not given."""
    known = ENDPOINTS.get(template)
    return Answer(
        endpoint=template.replace(REPOSITORY, "repos/o/r"),
        status=status,
        message=message,
        body=body,
        permission=permission or (known.permission if known else None),
        **keys,
    )


def refused(template, permission):
    """GitHub's refusal to an App's token."""
    return answer(template, status=403, message="Resource not accessible by integration", permission=permission)


def live(answers, repository=None):
    """The answers by template; those that are no `Answer` are bodies of good ones."""
    made = {key: one if isinstance(one, Answer) else answer(key, one) for key, one in answers.items()}
    return LiveAnswers(answer(REPOSITORY, {**OWN, **(repository or {})}), made)
