import json

import numpy as np
import pytest

import train
from binary_classification import TASK
from job import JobError
from training_job import Device, Parts, main, parse
from training_job import train as train_parts

FILES = ['features.json', 'manifest.json', 'model.ubj', 'reference-profile.json', 'threshold.json']


def channels(prepared):
    return ['--train', str(prepared / 'train'), '--validation', str(prepared / 'validation')]


def test_artefact_has_its_layout_and_conforms(artefact, conforms):
    assert sorted(path.name for path in artefact.iterdir() if path.is_file()) == FILES
    assert sorted(path.name for path in (artefact / 'code').iterdir()) == ['binary_classification.py', 'inference.py', 'scorer.py', 'task.py']
    conforms(json.loads((artefact / 'manifest.json').read_text()), 'model-manifest')
    conforms(json.loads((artefact / 'reference-profile.json').read_text()), 'reference-profile')


def test_the_same_rows_give_the_same_bytes(artefact, prepared, tmp_path):
    arguments = ['--model-dir', str(tmp_path), '--cpus', '1', '--num_round', '20', '--max_depth', '3', '--eta', '0.3']

    main([*channels(prepared), *arguments], train.ALGORITHM)

    for name in FILES:
        assert (tmp_path / name).read_bytes() == (artefact / name).read_bytes(), name


def test_model_learns_and_reports_metrics_that_sagemaker_can_read(prepared, tmp_path, capsys):
    main([*channels(prepared), '--model-dir', str(tmp_path), '--cpus', '1', '--num_round', '20', '--max_depth', '3'], train.ALGORITHM)

    assert float(capsys.readouterr().out.split('validation:auc=')[1].split(';')[0]) > 0.85


def test_sagemaker_environment_names_the_folders(prepared, tmp_path, monkeypatch):
    for name in ('train', 'validation'):
        monkeypatch.setenv(f'SM_CHANNEL_{name.upper()}', str(prepared / name))
    monkeypatch.setenv('SM_MODEL_DIR', str(tmp_path))

    main(['--num_round', '1'], train.ALGORITHM)

    assert (tmp_path / 'model.ubj').exists()


def test_precision_out_of_reach_is_flagged_in_the_artefact(prepared, tmp_path):
    main([*channels(prepared), '--model-dir', str(tmp_path), '--num_round', '1', '--max_depth', '1', '--precision_target', '1'], train.ALGORITHM)

    threshold = json.loads((tmp_path / 'threshold.json').read_text())
    assert threshold['precisionTargetReached'] is False
    assert 'out of reach' in threshold['reason']


def test_one_class_is_refused(parts, definition):
    rows = parts['train'].to_pandas().assign(label=0)

    with pytest.raises(JobError, match='all 4000 training rows have the label 0; a classifier needs both'):
        train_parts(train.ALGORITHM, Parts(definition, rows, rows), train.Params(), TASK.options, Device('cpu', 1))


def test_an_unknown_hyperparameter_is_refused(prepared, tmp_path, capsys):
    with pytest.raises(SystemExit):
        main([*channels(prepared), '--model-dir', str(tmp_path), '--max_dept', '3'], train.ALGORITHM)

    assert 'unrecognized arguments: --max_dept' in capsys.readouterr().err


def test_a_missing_channel_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(['--model-dir', str(tmp_path)], train.ALGORITHM)

    assert 'the following arguments are required: --train, --validation' in capsys.readouterr().err


def test_gpus_choose_cuda():
    options, params, _ = parse(train.ALGORITHM, TASK, ['--train', 'a', '--validation', 'b', '--model-dir', 'c', '--gpus', '1', '--eta', '0.2'])

    assert train.booster_params('binary-classification', params, Device('cuda' if options.gpus else 'cpu', 4))['device'] == 'cuda'
    assert np.isclose(params.eta, 0.2)
