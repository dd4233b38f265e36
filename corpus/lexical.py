"""The lexical index in tantivy; the only file that imports it.

Each language has its own field and analyzer, so that a passage is stemmed by the rules of
its own language and a question is matched by the rules of each. Chinese, Japanese and
Korean are indexed by character bigrams.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path

import tantivy
from tantivy import Filter, Occur, Query, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from corpus.model import Entry, Hit, Scope

# Our language codes, and tantivy's names for the stemmers and stop lists behind them.
_STEMMERS = {"ar": "arabic", "en": "english", "es": "spanish", "fr": "french", "ru": "russian"}
_STOP_LISTS = {"en", "es", "fr", "ru"}
_BIGRAMS = ("zh", "ja", "ko")
_OTHER = "other"
_HEAP_BYTES = 64_000_000
# Of one beginning; more than any corpus of submissions has.
_TERMS = 5_000
# Words that ask rather than name; they are rare in submissions, so idf would prize them.
_ASKING = {
    "en": "what which who whom whose when where why how did does do is are was were say says said "
    "tell told mention mentions mentioned report reports reported describe describes state states "
    "stated according give list name me us about any anything there please can could would",
    "es": "qué que cuál cual cuáles quién quien quiénes cuándo cuando dónde donde cómo como cuánto "
    "cuántos cuántas dice dijo según sobre",
    "fr": "que quoi quel quelle quels quelles qui quand où pourquoi comment combien dit selon est "
    "ce sur",
    "ru": "что какой какая какие какое кто когда где почему как сколько сказал говорит о об",
    "ar": "ما ماذا من متى أين لماذا كيف كم هل عن أي",
}


class LexicalIndex:
    """BM25 over contextual chunks; ``folder`` is remade when it holds nothing usable."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._analyzers = {language: _analyzer(language) for language in _languages()}
        self._asking = {
            language: set(self._analyzers[language].analyze(words))
            for language, words in _ASKING.items()
        }
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(folder))
        for language, analyzer in self._analyzers.items():
            self._index.register_tokenizer(_field(language), analyzer)

    def add(self, entries: Sequence[Entry]) -> None:
        """Store the entries; one whose id is there already is replaced."""
        writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        for entry in entries:
            writer.delete_documents_by_term("chunk", entry.chunk_id)
            writer.add_document(_document(entry))
        self._commit(writer)

    @contextmanager
    def change(self, entries: Sequence[Entry], *, others: bool) -> Iterator[Callable[[], None]]:
        """Write the entries beside the ``others``, or in their place, without showing them yet.

        Gives what shows them: a reader sees all of the old until then, and all of the new after.
        What is not shown inside the block is given up.
        """
        writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        if not others:
            writer.delete_all_documents()
        for entry in entries:
            if others:
                writer.delete_documents_by_term("chunk", entry.chunk_id)
            writer.add_document(_document(entry))
        shown = False

        def show() -> None:
            nonlocal shown
            writer.commit()
            shown = True
            self._index.reload()

        try:
            yield show
        finally:
            if not shown:
                writer.rollback()
            writer.wait_merging_threads()

    def replace_all(self, entries: Sequence[Entry]) -> None:
        """Hold these entries and no others; a reader sees all of the old or all of the new."""
        with self.change(entries, others=False) as show:
            show()

    def remove(self, chunk_ids: Sequence[str]) -> None:
        writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        for chunk_id in chunk_ids:
            writer.delete_documents_by_term("chunk", chunk_id)
        self._commit(writer)

    def search(self, text: str, limit: int, scope: Scope) -> list[Hit]:
        """The chunks that share words with ``text``, best first; the score is BM25, above 0."""
        return self._run(self._any_term(text), limit, scope)

    def matching(self, text: str, scope: Scope) -> list[str]:
        """Ids of all chunks that have every word of ``text``, none left out."""
        limit = max(1, self._index.searcher().num_docs)
        return sorted(hit.chunk_id for hit in self._run(self._every_term(text), limit, scope))

    def terms(self, text: str, language: str) -> list[str]:
        """The content words of ``text`` as the index stores them, in order, stop words left out."""
        known = _known(language)
        asking = self._asking.get(known, set())
        return [term for term in self._analyzers[known].analyze(text) if term not in asking]

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many chunks each term stands, over all languages."""
        searcher = self._index.searcher()
        return {
            term: sum(searcher.doc_freq(_field(language), term) for language in self._analyzers)
            for term in set(terms)
        }

    def weights(self, terms: Iterable[str]) -> dict[str, float]:
        """Idf of each term over all chunks: 0 for a word in all, largest for one in none."""
        total = self._index.searcher().num_docs
        return {
            term: math.log(1 + (total - min(seen, total) + 0.5) / (seen + 0.5))
            for term, seen in self.frequencies(terms).items()
        }

    def mentions(self, name: str, scope: Scope) -> bool:
        """Whether any chunk of the scope has the name's first word, or one of its family.

        Words longer than four letters may differ in their last four: "Peruvian" finds "Peru".
        """
        searcher = self._index.searcher()
        within = self._within(Query.all_query(), scope)
        return any(
            count > 0
            for language, analyzer in self._analyzers.items()
            for term in analyzer.analyze(name)[:1]
            for _, count in searcher.terms_with_prefix(_field(language), family(term), within, 1)
        )

    def near_terms(self, word: str, language: str) -> list[str]:
        """Terms of a language's field that share the first two letters with ``word``."""
        searcher = self._index.searcher()
        field = _field(_known(language))
        found = searcher.terms_with_prefix(field, word[:2].lower(), Query.all_query(), _TERMS)
        return [str(term) for term, _ in found]

    def ids(self) -> set[str]:
        searcher = self._index.searcher()
        found = searcher.search(Query.all_query(), limit=max(1, searcher.num_docs))
        return {str(searcher.doc(address)["chunk"][0]) for _, address in found.hits}

    def clear(self) -> None:
        writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        writer.delete_all_documents()
        self._commit(writer)

    def _commit(self, writer: tantivy.IndexWriter) -> None:
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def _run(self, query: Query, limit: int, scope: Scope) -> list[Hit]:
        searcher = self._index.searcher()
        found = searcher.search(self._within(query, scope), limit=limit)
        hits = [
            Hit(str(searcher.doc(address)["chunk"][0]), round(float(score), 5))
            for score, address in found.hits
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))

    def _within(self, query: Query, scope: Scope) -> Query:
        clauses = [(Occur.Must, query)]
        if scope.submissions is not None:
            clauses.append((Occur.Must, self._one_of("submission", scope.submissions)))
        if scope.parts:
            clauses.append((Occur.Must, self._one_of("part", scope.parts)))
        return Query.boolean_query(clauses) if len(clauses) > 1 else query

    def _one_of(self, field: str, values: Sequence[str]) -> Query:
        return Query.const_score_query(
            Query.term_set_query(self._schema, field, list(values)), score=0.0
        )

    def _any_term(self, text: str) -> Query:
        clauses = [
            (Occur.Should, Query.term_query(self._schema, _field(language), term))
            for language in self._analyzers
            for term in dict.fromkeys(self.terms(text, language))
        ]
        return Query.boolean_query(clauses) if clauses else Query.empty_query()

    def _every_term(self, text: str) -> Query:
        by_language = []
        for language, analyzer in self._analyzers.items():
            musts = [
                (Occur.Must, Query.term_query(self._schema, _field(language), term))
                for term in dict.fromkeys(analyzer.analyze(text))
            ]
            if musts:
                by_language.append((Occur.Should, Query.boolean_query(musts)))
        return Query.boolean_query(by_language) if by_language else Query.empty_query()


