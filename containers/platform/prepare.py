"""Build the training set: run the definition's SQL on Athena and split its rows by time. SageMaker processing job.

Writes the folders `train`, `validation` (the last part of the training range) and `holdout` under `--output`, each with
`data.parquet`, `training-set.json` and `data-manifest.json`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import urlparse

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from athena import Athena
from job import JobError, Json, digest, read_json, run, write_json
from task import task_of
from training_set import DOCUMENT, MANIFEST, TrainingSet, canonical, check_rows, digest_of_rows, parse_training_set, write_rows


@dataclass(frozen=True)
class Span:
    """Instants from `begin` (inclusive) to `end` (exclusive), UTC."""

    begin: datetime
    end: datetime

    def __str__(self) -> str:
        return f'{sql_instant(self.begin)} to {sql_instant(self.end)}'

    def last(self, share: float) -> datetime:
        """The instant from which on the last `share` of the span lies, to the second."""
        return self.end - timedelta(seconds=round((self.end - self.begin).total_seconds() * share))


def sql_instant(value: datetime) -> str:
    """`2013-01-01 00:00:00.000`: what Trino and DuckDB both read in `TIMESTAMP '...'`."""
    return value.strftime('%Y-%m-%d %H:%M:%S.') + f'{value.microsecond // 1000:03d}'


def fill(sql: str, span: Span) -> str:
    """The SQL of one range: {from} and {to} replaced, other braces left alone."""
    return sql.replace('{from}', sql_instant(span.begin)).replace('{to}', sql_instant(span.end))


def split(rows: pa.Table, time_column: str, cut: datetime) -> tuple[pa.Table, pa.Table]:
    """Rows before and from `cut` on."""
    late = pc.greater_equal(rows[time_column], pa.scalar(cut.replace(tzinfo=None), pa.timestamp('ms')))
    return rows.filter(pc.invert(late)), rows.filter(late)


def prepare(athena: Athena, definition: TrainingSet, train: Span, holdout: Span, validation_share: float) -> dict[str, pa.Table]:
    """The rows of `train`, `validation` and `holdout`, canonical and checked. Raises JobError with what is wrong and where."""
    tables: dict[str, pa.Table] = {}
    for name, span in (('train', train), ('holdout', holdout)):
        rows = athena.rows(fill(definition.sql, span), f'the {name} range {span}')
        check_rows(rows, definition, f'the {name} range {span}')
        tables[name] = canonical(rows, definition)
    cut = train.last(validation_share)
    tables['train'], tables['validation'] = split(tables['train'], definition.time_column, cut)
    for name in ('train', 'validation'):
        if tables[name].num_rows == 0:
            raise JobError(f'the {name} part of {train}, cut at {sql_instant(cut)}, has no rows: choose a longer range')
    return tables


def manifest_of(tables: dict[str, pa.Table], definition: TrainingSet, spans: dict[str, Span]) -> Json:
    parts = {
        name: {
            'rows': table.num_rows,
            **task_of(definition.task).summary(table[definition.label].to_numpy().astype(np.float64)),
            'digest': digest_of_rows(table),
        }
        for name, table in tables.items()
    }
    ranges = {name: {'from': sql_instant(span.begin), 'to': sql_instant(span.end)} for name, span in spans.items()}
    return {'schemaVersion': 1, 'model': definition.model, 'sqlDigest': digest([definition.sql.encode()]), 'ranges': ranges, 'parts': parts}


def read_document(location: str) -> Json:
    """The training set document from a path or an `s3://` address."""
    if not location.startswith('s3://'):
        return read_json(Path(location))
    import boto3
    from botocore.exceptions import ClientError

    address = urlparse(location)
    try:
        body = boto3.client('s3').get_object(Bucket=address.netloc, Key=address.path.lstrip('/'))['Body'].read()
        document: Json = json.loads(body)
    except (ClientError, ValueError) as error:
        raise JobError(f'cannot read {location}: {error}') from None
    return document


def instant(text: str) -> datetime:
    try:
        value = datetime.fromisoformat(text.replace('Z', '+00:00'))
    except ValueError:
        raise argparse.ArgumentTypeError(f'`{text}` is not an ISO 8601 instant such as 2013-01-01T00:00:00.000Z') from None
    return value.astimezone(timezone.utc) if value.tzinfo else value.replace(tzinfo=timezone.utc)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description='Build a training set on Athena.', allow_abbrev=False)
    parser.add_argument('--sql-template', required=True, help='path or s3:// address of the training set document')
    for name in ('train', 'holdout'):
        parser.add_argument(f'--{name}-from', type=instant, required=True)
        parser.add_argument(f'--{name}-to', type=instant, required=True)
    parser.add_argument('--validation-share', type=float, default=0.15, help='last part of the training range kept for validation')
    parser.add_argument('--unload-to', required=True, help='s3:// prefix for the result of the queries')
    parser.add_argument('--database', help="instead of the document's")
    parser.add_argument('--workgroup', help="instead of the document's")
    parser.add_argument('--output', type=Path, required=True)
    parser.add_argument('--message', type=Path, help='file for the exit message of a failure')
    return parser.parse_args(arguments)


def check_spans(train: Span, holdout: Span, share: float) -> None:
    problems = [f'{name}: {span} is empty' for name, span in (('train', train), ('holdout', holdout)) if span.begin >= span.end]
    if holdout.begin < train.end and train.begin < holdout.end:
        problems.append(f'the hold-out {holdout} overlaps the training range {train}')
    if not 0 < share < 1:
        problems.append(f'validation-share is {share:g}, allowed is 0 to 1')
    if problems:
        raise JobError('; '.join(problems))


def main(options: argparse.Namespace) -> None:
    import boto3

    train, holdout = Span(options.train_from, options.train_to), Span(options.holdout_from, options.holdout_to)
    check_spans(train, holdout, options.validation_share)
    document = read_document(options.sql_template)
    parsed = parse_training_set(document)
    definition = replace(parsed, database=options.database or parsed.database, workgroup=options.workgroup or parsed.workgroup)
    if definition.database is None or definition.workgroup is None:
        raise JobError('database and workgroup must be in the document or given as arguments')
    athena = Athena(boto3.client('athena'), boto3.client('s3'), definition.workgroup, definition.database, options.unload_to)
    tables = prepare(athena, definition, train, holdout, options.validation_share)
    manifest = manifest_of(tables, definition, {'train': train, 'holdout': holdout})
    for name, table in tables.items():
        folder = options.output / name
        write_rows(folder, table)
        write_json(folder / DOCUMENT, document)
        write_json(folder / MANIFEST, manifest)
    print(json.dumps(manifest['parts']), flush=True)


if __name__ == '__main__':
    parsed_options = parse(sys.argv[1:])
    run('prepare', lambda: main(parsed_options), parsed_options.message)
