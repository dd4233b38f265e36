"""Settings from environment and ``.env``, and what is said about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import SettingsInvalid
from corpus.settings import Settings, explain, is_loopback, read_settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings of this machine, and a folder without ``.env``."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"WSIS_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And an argument wins over both; each origin is told."""
    (tmp_path / ".env").write_text("WSIS_PORT=8100\nWSIS_UI_PORT=8600\n")
    monkeypatch.setenv("WSIS_PORT", "8200")
    settings = read_settings(host="::1")
    assert (settings.port, settings.ui_port, settings.host) == (8200, 8600, "::1")
    origins = {one.variable: one.origin for one in explain(settings)}
    assert (origins["WSIS_PORT"], origins["WSIS_UI_PORT"]) == ("environment", ".env")
    assert origins["WSIS_EMBEDDER"] == "default"


@pytest.mark.parametrize(
    ("variable", "value"),
    [("WSIS_PORT", "none"), ("WSIS_PORT", "70000"), ("WSIS_LOG_FORMAT", "xml")],
)
def test_a_setting_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """The message has the variable and the value that was given."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsInvalid, match=f"{variable}='{value}'"):
        read_settings()


def test_an_empty_setting_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it is yes or no."""
    for variable in ("WSIS_OCR", "WSIS_WORD_PAGES"):
        monkeypatch.setenv(variable, "")
    assert (read_settings().ocr, read_settings().word_pages) == ("", False)
    monkeypatch.setenv("WSIS_WORD_PAGES", "on")
    assert read_settings().word_pages is True


def test_keys_are_split_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two keys by a comma are two; what is printed says only that there are some."""
    monkeypatch.setenv("WSIS_API_KEYS", "k3y-a, k3y-b,")
    settings = read_settings()
    assert settings.keys == {"k3y-a", "k3y-b"}
    assert not any("k3y" in explained.value for explained in explain(settings))


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
    ],
)
def test_where_a_server_is_reached_from_here(host: str, url: str) -> None:
    """An address for all interfaces is reached by loopback."""
    assert read_settings(host=host).own_url == url


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("localhost", True), ("127.0.0.9", True), ("::1", True), ("0.0.0.0", False), ("a.b", False)],
)
def test_what_counts_as_this_machine_only(host: str, loopback: bool) -> None:
    """Only loopback addresses may serve without keys."""
    assert is_loopback(host) is loopback