@lru_cache(maxsize=65_536)
def stem(word: str, language: str) -> str:
    """A single word in small letters as its language's rules stem it; stop words as well."""
    known = _known(language)
    if known not in _STEMMERS:
        return word.lower()
    return next(iter(_stemmer(known).analyze(word)), word.lower())


@cache
def _stemmer(language: str) -> TextAnalyzer:
    words = TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.lowercase())
    return words.filter(Filter.stemmer(_STEMMERS[language])).build()


def family(term: str) -> str:
    """The opening letters that a word shares with those derived from the same name."""
    return term[: max(4, len(term) - 4)]


def _languages() -> tuple[str, ...]:
    return (*_STEMMERS, *_BIGRAMS[:1], _OTHER)


def _known(language: str) -> str:
    if language in _BIGRAMS:
        return _BIGRAMS[0]
    return language if language in _STEMMERS else _OTHER


def _field(language: str) -> str:
    return f"text_{language}"


def _document(entry: Entry) -> tantivy.Document:
    return tantivy.Document(
        chunk=entry.chunk_id,
        submission=entry.submission_id,
        part=entry.part or "none",
        **{_field(_known(entry.language)): f"{entry.header}\n{entry.text}"},
    )


def _analyzer(language: str) -> TextAnalyzer:
    if language in _BIGRAMS:
        bigrams = TextAnalyzerBuilder(Tokenizer.ngram(min_gram=2, max_gram=2))
        return bigrams.filter(Filter.lowercase()).build()
    words = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase())
    if language not in _STEMMERS:
        return words.build()
    if language in _STOP_LISTS:
        words = words.filter(Filter.stopword(_STEMMERS[language]))
    return words.filter(Filter.stemmer(_STEMMERS[language])).build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("chunk", stored=True, tokenizer_name="raw")
    builder.add_text_field("submission", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("part", tokenizer_name="raw", index_option="basic")
    for language in _languages():
        builder.add_text_field(_field(language), tokenizer_name=_field(language))
    return builder.build()
