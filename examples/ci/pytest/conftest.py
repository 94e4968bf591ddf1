"""The host is built once for all tests."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Path:
    program = tmp_path_factory.mktemp("host") / "host"
    build = Path(__file__).parent.parent / "host" / "build.sh"
    subprocess.run([build, program], check=True)
    return program
