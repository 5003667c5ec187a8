"""The witness over HTTP, C2SP tlog-witness: few lines, and none that a stranger can hold up.

    POST /add-checkpoint         a request of `sayso.record.witness`; answered as it says there
    GET  /SHA256/checkpoint      the last state of the log whose origin has this SHA-256, in
                                 hexadecimal, so that others can compare what they were shown

A connection serves one request, and has `SECONDS` for all of it. At most `MOST_AT_ONCE` are served;
who comes when all are taken is turned away. No more of a body is read than a request can have. TLS
is for whoever stands before it.
"""

import re
import socket
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore, Lock
from typing import Any, ClassVar

from sayso.errors import SaysoError
from sayso.record.witness import MOST_BYTES, Answer
from sayso.witness.folder import Witness

SECONDS = 15
MOST_AT_ONCE = 64

_STATE = re.compile(r"/([0-9a-f]{64})/checkpoint")
_LENGTH = re.compile(r"[0-9]{1,9}")

_Asked = Any
"""A connection: `socketserver` gives it a wider type than a TCP server's sockets have."""

Log = Callable[[str], None]
"""Told one line for each request."""


class Server(ThreadingHTTPServer):
    """A witness that listens; `serve_forever` answers until it is interrupted."""

    daemon_threads = True
    request_queue_size = MOST_AT_ONCE

    def __init__(self, address: tuple[str, int], witness: Witness, log: Log) -> None:
        self.witness, self.log = witness, log
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self._free = BoundedSemaphore(MOST_AT_ONCE)
        self._begun: dict[socket.socket, float] = {}
        self._guard = Lock()
        super().__init__(address, _Handler)

    @property
    def url(self) -> str:
        """Return where it listens."""
        host, port = self.server_address[:2]
        return f"http://[{host!s}]:{port}" if ":" in str(host) else f"http://{host!s}:{port}"

    def verify_request(self, request: _Asked, client_address: object) -> bool:
        """Return whether there is room for another connection; its time runs from now on."""
        del client_address
        if not self._free.acquire(blocking=False):
            return False
        with self._guard:
            self._begun[request] = time.monotonic()
        return True

    def shutdown_request(self, request: _Asked) -> None:
        """End a connection, however it went, and make room for another."""
        with self._guard:
            held = self._begun.pop(request, None) is not None
        super().shutdown_request(request)
        if held:
            self._free.release()

    def service_actions(self) -> None:
        """Cut off who has taken too long; called every half second."""
        late = time.monotonic() - SECONDS
        with self._guard:
            for each, begun in self._begun.items():
                if begun < late:
                    _cut(each)

    def handle_error(self, request: _Asked, client_address: object) -> None:
        """Say nothing of a connection that broke: its thread has ended, and that is all."""
        del request, client_address


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is gone already


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server
    server_version = "sayso-witness"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout: ClassVar[float] = SECONDS

    def do_POST(self) -> None:  # http.server's name
        """Answer a request to cosign."""
        if self.path != "/add-checkpoint":
            self._send(Answer(404, b"a checkpoint is posted to /add-checkpoint\n"))
            return
        length = self.headers.get("Content-Length", "")
        if "Transfer-Encoding" in self.headers or not _LENGTH.fullmatch(length):
            self._send(Answer(411, b"a Content-Length is wanted\n"))
        elif int(length) > MOST_BYTES:
            self._send(Answer(413, f"a request has at most {MOST_BYTES} bytes\n".encode()))
        else:
            self._send(self._added(self.rfile.read(int(length)), int(length)))

    def _added(self, body: bytes, length: int) -> Answer:
        if len(body) < length:
            return Answer(400, b"the body is shorter than was said\n")
        try:
            return self.server.witness.add(body)
        except (SaysoError, OSError) as error:  # the outermost rim: nothing was cosigned
            self.server.log(f"nothing was cosigned: {error}")
            return Answer(500, b"the witness cannot keep what it sees\n")

    def do_GET(self) -> None:  # http.server's name
        """Answer who asks what was cosigned last."""
        found = _STATE.fullmatch(self.path)
        last = None if found is None else self.server.witness.last(found[1])
        nothing = Answer(404, b"nothing of it was cosigned here\n")
        self._send(nothing if last is None else Answer(200, last))

    def _send(self, answer: Answer) -> None:
        self.close_connection = True
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's name
        """Tell of the request."""
        self.server.log(format % args)
