"""The drift reference of a model: the distribution of each feature in training, and of its outputs on validation rows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from job import Json
from training_set import Column

BINS = 10


def profile(rows: pd.DataFrame, columns: tuple[Column, ...], outputs: Mapping[str, npt.NDArray[np.float64]]) -> Json:
    """`reference-profile.json`. Outputs come from rows that the model did not learn from, since on those it did it is too certain."""
    features = {column.name: numeric(rows[column.name]) if column.type == 'numeric' else category(rows[column.name]) for column in columns}
    return {'schemaVersion': 1, 'features': features | {name: numeric(pd.Series(values)) for name, values in outputs.items()}}


def numeric(values: pd.Series) -> Json:
    """Deciles as edges; counts[0] is below the first edge, counts[i] is edges[i-1] <= x < edges[i], the last is from the last edge on."""
    known = values.dropna().to_numpy(dtype=np.float64)
    if not len(known):
        return {'type': 'numeric', 'edges': [], 'counts': [0], 'missing': len(values), 'n': len(values), 'min': None, 'max': None, 'mean': None}
    edges = np.unique(np.quantile(known, np.arange(1, BINS) / BINS, method='inverted_cdf'))
    counts = np.bincount(np.searchsorted(edges, known, side='right'), minlength=len(edges) + 1)
    return {
        'type': 'numeric',
        'edges': edges.tolist(),
        'counts': counts.tolist(),
        'missing': len(values) - len(known),
        'n': len(values),
        'min': float(known.min()),
        'max': float(known.max()),
        'mean': float(known.mean()),
    }


def category(values: pd.Series) -> Json:
    counts = values.dropna().astype(str).value_counts().sort_index()
    known = {str(value): int(count) for value, count in counts.items()}
    return {'type': 'category', 'counts': known, 'missing': len(values) - sum(known.values()), 'n': len(values)}
