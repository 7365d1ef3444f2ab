"""`argmap serve`: with several processes, for its owner's eyes alone, without what somebody wrote in its logs."""

import logging
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest
from pydantic import BaseModel

from api import logs


def test_several_processes_serve_one_address_greet_once_and_end_together(tmp_path: Path) -> None:
    data = tmp_path / "data"
    command = [
        sys.executable,
        "-m",
        "argmap",
        "serve",
        "--workers",
        "2",
        "--port",
        "0",
        "--data",
        str(data),
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        try:
            line = server.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+", line)
            assert address is not None, server.stderr.read()
            deadline = time.monotonic() + 60
            answered = False
            while not answered and time.monotonic() < deadline:
                try:
                    answered = httpx.get(f"{address[0]}/readyz", timeout=30).status_code == 200
                except httpx.TransportError:
                    time.sleep(0.1)
            assert answered
            assert {path.stat().st_mode & 0o077 for path in (data, *data.iterdir())} == {0}
            processes = psutil.Process(server.pid).children(recursive=True)
            assert len(processes) >= 2
        finally:
            server.send_signal(signal.SIGTERM)
            told = server.stderr.read()
            server.wait(30)
    assert told.count("Sign in once") == 1
    assert f"{address[0]}/sign-in?token=" in told
    _, alive = psutil.wait_procs(processes, timeout=20)
    assert not alive


class _Number(BaseModel):
    value: int


def test_an_exception_is_logged_without_what_somebody_wrote(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logs.install()
    written = " ".join(("Words", "of", "an", "article"))  # apart, as lines of code are logged
    with caplog.at_level(logging.ERROR):
        try:
            try:
                _Number.model_validate({"value": written})
            except ValueError as error:
                raise RuntimeError(written) from error
        except RuntimeError:
            logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    assert written not in caplog.text
    assert "ValidationError" in caplog.text
    assert "led to" in caplog.text
    assert "test_serve.py" in caplog.text
