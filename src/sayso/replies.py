"""One question over HTTP and its answer, with no more patience and memory than is said.

Whoever answers may be hostile: a byte every few seconds, a hundred addresses that nothing is at, a
reply without end. So the whole of it, from finding the address to the last byte, has its time; the
thread that waits is then left to itself.
"""

import socket
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Thread
from urllib.parse import SplitResult, urlsplit

from sayso.errors import SaysoError

SECONDS = 5
"""How long nothing at all may come."""

IN_ALL = 15
"""How many seconds question and answer may take together, if whoever asks says no other time."""

OK = 200

_KINDS = {"http": HTTPConnection, "https": HTTPSConnection}


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: an HTTP status, a body and its type."""

    status: int
    body: bytes
    kind: str


def is_address(text: str) -> bool:
    """Return whether `text` is meant as an address, and not as the name of a file."""
    return text[:8].lower().startswith(("http://", "https://"))


def check(url: str) -> None:
    """Raise unless `url` can be asked: before it is kept, not when it is needed."""
    _parts(url)


def ask(
    url: str, path: str, *, body: bytes | None = None, most: int, within: float | None = None
) -> Reply:
    """Return what is at `path` below `url`, or, with a `body`, what posting it there gives.

    No redirection is followed and no proxy is asked; a reply of more than `most` bytes is none, and
    one that is not whole `within` so many seconds.
    """
    parts = _parts(url)
    seconds = IN_ALL if within is None else within
    connection = _KINDS[parts.scheme](parts.hostname or "", parts.port, timeout=SECONDS)
    asked = _Asked(connection, f"{parts.path.rstrip('/')}/{path}", body, most)
    Thread(target=asked.answer, daemon=True).start()
    try:
        reply = asked.answered.result(seconds)
    except HTTPException as error:
        raise _silent(url, error) from None
    except OSError as error:
        if not asked.answered.done():
            raise SaysoError(f"`{url}` has not answered in full in {seconds} seconds") from None
        raise _silent(url, error) from None
    finally:
        asked.cut()
    if len(reply.body) > most:
        raise SaysoError(f"`{url}` answers with more than {most} bytes")
    return reply


def _silent(url: str, error: Exception) -> SaysoError:
    return SaysoError(f"`{url}` does not answer: {str(error) or type(error).__name__}")


@dataclass(slots=True)
class _Asked:
    """A question under way, in a thread of its own."""

    connection: HTTPConnection
    target: str
    body: bytes | None
    most: int
    answered: "Future[Reply]" = field(default_factory=Future)
    _socket: socket.socket | None = None
    _over: bool = False

    def answer(self) -> None:
        """Set what came back, or what went wrong."""
        try:
            self.answered.set_result(self._exchanged())
        except Exception as error:  # noqa: BLE001  # it is raised where the answer is waited for
            self.answered.set_exception(error)
        finally:
            self.connection.close()

    def _exchanged(self) -> Reply:
        self.connection.connect()
        self._socket = self.connection.sock  # the connection lets go of it before all is read
        if self._over:
            raise TimeoutError
        kind = {} if self.body is None else {"Content-Type": "text/plain"}
        method = "GET" if self.body is None else "POST"
        self.connection.request(method, self.target, self.body, kind)
        with self.connection.getresponse() as response:
            read = response.read(self.most + 1)
            return Reply(response.status, read, response.headers.get_content_type())

    def cut(self) -> None:
        """Let the thread end, whatever it waits for on its socket."""
        self._over = True
        under_way = self._socket or self.connection.sock
        if under_way is not None:
            with suppress(OSError):  # it is closed already
                socket.socket.shutdown(under_way, socket.SHUT_RDWR)  # TLS's own would wait


def _parts(url: str) -> SplitResult:
    """Return the parts of an address; what only breaks when it is looked up is no address."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
        (host or "").encode("idna")
    except ValueError:
        parts, host = urlsplit(""), None
    plain = url.isprintable() and " " not in url and parts.path.isascii()
    if host is None or parts.scheme not in _KINDS or parts.query or parts.fragment or not plain:
        raise SaysoError(f"`{url}` is no address", hint="write http://HOST:PORT")
    return parts
