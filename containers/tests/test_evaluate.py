import json
import tarfile

import numpy as np
import pandas as pd
import pytest

import evaluate
from artefact import open_artefact
from binary_classification import TASK
from evaluate import Contender
from job import JobError

OPERATION = {'threshold': 0.5, 'precisionTargetReached': True}
ORIGINS = pd.DataFrame({'origin': ['EWR', 'JFK'] * 400})


def contenders(seed=0, spread=0.2):
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 2, 800).astype(float)
    good = np.clip(generator.normal(0.3 + 0.4 * labels, spread), 0, 1)
    poor = np.clip(good + generator.normal(0, 0.3, 800), 0, 1)
    return labels, Contender(good, OPERATION), Contender(poor, OPERATION)


def arguments(artefact, champion, prepared, folder, gates):
    where = ['--holdout', str(prepared / 'holdout'), '--output', str(folder)]
    return evaluate.parse(['--challenger', str(artefact), '--champion', str(champion), *where, '--gates', json.dumps(gates)])


def test_report_of_a_trained_challenger_against_the_baseline_conforms(artefact, baseline, prepared, tmp_path, conforms):
    evaluate.main(arguments(artefact, baseline, prepared, tmp_path, {'auc': {'min': 0.8}, 'beatChampionBy': {'min': 0.1, 'significant': True}}))

    report = json.loads((tmp_path / 'evaluation.json').read_text())
    conforms(report, 'evaluation-report')
    assert report['verdict'] == {'passed': True, 'reasons': []}
    assert report['champion']['metrics']['auc']['value'] == 0.5
    assert {(s['feature'], s['value']) for s in report['challenger']['slices']} == {('origin', o) for o in ('EWR', 'JFK', 'LGA')}


def test_the_same_rows_give_the_same_report(artefact, baseline, prepared, tmp_path):
    for name in ('a', 'b'):
        evaluate.main(arguments(artefact, baseline, prepared, tmp_path / name, {}))

    assert (tmp_path / 'a/evaluation.json').read_bytes() == (tmp_path / 'b/evaluation.json').read_bytes()


def test_a_worse_challenger_is_refused_and_that_is_no_failure(artefact, baseline, prepared, tmp_path):
    evaluate.main(arguments(baseline, artefact, prepared, tmp_path, {'beatChampionBy': {'metric': 'auc'}}))

    report = json.loads((tmp_path / 'evaluation.json').read_text())
    assert not report['verdict']['passed']
    assert 'over the champion, the gate wants +0.0000' in report['verdict']['reasons'][0]


def test_paired_interval_is_narrower_than_the_models_own():
    labels, good, poor = contenders()

    report = evaluate.evaluate(TASK, labels, ORIGINS, {'challenger': poor, 'champion': good}, {}, 1)

    low, high = report['challenger']['metrics']['auc']['interval']
    paired_low, paired_high = report['comparison']['auc']['interval']
    assert low < report['challenger']['metrics']['auc']['value'] < high
    assert paired_high < 0
    assert paired_high - paired_low < high - low


def test_interval_agrees_with_the_normal_approximation_of_a_proportion():
    labels, good, _ = contenders(3)

    precision = evaluate.evaluate(TASK, labels, ORIGINS, {'challenger': good}, {}, 1)['challenger']['metrics']['precision']

    predicted = int((good.outputs >= 0.5).sum())
    half = 1.96 * (precision['value'] * (1 - precision['value']) / predicted) ** 0.5
    assert precision['interval'] == pytest.approx([precision['value'] - half, precision['value'] + half], abs=0.012)


def test_without_a_champion_nothing_is_compared():
    labels, good, _ = contenders()

    report = evaluate.evaluate(TASK, labels, ORIGINS, {'challenger': good}, {}, 1)

    assert (report['champion'], report['comparison']) == (None, None)


def test_confusion_and_small_slices():
    labels, good, _ = contenders()
    few = pd.DataFrame({'origin': ['rare'] * 10 + ['EWR'] * 790})

    report = evaluate.evaluate(TASK, labels, few, {'challenger': good}, {}, 1)['challenger']

    assert sum(report['confusion'].values()) == 800
    assert [entry['value'] for entry in report['slices']] == ['EWR']


def test_archive_and_folder_are_the_same_artefact(artefact, parts, tmp_path):
    with tarfile.open(tmp_path / 'model.tar.gz', 'w:gz') as bundle:
        bundle.add(artefact, arcname='.')
    rows = parts['holdout'].to_pandas()

    packed = open_artefact(str(tmp_path))

    assert np.array_equal(packed.outputs(rows), open_artefact(str(artefact)).outputs(rows))
    assert packed.digest == open_artefact(str(tmp_path / 'model.tar.gz')).digest


def test_members_outside_the_archive_are_not_written(artefact, tmp_path):
    with tarfile.open(tmp_path / 'model.tar.gz', 'w:gz') as bundle:
        bundle.add(artefact, arcname='.')
        bundle.add(artefact / 'features.json', arcname='../../escaped.json')

    open_artefact(str(tmp_path))

    assert not list(tmp_path.parent.rglob('escaped.json'))


def test_what_is_no_artefact_is_refused(tmp_path):
    with pytest.raises(JobError, match='no artefact at'):
        open_artefact(str(tmp_path / 'absent'))
    with pytest.raises(JobError, match='is not an artefact of this container'):
        open_artefact(str(tmp_path))
