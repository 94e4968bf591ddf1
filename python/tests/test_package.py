"""The package as users get it: installed, and with its types."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PYTHON = Path(__file__).resolve().parents[1]


def test_it_can_be_installed_and_brings_the_plugin(tmp_path: Path) -> None:
    # A copy: setuptools builds where the sources are.
    source = tmp_path / "source"
    shutil.copytree(PYTHON, source, ignore=shutil.ignore_patterns("__pycache__"))
    site = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-build-isolation"]
    subprocess.run([*pip, "--target", site, source], check=True)
    assert (site / "eg91xq" / "py.typed").exists()
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "test_it.py").write_text("def test_it(modem):\n    assert modem.state()['power']\n")
    environment = {**os.environ, "PYTHONPATH": str(site)}
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", "."]
    for more in ([], ["-p", "eg91xq.pytest_plugin"]):
        subprocess.run([*words, *more], cwd=tests, env=environment, check=True)


def test_types(tmp_path: Path) -> None:
    mypy = shutil.which("mypy")
    if mypy is None:
        pytest.skip("there is no mypy")
    words = [mypy, "--config-file", PYTHON / "pyproject.toml", "--cache-dir", tmp_path]
    checked = subprocess.run([*words, "eg91xq"], cwd=PYTHON, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
