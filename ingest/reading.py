"""How files are read, as the settings say; checked before the first file is opened."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.errors import SettingsInvalid

if TYPE_CHECKING:
    # Not needed in the process that reads a file, where each import costs time a file.
    from corpus.settings import Settings

TESSERACT, OFFICE = "tesseract", "soffice"
# What tesseract calls the languages of the United Nations.
_SIX = ("eng", "fra", "spa", "rus", "ara", "chi_sim")
_LANGUAGES = re.compile(r"\w+(?:\+\w+)*", re.ASCII)
_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Reading:
    """``languages``: what text recognition looks for, as tesseract names them ("eng+fra").

    Empty: pictures of pages are not read. ``lays_out``: word processor files that do not record
    where pages end are laid out by LibreOffice.
    """

    languages: str = ""
    lays_out: bool = False


# Without programs beside this one.
AS_IT_IS = Reading()


def reading_of(settings: Settings) -> Reading:
    """What the settings ask for; raises SettingsInvalid when a program for it is missing."""
    if settings.word_pages and shutil.which(OFFICE) is None:
        raise SettingsInvalid(
            "WSIS_WORD_PAGES is on, but LibreOffice (`soffice`) is not installed. Install it "
            "(Debian, Ubuntu: `apt-get install libreoffice-writer-nogui`; macOS: `brew install "
            "--cask libreoffice`), or unset WSIS_WORD_PAGES; then such files have no pages."
        )
    return Reading(_languages(settings.ocr.strip()), lays_out=settings.word_pages)


def _languages(setting: str) -> str:
    if setting.lower() in ("", "off"):
        return ""
    installed = _installed(setting)
    asked = setting.split("+")
    if setting.lower() == "on":
        asked = [one for one in _SIX if one in installed]
        if not asked:
            raise _unusable(setting, "tesseract has none of the six languages", _SIX[0])
    elif not _LANGUAGES.fullmatch(setting):
        raise SettingsInvalid(
            f"WSIS_OCR={setting!r} names no languages. Set it to `on`, or to languages as "
            "tesseract names them, joined by + (`eng+fra`)."
        )
    for language in asked:
        if language not in installed:
            raise _unusable(setting, f"tesseract has no language {language!r}", language)
    return "+".join(asked)


def _installed(setting: str) -> list[str]:
    """The languages that tesseract has."""
    program = shutil.which(TESSERACT)
    if program is None:
        raise _unusable(setting, "tesseract is not installed")
    try:
        listed = subprocess.run(  # noqa: S603 - found on the user's own path
            [program, "--list-langs"], capture_output=True, text=True, timeout=_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise _unusable(setting, f"tesseract does not start: {error}") from error
    return listed.stdout.split("\n")[1:]


def _unusable(setting: str, why: str, language: str = "eng") -> SettingsInvalid:
    package = "tesseract-ocr-" + language.replace("_", "-")
    return SettingsInvalid(
        f"WSIS_OCR={setting!r} cannot be followed: {why}. Install it (Debian, Ubuntu: `apt-get "
        f"install tesseract-ocr {package}`; macOS: `brew install tesseract tesseract-lang`), or "
        "unset WSIS_OCR; then scans are refused."
    )
