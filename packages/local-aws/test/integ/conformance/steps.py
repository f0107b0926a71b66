"""Steps of a conformance run: calls of one operation, with what they take from earlier answers and the error that they shall meet."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Step:
    """One call. A value in `params` that can be called is asked, with the answers so far, when the step runs."""

    operation: str
    params: dict[str, Any] = field(default_factory=dict)
    error: str | None = None
    service: str | None = None
    until: Callable[[dict[str, Any]], bool] | None = None


def call(operation: str, service: str | None = None, **params: Any) -> Step:
    return Step(operation, params, service=service)


def wait(operation: str, until: Callable[[dict[str, Any]], bool], service: str | None = None, **params: Any) -> Step:
    """Calls until the answer is as wanted."""
    return Step(operation, params, service=service, until=until)


def fails(error: str, operation: str, **params: Any) -> Step:
    """The call must end with this error; the client checks nothing before it sends."""
    return Step(operation, params, error=error)


def last(operation: str, *path: str | int) -> Callable[[dict[str, Any]], Any]:
    """What stands at `path` in the newest answer of an operation."""

    def read(answers: dict[str, Any]) -> Any:
        value = answers[operation]
        for part in path:
            value = value[part]
        return value

    return read


def resolve(value: Any, answers: dict[str, Any]) -> Any:
    if callable(value):
        return value(answers)
    if isinstance(value, dict):
        return {name: resolve(item, answers) for name, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, answers) for item in value]
    return value
