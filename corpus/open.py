"""Opens the corpus that the settings describe."""

from __future__ import annotations

from corpus.embedder import Embedder
from corpus.settings import Settings
from corpus.store import Corpus


def passage_embedder(model: str = "") -> Embedder:
    """The packaged MiniLM, or a sentence-transformers model by its name or folder.

    Raises ModelUnavailable.
    """
    # Loads torch, which takes seconds; nothing else of this package does.
    from corpus.transformer import DEFAULT_MODEL, SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(model or DEFAULT_MODEL)


def multilingual_embedder() -> Embedder:
    """The packaged multilingual encoder; raises ModelUnavailable."""
    from corpus.multilingual import MultilingualEmbedder

    return MultilingualEmbedder()


def open_corpus(settings: Settings, *, url: str = "", check_recipe: bool = True) -> Corpus:
    """The corpus in ``settings.data_dir`` with its embedders, loaded once; see Corpus for errors.

    ``url`` is where this process serves, for others that find the folder in use.
    """
    return Corpus(
        settings.data_dir,
        passage_embedder(settings.embedder),
        multilingual_embedder(),
        chroma_url=settings.chroma_url,
        url=url,
        check_recipe=check_recipe,
    )
