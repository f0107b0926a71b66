"""Gradient-boosted trees: the training job of XGBoost (`training_job`)."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import xgboost

from inference import Feature
from job import run
from scorer import MODEL_FILE
from task import Floats, Matrix
from training_job import Algorithm, Device, Rows, main

OBJECTIVES = {'binary-classification': 'binary:logistic'}
"""What is minimized, by task."""


@dataclass(frozen=True)
class Params:
    """Hyperparameters, in XGBoost's own names."""

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


@dataclass(frozen=True)
class FittedBooster:
    """A trained booster (`training_job.Fitted`)."""

    booster: xgboost.Booster

    def outputs(self, inputs: Matrix) -> Floats:
        return np.asarray(self.booster.inplace_predict(inputs, validate_features=False), dtype=np.float64)

    def save(self, folder: Path) -> None:
        self.booster.save_model(folder / MODEL_FILE)


def fit(task: str, rows: Rows, params: Params, device: Device) -> FittedBooster:
    data = xgboost.QuantileDMatrix(
        rows.inputs,
        rows.labels,
        feature_names=[feature.name for feature in rows.features],
        feature_types=feature_types(rows.features),
        enable_categorical=True,
        max_bin=params.max_bin,
    )
    booster = xgboost.train(booster_params(task, params, device), data, params.num_round)
    booster.set_param({'device': 'cpu'})
    return FittedBooster(booster)


def booster_params(task: str, params: Params, device: Device) -> dict[str, str | int | float]:
    chosen = {key: value for key, value in asdict(params).items() if key != 'num_round'}
    return chosen | {'objective': OBJECTIVES[task], 'tree_method': 'hist', 'device': device.name, 'nthread': device.threads}


def feature_types(features: tuple[Feature, ...]) -> list[str]:
    """XGBoost's names of the types: q(uantitative) or c(ategorical)."""
    return ['q' if feature.numeric else 'c' for feature in features]


ALGORITHM = Algorithm('xgboost', Params, fit, {'xgboost': xgboost.__version__})

if __name__ == '__main__':
    run('train', lambda: main(sys.argv[1:], ALGORITHM))
