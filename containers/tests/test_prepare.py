import io
import json
from datetime import datetime, timezone

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import athena as athena_module
import prepare
from athena import Athena
from job import JobError
from prepare import Span
from training_set import parse_training_set


def day(number: int) -> datetime:
    return datetime(2013, 1, number, tzinfo=timezone.utc)


TRAIN, HOLDOUT = Span(day(1), day(6)), Span(day(6), day(8))


class FakeAws:
    """Athena and S3 in memory: answers an UNLOAD with the rows of the range in two objects, after one RUNNING."""

    def __init__(self, rows: pa.Table, reason: str | None = None) -> None:
        self.rows, self.reason = rows, reason
        self.objects: dict[str, bytes] = {}
        self.queries: list[dict] = []
        self.polls = 0

    def start_query_execution(self, **request):
        self.queries.append(request)
        text = request['QueryString']
        begin, end = (datetime.fromisoformat(part[:23]) for part in text.split("TIMESTAMP '")[1:3])
        times = self.rows['scheduled_at'].to_pylist()
        chosen = self.rows.filter(pa.array([begin <= value.replace(tzinfo=None) < end for value in times]))
        prefix = text.split("TO 's3://results/")[1].split("'")[0]
        for name, part in (('a', chosen.slice(0, chosen.num_rows // 2)), ('b', chosen.slice(chosen.num_rows // 2))):
            sink = io.BytesIO()
            pq.write_table(part, sink)
            if part.num_rows:
                self.objects[prefix + name] = sink.getvalue()
        return {'QueryExecutionId': f'q{len(self.queries)}'}

    def get_query_execution(self, QueryExecutionId):  # noqa: N803
        self.polls += 1
        state = 'RUNNING' if self.polls % 2 else 'FAILED' if self.reason else 'SUCCEEDED'
        return {'QueryExecution': {'Status': {'State': state, 'StateChangeReason': self.reason}}}

    def get_paginator(self, name):
        return self

    def paginate(self, Bucket, Prefix):  # noqa: N803
        return [{'Contents': [{'Key': key, 'Size': len(body)} for key, body in self.objects.items() if key.startswith(Prefix)]}]

    def get_object(self, Bucket, Key):  # noqa: N803
        return {'Body': io.BytesIO(self.objects[Key])}


@pytest.fixture
def ask(flights, definition, monkeypatch):
    monkeypatch.setattr(athena_module, 'FIRST_WAIT_S', 0.001)

    def run(rows=flights, train=TRAIN, holdout=HOLDOUT, reason=None, definition=definition):
        aws = FakeAws(rows, reason)
        athena = Athena(aws, aws, 'training', 'lake', 's3://results/prefix')
        return prepare.prepare(athena, definition, train, holdout, 0.2), aws

    return run


def test_rows_are_split_by_time_without_overlap(ask):
    tables, _ = ask()

    times = {name: table['scheduled_at'].to_pylist() for name, table in tables.items()}
    assert times['train'][-1] < datetime(2013, 1, 5) <= times['validation'][0]
    assert times['validation'][-1] < datetime(2013, 1, 6) <= times['holdout'][0]
    assert all(list(values) == sorted(values) for values in times.values())


def test_query_runs_as_unload_in_the_workgroup_into_a_folder_of_its_own(ask):
    _, aws = ask()

    first, second = aws.queries
    assert first['WorkGroup'] == 'training'
    assert first['QueryExecutionContext'] == {'Database': 'lake'}
    assert "UNLOAD (SELECT * FROM flights WHERE scheduled_at >= TIMESTAMP '2013-01-01 00:00:00.000'" in first['QueryString']
    assert len({key.rsplit('/', 1)[0] for key in aws.objects}) == 2
    assert first['ClientRequestToken'] != second['ClientRequestToken']


def test_digest_does_not_depend_on_the_order_of_the_result(ask, flights, definition):
    spans = {'train': TRAIN, 'holdout': HOLDOUT}

    manifests = [prepare.manifest_of(ask(rows)[0], definition, spans) for rows in (flights, flights.take(list(range(flights.num_rows))[::-1]))]

    assert manifests[0] == manifests[1]


def test_manifest_conforms_and_tells_other_data_apart(ask, flights, definition, conforms):
    spans = {'train': TRAIN, 'holdout': HOLDOUT}

    manifest = prepare.manifest_of(ask()[0], definition, spans)
    other = prepare.manifest_of(ask(flights.slice(1))[0], definition, spans)

    conforms(manifest, 'data-manifest')
    assert manifest['parts']['train']['digest'] != other['parts']['train']['digest']


def test_document_of_the_tests_conforms(document, conforms):
    conforms(document, 'prepare-request')


def test_athenas_reason_reaches_the_reader(ask):
    with pytest.raises(JobError, match=r'the query for the train range .* \(q1\) failed: TABLE_NOT_FOUND: line 1:15'):
        ask(reason='TABLE_NOT_FOUND: line 1:15')


def test_a_range_without_rows_is_named(ask):
    with pytest.raises(JobError, match='the holdout range 2013-03-01 00:00:00'):
        ask(holdout=Span(datetime(2013, 3, 1), datetime(2013, 3, 2)))


def test_missing_columns_are_all_named(ask, flights):
    with pytest.raises(JobError, match='lacks the columns label, distance; it has'):
        ask(flights.drop_columns(['label', 'distance']))


def test_null_labels_are_refused(ask, flights):
    labels = pa.array([None, *flights['label'].to_pylist()[1:]], pa.int64())

    with pytest.raises(JobError, match='1 rows whose label `label` is null'):
        ask(flights.set_column(flights.column_names.index('label'), 'label', labels))


def test_labels_other_than_0_and_1_are_refused(ask, flights):
    with pytest.raises(JobError, match='must be 0 or 1'):
        ask(flights.set_column(flights.column_names.index('label'), 'label', flights['distance']))


def test_every_problem_of_a_document_is_listed():
    with pytest.raises(JobError) as raised:
        parse_training_set({'model': 'm', 'sql': 'SELECT {from}', 'columns': [{'name': 'a', 'type': 'text'}], 'timeColumn': 't', 'keyColumn': 'k'})

    text = str(raised.value)
    assert 'label: must be a non-empty string' in text
    assert 'sql: lacks the placeholder {to}' in text
    assert 'columns[0]: needs a name and a type' in text


def test_overlap_and_empty_ranges_are_refused():
    with pytest.raises(JobError, match='overlaps the training range'):
        prepare.check_spans(Span(day(1), day(6)), Span(day(5), day(8)), 0.15)
    with pytest.raises(JobError, match=r'train: .* is empty'):
        prepare.check_spans(Span(day(6), day(6)), Span(day(7), day(8)), 0.15)


def test_failure_is_one_line_and_the_exit_message(tmp_path, capsys):
    from job import run

    def fail():
        raise JobError('the lake is empty')

    with pytest.raises(SystemExit) as raised:
        run('prepare', fail, tmp_path / 'output' / 'message')

    assert raised.value.code == 1
    assert (tmp_path / 'output' / 'message').read_text() == 'prepare: the lake is empty'
    assert capsys.readouterr().err == 'prepare: the lake is empty\n'


def test_instants_are_utc():
    assert prepare.fill('{from} {to} {x}', Span(prepare.instant('2013-01-01T02:00:00+02:00'), prepare.instant('2013-02-01'))) == (
        '2013-01-01 00:00:00.000 2013-02-01 00:00:00.000 {x}'
    )
    assert json.dumps(str(Span(day(1), day(2)))) == '"2013-01-01 00:00:00.000 to 2013-01-02 00:00:00.000"'
