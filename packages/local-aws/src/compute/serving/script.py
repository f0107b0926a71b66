"""Script mode: a user's `inference.py` as SageMaker's framework images call it.

`model_fn` is required, then either `transform_fn` or the three of `input_fn`, `predict_fn`, `output_fn`.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

IMAGE_MODEL_DIR = '/opt/ml/model'
THREE = ('input_fn', 'predict_fn', 'output_fn')
DEFAULT_ACCEPT = 'application/json'

Request = tuple[bytes, str, str]
"""Body, content type, accept."""
Response = tuple[bytes, str]
"""Body, content type."""


class ScriptError(Exception):
    """The script cannot be loaded; the text says what it lacks."""


@dataclass(frozen=True)
class Script:
    """A loaded module and its model."""

    module: ModuleType
    model: Any
    default_accept: str

    def respond(self, requests: Sequence[Request]) -> list[Response | Exception]:
        """Answer requests that wait together; the failure of one is its own result."""
        if hasattr(self.module, 'transform_fn'):
            return [self.attempt(self.transform, request) for request in requests]
        inputs = [self.attempt(self.read, request) for request in requests]
        good = [value for value in inputs if not isinstance(value, Exception)]
        predicted = iter(self.predict(good))
        outputs = [value if isinstance(value, Exception) else next(predicted) for value in inputs]
        return [
            output if isinstance(output, Exception) else self.attempt(self.write, (output, accept))
            for output, (_, _, accept) in zip(outputs, requests, strict=True)
        ]

    def predict(self, inputs: list[Any]) -> list[Any]:
        together = getattr(self.module, 'batch_predict_fn', None)
        if together is None or len(inputs) < 2:
            return [self.attempt(self.predict_one, value) for value in inputs]
        try:
            outputs = list(together(inputs, self.model))
        except Exception as error:
            return [error] * len(inputs)
        if len(outputs) != len(inputs):
            return [ScriptError(f'batch_predict_fn answered {len(outputs)} of {len(inputs)} inputs')] * len(inputs)
        return outputs

    def read(self, request: Request) -> Any:
        body, content_type, _ = request
        return self.module.input_fn(text_or_bytes(body, content_type), content_type)

    def predict_one(self, value: Any) -> Any:
        return self.module.predict_fn(value, self.model)

    def write(self, output: tuple[Any, str]) -> Response:
        accept = self.accepted(output[1])
        return as_response(self.module.output_fn(output[0], accept), accept)

    def transform(self, request: Request) -> Response:
        body, content_type, accept = request[0], request[1], self.accepted(request[2])
        return as_response(self.module.transform_fn(self.model, text_or_bytes(body, content_type), content_type, accept), accept)

    def accepted(self, accept: str) -> str:
        return self.default_accept if accept in ('', '*/*') else accept

    @staticmethod
    def attempt(call: Callable[[Any], Any], argument: Any) -> Any:
        """The result, or the exception as a value: whatever a user's code raises is the answer to this request."""
        try:
            return call(argument)
        except Exception as error:
            return error


def text_or_bytes(body: bytes, content_type: str) -> str | bytes:
    """Text types reach input_fn decoded, as in the framework's toolkit."""
    kind = content_type.split(';')[0].strip().lower()
    return body.decode('utf-8') if kind.startswith('text/') or kind == 'application/json' else body


def as_response(result: Any, accept: str) -> Response:
    body, content_type = result if isinstance(result, tuple) else (result, accept)
    return body.encode('utf-8') if isinstance(body, str) else bytes(body), content_type


def load_script(model_dir: Path, environment: Mapping[str, str]) -> Script:
    """Import the program and load the model. Raises ScriptError."""
    program = environment.get('SAGEMAKER_PROGRAM')
    if not program:
        raise ScriptError('SAGEMAKER_PROGRAM is not set: only script mode is served')
    folder = source_folder(environment.get('SAGEMAKER_SUBMIT_DIRECTORY', f'{IMAGE_MODEL_DIR}/code'), model_dir)
    path = folder / program
    if not path.is_file():
        raise ScriptError(f'{program} is not in {folder}')
    module = import_from(path)
    if not hasattr(module, 'model_fn'):
        raise ScriptError(f'{program} has no model_fn')
    missing = [name for name in THREE if not hasattr(module, name)]
    if hasattr(module, 'transform_fn') and len(missing) < len(THREE):
        present = ', '.join(name for name in THREE if name not in missing)
        raise ScriptError(f'{program} has transform_fn and also {present}; it must have one or the other')
    if not hasattr(module, 'transform_fn') and missing:
        raise ScriptError(f'{program} lacks {", ".join(missing)}')
    try:
        model = module.model_fn(str(model_dir))
    except Exception as error:
        raise ScriptError(f'model_fn failed: {type(error).__name__}: {error}') from error
    return Script(module, model, environment.get('SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT', DEFAULT_ACCEPT))


def source_folder(address: str, model_dir: Path) -> Path:
    """The folder of the code; the image's model path stands for `model_dir`."""
    if address.startswith('s3://'):
        raise ScriptError(f'SAGEMAKER_SUBMIT_DIRECTORY is {address}: unpack it and give the folder')
    if address == IMAGE_MODEL_DIR or address.startswith(f'{IMAGE_MODEL_DIR}/'):
        return model_dir / address[len(IMAGE_MODEL_DIR) :].lstrip('/')
    return Path(address)


def import_from(path: Path) -> ModuleType:
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ScriptError(f'{path} is not a Python file')
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ScriptError(f'importing {path.name} failed: {type(error).__name__}: {error}') from error
    return module
