"""What every training job does around its algorithm: SageMaker's script mode (channels `train` and `validation`, artefact in SM_MODEL_DIR).

The artefact: the algorithm's own files, `features.json`, the task's operation, `manifest.json`, `reference-profile.json` and `code/`.
The same rows and hyperparameters give the same bytes on one kind of device and one number of threads.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

from features import describe_features, encode_rows, parse_features
from inference import Feature
from job import JobError, Json, digest_of_files, write_json
from reference_profile import profile
from task import Floats, Matrix, Task, serving_modules, task_of
from training_set import TrainingSet, read_rows

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    P = TypeVar('P', bound=DataclassInstance)
else:
    P = TypeVar('P')


@dataclass(frozen=True)
class Device:
    """Where to train: `cuda` or `cpu`, and the number of threads."""

    name: str
    threads: int


@dataclass(frozen=True)
class Rows:
    """What an algorithm learns from: encoded inputs, one row per label."""

    features: tuple[Feature, ...]
    inputs: Matrix
    labels: Floats


class Fitted(Protocol):
    """A trained model."""

    def outputs(self, inputs: Matrix) -> Floats:
        """One output per row, as the algorithm's scorer gives it."""
        ...

    def save(self, folder: Path) -> None:
        """Write the files that the algorithm's scorer reads."""
        ...


@dataclass(frozen=True)
class Algorithm(Generic[P]):
    """An algorithm: its hyperparameters (a dataclass with defaults), how it fits, and versions that belong in the manifest."""

    name: str
    params: type[P]
    fit: Callable[[str, Rows, P, Device], Fitted]
    """Of the task's name, the training rows, hyperparameters and device."""
    versions: dict[str, str]


@dataclass(frozen=True)
class Trained:
    """A model, its operation, and how it does on validation rows."""

    fitted: Fitted
    features: Json
    operation: Json
    outputs: Floats
    validation: dict[str, float | None]


@dataclass(frozen=True)
class Parts:
    """The rows of a training job, by what they are for."""

    definition: TrainingSet
    train: pd.DataFrame
    validation: pd.DataFrame

    def labels(self, rows: pd.DataFrame) -> Floats:
        return np.asarray(rows[self.definition.label], dtype=np.float64)


def train(algorithm: Algorithm[P], parts: Parts, params: P, options: dict[str, float], device: Device) -> Trained:
    """Fit on the training rows, choose the operation on validation rows (later ones, never fitted). Raises JobError."""
    task = task_of(parts.definition.task)
    labels = parts.labels(parts.train)
    problem = task.fit_problem(labels)
    if problem is not None:
        raise JobError(problem)
    document = describe_features(parts.train, parts.definition.columns)
    features = parse_features(document)
    fitted = algorithm.fit(parts.definition.task, Rows(features, encode_rows(parts.train, features), labels), params, device)
    outputs = fitted.outputs(encode_rows(parts.validation, features))
    truth = parts.labels(parts.validation)
    operation = task.operate(truth, outputs, options)
    metrics = task.measure(truth, outputs, operation).metrics(np.ones(len(truth)))
    return Trained(fitted, document, operation, outputs, metrics)


def write_artefact(folder: Path, task: str, trained: Trained, reference: Json, manifest: Json) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    trained.fitted.save(folder)
    write_json(folder / 'features.json', trained.features)
    write_json(folder / task_of(task).operation_file, trained.operation)
    write_json(folder / 'reference-profile.json', reference)
    write_json(folder / 'manifest.json', manifest)
    (folder / 'code').mkdir(exist_ok=True)
    for module in serving_modules(task):
        shutil.copyfile(module, folder / 'code' / module.name)


def describe_run(algorithm: Algorithm[P], definition: TrainingSet, settings: Json, device: Device, data: Json, trained: Trained) -> Json:
    """`manifest.json`: what made the model. No clock and no host, so that the same inputs give the same bytes."""
    versions = {'python': platform.python_version(), 'numpy': np.__version__, 'pandas': pd.__version__, 'pyarrow': pa.__version__}
    return {
        'schemaVersion': 1,
        'model': definition.model,
        'task': definition.task,
        'algorithm': algorithm.name,
        'data': data,
        'codeDigest': digest_of_files(path for path in Path(__file__).parent.glob('*.py')),
        'hyperparameters': settings,
        'device': asdict(device),
        'versions': algorithm.versions | versions,
        'validation': trained.validation,
    }


def parse(algorithm: Algorithm[P], task: Task, arguments: Sequence[str]) -> tuple[argparse.Namespace, P, dict[str, float]]:
    """Folders and device, the algorithm's parameters, the task's options. An unknown hyperparameter is refused."""
    parser = argparse.ArgumentParser(description=f'Train with {algorithm.name}.', allow_abbrev=False)
    add_folders(parser)
    parser.add_argument('--gpus', type=int, default=int(os.environ.get('SM_NUM_GPUS', '0')))
    parser.add_argument('--cpus', type=int, default=int(os.environ.get('SM_NUM_CPUS', os.cpu_count() or 1)))
    defaults: dict[str, Any] = {field.name: field.default for field in fields(algorithm.params)} | dict(task.options)
    for name, default in defaults.items():
        parser.add_argument(f'--{name}', type=type(default), default=default)
    options = parser.parse_args(arguments)
    params = algorithm.params(**{field.name: getattr(options, field.name) for field in fields(algorithm.params)})
    return options, params, {name: getattr(options, name) for name in task.options}


def add_folders(parser: argparse.ArgumentParser) -> None:
    for name in ('train', 'validation'):
        folder = os.environ.get(f'SM_CHANNEL_{name.upper()}')
        parser.add_argument(f'--{name}', type=Path, default=folder, required=folder is None, help=f'folder of the {name} channel')
    folder = os.environ.get('SM_MODEL_DIR')
    parser.add_argument('--model-dir', type=Path, default=folder, required=folder is None, help='where the artefact goes')


def task_named_by(arguments: Sequence[str]) -> Task:
    """The task of the training channel's document: its options are among the arguments."""
    parser = argparse.ArgumentParser(allow_abbrev=False, add_help=False)
    add_folders(parser)
    folders, _ = parser.parse_known_args(arguments)
    definition, _, _ = read_rows(Path(folders.train))
    return task_of(definition.task)


def main(arguments: Sequence[str], algorithm: Algorithm[P]) -> None:
    options, params, task_options = parse(algorithm, task_named_by(arguments), arguments)
    definition, rows, digest = read_rows(Path(options.train))
    _, validation, validation_digest = read_rows(Path(options.validation))
    parts = Parts(definition, rows, validation)
    device = Device('cuda' if options.gpus > 0 else 'cpu', options.cpus)
    trained = train(algorithm, parts, params, task_options, device)
    data = {
        'trainDigest': digest,
        'validationDigest': validation_digest,
        'trainRows': len(rows),
        'validationRows': len(validation),
        'from': rows[definition.time_column].min().isoformat(timespec='milliseconds') + 'Z',
        'to': validation[definition.time_column].max().isoformat(timespec='milliseconds') + 'Z',
    }
    reference = profile(rows, definition.columns, task_of(definition.task).watched(trained.outputs))
    manifest = describe_run(algorithm, definition, asdict(params) | task_options, device, data, trained)
    write_artefact(Path(options.model_dir), definition.task, trained, reference, manifest)
    shown = {f'validation:{name}': value for name, value in trained.validation.items()}
    print('; '.join(f'{name}={value:.6f}' for name, value in shown.items() if value is not None), flush=True)
    print(trained.operation['reason'], flush=True)
