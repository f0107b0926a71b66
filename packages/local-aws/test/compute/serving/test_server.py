"""The server as a process, with scripts that need no machine learning."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

SERVER = Path(__file__).parents[3] / 'src' / 'compute' / 'serving' / 'server.py'
ECHO = """
import json
def model_fn(model_dir): return open(model_dir + '/name').read()
def input_fn(body, content_type):
    assert isinstance(body, str)
    return json.loads(body)
def predict_fn(value, model):
    if value == 'boom': raise ValueError('cannot predict boom')
    return [model, value, 1]
def output_fn(value, accept): return json.dumps(value), accept
"""
BATCH = """
def batch_predict_fn(values, model):
    return [ValueError('cannot predict boom') if v == 'boom' else [model, v, len(values)] for v in values]
"""


@contextmanager
def serving(folder: Path, source: str, **environment: str):
    (folder / 'code').mkdir(parents=True, exist_ok=True)
    (folder / 'code' / 'inference.py').write_text(source)
    (folder / 'name').write_text('m')
    env = {'SAGEMAKER_PROGRAM': 'inference.py', 'SAGEMAKER_SUBMIT_DIRECTORY': '/opt/ml/model/code', 'PATH': os.environ['PATH'], **environment}
    with subprocess.Popen([sys.executable, str(SERVER), '--model-dir', str(folder)], stdin=-1, stdout=-1, stderr=-1, env=env) as process:
        try:
            line = process.stdout.readline()
            process.port = json.loads(line)['port'] if line else None
            yield process
        finally:
            process.kill()


def post(port: int, value, path='/invocations', **headers):
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=10)
    connection.request('POST', path, json.dumps(value), {'content-type': 'application/json', **headers})
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response.status, body, response.headers['content-type']


@pytest.fixture(scope='module')
def echo(tmp_path_factory):
    with serving(tmp_path_factory.mktemp('echo'), ECHO) as process:
        yield process


def test_answers_through_the_three_functions(echo):
    assert post(echo.port, {'a': 1}) == (200, '["m", {"a": 1}, 1]', 'application/json')


def test_accept_reaches_the_script_and_any_means_the_default(echo):
    assert post(echo.port, 1, accept='text/x')[2] == 'text/x'
    assert post(echo.port, 1, accept='*/*')[2] == 'application/json'


def test_an_exception_is_500_with_its_text_and_the_connection_lives(echo):
    connection = http.client.HTTPConnection('127.0.0.1', echo.port, timeout=10)
    answers = []
    for value in ('boom', 'fine'):
        connection.request('POST', '/invocations', json.dumps(value), {'content-type': 'application/json'})
        response = connection.getresponse()
        answers.append((response.status, response.read().decode()))
    connection.close()

    assert answers == [(500, 'cannot predict boom'), (200, '["m", "fine", 1]')]


def test_ping_and_paths_that_are_not_served(echo):
    connection = http.client.HTTPConnection('127.0.0.1', echo.port, timeout=10)
    statuses = []
    for method, path in (('GET', '/ping'), ('GET', '/invocations'), ('GET', '/other')):
        connection.request(method, path)
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
    connection.close()

    assert statuses == [200, 405, 404]


def raw(port: int, *chunks: bytes) -> bytes:
    with socket.create_connection(('127.0.0.1', port), timeout=10) as client:
        for chunk in chunks:
            client.sendall(chunk)
        answer = b''
        while part := client.recv(65536):
            answer += part
    return answer


def request(value, extra=b'') -> bytes:
    body = json.dumps(value).encode()
    return b'POST /invocations HTTP/1.1\r\nContent-Type: application/json\r\n%bContent-Length: %d\r\n\r\n%b' % (extra, len(body), body)


def test_requests_sent_ahead_are_answered_in_order_and_close_is_kept(echo):
    answer = raw(echo.port, request('first') + request('boom')[:30], request('boom')[30:] + request('last', b'Connection: close\r\n'))

    assert [answer.index(text) for text in (b'first', b'cannot predict', b'last')] == sorted(
        answer.index(text) for text in (b'first', b'cannot predict', b'last')
    )
    assert answer.count(b'HTTP/1.1 200') == 2


@pytest.mark.parametrize(
    ('head', 'status'),
    [
        (b'POST /invocations HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n', b' 411 '),
        (b'POST /invocations HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n', b' 413 '),
        (b'POST /invocations HTTP/1.1\r\nContent-Length: -1\r\n\r\n', b' 400 '),
        (b'x' * 70_000, b' 400 '),
    ],
)
def test_what_cannot_be_framed_is_refused_and_closed(echo, head, status):
    assert status in raw(echo.port, head).split(b'\r\n')[0]


def test_requests_that_wait_together_are_predicted_together(tmp_path):
    with serving(tmp_path, ECHO + BATCH) as process:
        answer = raw(process.port, b''.join(request(v) for v in ('a', 'boom', 'b')) + request('c', b'Connection: close\r\n'))

    assert answer.count(b', 4]') == 3
    assert answer.count(b'HTTP/1.1 500') == 1


def test_many_connections_get_their_own_answers(echo):
    found: dict[int, tuple] = {}
    threads = [threading.Thread(target=lambda i=i: found.update({i: post(echo.port, i)})) for i in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {i: (200, f'["m", {i}, 1]', 'application/json') for i in range(32)}


def test_transform_fn_replaces_the_three(tmp_path):
    source = "def model_fn(d): return 'm'\ndef transform_fn(model, body, kind, accept): return model + body + accept, 'text/plain'\n"

    with serving(tmp_path, source) as process:
        assert post(process.port, 1) == (200, 'm1application/json', 'text/plain')


def test_it_ends_when_stdin_closes(tmp_path):
    with serving(tmp_path, ECHO) as process:
        process.stdin.close()

        assert process.wait(5) == 0


def test_it_ends_on_sigterm(tmp_path):
    with serving(tmp_path, ECHO) as process:
        process.send_signal(signal.SIGTERM)

        assert process.wait(5) == 0


@pytest.mark.parametrize(
    ('source', 'environment', 'message'),
    [
        ('def input_fn(b, c): pass', {}, 'inference.py has no model_fn'),
        ('def model_fn(d): pass', {}, 'inference.py lacks input_fn, predict_fn, output_fn'),
        ("def model_fn(d): raise OSError('no weights')" + ECHO.split('read()')[1], {}, 'model_fn failed: OSError: no weights'),
        ('import nothing_like_this', {}, 'importing inference.py failed: ModuleNotFoundError'),
        (ECHO + 'def transform_fn(*a): pass', {}, 'has transform_fn and also input_fn, predict_fn, output_fn'),
        (ECHO, {'SAGEMAKER_PROGRAM': ''}, 'SAGEMAKER_PROGRAM is not set'),
        (ECHO, {'SAGEMAKER_PROGRAM': 'other.py'}, 'other.py is not in'),
        (ECHO, {'SAGEMAKER_SUBMIT_DIRECTORY': 's3://b/k'}, 'unpack it and give the folder'),
    ],
)
def test_a_script_that_cannot_be_loaded_says_why(tmp_path, source, environment, message):
    with serving(tmp_path, source, **environment) as process:
        assert process.port is None
        assert process.wait(5) == 1
        assert message in process.stderr.read().decode()
