"""Settings: ``DATA/settings.toml``, overridden by ``YINLU_…``; read once, here and nowhere else."""

from __future__ import annotations

import os
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableVariable
from typing_extensions import override

from bot.rules import cadence as cadence_rules
from bot.rules.term import Quiet
from bot.supervisor import Supervisor

PREFIX = "YINLU_"
FILE = "settings.toml"
CREDENTIAL = "token"  # what a unit of systemd calls it


class SettingsError(Exception):
    """A setting is unknown or malformed; the text is one line that names it."""


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rate(Part):
    """How fast the bot may send (messages a second; a minute for groups), and an account may write and press."""

    overall: int = Field(default=25, ge=1, le=1000)
    group_minute: int = Field(default=20, ge=1, le=60)
    account_minute: int = Field(default=20, ge=5, le=1_000_000)
    account_presses: int = Field(default=120, ge=60, le=1_000_000)  # a minute


class QuietHours(Part):
    """Nothing but answers leaves outside these hours, on rest days or on public holidays."""

    opens: time = time(8, 30)
    closes: time = time(20, 30)

    @model_validator(mode="after")
    def _around_the_reminders(self) -> Self:
        Quiet(opens=self.opens, closes=self.closes)
        return self


class Holidays(Part):
    """The office's own word on rest days; it wins over the library's."""

    rest: tuple[date, ...] = ()
    working: tuple[date, ...] = ()
    announced: tuple[int, ...] = ()


class Load(Part):
    """How many students of one mentor are no reason yet to say so; never a limit."""

    contact: int = Field(default=5, ge=1)
    introducer: int = Field(default=3, ge=1)


class Opinion(Part):
    """The check of draft opinions in chat, and how long two introducers' texts are compared (0: not)."""

    check: bool = True
    memory_hours: int = Field(default=24, ge=0, le=24 * 7)


class Keep(Part):
    """How long what is kept; ``left_months`` 0: people who left are never purged."""

    left_months: int = Field(default=12, ge=0, le=1200)
    invite_days: int = Field(default=7, ge=0, le=3650)
    inbox_days: int = Field(default=30, ge=7, le=3650)  # sooner, an update may come again unknown
    message_days: int = Field(default=90, ge=60, le=3650)  # as long as its buttons live
    log_days: int = Field(default=90, ge=1, le=3650)


class Notice(Part):
    """Which version of the notice on personal data holds, and since when; its text is a message."""

    version: str = Field(default="1", min_length=1, max_length=20, coerce_numbers_to_str=True)
    day: date = date(2026, 9, 1)


