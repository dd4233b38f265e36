from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.processes import ServerProcess


@pytest.fixture(scope="session")
def http(server: ServerProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as client:
        yield client
