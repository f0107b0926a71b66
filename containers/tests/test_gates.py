import pytest

from binary_classification import TASK
from gates import check_gates, judge
from job import JobError


def evaluation(precision=0.7, auc=0.85):
    return {'metrics': {'precision': {'value': precision}, 'auc': {'value': auc}, 'expectedCalibrationError': {'value': 0.04}}}


def comparison(value, low, high, metric='auc'):
    return {metric: {'value': value, 'interval': [low, high]}}


def test_all_gates_met_pass():
    gates = {
        'precision': {'min': 0.7},
        'expectedCalibrationError': {'max': 0.05},
        'minRows': 100,
        'beatChampionBy': {'min': 0.01, 'significant': True},
    }

    assert judge(gates, TASK, 100, evaluation(), comparison(0.02, 0.01, 0.03)) == {'passed': True, 'reasons': []}


@pytest.mark.parametrize(
    ('gates', 'challenger', 'compared', 'reason'),
    [
        ({'precision': {'min': 0.75}}, evaluation(), None, 'precision 0.7000 is below 0.75'),
        ({'expectedCalibrationError': {'max': 0.01}}, evaluation(), None, 'expectedCalibrationError 0.0400 is above 0.01'),
        ({'precision': {'min': 0.5}}, evaluation(precision=None), None, 'precision is undefined on the hold-out'),
        ({'minRows': 1001}, evaluation(), None, 'the hold-out has 1000 rows, the gate wants 1001'),
        (
            {'beatChampionBy': {'min': 0.005}},
            evaluation(),
            comparison(-0.02, -0.03, -0.01),
            'auc gains -0.0200 over the champion, the gate',
        ),
        ({'beatChampionBy': {'significant': True}}, evaluation(), comparison(0.001, -0.001, 0.003), 'does not tell from chance'),
        ({'beatChampionBy': {'metric': 'brier'}}, evaluation(), comparison(0.01, 0.0, 0.02, 'brier'), 'brier gains -0.0100'),
        ({'beatChampionBy': {}}, evaluation(), {'auc': {'value': None, 'interval': None}}, 'cannot be compared'),
    ],
)
def test_a_gate_that_fails_says_why(gates, challenger, compared, reason):
    verdict = judge(gates, TASK, 1000, challenger, compared)

    assert not verdict['passed']
    assert reason in verdict['reasons'][0]


def test_every_failed_gate_is_named():
    assert len(judge({'precision': {'min': 0.9}, 'auc': {'min': 0.9}, 'minRows': 5}, TASK, 1, evaluation(), None)['reasons']) == 3


def test_without_a_champion_there_is_nothing_to_beat():
    assert judge({'beatChampionBy': {'min': 0.5}}, TASK, 10, evaluation(), None)['passed']


@pytest.mark.parametrize(
    'gates', [{'precison': {'min': 0.5}}, {'precision': {'minimum': 0.5}}, {'precision': {}}, {'beatChampionBy': {'metric': 'x'}}]
)
def test_a_misspelt_gate_is_refused(gates):
    with pytest.raises(JobError, match='invalid gates'):
        check_gates(gates, TASK)
