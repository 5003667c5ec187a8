"""One question over HTTP and its answer, with no more patience and memory than is said."""

from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from sayso.errors import SaysoError

SECONDS = 5
OK = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: an HTTP status, a body and its type."""

    status: int
    body: bytes
    kind: str


def ask(url: str, path: str, *, body: bytes | None = None, most: int) -> Reply:
    """Return what is at `path` below `url`, or, with a `body`, what posting it there gives.

    No redirection is followed and no proxy is asked; a reply of more than `most` bytes is none.
    """
    connection, prefix = _connection(url)
    method = "GET" if body is None else "POST"
    kind = {} if body is None else {"Content-Type": "text/plain"}
    try:
        connection.request(method, f"{prefix}/{path}", body, kind)
        response = connection.getresponse()
        read = response.read(most + 1)
    except (OSError, HTTPException) as error:
        raise SaysoError(f"`{url}` does not answer: {str(error) or type(error).__name__}") from None
    finally:
        connection.close()
    if len(read) > most:
        raise SaysoError(f"`{url}` answers with more than {most} bytes")
    return Reply(response.status, read, response.headers.get_content_type())


def _connection(url: str) -> tuple[HTTPConnection, str]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    kinds = {"http": HTTPConnection, "https": HTTPSConnection}
    if host is None or parts.scheme not in kinds or parts.query or parts.fragment:
        raise SaysoError(f"`{url}` is no address", hint="write http://HOST:PORT")
    return kinds[parts.scheme](host, port, timeout=SECONDS), parts.path.rstrip("/")
