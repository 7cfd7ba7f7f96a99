"""The clients that storage can talk to S3 with."""

from __future__ import annotations

import importlib.util

import pytest


def use_client(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let storage talk to S3 with `boto3` alone, or with `obstore` where it can."""
    if name == "obstore" and importlib.util.find_spec("obstore") is None:
        pytest.skip("needs obstore, which there is for Python 3.11 and later")
    monkeypatch.setenv("BREVETTIAI_S3_OBSTORE", "1" if name == "obstore" else "0")
