"""Evaluate challenger and champion on the same hold-out rows and judge the gates: SageMaker processing job.

Writes `evaluation.json` (`evaluation-report.schema.json`) and, beside it, the challenger's drift reference. A refused challenger is a
result, not a failure: the exit code is 0.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from artefact import Artefact, open_artefact
from gates import check_gates, judge
from job import JobError, Json, run, write_json
from task import Floats, Task, task_of
from training_set import TrainingSet, read_rows

SMALLEST_SLICE = 100
SAMPLES = 200
"""Bootstrap samples; the interval is the 2.5 and 97.5 percentile of them."""


@dataclass(frozen=True)
class Contender:
    """The outputs of one model on the hold-out rows, and the operation that makes predictions of them."""

    outputs: Floats
    operation: Json


def evaluate(task: Task, labels: Floats, slices: pd.DataFrame, contenders: Mapping[str, Contender], gates: Json, seed: int) -> Json:
    """Metrics with bootstrap intervals for each contender (`challenger`, perhaps `champion`), their paired differences, the verdict."""
    samples = bootstrap(task, labels, contenders, seed)
    reports = {role: describe(task, labels, slices, contender, samples[role]) for role, contender in contenders.items()}
    compared = compare(task, reports, samples) if 'champion' in reports else None
    return {
        'challenger': reports['challenger'],
        'champion': reports.get('champion'),
        'comparison': compared,
        'gates': gates,
        'verdict': judge(gates, task, len(labels), reports['challenger'], compared),
    }


def bootstrap(task: Task, labels: Floats, contenders: Mapping[str, Contender], seed: int) -> dict[str, npt.NDArray[np.float64]]:
    """Metrics (samples x metrics, NaN where undefined) per contender. Each sample draws the same rows for all, so differences are paired."""
    generator = np.random.default_rng(seed)
    measured = {role: task.measure(labels, contender.outputs, contender.operation) for role, contender in contenders.items()}
    samples = {role: np.empty((SAMPLES, len(task.metrics))) for role in contenders}
    for index in range(SAMPLES):
        drawn = np.bincount(generator.integers(0, len(labels), len(labels)), minlength=len(labels)).astype(np.float64)
        for role, measure in measured.items():
            metrics = measure.metrics(drawn)
            samples[role][index] = [np.nan if metrics[name] is None else metrics[name] for name in task.metrics]
    return samples


def describe(task: Task, labels: Floats, slices: pd.DataFrame, contender: Contender, samples: npt.NDArray[np.float64]) -> Json:
    values = task.measure(labels, contender.outputs, contender.operation).metrics(np.ones(len(labels)))
    return {
        **task.describe(labels, contender.outputs, contender.operation),
        'metrics': {name: estimate(values[name], samples[:, index]) for index, name in enumerate(task.metrics)},
        'slices': [entry for name in slices.columns for entry in per_slice(task, labels, slices[name], contender)],
    }


def estimate(value: float | None, samples: npt.NDArray[np.float64]) -> Json:
    known = samples[~np.isnan(samples)]
    if value is None or not len(known):
        return {'value': value, 'interval': None}
    low, high = np.quantile(known, [0.025, 0.975]).tolist()
    return {'value': value, 'interval': [low, high]}


def per_slice(task: Task, labels: Floats, values: pd.Series, contender: Contender) -> list[Json]:
    """Point estimates for each value with at least SMALLEST_SLICE rows, in the order of the values."""
    entries: list[Json] = []
    for value, rows in values.fillna('(missing)').astype(str).groupby(values.fillna('(missing)').astype(str)).indices.items():
        if len(rows) < SMALLEST_SLICE:
            continue
        truth = labels[rows]
        metrics = task.measure(truth, contender.outputs[rows], contender.operation).metrics(np.ones(len(rows)))
        entries.append({'feature': values.name, 'value': str(value), 'rows': len(rows), **task.summary(truth), 'metrics': metrics})
    return entries


def compare(task: Task, reports: Mapping[str, Json], samples: Mapping[str, npt.NDArray[np.float64]]) -> Json:
    """Challenger minus champion for each metric, with the interval of the paired samples."""
    differences: Json = {}
    for index, name in enumerate(task.metrics):
        mine, theirs = (reports[role]['metrics'][name]['value'] for role in ('challenger', 'champion'))
        difference = None if mine is None or theirs is None else mine - theirs
        differences[name] = estimate(difference, samples['challenger'][:, index] - samples['champion'][:, index])
    return differences


def contender_of(artefact: Artefact, rows: pd.DataFrame) -> Contender:
    missing = [feature.name for feature in artefact.model.features if feature.name not in rows.columns]
    if missing:
        raise JobError(f'the hold-out lacks the columns {", ".join(missing)} that a model needs')
    return Contender(artefact.outputs(rows), artefact.model.operation)


def sliced(rows: pd.DataFrame, definition: TrainingSet) -> pd.DataFrame:
    missing = [name for name in definition.slices if name not in rows.columns]
    if missing:
        raise JobError(f'the hold-out lacks the slice columns {", ".join(missing)}')
    return rows[list(definition.slices)]


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description='Evaluate a challenger against gates and champion.', allow_abbrev=False)
    parser.add_argument('--challenger', required=True, help='folder, archive or s3:// address of the artefact')
    parser.add_argument('--champion', default='', help='the same for the champion; empty when there is none')
    parser.add_argument('--holdout', type=Path, required=True, help='folder that prepare wrote')
    parser.add_argument('--gates', type=json.loads, default={}, help='JSON object of gates')
    parser.add_argument('--output', type=Path, required=True, help='folder for evaluation.json')
    parser.add_argument('--seed', type=int, default=2013)
    parser.add_argument('--message', type=Path, help='file for the exit message of a failure')
    return parser.parse_args(arguments)


def main(options: argparse.Namespace) -> None:
    definition, rows, digest = read_rows(options.holdout)
    task = task_of(definition.task)
    gates = check_gates(options.gates, task)
    artefacts = {'challenger': open_artefact(options.challenger)}
    if options.champion:
        artefacts['champion'] = open_artefact(options.champion)
    contenders = {role: contender_of(artefact, rows) for role, artefact in artefacts.items()}
    labels = rows[definition.label].to_numpy(dtype=np.float64)
    report = evaluate(task, labels, sliced(rows, definition), contenders, gates, options.seed)
    for role, artefact in artefacts.items():
        report[role]['digest'] = artefact.digest
    time = rows[definition.time_column]
    span = {key: value.isoformat(timespec='milliseconds') + 'Z' for key, value in (('from', time.min()), ('to', time.max()))}
    report |= {'schemaVersion': 1, 'model': definition.model, 'task': definition.task, 'seed': options.seed}
    report['holdout'] = {'rows': len(rows), **task.summary(labels), 'digest': digest, **span}
    write_json(options.output / 'evaluation.json', report)
    if artefacts['challenger'].profile is not None:
        write_json(options.output / 'reference-profile.json', artefacts['challenger'].profile)
    print(json.dumps({task.headline: report['challenger']['metrics'][task.headline], 'verdict': report['verdict']}), flush=True)


if __name__ == '__main__':
    parsed = parse(sys.argv[1:])
    run('evaluate', lambda: main(parsed), parsed.message)
