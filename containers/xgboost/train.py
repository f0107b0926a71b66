"""Train the challenger: SageMaker training job in script mode (channels `train` and `validation`, artefact in SM_MODEL_DIR).

The artefact: `model.ubj`, `features.json`, `threshold.json`, `manifest.json`, `baseline-profile.json`, `code/inference.py`.
The same rows and hyperparameters give the same bytes on one kind of device and one number of threads.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import xgboost

from baseline_profile import profile
from features import describe_features, encode_rows, feature_types, parse_features
from job import JobError, Json, digest_of_files, run, write_json
from metrics import Floats, OperatingPoint, Ranking, choose_threshold
from training_set import TrainingSet, read_rows


@dataclass(frozen=True)
class Params:
    """Hyperparameters, in XGBoost's own names, and the precision that the operating threshold must reach."""

    num_round: int = 300
    max_depth: int = 6
    eta: float = 0.05
    min_child_weight: float = 1.0
    subsample: float = 1.0
    colsample_bytree: float = 1.0
    reg_lambda: float = 1.0
    gamma: float = 0.0
    max_bin: int = 256
    seed: int = 2013
    precision_target: float = 0.7


@dataclass(frozen=True)
class Device:
    """Where to train: XGBoost's `cuda` or `cpu`, and the number of threads."""

    name: str
    threads: int


@dataclass(frozen=True)
class Trained:
    """A model and the scores of the validation rows."""

    booster: xgboost.Booster
    features: Json
    operating_point: OperatingPoint
    scores: Floats
    validation: dict[str, float | None]


def train(rows: pd.DataFrame, validation: pd.DataFrame, definition: TrainingSet, params: Params, device: Device) -> Trained:
    """Fit on `rows`, choose the operating threshold on `validation` (later rows, never fitted)."""
    labels = rows[definition.label].to_numpy(dtype=np.float64)
    if labels.min() == labels.max():
        raise JobError(f'all {len(labels)} training rows have the label {labels[0]:g}; a classifier needs both')
    document = describe_features(rows, definition.columns)
    features = parse_features(document)
    names, types = [feature.name for feature in features], feature_types(features)
    data = xgboost.QuantileDMatrix(
        encode_rows(rows, features), labels, feature_names=names, feature_types=types, enable_categorical=True, max_bin=params.max_bin
    )
    booster = xgboost.train(booster_params(params, device), data, params.num_round)
    booster.set_param({'device': 'cpu'})
    scores = np.asarray(booster.inplace_predict(encode_rows(validation, features), validate_features=False), dtype=np.float64)
    truth = validation[definition.label].to_numpy(dtype=np.float64)
    point = choose_threshold(truth, scores, params.precision_target)
    metrics = Ranking.of(truth, scores, point.threshold).metrics(np.ones(len(truth)))
    return Trained(booster, document, point, scores, metrics)


def booster_params(params: Params, device: Device) -> dict[str, str | int | float]:
    chosen = {key: value for key, value in asdict(params).items() if key not in ('num_round', 'precision_target')}
    return chosen | {'objective': 'binary:logistic', 'tree_method': 'hist', 'device': device.name, 'nthread': device.threads}


def write_artefact(folder: Path, trained: Trained, profile_of_rows: Json, manifest: Json) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    trained.booster.save_model(folder / 'model.ubj')
    write_json(folder / 'features.json', trained.features)
    point = trained.operating_point
    write_json(folder / 'threshold.json', {'threshold': point.threshold, 'precisionTargetReached': point.reached, 'reason': point.reason})
    write_json(folder / 'baseline-profile.json', profile_of_rows)
    write_json(folder / 'manifest.json', manifest)
    (folder / 'code').mkdir(exist_ok=True)
    shutil.copyfile(Path(__file__).with_name('inference.py'), folder / 'code' / 'inference.py')


def describe_run(definition: TrainingSet, params: Params, device: Device, data: Json, trained: Trained) -> Json:
    """`manifest.json`: what made the model. No clock and no host, so that the same inputs give the same bytes."""
    versions = {'python': platform.python_version(), 'xgboost': xgboost.__version__, 'numpy': np.__version__}
    return {
        'schemaVersion': 1,
        'model': definition.model,
        'algorithm': 'xgboost',
        'data': data,
        'codeDigest': digest_of_files(path for path in Path(__file__).parent.glob('*.py')),
        'hyperparameters': asdict(params),
        'device': asdict(device),
        'versions': versions | {'pandas': pd.__version__, 'pyarrow': pa.__version__},
        'validation': trained.validation,
    }


def parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, Params]:
    parser = argparse.ArgumentParser(description='Train an XGBoost classifier.', allow_abbrev=False)
    for name in ('train', 'validation'):
        parser.add_argument(f'--{name}', type=Path, default=os.environ.get(f'SM_CHANNEL_{name.upper()}'), help=f'folder of the {name} channel')
    parser.add_argument('--model-dir', type=Path, default=os.environ.get('SM_MODEL_DIR'), help='where the artefact goes')
    parser.add_argument('--gpus', type=int, default=int(os.environ.get('SM_NUM_GPUS', '0')))
    parser.add_argument('--cpus', type=int, default=int(os.environ.get('SM_NUM_CPUS', os.cpu_count() or 1)))
    for field in fields(Params):
        parser.add_argument(f'--{field.name}', type=type(field.default), default=field.default)
    options = parser.parse_args(arguments)
    for name in ('train', 'validation', 'model_dir'):
        if getattr(options, name) is None:
            parser.error(f'--{name.replace("_", "-")} or its SM_ environment variable is required')
    return options, Params(**{field.name: getattr(options, field.name) for field in fields(Params)})


def main(arguments: Sequence[str]) -> None:
    options, params = parse(arguments)
    definition, rows, digest = read_rows(Path(options.train))
    _, validation, validation_digest = read_rows(Path(options.validation))
    device = Device('cuda' if options.gpus > 0 else 'cpu', options.cpus)
    trained = train(rows, validation, definition, params, device)
    data = {
        'trainDigest': digest,
        'validationDigest': validation_digest,
        'trainRows': len(rows),
        'validationRows': len(validation),
        'from': rows[definition.time_column].min().isoformat(timespec='milliseconds') + 'Z',
        'to': validation[definition.time_column].max().isoformat(timespec='milliseconds') + 'Z',
    }
    truth = validation[definition.label].to_numpy(dtype=np.float64)
    reference = profile(rows, definition.columns, trained.scores, truth)
    write_artefact(Path(options.model_dir), trained, reference, describe_run(definition, params, device, data, trained))
    shown = {f'validation:{name}': value for name, value in trained.validation.items()} | {'threshold': trained.operating_point.threshold}
    print('; '.join(f'{name}={value:.6f}' for name, value in shown.items() if value is not None), flush=True)
    print(trained.operating_point.reason, flush=True)


if __name__ == '__main__':
    run('train', lambda: main(sys.argv[1:]))
