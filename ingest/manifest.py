"""The manifest beside the files: what they do not say, or not so that a program can be sure."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from corpus.errors import SettingsInvalid
from corpus.model import EntityType
from ingest.mentions import is_action_line, is_goal_or_target
from ingest.metadata import Metadata

MANIFEST = "manifest.yaml"
_MONTH = re.compile(r"\d{4}-\d{2}")


def _action_line(value: object) -> str:
    line = str(value).strip().upper()
    if not is_action_line(line):
        raise ValueError("an action line is one of C1 to C11")
    return line


def _sdg(value: object) -> str:
    if isinstance(value, float):
        # YAML reads 16.10 as 16.1.
        raise ValueError(f"write a target in quotes, as '{value}'")  # noqa: TRY004 - for pydantic
    goal = str(value).strip().lower()
    if not is_goal_or_target(goal):
        raise ValueError("there is no such goal or target; goals are 1 to 17, targets like '5.2'")
    return goal


def _date(value: object) -> str:
    date = value.isoformat() if isinstance(value, datetime.date) else str(value).strip()
    try:
        datetime.date.fromisoformat(f"{date}-01" if _MONTH.fullmatch(date) else date)
    except ValueError:
        raise ValueError("a date is 2023-06-14, or 2023-06 for a month") from None
    return date


ActionLine = Annotated[str, BeforeValidator(_action_line)]
Sdg = Annotated[str, BeforeValidator(_sdg)]
Date = Annotated[str, BeforeValidator(_date)]
Name = Annotated[str, Field(min_length=1, max_length=500)]


class Stated(BaseModel):
    """What is known of a submission; what is left out is read from its file."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: Name | None = None
    entity: Name | None = None
    entity_type: EntityType | None = None
    session: int | None = Field(None, ge=1, le=200)
    year: int | None = Field(None, ge=1900, le=2100)
    language: str | None = Field(None, pattern="^[a-z]{2,3}$")
    action_lines: tuple[ActionLine, ...] | None = None
    sdgs: tuple[Sdg, ...] | None = None
    dates: tuple[Date, ...] | None = None

    def known(self) -> Metadata:
        """As metadata."""
        return Metadata(**{name: getattr(self, name) for name in Metadata.__slots__})


class _Entry(Stated):
    file: str

    @field_validator("file")
    @classmethod
    def _beside(cls, name: str) -> str:
        if not name or "/" in name or "\\" in name:
            raise ValueError("the name of a file in the manifest's own folder is wanted")
        return name


class _Manifest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    submissions: tuple[_Entry, ...]

    @model_validator(mode="after")
    def _each_once(self) -> _Manifest:
        counts = Counter(entry.file for entry in self.submissions)
        twice = sorted(name for name, count in counts.items() if count > 1)
        if twice:
            raise ValueError(f"named more than once: {', '.join(twice)}")
        return self


def read_manifest(folder: Path) -> dict[str, Metadata]:
    """Metadata by file name from ``manifest.yaml``; empty when there is none.

    Raises SettingsInvalid when it is not as documented; the message names entry and field.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return {}
    content: Any = None
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        manifest = _Manifest.model_validate(content)
    except ValidationError as error:
        told = "; ".join(
            f"{_place(content, each['loc'])}: {each['msg'].removeprefix('Value error, ')}"
            for each in error.errors()
        )
        raise SettingsInvalid(f"The manifest {path} cannot be used: {told}. Mend it.") from error
    except (ValueError, yaml.YAMLError, OSError) as error:
        raise SettingsInvalid(f"The manifest {path} cannot be used: {error}") from error
    return {entry.file: entry.known() for entry in manifest.submissions}


def _place(content: Any, location: tuple[int | str, ...]) -> str:
    """Where in the manifest an error is: the file's name and the field, as far as there are any."""
    place = list(location)
    if len(place) > 1 and place[0] == "submissions" and isinstance(place[1], int):
        entry = content["submissions"][place[1]]
        name = entry.get("file") if isinstance(entry, dict) else None
        place[:2] = [str(name) if name else f"entry {place[1] + 1}"]
    return ", ".join(str(part + 1 if isinstance(part, int) else part) for part in place) or "it"
