"""A model server under the SageMaker serving contract: `GET /ping`, `POST /invocations`, script-mode `inference.py`.

    python server.py --model-dir DIR [--port 0] [--host 127.0.0.1]

Loads SAGEMAKER_PROGRAM from SAGEMAKER_SUBMIT_DIRECTORY (paths below /opt/ml/model mean the model directory), calls `model_fn`,
listens, prints `{"port": n}` and serves until stdin closes. One process, one thread: requests that arrive in the same turn
of the event loop are given to the module's optional `batch_predict_fn(inputs, model) -> outputs` together, where an output may
be an exception that fails its own request only. Modules without it are served one request at a time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import threading
import traceback
from dataclasses import dataclass, field
from pathlib import Path

from script import Script, ScriptError, load_script

REASONS = {200: 'OK', 400: 'Bad Request', 404: 'Not Found', 405: 'Method Not Allowed', 411: 'Length Required', 413: 'Content Too Large'}
HEAD_LIMIT = 65_536
BODY_LIMIT = 6_291_456
"""InvokeEndpoint's limit, in both directions."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request to /invocations that waits for the end of this turn, and the place of its answer on the connection."""

    connection: Connection
    slot: int
    body: bytes
    content_type: str
    accept: str


@dataclass(slots=True)
class Server:
    """The queue of one turn: `submit` collects, `flush` answers all that came in."""

    script: Script
    loop: asyncio.AbstractEventLoop
    waiting: list[Call] = field(default_factory=list)

    def submit(self, call: Call) -> None:
        if not self.waiting:
            self.loop.call_soon(self.flush)
        self.waiting.append(call)

    def flush(self) -> None:
        calls, self.waiting = self.waiting, []
        results = self.script.respond([(call.body, call.content_type, call.accept) for call in calls])
        for call, result in zip(calls, results, strict=True):
            if isinstance(result, Exception):
                traceback.print_exception(result, file=sys.stderr)
                call.connection.answer(call.slot, 500, 'text/plain; charset=utf-8', str(result).encode())
            else:
                call.connection.answer(call.slot, 200, result[1], result[0])


class Connection(asyncio.Protocol):
    """One keep-alive HTTP/1.1 connection. Answers leave in the order of the requests, also when a client sends ahead (`slots`)."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.transport: asyncio.Transport | None = None
        self.buffer = bytearray()
        self.next_slot = 0
        self.sent_slot = 0
        self.ready: dict[int, bytes] = {}
        self.closing_slot: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while self.closing_slot is None and self.take_request():
            pass

    def take_request(self) -> bool:
        """Handle one complete request of the buffer; False when there is none yet."""
        end = self.buffer.find(b'\r\n\r\n')
        if end < 0:
            if len(self.buffer) > HEAD_LIMIT:
                self.refuse(400, 'head too large')
            return False
        line, *fields = bytes(self.buffer[:end]).decode('latin-1').split('\r\n')
        headers = {name.lower(): value.strip() for name, _, value in (entry.partition(':') for entry in fields)}
        method, _, rest = line.partition(' ')
        length = headers.get('content-length', '0')
        if 'transfer-encoding' in headers:
            self.refuse(411, 'send a Content-Length; Transfer-Encoding is not supported')
            return False
        if not length.isdigit() or int(length) > BODY_LIMIT:
            self.refuse(413 if length.isdigit() else 400, f'Content-Length {length} is not allowed; the limit is {BODY_LIMIT}')
            return False
        if len(self.buffer) < end + 4 + int(length):
            return False
        body = bytes(self.buffer[end + 4 : end + 4 + int(length)])
        del self.buffer[: end + 4 + int(length)]
        slot, self.next_slot = self.next_slot, self.next_slot + 1
        if headers.get('connection', '').lower() == 'close':
            self.closing_slot = slot
        self.route(slot, method, rest.partition(' ')[0], headers, body)
        return True

    def route(self, slot: int, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        if path == '/invocations' and method == 'POST':
            content_type = headers.get('content-type', 'application/octet-stream')
            accept = headers.get('accept', '')
            self.server.submit(Call(self, slot, body, content_type, accept))
        elif path == '/ping' and method == 'GET':
            self.answer(slot, 200, 'text/plain', b'')
        elif path in ('/ping', '/invocations'):
            self.answer(slot, 405, 'text/plain', f'{method} is not allowed here'.encode())
        else:
            self.answer(slot, 404, 'text/plain', b'only /ping and /invocations are served')

    def refuse(self, status: int, text: str) -> None:
        """Answer what cannot be framed and close, since the rest of the stream has no meaning."""
        self.closing_slot, self.next_slot = self.next_slot, self.next_slot + 1
        self.answer(self.closing_slot, status, 'text/plain', text.encode())

    def answer(self, slot: int, status: int, content_type: str, body: bytes) -> None:
        reason = REASONS.get(status, 'Internal Server Error')
        close = 'Connection: close\r\n' if slot == self.closing_slot else ''
        head = f'HTTP/1.1 {status} {reason}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n{close}\r\n'
        self.ready[slot] = head.encode('latin-1') + body
        while self.transport is not None and self.sent_slot in self.ready:
            self.transport.write(self.ready.pop(self.sent_slot))
            if self.sent_slot == self.closing_slot:
                self.transport.close()
            self.sent_slot += 1


def stop_when_stdin_closes(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """A thread, because asyncio cannot watch every kind of stdin (a file, a terminal, a pipe)."""

    def watch() -> None:
        while os.read(0, 4096):
            pass
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch, daemon=True).start()


async def serve(script: Script, host: str, port: int) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    server = Server(script, loop)
    listener = await loop.create_server(lambda: Connection(server), host, port, backlog=1024)
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    stop_when_stdin_closes(loop, stop)
    print(json.dumps({'port': listener.sockets[0].getsockname()[1]}), flush=True)
    await stop.wait()
    listener.close()


def main() -> None:
    parser = argparse.ArgumentParser(description='Serve a model directory under the SageMaker serving contract.')
    parser.add_argument('--model-dir', type=Path, required=True, help='the unpacked model.tar.gz')
    parser.add_argument('--port', type=int, default=0, help='0 takes a free port')
    parser.add_argument('--host', default='127.0.0.1')
    options = parser.parse_args()
    # As the XGBoost image does; a row is too little work to share.
    os.environ.setdefault('OMP_NUM_THREADS', '1')
    try:
        script = load_script(options.model_dir.resolve(), os.environ)
    except ScriptError as error:
        raise SystemExit(f'server: {error}') from error
    try:
        asyncio.run(serve(script, options.host, options.port))
    except OSError as error:
        raise SystemExit(f'server: cannot listen on {options.host}:{options.port}: {error.strerror}') from error


if __name__ == '__main__':
    main()
