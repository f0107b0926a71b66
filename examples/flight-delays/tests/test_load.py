import json

import pandas as pd
import pytest

import load

MARCH = (pd.Timestamp('2013-03-08'), pd.Timestamp('2013-03-13'))
"""Around the beginning of summer time on 10 March."""


@pytest.fixture(scope='module')
def tables():
    return load.load(*MARCH)


@pytest.fixture(scope='module')
def flights():
    return load.read_flights(load.package_data(), pd.Timestamp('2013-01-01'), pd.Timestamp('2014-01-01'))


def test_scheduled_instants_equal_the_packages_own_utc_hour(flights):
    utc = pd.to_datetime(flights['time_hour']).dt.tz_localize(None) + pd.to_timedelta(flights['minute'], unit='min')

    assert (utc == flights['scheduled_at']).all()


def test_flight_ids_are_unique_and_stable(flights):
    assert flights['flight_id'].is_unique
    assert flights['flight_id'].iloc[0] == '2013-01-01-UA-1545-EWR-0515'


def test_arrivals_come_a_plausible_time_after_the_departure(flights):
    ground = (flights['arrived_at'] - flights['departed_at']).dt.total_seconds().dropna() / 60 - flights['air_time'].dropna()

    assert ground.min() >= 0
    assert ground.quantile(0.999) < 150


def test_cancelled_flights_have_no_events(flights):
    cancelled = set(flights.loc[flights['dep_delay'].isna(), 'flight_id'])
    everything = load.load(pd.Timestamp('2013-02-08'), pd.Timestamp('2013-02-10'))

    assert cancelled
    assert not cancelled & set(everything['departures']['flight_id'])
    assert not cancelled & set(everything['arrivals']['flight_id'])


def test_adjacent_ranges_partition_the_events(tables):
    middle = pd.Timestamp('2013-03-10 12:00')
    halves = [load.load(MARCH[0], middle), load.load(middle, MARCH[1])]

    for name, table in tables.items():
        joined = pd.concat([half[name] for half in halves], ignore_index=True)
        pd.testing.assert_frame_equal(joined, table)


def test_events_are_sorted_by_their_time_and_ids_unique(tables):
    for name, table in tables.items():
        assert table[load.SOURCES[name]].is_monotonic_increasing
        assert table.iloc[:, 0].is_unique


def test_json_lines_have_instants_in_utc_and_nulls(tmp_path, capsys):
    load.main(['--from', '2013-01-01', '--to', '2013-01-03T12:00:00Z', '--out', str(tmp_path)])

    rows = [json.loads(line) for line in (tmp_path / 'departures.jsonl').read_text().splitlines()]
    assert rows[0]['departed_at'] == '2013-01-01T10:17:00.000Z'
    assert rows[0]['scheduled_weekday'] == 2
    assert set(json.loads(capsys.readouterr().out)) == set(load.SOURCES)
    weather = [json.loads(line) for line in (tmp_path / 'weather.jsonl').read_text().splitlines()]
    assert any(row['pressure'] is None for row in weather)


def test_parquet_has_doubles_and_timestamps(tmp_path):
    load.main(['--from', '2013-01-01', '--to', '2013-01-02', '--out', str(tmp_path), '--format', 'parquet'])

    types = pd.read_parquet(tmp_path / 'departures.parquet').dtypes
    assert (str(types['dep_delay']), str(types['distance']), str(types['departed_at'])) == ('float64', 'float64', 'datetime64[ms]')


@pytest.mark.parametrize('arguments', [['--from', '2013-02-01', '--to', '2013-01-01'], ['--from', 'yesterday-ish', '--to', '2013-01-01']])
def test_bad_ranges_are_refused(arguments, tmp_path, capsys):
    with pytest.raises(SystemExit) as raised:
        load.main([*arguments, '--out', str(tmp_path)])

    assert raised.value.code == 2
    assert 'must be before' in capsys.readouterr().err or 'yesterday-ish' in str(arguments)
