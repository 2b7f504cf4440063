"""Where the PostgreSQL server is and how patient the swap may be: `TRISAM_POSTGRES_*`, read once."""

from __future__ import annotations

import os

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from dagster_project.settings import SettingsError

_PREFIX = "TRISAM_POSTGRES_"
_LOCAL = ("", "localhost", "127.0.0.1", "::1")


class PostgresSettings(BaseSettings):
    """A server, an account that may publish there, and the limits of the swap."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="ignore")

    host: str = Field(min_length=1, description="Server, or the folder of its Unix socket.")
    port: int = Field(default=5432, ge=1, le=65535, description="Port of the server.")
    database: str = Field(default="trisam", description="Database that the release is loaded into.")
    user: str = Field(default="trisam_publisher", description="Account that loads and owns the schemas.")
    password: SecretStr | None = Field(
        default=None, description="Its password; without it libpq's own ways hold (PGPASSFILE, ~/.pgpass)."
    )
    sslmode: str = Field(
        default="",
        pattern="^(disable|allow|prefer|require|verify-ca|verify-full)?$",
        description="As libpq's; blank: verify-full, but prefer on this machine.",
    )
    lock_timeout_ms: int = Field(
        default=2000,
        ge=10,
        description="How long an attempt to swap waits for readers while it holds nothing.",
    )
    wait_seconds: float = Field(
        default=60, ge=0, description="How long to wait for transactions that are older than the load."
    )
    attempts: int = Field(default=200, ge=1, description="Attempts before the swap is given up.")

    def connection_words(self) -> dict[str, str]:
        """The words of a libpq connection, the password among them: hand them to a driver, print them never."""
        local = self.host in _LOCAL or self.host.startswith("/")
        words = {
            "host": self.host,
            "port": str(self.port),
            "dbname": self.database,
            "user": self.user,
            "sslmode": self.sslmode or ("prefer" if local else "verify-full"),
            "application_name": "trisam publish-postgres",
            "connect_timeout": "10",
        }
        if self.password is not None:
            words["password"] = self.password.get_secret_value()
        return words


def is_wanted() -> bool:
    """Whether a server is named at all; without one nothing of this package has anything to do."""
    return bool(os.environ.get(f"{_PREFIX}HOST"))


def load_postgres_settings() -> PostgresSettings:
    """Read the environment. Raises SettingsError, which names the variables and never their values."""
    try:
        return PostgresSettings()
    except ValidationError as error:
        names = ", ".join(_PREFIX + str(e["loc"][0]).upper() for e in error.errors())
        raise SettingsError(
            f"Settings that are missing or do not parse: {names}.", "See docs/bi.md, The server."
        ) from None
