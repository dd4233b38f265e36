"""Any chat model that LangChain knows, behind the port; the only file that imports one.

Calls run on an event loop of their own, so that a time-out or a reader who leaves ends the
connection at once, whatever the model's server does.
"""

from __future__ import annotations

import asyncio
import importlib.util
import logging
import os
import queue
import threading
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langsmith import tracing_context
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_exponential

from corpus.errors import SettingsInvalid
from corpus.settings import Settings
from rag.language_model import ModelFailed, Piece, Prompt, Schema, Stopped
from rag.outage import is_our_mistake, is_transient, told_of

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable

_log = logging.getLogger("wsis.model")

# The extra that brings each provider's package, and the package.
_EXTRAS = {
    "openai": ("openai", "langchain_openai"),
    "anthropic": ("anthropic", "langchain_anthropic"),
    "ollama": ("ollama", "langchain_ollama"),
    "google_genai": ("google", "langchain_google_genai"),
}
# How providers call the reason why a reply ended.
_FINISHES = ("finish_reason", "stop_reason", "done_reason")
_KEYS = {"openai": "OPENAI_API_KEY"}
_ATTEMPTS, _FIRST_WAIT, _LONGEST_WAIT = 3, 0.5, 4.0
_POLL_SECONDS = 0.05


def connect(settings: Settings) -> ChatModel | None:
    """The model of the settings, not called yet; None when none is set.

    Keys are read by the provider's package from the environment. Raises SettingsInvalid.
    """
    if not settings.model:
        if settings.model_base_url:
            raise SettingsInvalid(
                "WSIS_MODEL_BASE_URL is set and WSIS_MODEL is not. Set WSIS_MODEL to the name of a "
                "model that this server has."
            )
        return None
    provider, name = _provider(settings)
    model = _init(provider, name, settings)
    # The servers of one's own that are in use make a grammar of a schema.
    bound = provider == "ollama" or (provider == "openai" and bool(settings.model_base_url))
    return ChatModel(model, f"{provider}:{name}", settings.model_timeout, bound)


