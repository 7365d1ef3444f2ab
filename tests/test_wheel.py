"""The wheel in its own environment, with api/, schemas/ and web/ beside it as in the container image, serves a map."""

import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

pytestmark = pytest.mark.xdist_group("wheel")  # built and installed once


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=root,
        check=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def image(root: Path, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the Dockerfile makes it: the wheel installed in opt/, the service in app/."""
    folder = tmp_path_factory.mktemp("image")
    venv.create(folder / "opt", symlinks=True)
    python = folder / "opt" / "bin" / "python"
    if importlib.util.find_spec("pip"):
        install = [
            sys.executable,
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--python",
            python,
            "install",
            "--no-index",
        ]
    else:
        install = ["uv", "pip", "install", "--offline", "--python", python]
    subprocess.run([*install, "--quiet", "--no-deps", wheel], check=True)
    # The pinned packages are those of this environment; its link to the checkout is not followed from here.
    (site,) = (folder / "opt" / "lib").glob("python*/site-packages")
    (site / "pinned.pth").write_text(sysconfig.get_path("purelib") + "\n")
    for name in ("api", "schemas", "web", "examples"):
        shutil.copytree(
            root / name, folder / "app" / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    return folder


@pytest.fixture(scope="module")
def address(image: Path) -> Iterator[str]:
    """The address of the service started from there."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ARGMAP_", "PYTHON"))
    }
    command = [image / "opt/bin/argmap", "serve", "--port", "0", "--data", image / "data"]
    with subprocess.Popen(
        command, cwd=image / "app", env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.match(r"argmap serves on (http://127\.0\.0\.1:\d+) ", line)
        assert found, line
        yield found[1]
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0


def test_the_wheel_holds_the_library_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"argmap"}
    assert "argmap/store/sql/migrations/env.py" in names
    assert any(name.startswith("argmap/store/sql/migrations/versions/") for name in names)


def test_the_installed_library_is_the_one_of_the_wheel(image: Path) -> None:
    program = "import argmap, api; print(argmap.__file__); print(api.__file__)"
    python = image / "opt" / "bin" / "python"
    ran = subprocess.run(
        [python, "-c", program], cwd=image / "app", capture_output=True, text=True, check=True
    )
    library, service = ran.stdout.splitlines()
    assert Path(library).is_relative_to(image / "opt")
    assert Path(service).is_relative_to(image / "app")


def test_it_serves_the_picture_of_an_example(address: str) -> None:
    with urllib.request.urlopen(f"{address}/api/v1/maps", timeout=20) as answer:
        maps = json.load(answer)["items"]
    assert len(maps) >= 2
    with urllib.request.urlopen(f"{address}/api/v1/maps/{maps[0]['id']}.svg", timeout=20) as answer:
        picture = ElementTree.fromstring(answer.read())
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"


def test_the_health_check_of_the_image_tells_life_from_death(address: str, root: Path) -> None:
    check = re.search(r'CMD \["python", "-c", "(.*)"\]', (root / "Dockerfile").read_text())
    assert check
    port = address.rpartition(":")[2]
    command = [sys.executable, "-c", check[1]]
    assert subprocess.run(command, env={"ARGMAP_PORT": port}, timeout=20).returncode == 0
    dead = subprocess.run(command, env={"ARGMAP_PORT": "1"}, timeout=20, capture_output=True)
    assert dead.returncode == 1


def test_the_service_is_not_where_its_packages_are_not(image: Path, tmp_path: Path) -> None:
    command = [image / "opt/bin/argmap", "serve", "--data", tmp_path / "data"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=20)
    assert ran.returncode == 1
    assert ran.stderr.count("\n") == 1
    assert "the service is not here" in ran.stderr
    assert not (tmp_path / "data").exists()


def test_the_image_copies_only_what_is_there_and_let_through(root: Path) -> None:
    let_through = set(re.findall(r"^!(\S+)", (root / ".dockerignore").read_text(), re.MULTILINE))
    copies = re.findall(
        r"^COPY (?!--from)(.+) \S+$", (root / "Dockerfile").read_text(), re.MULTILINE
    )
    copied = {name.rstrip("/") for line in copies for name in line.split()}
    assert copied == let_through
    assert all((root / name).exists() for name in copied)


def test_the_image_does_not_run_as_root(root: Path) -> None:
    last = [
        line
        for line in (root / "Dockerfile").read_text().splitlines()
        if line.startswith(("USER", "CMD", "FROM"))
    ]
    assert last[-2:] == ["USER argmap", 'CMD ["argmap", "serve"]']
