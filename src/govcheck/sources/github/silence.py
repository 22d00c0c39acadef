"""When the answer about the repository says that nothing below it will be answered either."""

from govcheck.facts.live import Answer
from govcheck.records import replace
from govcheck.sources.github.configuration import TokenClass

NO_REPOSITORY = "no-repository"
_UNAUTHORIZED, _NOT_FOUND = 401, 404


def of_repository(answer: Answer) -> Answer:
    """The answer about the repository itself; a 404 says what it means: no permission would help."""
    if answer.status != _NOT_FOUND:
        return answer
    name = "/".join(answer.endpoint.split("/")[1:3])
    whose = "or private: no token was given" if answer.token_class == TokenClass.NONE else "or not this token's to see"
    message = f"{name} is not there, {whose}"
    return replace(answer, message=message, failure=NO_REPOSITORY, permission=None, grantable=True)


def is_silent(repository: Answer) -> bool:
    """Whether nothing more is to be asked."""
    return repository.status in {None, _UNAUTHORIZED} or repository.failure == NO_REPOSITORY


def stand_in(endpoint: str, repository: Answer) -> Answer:
    """The answer to what was not asked because of it."""
    status = None if repository.failure == NO_REPOSITORY else repository.status
    return replace(repository, endpoint=endpoint, body=None, status=status)
