import itertools

import numpy as np
import pandas as pd

from reference_profile import category, numeric, profile


def test_profile_of_real_rows_conforms_and_counts_every_row(parts, definition, conforms):
    rows = parts['train'].to_pandas()

    found = profile(rows, definition.columns, {'score': np.linspace(0, 1, 50)})

    conforms(found, 'reference-profile')
    assert set(found['features']) == {'carrier', 'origin', 'distance', 'dep_delay', 'temp', 'score'}
    for feature in found['features'].values():
        counts = feature['counts']
        assert sum(counts.values() if isinstance(counts, dict) else counts) + feature['missing'] == feature['n']


def test_counts_lie_between_edges_as_documented():
    values = pd.Series([1.0, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, None])

    found = numeric(values)

    edges, known = found['edges'], values.dropna()
    inner = [int(((known >= low) & (known < high)).sum()) for low, high in itertools.pairwise(edges)]
    assert found['counts'] == [int((known < edges[0]).sum()), *inner, int((known >= edges[-1]).sum())]
    assert (found['missing'], found['n'], found['min'], found['max']) == (1, 12, 1.0, 10.0)


def test_constant_and_empty_columns_have_a_profile():
    assert (numeric(pd.Series([5.0, 5.0]))['edges'], numeric(pd.Series([5.0, 5.0]))['counts']) == ([5.0], [0, 2])
    assert numeric(pd.Series([None, None], dtype=float))['counts'] == [0]


def test_categories_are_counted_by_value():
    assert category(pd.Series(['b', 'a', 'b', None])) == {'type': 'category', 'counts': {'a': 1, 'b': 2}, 'missing': 1, 'n': 4}
