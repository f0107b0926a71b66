"""Reference: scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics as reference

from binary_classification import Ranking, calibration, choose_threshold


def sample(seed: int, rows: int = 500, decimals: int = 2):
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 2, rows).astype(float)
    scores = np.round(np.clip(generator.normal(0.35 + 0.3 * labels, 0.2), 0, 1), decimals)
    return labels, scores, generator.integers(0, 4, rows).astype(float)


@pytest.mark.parametrize('seed', range(5))
@pytest.mark.parametrize('decimals', [1, 2, 8])
def test_weighted_metrics_equal_scikit_learn_also_with_ties(seed, decimals):
    labels, scores, weights = sample(seed, decimals=decimals)

    found = Ranking.of(labels, scores, 0.5).metrics(weights)

    kept, predicted = weights > 0, scores >= 0.5
    assert found['auc'] == pytest.approx(reference.roc_auc_score(labels, scores, sample_weight=weights))
    assert found['averagePrecision'] == pytest.approx(reference.average_precision_score(labels[kept], scores[kept], sample_weight=weights[kept]))
    assert found['precision'] == pytest.approx(reference.precision_score(labels, predicted, sample_weight=weights))
    assert found['recall'] == pytest.approx(reference.recall_score(labels, predicted, sample_weight=weights))
    assert found['f1'] == pytest.approx(reference.f1_score(labels, predicted, sample_weight=weights))
    assert found['brier'] == pytest.approx(reference.brier_score_loss(labels, scores, sample_weight=weights))


def test_one_class_leaves_auc_undefined_and_nothing_predicted_leaves_precision_undefined():
    found = Ranking.of(np.zeros(3), np.array([0.1, 0.2, 0.3]), 0.5).metrics(np.ones(3))

    assert (found['auc'], found['averagePrecision'], found['precision'], found['recall']) == (None, None, None, None)


def test_calibration_of_scores_that_equal_the_rate_has_no_error():
    labels = np.array([0, 0, 0, 1] * 10 + [1, 1, 1, 0] * 10, dtype=float)
    scores = np.repeat([0.25, 0.75], 40)

    found = calibration(labels, scores, np.ones(len(labels)))

    assert found['expectedCalibrationError'] == pytest.approx(0)
    assert [(b['lower'], b['rows'], b['positiveRate']) for b in found['bins']] == [(0.2, 40, 0.25), (0.7, 40, 0.75)]


def test_a_score_of_one_falls_into_the_last_bin():
    assert calibration(np.array([1.0]), np.array([1.0]), np.ones(1))['bins'][0]['upper'] == 1.0


def test_threshold_is_the_lowest_that_reaches_the_precision_target():
    labels, scores, _ = sample(1, rows=2000, decimals=8)

    point = choose_threshold(labels, scores, 0.8)

    reached = [t for t in np.unique(scores) if (scores >= t).sum() >= 50 and labels[scores >= t].mean() >= 0.8]
    assert point.precisionTargetReached
    assert point.threshold == min(reached)


def test_threshold_out_of_reach_is_flagged_and_has_the_best_f1():
    labels, scores, _ = sample(2, rows=400)

    point = choose_threshold(labels, scores, 0.9999)

    f1 = [reference.f1_score(labels, scores >= t) for t in np.unique(scores)]
    assert not point.precisionTargetReached
    assert 'precision 0.9999 is out of reach on validation' in point.reason
    assert reference.f1_score(labels, scores >= point.threshold) == pytest.approx(max(f1))


def test_threshold_never_rests_on_a_handful_of_rows():
    labels = np.concatenate([np.ones(10), np.zeros(500)])
    scores = np.concatenate([np.linspace(0.9, 1, 10), np.linspace(0, 0.5, 500)])

    assert not choose_threshold(labels, scores, 0.9).precisionTargetReached
