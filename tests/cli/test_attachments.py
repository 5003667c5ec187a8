"""Papers that are handed over: kept beside the record, given back to those who may know."""

from hashlib import sha256

ANNEX = b"%PDF-1.7 the annex, of which nobody else need know\n"
PLACE = ("--place", "Belgorod")


def digest(paper: bytes) -> str:
    return sha256(paper).hexdigest()
