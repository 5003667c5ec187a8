"""A PostgreSQL server and its synchronous standby, from the programs of the wheel."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict


@dataclass(frozen=True, slots=True)
class Standby:
    """A server that takes every commit of `primary` before it is acknowledged; not started yet."""

    primary: Any
    folder: Path

    @property
    def url(self) -> str:
        """Return the URL of its `postgres` database."""
        return f"postgresql://postgres@/postgres?host={self.folder}"

    @property
    def either(self) -> str:
        """Return the URL with which libpq finds whichever of the two may be written."""
        here = conninfo_to_dict(self.primary.get_uri())["host"]
        both = f"{here},{self.folder}"
        return f"postgresql://postgres@/postgres?host={both}&target_session_attrs=read-write"

    def begin(self) -> None:
        """Copy the primary, start, and have the primary wait for this standby from now on."""
        if os.geteuid() == 0:
            account = pwd.getpwnam(self.primary.system_user)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        self.folder.chmod(0o700)
        source = str(conninfo_to_dict(self.primary.get_uri())["host"])
        target = str(self.folder / "data")
        self._run(
            "pg_basebackup", "-h", source, "-U", "postgres", "-D", target, "-R", "-X", "stream"
        )
        self.start()
        with psycopg.connect(self.primary.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            connection.execute("SELECT pg_reload_conf()")

    def start(self) -> None:
        """Start it, listening on a socket in its folder alone."""
        options = f'-h "" -k {self.folder}'
        log = str(self.folder / "log")
        self._run(
            "pg_ctl", "-w", "-D", str(self.folder / "data"), "-o", options, "-l", log, "start"
        )

    def promote(self) -> None:
        """Make it the one that may be written; it waits for no standby of its own."""
        self._run("pg_ctl", "-w", "-D", str(self.folder / "data"), "promote")
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
            connection.execute("SELECT pg_reload_conf()")

    def stop(self) -> None:
        """Stop it at once."""
        self._run("pg_ctl", "-w", "-m", "immediate", "-D", str(self.folder / "data"), "stop")

    def _run(self, program: str, *words: str) -> None:
        subprocess.run(
            (str(self.primary.bin_path / program), *words),
            user=self.primary.system_user,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )
