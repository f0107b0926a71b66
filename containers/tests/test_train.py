import json

import numpy as np
import pytest

import train
from job import JobError

FILES = ['baseline-profile.json', 'features.json', 'manifest.json', 'model.ubj', 'threshold.json']


def channels(prepared):
    return ['--train', str(prepared / 'train'), '--validation', str(prepared / 'validation')]


def test_artefact_has_its_layout_and_conforms(artefact, conforms):
    assert sorted(path.name for path in artefact.iterdir() if path.is_file()) == FILES
    assert (artefact / 'code' / 'inference.py').is_file()
    conforms(json.loads((artefact / 'manifest.json').read_text()), 'model-manifest')
    conforms(json.loads((artefact / 'baseline-profile.json').read_text()), 'baseline-profile')


def test_the_same_rows_give_the_same_bytes(artefact, prepared, tmp_path):
    arguments = ['--model-dir', str(tmp_path), '--cpus', '1', '--num_round', '20', '--max_depth', '3', '--eta', '0.3']

    train.main([*channels(prepared), *arguments])

    for name in FILES:
        assert (tmp_path / name).read_bytes() == (artefact / name).read_bytes(), name


def test_model_learns_and_reports_metrics_that_sagemaker_can_read(prepared, tmp_path, capsys):
    train.main([*channels(prepared), '--model-dir', str(tmp_path), '--cpus', '1', '--num_round', '20', '--max_depth', '3'])

    assert float(capsys.readouterr().out.split('validation:auc=')[1].split(';')[0]) > 0.85


def test_sagemaker_environment_names_the_folders(prepared, tmp_path, monkeypatch):
    for name in ('train', 'validation'):
        monkeypatch.setenv(f'SM_CHANNEL_{name.upper()}', str(prepared / name))
    monkeypatch.setenv('SM_MODEL_DIR', str(tmp_path))

    train.main(['--num_round', '1'])

    assert (tmp_path / 'model.ubj').exists()


def test_precision_out_of_reach_is_flagged_in_the_artefact(prepared, tmp_path):
    train.main([*channels(prepared), '--model-dir', str(tmp_path), '--num_round', '1', '--max_depth', '1', '--precision_target', '1'])

    threshold = json.loads((tmp_path / 'threshold.json').read_text())
    assert threshold['precisionTargetReached'] is False
    assert 'out of reach' in threshold['reason']


def test_one_class_is_refused(parts, definition):
    rows = parts['train'].to_pandas().assign(label=0)

    with pytest.raises(JobError, match='all 4000 training rows have the label 0; a classifier needs both'):
        train.train(rows, rows, definition, train.Params(), train.Device('cpu', 1))


def test_an_unknown_hyperparameter_is_refused(prepared, tmp_path, capsys):
    with pytest.raises(SystemExit):
        train.main([*channels(prepared), '--model-dir', str(tmp_path), '--max_dept', '3'])

    assert 'unrecognized arguments: --max_dept' in capsys.readouterr().err


def test_a_missing_channel_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit):
        train.main(['--model-dir', str(tmp_path)])

    assert '--train or its SM_ environment variable is required' in capsys.readouterr().err


def test_gpus_choose_cuda():
    options, params = train.parse(['--train', 'a', '--validation', 'b', '--model-dir', 'c', '--gpus', '1', '--eta', '0.2'])

    assert train.booster_params(params, train.Device('cuda' if options.gpus else 'cpu', 4))['device'] == 'cuda'
    assert np.isclose(params.eta, 0.2)