class ChatModel:
    """A LangChain chat model. ``timeout`` bounds one reply, retries included, in seconds."""

    def __init__(
        self, model: BaseChatModel, name: str, timeout: float, bound: bool = False
    ) -> None:
        self.name = name
        self.bound = bound
        self._model = model
        self._timeout = timeout
        self._structured = (model.profile or {}).get("structured_output") is not False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    @property
    def structured(self) -> bool:
        return self._structured

    def stream(
        self, prompt: Prompt, schema: Schema | None, stopped: Stopped = lambda: False
    ) -> Iterator[Piece]:
        pieces: queue.SimpleQueue[Piece | ModelFailed | None] = queue.SimpleQueue()
        call = asyncio.run_coroutine_threadsafe(self._pump(prompt, schema, pieces), self._loop)
        try:
            while not stopped():
                try:
                    piece = pieces.get(timeout=_POLL_SECONDS)
                except queue.Empty:
                    continue
                if piece is None:
                    return
                if isinstance(piece, ModelFailed):
                    raise piece
                yield piece
        finally:
            call.cancel()

    def close(self) -> None:
        """Ends the calls that still run."""

        async def ended() -> None:
            calls = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
            for one in calls:
                one.cancel()
            await asyncio.gather(*calls, return_exceptions=True)

        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(ended(), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    async def _pump(
        self,
        prompt: Prompt,
        schema: Schema | None,
        pieces: queue.SimpleQueue[Piece | ModelFailed | None],
    ) -> None:
        try:
            # LangChain would send a trace, texts included, wherever the environment says.
            with tracing_context(enabled=False):
                async with asyncio.timeout(self._timeout):
                    async for piece in self._retried(prompt, schema):
                        pieces.put(piece)
        except ModelFailed as failure:
            pieces.put(failure)
        except TimeoutError:
            pieces.put(ModelFailed(f"it was not done after {self._timeout:g} seconds"))
        except Exception as error:  # noqa: BLE001 - each provider raises errors of its own
            if schema is not None and is_our_mistake(error):
                # This server knows no JSON schemas; it is asked for lines from now on.
                self._structured = False
            _log.warning("the language model failed: %s", type(error).__name__)
            pieces.put(ModelFailed(told_of(error)))
        else:
            pieces.put(None)

    async def _retried(self, prompt: Prompt, schema: Schema | None) -> AsyncIterator[Piece]:
        """Tried again, later and later, as long as nothing has come."""
        began = False

        def again(error: BaseException) -> bool:
            return not began and is_transient(error)

        async for attempt in AsyncRetrying(
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_exponential(_FIRST_WAIT, _LONGEST_WAIT),
            retry=retry_if_exception(again),
            reraise=True,
        ):
            with attempt:
                async for piece in self._pieces(prompt, schema):
                    began = True
                    yield piece

    async def _pieces(self, prompt: Prompt, schema: Schema | None) -> AsyncIterator[Piece]:
        messages: list[BaseMessage] = [SystemMessage(prompt.system), HumanMessage(prompt.user)]
        finished = False
        async for chunk in self._runnable(schema).astream(messages):
            piece = _piece(chunk)
            finished = finished or bool(piece.finish)
            yield piece
        if not finished:
            # A server that dies may close its connection as if it were done.
            raise ModelFailed("its reply broke off")

    def _runnable(self, schema: Schema | None) -> Runnable[Any, Any]:
        if schema is None:
            return self._model
        if self.name.startswith("openai:"):
            # Past OpenAI's own parser, which loses what the server counted and where it stopped.
            shape = {"name": schema["title"], "schema": dict(schema), "strict": True}
            form = {"type": "json_schema", "json_schema": shape}
            return self._model.bind(extra_body={"response_format": form})
        bound = self._model.with_structured_output(dict(schema), method="json_schema")
        # The model bound to the schema, without the parser behind it: we parse as it comes.
        first: Runnable[Any, Any] = bound.first  # type: ignore[attr-defined]
        return first


def _provider(settings: Settings) -> tuple[str, str]:
    """The provider and the model's own name, which may have colons too ("qwen3:4b")."""
    provider, _, name = settings.model.partition(":")
    if name and provider in _EXTRAS:
        return provider, name
    if settings.model_base_url:
        return "openai", settings.model
    raise SettingsInvalid(
        f"WSIS_MODEL={settings.model!r} names no provider. Write PROVIDER:NAME with one of "
        f"{', '.join(_EXTRAS)}, or set WSIS_MODEL_BASE_URL to an OpenAI-compatible server."
    )


def _init(provider: str, name: str, settings: Settings) -> BaseChatModel:
    extra, package = _EXTRAS[provider]
    if any(importlib.util.find_spec(needed) is None for needed in ("langchain", package)):
        raise SettingsInvalid(
            f"WSIS_MODEL={settings.model!r} needs a package that is not installed. Install it "
            f"with `make install EXTRAS={extra}`."
        )
    # Loads langgraph with it, which takes a second; without a model nobody waits for it.
    from langchain.chat_models import init_chat_model

    try:
        model: BaseChatModel = init_chat_model(
            name, model_provider=provider, **_arguments(provider, settings)
        )
    except Exception as error:  # noqa: BLE001 - each provider raises errors of its own
        # The message of a provider's package may hold a part of a key.
        key = _KEYS.get(provider, f"{extra.upper()}_API_KEY")
        raise SettingsInvalid(
            f"WSIS_MODEL={settings.model!r} cannot be used ({type(error).__name__}). Is the key "
            f"set in the environment, as {key}?"
        ) from None
    return model


def _arguments(provider: str, settings: Settings) -> dict[str, Any]:
    arguments: dict[str, Any] = {"temperature": 0}
    if settings.model_base_url:
        arguments["base_url"] = settings.model_base_url
    if provider == "ollama":
        arguments["client_kwargs"] = {"timeout": settings.model_timeout}
        return arguments
    # Tried again here, the same way for every provider.
    arguments |= {"timeout": settings.model_timeout, "max_retries": 0}
    if provider == "openai":
        # LangChain's own watch over the pieces waits in a way that, in Python 3.11, may swallow the
        # end of a call.
        arguments |= {"stream_usage": True, "stream_chunk_timeout": None}
        if settings.model_base_url and not os.environ.get(_KEYS["openai"]):
            # Servers of one's own want no key; the client insists on one.
            arguments["api_key"] = "none"
    return arguments


def _piece(chunk: AIMessageChunk) -> Piece:
    usage = chunk.usage_metadata
    told = chunk.response_metadata
    cost = (told.get("token_usage") or {}).get("cost")
    return Piece(
        text=chunk.text,
        tokens_in=usage["input_tokens"] if usage else 0,
        tokens_out=usage["output_tokens"] if usage else 0,
        cost=float(cost) if isinstance(cost, int | float) else None,
        finish=str(next((told[name] for name in _FINISHES if told.get(name)), "")),
    )
