"""What every job of this container does the same way: read and write JSON, take digests, end with a clear message."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Json = dict[str, Any]
"""A JSON object whose shape a schema in `containers/schemas` fixes."""


class JobError(Exception):
    """A problem that the caller of the job can mend; its text is all that is shown."""


def read_json(path: Path) -> Json:
    """Parse a JSON object. Raises JobError with the path when it is absent or not an object."""
    try:
        value = json.loads(path.read_text('utf-8'))
    except FileNotFoundError:
        raise JobError(f'{path} does not exist') from None
    except ValueError as error:
        raise JobError(f'{path} is not JSON: {error}') from None
    if not isinstance(value, dict):
        raise JobError(f'{path} must hold a JSON object')
    return value


def write_json(path: Path, value: Json) -> None:
    """Write JSON that is the same bytes for the same value; NaN is refused."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, sort_keys=True, allow_nan=False) + '\n', 'utf-8')


def digest(parts: Iterable[bytes]) -> str:
    """`sha256:<hex>` of the parts in order."""
    state = hashlib.sha256()
    for part in parts:
        state.update(part)
    return f'sha256:{state.hexdigest()}'


def digest_of_files(paths: Iterable[Path]) -> str:
    """Digest of names and contents, in the order of the names."""
    return digest(part for path in sorted(paths) for part in (path.name.encode(), b'\0', path.read_bytes(), b'\0'))


def run(name: str, main: Callable[[], None], message: Path | None = None) -> None:
    """Call `main`; a JobError becomes one line on stderr, the exit message (at most 1 KB) and exit code 1."""
    try:
        main()
    except JobError as error:
        text = f'{name}: {error}'
        print(text, file=sys.stderr, flush=True)
        if message is not None:
            message.parent.mkdir(parents=True, exist_ok=True)
            message.write_bytes(text.encode()[:1024])
        raise SystemExit(1) from None
