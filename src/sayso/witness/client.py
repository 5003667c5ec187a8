"""How a log asks a witness: one POST, its answer, and no more patience than said."""

from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from sayso.errors import SaysoError
from sayso.record.witness import Answer

SECONDS = 5
MOST_BYTES = 100_000

Post = Callable[[str, bytes], Answer]
"""What posts a body to `add-checkpoint` below a URL; `SaysoError` if there is no answer."""


def post(url: str, body: bytes) -> Answer:
    """Return the answer of the witness at `url` to a request to `add-checkpoint`."""
    return _asked("POST", url, "add-checkpoint", body)


def last(url: str, name: str) -> Answer:
    """Return the answer to the question what was cosigned last of the log called `name`."""
    return _asked("GET", url, f"{name}/checkpoint", None)


def _asked(method: str, url: str, path: str, body: bytes | None) -> Answer:
    connection, prefix = _connection(url)
    try:
        connection.request(method, f"{prefix}/{path}", body, {"Content-Type": "text/plain"})
        response = connection.getresponse()
        read = response.read(MOST_BYTES + 1)
    except (OSError, HTTPException) as error:
        raise SaysoError(f"`{url}` does not answer: {str(error) or type(error).__name__}") from None
    finally:
        connection.close()
    if len(read) > MOST_BYTES:
        raise SaysoError(f"`{url}` answers with more than {MOST_BYTES} bytes")
    return Answer(response.status, read, response.headers.get_content_type())


def _connection(url: str) -> tuple[HTTPConnection, str]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    kinds = {"http": HTTPConnection, "https": HTTPSConnection}
    if host is None or parts.scheme not in kinds or parts.query or parts.fragment:
        raise SaysoError(f"`{url}` is no address of a witness", hint="write http://HOST:PORT")
    return kinds[parts.scheme](host, port, timeout=SECONDS), parts.path.rstrip("/")
