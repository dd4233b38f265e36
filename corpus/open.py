"""Opens the corpus that the settings describe."""

from __future__ import annotations

from corpus.settings import Settings
from corpus.store import Corpus


def open_corpus(settings: Settings, *, url: str = "", check_recipe: bool = True) -> Corpus:
    """The corpus in ``settings.data_dir`` with its embedders, loaded once; see Corpus for errors.

    ``url`` is where this process serves, for others that find the folder in use.
    """
    # Loads torch, which takes seconds; nothing else of this package does.
    from corpus.multilingual import MultilingualEmbedder
    from corpus.transformer import DEFAULT_MODEL, SentenceTransformerEmbedder

    return Corpus(
        settings.data_dir,
        SentenceTransformerEmbedder(settings.embedder or DEFAULT_MODEL),
        MultilingualEmbedder(),
        chroma_url=settings.chroma_url,
        url=url,
        check_recipe=check_recipe,
    )
