"""Clients generated from the OpenAPI document do a real job: map an article, draw, list, meet 412 and 422."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.service import Person, Service

JUDGES = Path(__file__).parents[1] / "judges"
FOUND = {
    "names": {"new:main": "c1"},
    "claims": 2,
    "svg": True,
    "stale": [412, "It has been changed since you read it"],
    "wrong": [422, ["relations/0/sources/0", "relations/0/target"]],
}


@pytest.fixture(scope="module")
def judges() -> Path:
    """The folder with the tools of others."""
    folder = Path(os.environ.get("ARGMAP_JUDGES") or "nowhere").absolute()
    if not (folder / "python" / "bin" / "openapi-python-client").exists():
        pytest.skip("ARGMAP_JUDGES names no folder with openapi-python-client: NOT TESTED with it")
    return folder


@pytest.fixture(scope="module")
def document(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("document") / "openapi.json"
    path.write_text(httpx.get(f"{service.url}/openapi.json").text)
    return path


def run(folder: Path, *command: str | Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3_000:]
    return done.stdout


def check(found: dict[str, Any]) -> None:
    assert found.pop("pages") * 2 >= found.pop("found") >= 1
    assert found == FOUND


def test_a_generated_python_client_does_a_real_job(
    judges: Path, document: Path, owner: Person, service: Service
) -> None:
    folder, bin = document.parent, judges / "python" / "bin"
    quiet = folder / "config.yml"
    quiet.write_text("post_hooks: []\n")
    said = run(
        folder, bin / "openapi-python-client", "generate", "--path", document, "--meta", "none",
        "--output-path", folder / "generated", "--config", quiet,
    )  # fmt: skip
    # what is no JSON is left to `content`; everything else has a model
    for line in said.splitlines():
        assert "Cannot parse response" not in line or "Unsupported content_type" in line, line
    found = json.loads(
        run(folder, bin / "python", JUDGES / "job.py", folder, service.url, owner.token)
    )
    assert found.pop("counted") == 2
    check(found)


def test_generated_typescript_types_do_a_real_job(
    judges: Path, document: Path, owner: Person, service: Service
) -> None:
    modules = judges / "node_modules"
    if not (modules / "openapi-typescript").is_dir() or not shutil.which("node"):
        pytest.skip("no openapi-typescript in ARGMAP_JUDGES, or no node: NOT TESTED with it")
    folder = document.parent / "typescript"
    folder.mkdir()
    (folder / "node_modules").symlink_to(modules)
    (folder / "package.json").write_text('{"type":"module"}')
    shutil.copy(JUDGES / "job.ts", folder)
    run(folder, modules / ".bin" / "openapi-typescript", document, "-o", "api.d.ts")
    run(
        folder, modules / ".bin" / "tsc", "--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes",
        "--skipLibCheck", "--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext",
        "--types", "node", "job.ts",
    )  # fmt: skip
    check(json.loads(run(folder, "node", "job.js", service.url, owner.token)))
