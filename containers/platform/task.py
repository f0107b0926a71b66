"""What a model predicts, for the jobs and the model server; core/tasks holds the same for everything else.

A task is one file of `tasks/`, named as the task with underscores, that holds `TASK`. Model servers import it, so it needs nothing but
numpy. Jobs and artefacts are packed flat: all modules lie in one folder there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt

Json = dict[str, Any]
Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
Scorer = Callable[[Matrix], Floats]
"""Outputs of a model for encoded rows, one per row."""


class Measured(Protocol):
    """Outputs against labels, ready to be weighed again and again."""

    def metrics(self, weights: Floats) -> dict[str, float | None]:
        """All metrics of the task; None where undefined. A weight is the number of times that a bootstrap sample drew the row."""
        ...


class Task(Protocol):
    """The rules of one task. An `operation` says how outputs become predictions (a threshold); it is stored in `operation_file`."""

    metrics: tuple[str, ...]
    lower_is_better: tuple[str, ...]
    headline: str
    operation_file: str
    label_type: str
    """Type of the label in Parquet, an alias of pyarrow."""
    options: dict[str, float]
    """Hyperparameters that the task adds to its algorithm's, with their defaults."""

    def label_problem(self, values: Sequence[float]) -> str | None:
        """What is wrong with the distinct labels of some rows."""
        ...

    def fit_problem(self, labels: Floats) -> str | None:
        """Why nothing can be learned from these labels."""
        ...

    def summary(self, labels: Floats) -> Json:
        """Labels in a few numbers."""
        ...

    def operate(self, labels: Floats, outputs: Floats, options: dict[str, float]) -> Json:
        """The operation to use, chosen on rows that the model did not learn from; with a `reason`."""
        ...

    def measure(self, labels: Floats, outputs: Floats, operation: Json) -> Measured: ...

    def describe(self, labels: Floats, outputs: Floats, operation: Json) -> Json:
        """What the evaluation report says of a contender beside its metrics."""
        ...

    def predictions(self, outputs: Floats, operation: Json) -> list[Json]:
        """What the model server answers."""
        ...

    def watched(self, outputs: Floats) -> dict[str, Floats]:
        """Values whose distribution is watched in live traffic, by name."""
        ...

    def baseline(self, document: Json, features: Sequence[str]) -> Scorer:
        """The scorer of a day-0 artefact's `baseline.json`. Raises ValueError when it is none."""
        ...


def task_module(name: str) -> ModuleType:
    return import_module(name.replace('-', '_'))


def task_of(name: str) -> Task:
    """The rules of a task. Raises ValueError when there is none of the name."""
    try:
        return cast(Task, task_module(name).TASK)
    except (ModuleNotFoundError, AttributeError):
        raise ValueError(f'no task `{name}`') from None


def serving_modules(task: str) -> list[Path]:
    """Sources that an artefact carries as its `code/`: all that answers requests."""
    modules = [import_module(name) for name in ('inference', 'task', 'scorer')]
    return [Path(str(module.__file__)) for module in (*modules, task_module(task))]
