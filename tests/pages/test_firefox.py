"""The main path of the workspace in Firefox, where it and puppeteer-core are installed."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from argmap.store import accounts
from tests.support.service import Service

pytestmark = pytest.mark.xdist_group("workspace")


def test_words_become_a_thesis_in_firefox_and_that_is_undone(service: Service, root: Path) -> None:
    folder = Path(os.environ.get("ARGMAP_JUDGES") or "nowhere").absolute()
    firefox = shutil.which("firefox-esr")
    if not (folder / "node_modules" / "puppeteer-core").exists() or firefox is None:
        pytest.skip("no puppeteer-core in ARGMAP_JUDGES, or no Firefox: NOT TESTED in it")
    coach = service.person()
    article = coach.article(title="Keep it", text="Keep the library.\n\nIt is quiet there.")
    map = coach.map(article["id"], title="In Firefox", claims=[], relations=[])
    with service.database.write() as session:
        token = accounts.add_sign_in(session, coach.id)
    script = root / "tests" / "pages" / "firefox.mjs"
    addresses = [f"{service.url}/sign-in?token={token}", f"{service.url}/maps/{map['id']}"]
    done = subprocess.run(
        [shutil.which("node") or "node", script, folder, firefox, *addresses],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout)
    assert seen == {"complaints": [], "claims": ["c1"], "marks": 1, "selected": 3}
    assert coach.client.get(f"/maps/{map['id']}").json()["version"] == 3
