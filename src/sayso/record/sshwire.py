"""The wire types of SSH, RFC 4251 §5, as far as keys and signatures need them.

    uint32    four bytes, the greatest first
    string    uint32 length, then that many bytes
    mpint     a string holding a two's complement integer, as short as it can be

>>> fields = Fields(string(b"ssh") + mpint(200))
>>> fields.string(), fields.mpint(), fields.end()
(b'ssh', 200, None)
"""

from sayso.errors import MalformedSignature

_UINT32_BYTES = 4


def uint32(number: int) -> bytes:
    """Return the four bytes of `number`."""
    return number.to_bytes(_UINT32_BYTES, "big")


def string(raw: bytes) -> bytes:
    """Return `raw` with its length before it."""
    return uint32(len(raw)) + raw


def mpint(number: int) -> bytes:
    """Return the string of a number that is not negative."""
    return string(number.to_bytes(number.bit_length() // 8 + 1, "big") if number else b"")


class Fields:
    """A reader that takes one field after the other off the front; each undoes its namesake."""

    __slots__ = ("_rest",)

    def __init__(self, raw: bytes) -> None:
        self._rest = raw

    def take(self, length: int) -> bytes:
        """Return the next `length` bytes."""
        if length > len(self._rest):
            raise MalformedSignature("the SSH data ends too early")
        taken, self._rest = self._rest[:length], self._rest[length:]
        return taken

    def byte(self) -> int:
        """Return the next byte."""
        return self.take(1)[0]

    def uint32(self) -> int:
        """Return the next number of four bytes."""
        return int.from_bytes(self.take(_UINT32_BYTES), "big")

    def string(self) -> bytes:
        """Return the next string."""
        return self.take(self.uint32())

    def text(self) -> str:
        """Return the next string as text."""
        try:
            return self.string().decode()
        except UnicodeDecodeError:
            raise MalformedSignature("a name in the SSH data is not UTF-8") from None

    def mpint(self) -> int:
        """Return the next integer, which must be positive and written as short as it can be."""
        raw = self.string()
        number = int.from_bytes(raw, "big")
        if number == 0 or string(raw) != mpint(number):
            raise MalformedSignature("an integer in the SSH data is not a short positive one")
        return number

    def end(self) -> None:
        """Raise unless everything was taken."""
        if self._rest:
            raise MalformedSignature(f"{len(self._rest)} bytes stand after the end of the SSH data")
