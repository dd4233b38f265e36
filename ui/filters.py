"""The sidebar: what to search, and a fresh start."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import streamlit as st

from corpus.model import Filters, Part
from ui.labels import kind_label, language_label, part_label
from ui.nouns import Catalogue

T = TypeVar("T")

FIELDS = ("entity", "entity_type", "session", "year", "language", "part")


def choose_filters(catalogue: Catalogue) -> Filters:
    """Draw one field a filter, with the values that the catalogue has, and read them."""
    items = catalogue.submissions
    st.subheader("Limit the search", anchor=False)
    return Filters(
        entity=_field("Submitter", "entity", (item.entity for item in items)),
        entity_type=_field(
            "Kind of submitter",
            "entity_type",
            (str(item.entity_type) for item in items if item.entity_type),
            kind_label,
        ),
        session=_numbers("CSTD session", "session", (item.session for item in items)),
        year=_numbers("Year reported on", "year", (item.year for item in items)),
        language=_field("Language", "language", (item.language for item in items), language_label),
        part=_field("Part of the submission", "part", map(str, Part), part_label, ordered=True),
    )


def clear_filters() -> None:
    """A callback: nothing is limited any more."""
    for field in FIELDS:
        st.session_state[_key(field)] = []


def _field(
    label: str,
    field: str,
    values: Iterable[str],
    name: Callable[[str], str] = str,
    *,
    ordered: bool = False,
) -> tuple[str, ...]:
    options = list(values) if ordered else sorted(set(values), key=name)
    return tuple(_select(label, field, options, name))


def _numbers(label: str, field: str, values: Iterable[int | None]) -> tuple[int, ...]:
    options = sorted({value for value in values if value is not None}, reverse=True)
    return tuple(_select(label, field, options, str))


def _select(label: str, field: str, options: list[T], name: Callable[[T], str]) -> list[T]:
    chosen: list[T] = st.multiselect(
        label,
        options,
        format_func=name,
        key=_key(field),
        placeholder="All",
        disabled=not options,
    )
    return chosen


def _key(field: str) -> str:
    return f"filter-{field}"
