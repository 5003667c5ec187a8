"""A refusal: the answer to an act that may not be done. It is a value, and nothing is written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an act is refused: a stable `code` for programs, words for people, and what to do."""

    code: str
    words: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.words}; {self.hint}" if self.hint else self.words
