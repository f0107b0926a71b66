"""Tiny real data: the flights of the first days of 2013, with the departure delay as the one strong feature."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

import load
from training_set import DOCUMENT, TrainingSet, canonical, parse_training_set, write_rows

SCHEMAS = Path(__file__).parents[1] / 'schemas'
COLUMNS = [
    {'name': 'carrier', 'type': 'category'},
    {'name': 'origin', 'type': 'category', 'unknown': 'reject'},
    {'name': 'distance', 'type': 'numeric'},
    {'name': 'dep_delay', 'type': 'numeric'},
    {'name': 'temp', 'type': 'numeric'},
]


@pytest.fixture(scope='session')
def document() -> dict:
    sql = "SELECT * FROM flights WHERE scheduled_at >= TIMESTAMP '{from}' AND scheduled_at < TIMESTAMP '{to}'"
    names = {
        'model': 'flight-delay',
        'task': 'binary-classification',
        'sql': sql,
        'label': 'label',
        'timeColumn': 'scheduled_at',
        'keyColumn': 'flight_id',
    }
    return {**names, 'columns': COLUMNS, 'slices': ['origin'], 'database': 'lake', 'workgroup': 'training'}


@pytest.fixture(scope='session')
def definition(document) -> TrainingSet:
    return parse_training_set(document)


@pytest.fixture(scope='session')
def flights() -> pa.Table:
    tables = load.load(pd.Timestamp('2013-01-01'), pd.Timestamp('2013-01-09'))
    rows = tables['departures'].merge(tables['arrivals'][['flight_id', 'arr_delay']], on='flight_id')
    rows['label'] = (rows['arr_delay'] > 15).astype('int64')
    rows['dep_delay'] = rows['dep_delay'].astype('float64').where(rows['flight_id'].str.len() % 5 > 0)
    rows['temp'] = None
    rows['temp'] = rows['temp'].astype('float64')
    return pa.Table.from_pandas(rows, preserve_index=False)


@pytest.fixture(scope='session')
def parts(flights, definition) -> dict[str, pa.Table]:
    rows = canonical(flights, definition)
    cuts = (0, 4000, 5000, rows.num_rows)
    return {name: rows.slice(cuts[i], cuts[i + 1] - cuts[i]) for i, name in enumerate(('train', 'validation', 'holdout'))}


@pytest.fixture(scope='session')
def prepared(tmp_path_factory, parts, document) -> Path:
    """Folders as prepare writes them."""
    folder = tmp_path_factory.mktemp('prepared')
    for name, table in parts.items():
        write_rows(folder / name, table)
        (folder / name / DOCUMENT).write_text(json.dumps(document))
    return folder


@pytest.fixture(scope='session')
def artefact(tmp_path_factory, prepared) -> Path:
    """An artefact trained on the tiny data."""
    import train
    import training_job

    folder = tmp_path_factory.mktemp('artefact')
    training_job.main(
        [*channels(prepared), '--model-dir', str(folder), '--cpus', '1', '--num_round', '20', '--max_depth', '3', '--eta', '0.3'], train.ALGORITHM
    )
    return folder


def channels(prepared: Path) -> list[str]:
    return ['--train', str(prepared / 'train'), '--validation', str(prepared / 'validation')]


@pytest.fixture(scope='session')
def baseline(tmp_path_factory) -> Path:
    """A v0 artefact: a prior that knows no vocabulary."""
    folder = tmp_path_factory.mktemp('baseline')
    write = {
        'features.json': {'features': COLUMNS},
        'baseline.json': {'type': 'prior', 'score': 0.2},
        'threshold.json': {'threshold': 0.5},
        'manifest.json': {'task': 'binary-classification'},
    }
    for name, value in write.items():
        (folder / name).write_text(json.dumps(value))
    return folder


@pytest.fixture
def conforms():
    """Validate a value against a schema of the repository."""
    import jsonschema

    def check(value: dict, name: str) -> None:
        jsonschema.Draft202012Validator(json.loads((SCHEMAS / f'{name}.schema.json').read_text())).validate(value)

    return check
