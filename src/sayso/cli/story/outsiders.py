"""Point 7 of the reference scenario: what the outside parties see, and what they catch.

Two partners run a witness each, as processes of their own; an overseer has an export and a trust
file; and somebody who has the log's key itself leaves an act out and rebuilds the record.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory

from sayso import app
from sayso import store as stores
from sayso.casework import statement
from sayso.cli.story.cast import Shown, listed
from sayso.cli.story.gist import Answer
from sayso.cli.story.player import Player
from sayso.record import entry
from sayso.record.log import Log
from sayso.record.tree import leaf_hash, root

_BEFORE = "before-witnesses.json"
WITNESSES = ("london", "warsaw")  # the partners are made up, like all that goes beyond the facts


class Outsiders:
    """The outside parties of the record that `player` has played."""

    def __init__(self, player: Player) -> None:
        self.player, self.folder = player, player.folder
        self.export = player.folder / "export"
        self.trust = player.folder / "given-to-the-overseer.json"

    def play(self) -> Iterator[Shown]:
        """Yield what the outside parties have seen: point 7."""
        self.player.chapter(
            "The outside parties (point 7)",
            "The whole record verifies on a machine that has only the record and the public keys. "
            "Two witnesses countersign its states, each in a process of its own (assumed). Then "
            "one byte is changed, and another; and somebody who has the log's own key leaves an "
            "act out.",
        )
        with ExitStack() as stack:
            self.witnessed(stack)
            whole = self.exported()
            self.player.say("    overseer$ (changes one byte in every exported file, then another)")
            found = tuple(self.changed())
            again = self.verified()
            caught, without = self.rewritten()
        seen = whole["cosigned"]["by"] if whole.done else []
        missed = found.count(True)
        self.player.say(f"      {len(found)} bytes changed, {len(found) - missed} of them noticed")
        holds = whole.done and again.done and not missed and len(seen) == len(WITNESSES)
        yield Shown(
            "7",
            holds and caught,
            f"{whole['entries']} entries, cosigned by {len(seen)} of {len(WITNESSES)} witnesses, "
            f"verified from the export and the trust file alone; of {len(found)} bytes changed one "
            f"by one, {len(found) - missed} were found; and a record rebuilt with the log's own "
            f"key, but without its {without}, which nothing in it shows, was refused by "
            f"{listed(WITNESSES)}.",
            assumed="the witnesses",
        )

    def changed(self) -> Iterator[bool]:
        """Yield, for each byte that is changed and put back, whether the record still verified."""
        for _ in _tampered(self.export):
            yield self.verified().done

    def witnessed(self, stack: ExitStack) -> None:
        """Let both witnesses begin, name them in the trust, and let them cosign."""
        where = ("--store", self.player.store, "--log-key", self.player.log_key, "--json")
        logs = [str(key) for key in self.player.quietly("record", "trust", *where)["log"]]
        listen = ("--listen", "127.0.0.1:0", *(word for log in logs for word in ("--log", log)))
        begun = [
            stack.enter_context(
                self.player.begun(
                    "witness", "serve", "--dir", str(self.folder / name), *listen, by=name
                )
            )
            for name in WITNESSES
        ]
        told = zip(WITNESSES, (each() for each in begun), strict=True)
        lines = [f"witness {name} {value['vkey']} {value['url']}" for name, value in told]
        trust = self.known
        shutil.copy(trust, trust.with_name(_BEFORE))
        policy = self.folder / "witnesses.policy"
        group = f"group both all {' '.join(WITNESSES)}"
        policy.write_text(
            "\n".join((*(f"log {log}" for log in logs), *lines, group, "quorum both", ""))
        )
        self.player.run("record", "trust", "--policy", str(policy))
        self.player.run("record", "witness")

    def exported(self) -> Answer:
        """Export the record, give the trust to the overseer, and return what they find."""
        self.player.run("record", "export", str(self.export), "--proof", "0")
        self.trust.write_bytes((self.export / "trust.json").read_bytes())
        (self.export / "trust.json").unlink()
        shutil.rmtree(self.export / "proofs")
        return self.verified()

    def verified(self) -> Answer:
        """Return what the overseer finds, where there is no store."""
        with TemporaryDirectory() as empty:
            nowhere = ("--store", str(Path(empty) / "no-store-is-needed.db"))
            given = ("--trust", str(self.trust), *nowhere, "--json")
            return self.player.quietly("record", "verify", str(self.export), *given)

    def rewritten(self) -> tuple[bool, str]:
        """Return whether the witnesses refuse a record without its last act, and which that was."""
        store = self.folder / "rewritten.db"
        without = self.without_the_last_act(store)
        shown = f"record witness --store {store.name}"
        self.player.say(f"    who has the log's key$ (leaves the {without} out, and rebuilds)")
        self.player.say(f"    who has the log's key$ sayso {shown}")
        unseen = self.player.quietly("record", "verify", *self.at(store))
        shutil.copy(self.known, app.trust_path(str(store)))
        asked = self.player.quietly("record", "witness", *self.at(store))
        missing = asked["missing"]
        for name, why in missing.items():
            self.player.say(f"      {name} refuses: {why}")
        dropped = all("dropped" in missing.get(name, "") for name in WITNESSES)
        return unseen.done and not asked.done and dropped, without

    @property
    def known(self) -> Path:
        """Return the trust of the record that is played."""
        return app.trust_path(self.player.store, Path(self.player.log_key))

    def without_the_last_act(self, new: Path) -> str:
        """Write the record anew without its last act and what followed; return the act's kind."""
        with app.opened(self.player.store) as store:
            kept = list(store.entries())
        without = ""
        while not without:
            dropped = entry.read(kept.pop())
            without = dropped.kind if statement.read(dropped).by is not None else ""
        key = Path(self.player.log_key)
        shutil.copy(key, Path(f"{new}.log-key"))
        shutil.copy(self.known.with_name(_BEFORE), app.trust_path(str(new)))
        origin = statement.read(entry.read(kept[0])).record
        log = Log.read(origin, key.read_bytes())
        signed = log.sign(len(kept), root(map(leaf_hash, kept)))
        with closing(stores.create(str(new))) as store:
            store.append(kept, size=0, checkpoint=signed)
        return without

    @staticmethod
    def at(store: Path) -> tuple[str, ...]:
        """Return the words that name a store, for a program to read the answer."""
        return ("--store", str(store), "--json")


def _tampered(export: Path) -> Iterator[str]:
    """Change one byte after the other, a few in each file, and put each back."""
    for file in sorted(each for each in export.rglob("*") if each.is_file()):
        good = file.read_bytes()
        for place in sorted({0, len(good) // 3, len(good) // 2, len(good) - 1}):
            bad = bytearray(good)
            bad[place] ^= 0x01
            file.write_bytes(bytes(bad))
            yield f"{file.name}:{place}"
        file.write_bytes(good)
