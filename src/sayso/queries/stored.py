"""What a store still has of the texts and papers that its record names.

From an export something may be withheld; in one's own store nothing is. What is missing there, and
no entry says was erased, was lost: the record holds without it, and the store is damaged.
"""

from dataclasses import dataclass

from sayso.queries.enclosed import Enclosed


@dataclass(frozen=True, slots=True)
class Stored:
    """How many enclosures the entries name, and how many of them the store has, lost, erased.

    `lingering` are those that it has although an entry says that they were erased.
    """

    named: int
    kept: int
    lost: int
    erased: int
    lingering: int = 0

    @classmethod
    def of(cls, found: Enclosed) -> "Stored":
        """Return what was found beside a record as it is told of a store."""
        return cls(found.named, found.shown, found.withheld, found.erased, found.lingering)

    def __str__(self) -> str:
        told = (
            f"{self.named} texts and papers beside it: {self.kept} kept, "
            f"{self.lost} lost, {self.erased} erased"
        )
        if self.lost:
            told += (
                "; what is lost is missing though no entry here says that it was erased. The "
                "record holds without it, and the store is damaged: find a backup that has it, and "
                "`sayso store restore`"
            )
        if self.lingering:
            told += (
                f"; {self.lingering} of those kept should be gone, for an entry says so: "
                "`sayso store tidy` erases what a store still has of them"
            )
        return told
