"""The training set document: the SQL of a definition, its columns, and the rows that it produced.

The document (`prepare-request.schema.json`) travels with the data as `training-set.json`, so every later job knows the
features, the label and the time column without a second source.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from job import JobError, Json, digest, read_json
from task import task_of

DOCUMENT = 'training-set.json'
MANIFEST = 'data-manifest.json'
DATA = 'data.parquet'


@dataclass(frozen=True)
class Column:
    """A feature: its column, its type, and what an unknown category means to a model."""

    name: str
    type: Literal['numeric', 'category']
    unknown: Literal['missing', 'reject'] = 'missing'


@dataclass(frozen=True)
class TrainingSet:
    """A parsed document; `sql` holds the placeholders {from} and {to} (`2013-01-01 00:00:00.000`, UTC)."""

    model: str
    task: str
    sql: str
    columns: tuple[Column, ...]
    label: str
    time_column: str
    key_column: str
    slices: tuple[str, ...]
    database: str | None
    workgroup: str | None


def parse_training_set(document: Json) -> TrainingSet:
    """Check a document; JobError lists every problem with its place."""
    problems = [
        f'{key}: must be a non-empty string' for key in ('model', 'task', 'sql', 'label', 'timeColumn', 'keyColumn') if not text(document, key)
    ]
    problems += [f'sql: lacks the placeholder {mark}' for mark in ('{from}', '{to}') if mark not in (text(document, 'sql') or mark)]
    columns = document.get('columns')
    if not isinstance(columns, list) or not columns:
        columns, problems = [], [*problems, 'columns: must be a non-empty list']
    for index, column in enumerate(columns):
        if not isinstance(column, dict) or not text(column, 'name') or column.get('type') not in ('numeric', 'category'):
            problems.append(f'columns[{index}]: needs a name and a type, numeric or category')
        elif column.get('unknown', 'missing') not in ('missing', 'reject'):
            problems.append(f'columns[{index}].unknown: is `{column["unknown"]}`, allowed are missing and reject')
    if problems:
        raise JobError('the training set document is invalid: ' + '; '.join(problems))
    return TrainingSet(
        model=document['model'],
        task=document['task'],
        sql=document['sql'],
        columns=tuple(Column(column['name'], column['type'], column.get('unknown', 'missing')) for column in columns),
        label=document['label'],
        time_column=document['timeColumn'],
        key_column=document['keyColumn'],
        slices=tuple(document.get('slices', ())),
        database=text(document, 'database'),
        workgroup=text(document, 'workgroup'),
    )


def text(document: Json, key: str) -> str | None:
    value = document.get(key)
    return value if isinstance(value, str) and value else None


def check_rows(table: pa.Table, definition: TrainingSet, what: str) -> None:
    """Refuse rows that nothing can be learnt from; the message names what is wrong and where (`what`: the time range)."""
    names = [definition.time_column, definition.key_column, definition.label, *(column.name for column in definition.columns)]
    missing = [name for name in names if name not in table.column_names]
    if missing:
        raise JobError(f'the query for {what} lacks the columns {", ".join(missing)}; it has {", ".join(table.column_names)}')
    if table.num_rows == 0:
        raise JobError(f'{what} has no rows: no event of the lake falls into it, or none has an outcome yet')
    if table.column(definition.label).null_count:
        raise JobError(f'{what} has {table.column(definition.label).null_count} rows whose label `{definition.label}` is null')
    values = [float(value) for value in table.column(definition.label).unique().to_pylist()]
    problem = task_of(definition.task).label_problem(values)
    if problem is not None:
        raise JobError(f'the label `{definition.label}` {problem} in {what}')


def canonical(table: pa.Table, definition: TrainingSet) -> pa.Table:
    """The columns of the document in its order, in canonical types, sorted by time and key: equal rows are equal bytes."""
    label = pa.type_for_alias(task_of(definition.task).label_type)
    types: dict[str, pa.DataType] = {definition.key_column: pa.string(), definition.time_column: pa.timestamp('ms'), definition.label: label}
    types |= {column.name: pa.float64() if column.type == 'numeric' else pa.string() for column in definition.columns}
    arrays = [table.column(name).cast(kind, safe=False) for name, kind in types.items()]
    rows = pa.table(dict(zip(types, arrays, strict=True)))
    return rows.sort_by([(definition.time_column, 'ascending'), (definition.key_column, 'ascending')])


def digest_of_rows(table: pa.Table) -> str:
    """Digest of schema and values, whatever the file format."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return digest([memoryview(sink.getvalue()).tobytes()])


def write_rows(folder: Path, table: pa.Table) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, folder / DATA, compression='zstd')


def read_rows(folder: Path) -> tuple[TrainingSet, pd.DataFrame, str]:
    """The document, the rows and their digest, from a folder that `prepare` wrote."""
    definition = parse_training_set(read_json(folder / DOCUMENT))
    path = folder / DATA
    if not path.exists():
        raise JobError(f'{path} does not exist')
    table = pq.read_table(path)
    check_rows(table, definition, str(folder))
    return definition, cast(pd.DataFrame, table.to_pandas()), digest_of_rows(table)