class Settings(BaseSettings):
    """Everything an office can set. Nested names join with ``__`` in the environment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )

    token: SecretStr | None = None
    token_file: Path | None = None
    api_url: str = "https://api.telegram.org"
    proxy: str | None = None
    log_level: str = "INFO"
    rate: Rate = Rate()
    quiet: QuietHours = QuietHours()
    cadence: dict[str, tuple[str, ...]] = {}
    holidays: Holidays = Holidays()
    load: Load = Load()
    keep: Keep = Keep()
    notice: Notice = Notice()
    opinion: Opinion = Opinion()
    outside_introducers_do_not_vote: bool = False
    ping_url: SecretStr | None = None  # whoever knows it can ping in our place
    ping_minutes: int = Field(default=5, ge=1, le=24 * 60)
    both_introducers: bool = False
    consent: bool = True  # a mentor is asked at assignment (A20)
    roster_by_chat: bool = False  # the numbers in it would cross Telegram, a foreign service
    invite_hours: int = Field(default=72, ge=1, le=24 * 30)

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file, which arrives as init arguments."""
        return env_settings, init_settings

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, level: str) -> str:
        if level.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("DEBUG, INFO, WARNING or ERROR")
        return level.upper()

    @field_validator("api_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        if not _is_address(url, "http", "https"):
            raise ValueError("an address that begins with http:// or https://")
        return url.rstrip("/")

    @field_validator("proxy")
    @classmethod
    def _known_proxy(cls, proxy: str | None) -> str | None:
        if proxy and not _is_address(proxy, "http", "https", "socks5", "socks5h"):
            raise ValueError("an address that begins with http://, socks5:// or socks5h://")
        return proxy or None

    @field_validator("ping_url")
    @classmethod
    def _web_address_of_ping(cls, url: SecretStr | None) -> SecretStr | None:
        if url is None or not url.get_secret_value():
            return None
        if not _is_address(url.get_secret_value(), "http", "https"):
            raise ValueError("an address that begins with http:// or https://")
        return url

    @field_validator("cadence", mode="before")
    @classmethod
    def _lists_of_slots(cls, cadence: object) -> object:
        """One slot may be written without a list around it."""
        if not isinstance(cadence, dict):
            return cadence
        return {kind: (one,) if isinstance(one, str) else one for kind, one in cadence.items()}

    @field_validator("cadence")
    @classmethod
    def _known_slots(cls, cadence: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        cadence_rules.overridden(cadence)
        return cadence

    def read_token(self) -> str | None:
        """Return the bot's token, from the setting or from its file; None without one."""
        if self.token is not None:
            return self.token.get_secret_value().strip() or None
        if self.token_file is None:
            return None
        try:
            return self.token_file.read_text(encoding="utf-8").strip() or None
        except OSError as error:
            raise SettingsError(f"token_file: {self.token_file}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise SettingsError(f"token_file: {self.token_file}: not text in UTF-8") from None


def _is_address(text: str, *schemes: str) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.hostname)


def data_folder() -> Path:
    """Return where everything is kept unless ``--data`` says otherwise."""
    return Path(os.environ.get("YINLU_DATA", "./data"))  # noqa: TID251 - this is the door


def load(folder: Path) -> Settings:
    """Read the settings of a data folder; raise SettingsError naming the first bad key."""
    path = folder / FILE
    written: dict[str, Any] = {}
    try:
        if path.exists():
            written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{path}: {error}") from None
    for name in written:
        if name not in Settings.model_fields:
            raise SettingsError(f"{name}: no such setting")
    _refuse_unknown_variables()
    try:
        return Settings(**_with_credential(written))
    except UnreadableVariable as error:
        raise SettingsError(f"{PREFIX}…: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"]) or FILE
        raise SettingsError(f"{name}: {_plain(first['type'], first['msg'])}") from None


def _with_credential(written: dict[str, Any]) -> dict[str, Any]:
    """The token that systemd hands over (LoadCredential=token:…) wins over the file's."""
    handed_over = os.environ.get("CREDENTIALS_DIRECTORY")  # noqa: TID251 - this is the door
    token = None if handed_over is None else Path(handed_over) / CREDENTIAL
    try:
        if token is None or not token.is_file():
            return written
    except OSError as error:
        raise SettingsError(f"CREDENTIALS_DIRECTORY: {token}: {error.strerror}") from None
    return {**{name: written[name] for name in written if name != "token"}, "token_file": token}


def _plain(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "no such setting"
    return message.removeprefix("Value error, ")


def _refuse_unknown_variables() -> None:
    """A mistyped variable would otherwise be ignored in silence."""
    for name in os.environ:  # noqa: TID251 - this is the door
        if not name.startswith(PREFIX) or name == "YINLU_DATA":
            continue
        head = name.removeprefix(PREFIX).split("__")[0].lower()
        if head not in Settings.model_fields:
            raise SettingsError(f"{name}: no such setting")


def supervisor() -> Supervisor:
    """Return the service manager that started this process, as systemd's sd_notify(3) names it."""
    address = os.environ.get("NOTIFY_SOCKET") or None  # noqa: TID251 - this is the door
    patience = os.environ.get("WATCHDOG_USEC", "")  # noqa: TID251 - this is the door
    return Supervisor(address, int(patience) / 1e6 if patience.isdecimal() else None)


def choose_timedeltas() -> None:
    """Have python-telegram-bot give durations as its next release will; it reads this by itself."""
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # noqa: TID251 - this is the door
