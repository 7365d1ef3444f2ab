"""What all tests share: where the real files are, a browser, and how long property tests look for counterexamples."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

# HYPOTHESIS_PROFILE=thorough searches longer; a machine that is busy must not fail a test, hence no deadline.
settings.register_profile(
    "quick", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
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


@pytest.fixture(scope="session")
def chromium() -> str:
    """The program of a Chromium browser, for `playwright.chromium.launch(executable_path=...)`."""
    for name in ("chromium", "chromium-browser", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no Chromium here (apt install chromium): NOT TESTED in a browser")
