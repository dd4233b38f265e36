"""Settings, from the environment or a ``.env`` file; read at the edge and passed in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from corpus.errors import SettingsInvalid

PROJECT = Path(__file__).resolve().parent.parent
BUNDLED = PROJECT / "corpus" / "submissions"
_PREFIX = "WSIS_"
_SECRET = {"api_keys"}


class Settings(BaseSettings):
    """Everything a user can set; each field is the variable ``WSIS_`` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_file=".env", extra="ignore")

    data_dir: Path = Field(PROJECT / "data", description="folder of catalogue and indexes")
    host: str = Field("127.0.0.1", description="address the server listens on")
    port: int = Field(8000, ge=1, le=65535, description="port of the server")
    ui_port: int = Field(8501, ge=1, le=65535, description="port of the chat")
    server_url: str = Field("", description="server that the command line and the chat go through")
    embedder: str = Field("", description="sentence-transformers model; empty: packaged MiniLM")
    chroma_url: str = Field("", description="Chroma server; empty: embedded")
    model: str = Field("", description="language model, PROVIDER:NAME; empty: quotes alone")
    model_base_url: str = Field("", description="OpenAI-compatible server of that model")
    model_timeout: float = Field(60, gt=0, description="seconds a draft may take")
    api_keys: str = Field("", description="accepted keys, by commas; empty: loopback only")
    ocr: str = Field("", description="read scans: on, or languages (eng+fra); empty: refused")
    word_pages: bool = Field(False, description="pages of Word files, as LibreOffice lays them out")
    log_format: str = Field("text", pattern="^(text|json)$", description="text or json")

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        return folder.expanduser().absolute()

    @field_validator("word_pages", mode="before")
    @classmethod
    def _empty_is_off(cls, value: object) -> object:
        return value or False

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(key.strip() for key in self.api_keys.split(",") if key.strip())

    @property
    def own_url(self) -> str:
        """Where a server of these settings is reached from this machine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "localhost") else self.host  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Explained:
    """One setting, its value (keys hidden), and where it came from."""

    variable: str
    value: str
    origin: str
    description: str


def read_settings(**overrides: Any) -> Settings:
    """Settings of this process; raises SettingsInvalid and names the variable."""
    try:
        return Settings(**{k: v for k, v in overrides.items() if v is not None})
    except ValidationError as error:
        told = "; ".join(
            f"{_PREFIX}{str(e['loc'][0]).upper()}={e['input']!r}: {e['msg']}"
            for e in error.errors()
        )
        raise SettingsInvalid(
            f"A setting cannot be used: {told}. Mend it and try again."
        ) from error


def explain(settings: Settings) -> list[Explained]:
    """All settings, as ``wsis config`` prints them."""
    in_file = {key.upper() for key in dotenv_values(".env")}
    explained = []
    for name, field in Settings.model_fields.items():
        variable = _PREFIX + name.upper()
        origin = "default"
        if variable in os.environ:
            origin = "environment"
        elif variable in in_file:
            origin = ".env"
        value = str(getattr(settings, name))
        shown = "(set)" if name in _SECRET and value else value
        explained.append(Explained(variable, shown, origin, field.description or ""))
    return explained


def is_loopback(host: str) -> bool:
    """Whether an address or host name stands for this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
