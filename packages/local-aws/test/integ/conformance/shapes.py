"""Whether an answer is of the shape that botocore's model gives to an operation's output."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

from botocore.model import Shape


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


OF_KIND: dict[str, Callable[[Any], bool]] = {
    # A JSON value is read for the client.
    'string': lambda value: isinstance(value, str | dict | list),
    **dict.fromkeys(('integer', 'long', 'short', 'byte'), is_integer),
    **dict.fromkeys(('float', 'double'), is_number),
    'boolean': lambda value: isinstance(value, bool),
    'timestamp': lambda value: isinstance(value, datetime.datetime),
    'blob': lambda value: isinstance(value, bytes) or hasattr(value, 'read'),
}
# What AWS answers although its model does not name it, by shape: a stack that was made by a change set has this event.
ALSO = {'ResourceStatus': ('REVIEW_IN_PROGRESS',)}
# Members that a model requires of every answer, and that AWS leaves out: a job has artefacts once it has made some, a version of a package
# has its group's name and no own, a page that is the last has no token.
NOT_ALWAYS = {
    'DescribeTrainingJobResponse': ('ModelArtifacts',),
    'DescribeModelPackageOutput': ('ModelPackageName',),
    'DescribeFeatureGroupResponse': ('NextToken',),
}


def problems(shape: Shape, value: Any, path: str = '') -> Iterator[str]:
    """Required members that are missing, values of another type, and values that are not in their enum."""
    kind = shape.type_name
    if kind == 'structure':
        yield from structure_problems(shape, value, path)
    elif kind == 'list':
        if not isinstance(value, list):
            yield wrong(path, 'list', value)
        else:
            for index, item in enumerate(value):
                yield from problems(shape.member, item, f'{path}[{index}]')
    elif kind == 'map':
        if not isinstance(value, dict):
            yield wrong(path, 'map', value)
        else:
            for name, item in value.items():
                yield from problems(shape.key, name, f'{path}.{name} (key)')
                yield from problems(shape.value, item, f'{path}.{name}')
    else:
        yield from scalar_problems(shape, value, path)


def structure_problems(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if getattr(shape, 'is_document_type', False):
        return
    if not isinstance(value, dict):
        yield wrong(path, 'structure', value)
        return
    for name in shape.required_members:
        if name not in value and name not in NOT_ALWAYS.get(shape.name, ()):
            yield f'{path}.{name} is missing'
    for name, item in value.items():
        if name != 'ResponseMetadata' and name in shape.members:
            yield from problems(shape.members[name], item, f'{path}.{name}')


def scalar_problems(shape: Shape, value: Any, path: str) -> Iterator[str]:
    kind = shape.type_name
    if not OF_KIND[kind](value):
        yield wrong(path, kind, value)
    elif kind == 'string' and getattr(shape, 'enum', None) and value not in (*shape.enum, *ALSO.get(shape.name, ())):
        yield f'{path} is {value!r}, not one of {shape.enum}'


def wrong(path: str, kind: str, value: Any) -> str:
    return f'{path} is {type(value).__name__}, not {kind}'
