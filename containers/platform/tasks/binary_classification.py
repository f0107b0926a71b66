"""Binary classification: a score from 0 to 1, and a label by an operating threshold.

AUC is the Mann-Whitney statistic with ties counted half; average precision is the step-wise sum over recall; both as
scikit-learn defines them (`roc_auc_score`, `average_precision_score`), which the tests compare with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from task import Floats, Json, Matrix, Scorer

METRICS = ('auc', 'averagePrecision', 'precision', 'recall', 'f1', 'brier', 'expectedCalibrationError')
CALIBRATION_BINS = 10


@dataclass(frozen=True)
class Ranking:
    """Labels (0 or 1) by falling score, sorted once; `ends` marks the last row of each group of equal scores."""

    order: npt.NDArray[np.intp]
    labels: Floats
    scores: Floats
    ends: npt.NDArray[np.intp]
    predicted: int

    @staticmethod
    def of(labels: Floats, scores: Floats, threshold: float) -> Ranking:
        order = np.argsort(-scores, kind='stable')
        ranked = scores[order]
        ends = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
        predicted = int(np.count_nonzero(scores >= threshold))
        return Ranking(order, labels[order].astype(np.float64), ranked, ends, predicted)

    def metrics(self, weights: Floats) -> dict[str, float | None]:
        """All METRICS; None where undefined (one class only, nothing predicted positive). `weights` in the original row order."""
        weight = weights[self.order]
        hits = np.cumsum(weight * self.labels)
        total = np.cumsum(weight)
        positives, rows = float(hits[-1]), float(total[-1])
        true_positives = float(hits[self.predicted - 1]) if self.predicted else 0.0
        predicted = float(total[self.predicted - 1]) if self.predicted else 0.0
        return {
            'auc': area(hits[self.ends], (total - hits)[self.ends]),
            'averagePrecision': average_precision(hits[self.ends], total[self.ends]),
            'precision': ratio(true_positives, predicted),
            'recall': ratio(true_positives, positives),
            'f1': ratio(2 * true_positives, predicted + positives),
            'brier': float(np.dot(weight, (self.scores - self.labels) ** 2) / rows),
            'expectedCalibrationError': calibration(self.labels, self.scores, weight)['expectedCalibrationError'],
        }


def ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def area(positives: Floats, negatives: Floats) -> float | None:
    """Area under the ROC curve from cumulative counts at the ends of tie groups (trapezoids)."""
    if positives[-1] == 0 or negatives[-1] == 0:
        return None
    steps = np.diff(negatives, prepend=0.0)
    heights = positives - np.diff(positives, prepend=0.0) / 2
    return float(np.dot(steps, heights) / (positives[-1] * negatives[-1]))


def average_precision(positives: Floats, total: Floats) -> float | None:
    if positives[-1] == 0:
        return None
    precision = np.divide(positives, total, out=np.zeros_like(positives), where=total > 0)
    return float(np.dot(np.diff(positives, prepend=0.0), precision) / positives[-1])


def calibration(labels: Floats, scores: Floats, weights: Floats) -> Json:
    """Reliability table of equal-width bins and the expected calibration error: row-weighted mean of |positive rate - mean score|."""
    index = np.minimum((scores * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    rows = np.bincount(index, weights=weights, minlength=CALIBRATION_BINS)
    filled = np.maximum(rows, 1)
    mean_score = np.bincount(index, weights=scores * weights, minlength=CALIBRATION_BINS) / filled
    rate = np.bincount(index, weights=labels * weights, minlength=CALIBRATION_BINS) / filled
    table = [
        {
            'lower': i / CALIBRATION_BINS,
            'upper': (i + 1) / CALIBRATION_BINS,
            'rows': int(rows[i]),
            'meanScore': float(mean_score[i]),
            'positiveRate': float(rate[i]),
        }
        for i in range(CALIBRATION_BINS)
        if rows[i]
    ]
    return {'bins': table, 'expectedCalibrationError': float(np.dot(rows, np.abs(rate - mean_score)) / rows.sum())}


@dataclass(frozen=True)
class OperatingPoint:
    """The threshold of a model and why it is that; `precisionTargetReached` is false when it was out of reach."""

    threshold: float
    precisionTargetReached: bool  # noqa: N815 (the name in threshold.json)
    reason: str


def choose_threshold(labels: Floats, scores: Floats, precision_target: float, least_predicted: int = 50) -> OperatingPoint:
    """The lowest threshold (so the highest recall) whose precision reaches the target with at least `least_predicted` positives.

    Out of reach: the threshold of the best F1, flagged, so a model always has an operating point and its report says that it is weak.
    """
    ranking = Ranking.of(labels, scores, np.inf)
    hits = np.cumsum(ranking.labels)[ranking.ends]
    predicted = ranking.ends + 1.0
    cuts = ranking.scores[ranking.ends]
    good = np.flatnonzero((hits / predicted >= precision_target) & (predicted >= min(least_predicted, len(scores))))
    if len(good):
        return OperatingPoint(float(cuts[good[-1]]), True, f'lowest threshold with precision >= {precision_target:g} on validation')
    best = int(np.argmax(2 * hits / (predicted + hits[-1])))
    top = float(np.max((hits / predicted)[predicted >= min(least_predicted, len(scores))]))
    return OperatingPoint(float(cuts[best]), False, f'precision {precision_target:g} is out of reach on validation (best {top:.3f}); best F1 instead')


class BinaryClassification:
    """The rules of the task (`task.Task`)."""

    metrics = METRICS
    lower_is_better = ('brier', 'expectedCalibrationError')
    headline = 'auc'
    operation_file = 'threshold.json'
    label_type = 'int8'
    options = {'precision_target': 0.7}  # noqa: RUF012 (read only)

    def label_problem(self, values: Sequence[float]) -> str | None:
        return None if set(values) <= {0.0, 1.0} else f'must be 0 or 1, found {sorted(values)[:5]}'

    def fit_problem(self, labels: Floats) -> str | None:
        one = labels.min() == labels.max()
        return f'all {len(labels)} training rows have the label {labels[0]:g}; a classifier needs both' if one else None

    def summary(self, labels: Floats) -> Json:
        return {'positives': int(labels.sum())}

    def operate(self, labels: Floats, outputs: Floats, options: dict[str, float]) -> Json:
        return asdict(choose_threshold(labels, outputs, options['precision_target']))

    def measure(self, labels: Floats, outputs: Floats, operation: Json) -> Ranking:
        return Ranking.of(labels, outputs, float(operation['threshold']))

    def describe(self, labels: Floats, outputs: Floats, operation: Json) -> Json:
        predicted = outputs >= operation['threshold']
        return {
            'threshold': operation['threshold'],
            'precisionTargetReached': operation.get('precisionTargetReached'),
            'confusion': {
                'truePositive': int(np.count_nonzero(predicted & (labels == 1))),
                'falsePositive': int(np.count_nonzero(predicted & (labels == 0))),
                'falseNegative': int(np.count_nonzero(~predicted & (labels == 1))),
                'trueNegative': int(np.count_nonzero(~predicted & (labels == 0))),
            },
            'calibration': calibration(labels, outputs, np.ones(len(labels))),
        }

    def predictions(self, outputs: Floats, operation: Json) -> list[Json]:
        threshold = operation['threshold']
        return [{'score': score, 'label': score >= threshold} for score in outputs.tolist()]

    def watched(self, outputs: Floats) -> dict[str, Floats]:
        return {'score': outputs}

    def baseline(self, document: Json, features: Sequence[str]) -> Scorer:
        """`{"type":"prior","score":p}`, or `{"type":"rule","feature":f,"atLeast":x,"score":p,"otherwise":q}` (a missing value is below)."""
        score = float(document['score'])
        if document['type'] == 'prior':
            return lambda rows: np.full(len(rows), score)
        if document['type'] != 'rule':
            raise ValueError(f'baseline.json: type is `{document["type"]}`, allowed are prior and rule')
        column = list(features).index(document['feature'])
        at_least, otherwise = float(document['atLeast']), float(document['otherwise'])

        def by_rule(rows: Matrix) -> Floats:
            return np.where(rows[:, column] >= at_least, score, otherwise)

        return by_rule


TASK = BinaryClassification()
