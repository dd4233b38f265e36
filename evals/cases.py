"""Case files: YAML written by people, validated, its gold quotes located in the document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from corpus.model import Document
from evals.errors import CasesInvalid
from evals.gold import locate
from evals.model import Case, Gold
from rag.model import Message, Query, Role

CASES = Path(__file__).resolve().parent / "cases"
Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GoldEntry(_Strict):
    """A passage that answers, word for word, and the heading it stands under."""

    quote: Text
    section: Text


class TurnEntry(_Strict):
    role: Role
    content: Text


class CaseEntry(_Strict):
    """One question as a person wrote it down; ``class`` groups cases in the report."""

    id: Text
    kind: Text = Field(alias="class")
    question: Text
    language: str = Field("en", pattern="^[a-z]{2}$")
    history: tuple[TurnEntry, ...] = ()
    expect: Literal["answered", "declined"]
    gold: tuple[GoldEntry, ...] = ()
    required: tuple[Text, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> CaseEntry:
        if (self.expect == "answered") != bool(self.gold):
            told = "needs a gold passage" if self.expect == "answered" else "has a gold passage"
            raise ValueError(f"case {self.id} expects to be {self.expect} and {told}")
        return self


class CaseFile(_Strict):
    """A file of cases about one ``document``; ``beside`` names files to search among as well."""

    suite: str = Field(pattern="^[a-z0-9-]+$")
    split: Literal["dev", "test"]
    document: Text
    beside: tuple[Text, ...] = ()
    cases: tuple[CaseEntry, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _distinct(self) -> CaseFile:
        ids = [case.id for case in self.cases]
        double = sorted({one for one in ids if ids.count(one) > 1})
        if double:
            raise ValueError(f"two cases have the id {double[0]}")
        return self


def read_cases(path: Path) -> CaseFile:
    """A case file; raises CasesInvalid and names file, place and fault."""
    try:
        return CaseFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']) or 'file'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise CasesInvalid(f"The cases in {path} cannot be used. {told}") from error
    except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        raise CasesInvalid(f"The cases in {path} cannot be read: {error}") from error


def located(file: CaseFile, document: Document) -> tuple[Case, ...]:
    """The file's cases with gold spans in ``document``; raises CasesInvalid."""
    return tuple(_case(entry, document) for entry in file.cases)


def _case(entry: CaseEntry, document: Document) -> Case:
    history = tuple(Message(turn.role, turn.content) for turn in entry.history)
    gold = tuple(locate(entry.id, g.quote, g.section, document) for g in entry.gold)
    return Case(
        id=entry.id,
        kind=entry.kind,
        query=Query(entry.question, history),
        language=entry.language,
        gold=gold,
        relevant=_documents(gold),
        required=entry.required,
    )


def _documents(gold: tuple[Gold, ...]) -> dict[str, int]:
    return {one.document: 1 for one in gold}
