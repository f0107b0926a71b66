"""From rows of the training set to the model's matrix, column by column; `inference.encode` does the same for single requests."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from inference import Feature, feature_of
from job import Json
from task import Matrix
from training_set import Column


def describe_features(rows: pd.DataFrame, columns: tuple[Column, ...]) -> Json:
    """`features.json`: the ordered features; categories are the sorted values of the training rows."""
    return {'features': [describe(rows[column.name], column) for column in columns]}


def describe(values: pd.Series, column: Column) -> Json:
    if column.type == 'numeric':
        return {'name': column.name, 'type': 'numeric'}
    vocabulary = sorted(str(value) for value in values.dropna().unique())
    return {'name': column.name, 'type': 'category', 'unknown': column.unknown, 'vocabulary': vocabulary}


def parse_features(document: Json) -> tuple[Feature, ...]:
    """The features of a `features.json`."""
    return tuple(feature_of(entry) for entry in document['features'])


def encode_rows(rows: pd.DataFrame, features: tuple[Feature, ...]) -> Matrix:
    """Float32 rows in feature order. Unknown and missing categories are NaN: rows of the lake are never rejected."""
    matrix = np.empty((len(rows), len(features)), dtype=np.float32)
    for index, feature in enumerate(features):
        matrix[:, index] = encode_column(rows[feature.name], feature)
    return matrix


def encode_column(values: pd.Series, feature: Feature) -> npt.NDArray[np.float64]:
    numbers = values if feature.numeric else values.map(feature.codes or {})
    return np.asarray(numbers.to_numpy(dtype=np.float64, na_value=np.nan))
