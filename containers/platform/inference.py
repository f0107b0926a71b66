"""Serve an artefact under the SageMaker script-mode contract: `model_fn`, `input_fn`, `predict_fn`, `output_fn`.

It lies in every artefact as `code/inference.py`, beside the model's task and its algorithm's `scorer.py`. An artefact holds
`features.json`, `manifest.json`, the operation of its task (`threshold.json`), and either a trained model or `baseline.json`, which needs
no training.
"""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import scorer
from task import Floats, Json, Matrix, Scorer, Task, task_of

MISSING = math.nan
JSON = 'application/json'


class BadInputError(ValueError):
    """The request cannot be predicted; the text lists every problem with its place in the body."""


@dataclass(frozen=True)
class Feature:
    """A model input. `codes` numbers the known categories; without it (a baseline, built before any data) every category is accepted."""

    name: str
    numeric: bool
    codes: dict[str, float] | None
    reject_unknown: bool


@dataclass(frozen=True)
class Model:
    """A loaded artefact."""

    version: str
    task: Task
    features: tuple[Feature, ...]
    operation: Json
    """How the task makes predictions of outputs."""
    score: Scorer


def model_fn(model_dir: str) -> Model:
    """Load the artefact of a directory; the version comes from MODEL_VERSION, set by whoever creates the SageMaker model."""
    folder = Path(model_dir)
    features = tuple(feature_of(entry) for entry in read(folder / 'features.json')['features'])
    task = task_of(read(folder / 'manifest.json')['task'])
    operation = read(folder / task.operation_file)
    score = scorer.load(folder) or task.baseline(read(folder / 'baseline.json'), [feature.name for feature in features])
    return Model(os.environ.get('MODEL_VERSION', '0'), task, features, operation, score)


def input_fn(body: str | bytes, content_type: str) -> list[dict[str, Any]]:
    """Parse `{"instances": [{feature: value or null}, ...]}`. Raises BadInputError."""
    if content_type.split(';')[0].strip().lower() != JSON:
        raise BadInputError(f'content type is `{content_type}`, allowed is {JSON}')
    try:
        document = json.loads(body)
    except ValueError as error:
        raise BadInputError(f'body is not JSON: {error}') from None
    instances = document.get('instances') if isinstance(document, dict) else None
    if not isinstance(instances, list) or not instances or not all(isinstance(row, dict) for row in instances):
        raise BadInputError('body must be {"instances": [...]} with at least one object')
    return instances


def predict_fn(instances: list[dict[str, Any]], model: Model) -> dict[str, Any]:
    """Predict the instances. Raises BadInputError."""
    return answer(model, model.score(encode(instances, model.features)))


def batch_predict_fn(requests: list[list[dict[str, Any]]], model: Model) -> list[dict[str, Any] | BadInputError]:
    """Score requests that wait at the same moment together; a bad one does not fail the others. Optional: SageMaker's own servers ignore it."""
    encoded: list[Matrix | BadInputError] = []
    for instances in requests:
        try:
            encoded.append(encode(instances, model.features))
        except BadInputError as error:
            encoded.append(error)
    good = [rows for rows in encoded if not isinstance(rows, BadInputError)]
    outputs = model.score(np.concatenate(good)) if good else np.empty(0)
    answers: list[dict[str, Any] | BadInputError] = []
    start = 0
    for rows in encoded:
        if isinstance(rows, BadInputError):
            answers.append(rows)
            continue
        answers.append(answer(model, outputs[start : start + len(rows)]))
        start += len(rows)
    return answers


def output_fn(prediction: dict[str, Any], accept: str) -> tuple[str, str]:
    """The answer as JSON, the only type there is."""
    if accept not in (JSON, '*/*', '') and JSON not in accept and '*/*' not in accept and 'application/*' not in accept:
        raise BadInputError(f'accept is `{accept}`, allowed is {JSON}')
    return json.dumps(prediction, separators=(',', ':'), allow_nan=False), JSON


def answer(model: Model, outputs: Floats) -> dict[str, Any]:
    return {'model_version': model.version, 'predictions': model.task.predictions(outputs, model.operation)}


def encode(instances: list[dict[str, Any]], features: tuple[Feature, ...]) -> Matrix:
    """Rows of float32 in the order of the features; null is missing (NaN). Raises BadInputError with every problem at once."""
    rows: list[list[float]] = []
    problems: list[str] = []
    for index, instance in enumerate(instances):
        row: list[float] = []
        for feature in features:
            value = instance.get(feature.name, problems)
            kind = type(value)
            if value is None:
                row.append(MISSING)
            elif feature.numeric and (kind is float or kind is int):
                row.append(value)
            elif not feature.numeric and kind is str:
                row.append(category(value, feature, index, problems))
            else:
                problems.append(f'instances[{index}].{feature.name}: {complaint(value is problems, feature, value)}')
        rows.append(row)
    if problems:
        raise BadInputError('; '.join(problems[:20]))
    return np.asarray(rows, dtype=np.float32)


def category(value: str, feature: Feature, index: int, problems: list[str]) -> float:
    if feature.codes is None:
        return MISSING
    code = feature.codes.get(value)
    if code is None and feature.reject_unknown:
        problems.append(f'instances[{index}].{feature.name}: unknown category `{value}`')
    return MISSING if code is None else code


def complaint(absent: bool, feature: Feature, value: object) -> str:
    if absent:
        return 'is absent; send null for a missing value'
    wanted = 'a number' if feature.numeric else 'a string'
    return f'must be {wanted} or null, is {json.dumps(value)[:40]}'


def feature_of(entry: dict[str, Any]) -> Feature:
    vocabulary = entry.get('vocabulary')
    codes = None if vocabulary is None else {value: float(code) for code, value in enumerate(vocabulary)}
    return Feature(entry['name'], entry['type'] == 'numeric', codes, entry.get('unknown') == 'reject')


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text('utf-8'))
    return document
