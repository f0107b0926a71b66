"""Score rows with a trained booster; lies in every artefact beside `inference.py`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from task import Floats, Matrix, Scorer

MODEL_FILE = 'model.ubj'


def load(folder: Path) -> Scorer | None:
    """The scorer of an artefact; None when it holds no booster.

    One thread per worker: a row takes about 0.1 ms, so more threads would only add their start.
    """
    path = folder / MODEL_FILE
    if not path.exists():
        return None
    import xgboost

    booster = xgboost.Booster({'nthread': 1, 'device': 'cpu'}, model_file=str(path))

    def score(rows: Matrix) -> Floats:
        return np.asarray(booster.inplace_predict(rows, validate_features=False), dtype=np.float64)

    return score
