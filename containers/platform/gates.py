"""The gates of a definition: whether a challenger may be registered, and every reason why not."""

from __future__ import annotations

from job import JobError, Json
from task import Task


def check_gates(gates: Json, task: Task) -> Json:
    """Refuse gates that name no metric or no bound: a misspelt gate would otherwise pass everything."""
    problems: list[str] = []
    for key, bound in gates.items():
        allowed = ('metric', 'min', 'significant') if key == 'beatChampionBy' else ('min', 'max')
        if key not in (*task.metrics, 'minRows', 'beatChampionBy'):
            problems.append(f'{key}: allowed are {", ".join(task.metrics)}, minRows, beatChampionBy')
        elif key != 'minRows' and (not isinstance(bound, dict) or not bound or any(name not in allowed for name in bound)):
            problems.append(f'{key}: needs an object of {", ".join(allowed)}')
        elif key == 'beatChampionBy' and bound.get('metric', task.headline) not in task.metrics:
            problems.append(f'beatChampionBy.metric: is `{bound["metric"]}`, allowed are {", ".join(task.metrics)}')
    if problems:
        raise JobError('invalid gates: ' + '; '.join(problems))
    return gates


def judge(gates: Json, task: Task, rows: int, challenger: Json, comparison: Json | None) -> Json:
    """`{passed, reasons}`; `reasons` holds one sentence for each gate that failed."""
    reasons: list[str] = []
    for key, bound in gates.items():
        if key == 'minRows':
            if rows < bound:
                reasons.append(f'the hold-out has {rows} rows, the gate wants {bound}')
        elif key == 'beatChampionBy':
            reasons += against_champion(bound, task, comparison)
        else:
            reasons += within(key, bound, value_of(challenger, key))
    return {'passed': not reasons, 'reasons': reasons}


def value_of(evaluation: Json, metric: str) -> float | None:
    value = evaluation['metrics'][metric]['value']
    return None if value is None else float(value)


def within(metric: str, bound: Json, value: float | None) -> list[str]:
    if value is None:
        return [f'{metric} is undefined on the hold-out (one class only, or nothing predicted positive)']
    reasons: list[str] = []
    if 'min' in bound and value < bound['min']:
        reasons.append(f'{metric} {value:.4f} is below {bound["min"]:g}')
    if 'max' in bound and value > bound['max']:
        reasons.append(f'{metric} {value:.4f} is above {bound["max"]:g}')
    return reasons


def against_champion(bound: Json, task: Task, comparison: Json | None) -> list[str]:
    """The gain on the same rows; with `significant`, its 95 % interval must also lie above 0. Without a champion there is nothing to beat."""
    if comparison is None:
        return []
    metric = bound.get('metric', task.headline)
    least = float(bound.get('min', 0))
    difference, interval = comparison[metric]['value'], comparison[metric]['interval']
    if difference is None:
        return [f'the {metric} of challenger and champion cannot be compared: one is undefined']
    gain, worst = (-difference, -interval[1]) if metric in task.lower_is_better else (difference, interval[0])
    if gain < least:
        return [f'{metric} gains {gain:+.4f} over the champion, the gate wants {least:+.4f}']
    if bound.get('significant') and worst <= 0:
        return [f'{metric} gains {gain:+.4f} over the champion, which the 95 % interval from {worst:+.4f} does not tell from chance']
    return []
