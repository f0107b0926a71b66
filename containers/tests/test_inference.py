import json
import math

import numpy as np
import pytest

import inference
from features import encode_rows, parse_features
from inference import BadInputError

ROW = {'carrier': 'UA', 'origin': 'EWR', 'distance': 719, 'dep_delay': 31.5, 'temp': None}


def ask(model, *rows):
    body = json.dumps({'instances': rows})
    answer, content_type = inference.output_fn(inference.predict_fn(inference.input_fn(body, 'application/json'), model), '*/*')
    assert content_type == 'application/json'
    return json.loads(answer)


def test_answer_has_version_scores_and_labels_by_the_threshold(artefact, monkeypatch):
    monkeypatch.setenv('MODEL_VERSION', '3')
    model = inference.model_fn(str(artefact))

    answer = ask(model, ROW, {**ROW, 'dep_delay': -5})

    assert answer['model_version'] == '3'
    late, early = answer['predictions']
    assert late['score'] > model.operation['threshold'] > early['score']
    assert (late['label'], early['label']) == (True, False)


def test_single_requests_score_as_the_columns_of_training_do(artefact, parts):
    model = inference.model_fn(str(artefact))
    rows = parts['holdout'].slice(0, 200).to_pandas()
    columns = [feature.name for feature in model.features]
    instances = [{k: None if isinstance(v, float) and math.isnan(v) else v for k, v in row.items()} for row in rows[columns].to_dict('records')]

    matrix = encode_rows(rows, parse_features(json.loads((artefact / 'features.json').read_text())))

    assert np.array_equal(inference.encode(instances, model.features), matrix, equal_nan=True)
    assert [p['score'] for p in ask(model, *instances)['predictions']] == model.score(matrix).tolist()


def test_together_and_alone_give_the_same_answers_and_errors(artefact):
    model = inference.model_fn(str(artefact))

    first, bad, second = inference.batch_predict_fn([[ROW, ROW], [{**ROW, 'distance': 'far'}], [{**ROW, 'dep_delay': 2}]], model)

    assert first == inference.predict_fn([ROW, ROW], model)
    assert second == inference.predict_fn([{**ROW, 'dep_delay': 2}], model)
    assert isinstance(bad, BadInputError)


def test_baseline_needs_no_training_and_knows_every_category(baseline):
    answer = ask(inference.model_fn(str(baseline)), {**ROW, 'carrier': 'never seen'})

    assert answer['predictions'] == [{'score': 0.2, 'label': False}]


def test_a_rule_scores_by_its_feature_and_a_missing_value_is_below(baseline, tmp_path):
    for name in ('features.json', 'threshold.json', 'manifest.json'):
        (tmp_path / name).write_bytes((baseline / name).read_bytes())
    (tmp_path / 'baseline.json').write_text('{"type":"rule","feature":"dep_delay","atLeast":15,"score":0.8,"otherwise":0.1}')

    answer = ask(inference.model_fn(str(tmp_path)), ROW, {**ROW, 'dep_delay': None}, {**ROW, 'dep_delay': 15})

    assert [p['score'] for p in answer['predictions']] == [0.8, 0.1, 0.8]


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        ({'origin': 'XXX'}, 'instances[0].origin: unknown category `XXX`'),
        ({'distance': '12'}, 'instances[0].distance: must be a number or null, is "12"'),
        ({'distance': True}, 'instances[0].distance: must be a number or null, is true'),
        ({'carrier': 7}, 'instances[0].carrier: must be a string or null, is 7'),
    ],
)
def test_bad_values_are_refused_with_their_place(artefact, change, message):
    with pytest.raises(BadInputError) as raised:
        inference.predict_fn([{**ROW, **change}], inference.model_fn(str(artefact)))

    assert str(raised.value) == message


def test_every_problem_is_listed_and_absent_is_not_null(artefact):
    with pytest.raises(BadInputError, match=r'instances\[0\]\.distance: is absent; send null.*instances\[1\]\.carrier'):
        inference.predict_fn([{k: v for k, v in ROW.items() if k != 'distance'}, {**ROW, 'carrier': 1}], inference.model_fn(str(artefact)))


def test_an_unknown_category_is_missing_where_the_definition_says_so(artefact):
    model = inference.model_fn(str(artefact))

    assert ask(model, {**ROW, 'carrier': 'ZZ'}) == ask(model, {**ROW, 'carrier': None})


@pytest.mark.parametrize(
    ('body', 'kind', 'message'),
    [
        ('{', 'application/json', 'body is not JSON'),
        ('[]', 'application/json', 'body must be'),
        ('{"instances":[]}', 'application/json', 'body must be'),
        ('{"instances":[3]}', 'application/json', 'body must be'),
        ('1,2', 'text/csv', 'content type is `text/csv`, allowed is application/json'),
    ],
)
def test_bodies_of_another_form_are_refused(body, kind, message):
    with pytest.raises(BadInputError, match=message):
        inference.input_fn(body, kind)


def test_another_accept_is_refused():
    with pytest.raises(BadInputError, match='accept is `text/csv`'):
        inference.output_fn({}, 'text/csv')
