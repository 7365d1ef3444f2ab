"""What all tests share: where the real files are, a browser, and how long property tests look for counterexamples."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from tests.support.strategies import QUICK

if TYPE_CHECKING:
    from tests.support.postgres import Postgres

ROOT = Path(__file__).resolve().parents[1]

# HYPOTHESIS_PROFILE=thorough searches longer; a machine that is busy must not fail a test, hence no deadline.
settings.register_profile(
    "quick", max_examples=QUICK, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "thorough", max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of real files that may be read but not shipped; ARGMAP_CORPORA names it."""
    named = os.environ.get("ARGMAP_CORPORA")
    if not named:
        pytest.skip("ARGMAP_CORPORA does not name the folder of real files: NOT TESTED with them")
    folder = Path(named)
    if not folder.is_dir():
        pytest.fail(f"ARGMAP_CORPORA names {named}, which is no folder")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium. Tests with one are of the group "browser": one worker after the other would start it otherwise."""
    names = ("chromium", "chromium-browser", "google-chrome-stable")
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        pytest.skip("no Chromium here (apt install chromium): NOT TESTED in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM)
        yield browser
        browser.close()


CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def postgres() -> Iterator["Postgres"]:
    """A running PostgreSQL."""
    from tests.support.postgres import running  # brings a driver along that most tests do not need

    with running() as server:
        yield server
