"""The revision of pictures changes with whatever shapes them, and with nothing else."""

import ast
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from argmap.picture import revision
from argmap.picture.revision import DRAWN_WITH, REVISION, SHAPING

CODE = '''"""Says what it does."""

NAMES = {"a", "b", "c"}


def width(words: str) -> int:
    """Measure words."""
    return 7 * len(words)  # points
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all that shapes pictures."""
    (tmp_path / "page").mkdir()
    (tmp_path / "text.py").write_text(CODE)
    (tmp_path / "page" / "sizes.py").write_text("BESIDE = 12\n")
    (tmp_path / "inter.json").write_text('{"a": 1}')
    monkeypatch.setattr(revision, "SHAPING", (tmp_path,))
    return tmp_path


def test_it_changes_with_what_code_and_data_say_in_any_folder(folder: Path) -> None:
    seen = {revision.revision()}
    for name, old, new in (
        ("text.py", "7 *", "8 *"),
        ("text.py", '"c"', '"d"'),
        ("page/sizes.py", "12", "13"),
        ("inter.json", "1", "2"),
    ):
        path = folder / name
        path.write_text(path.read_text().replace(old, new))
        assert revision.revision() not in seen, name
        seen.add(revision.revision())
    (folder / "page" / "new.py").write_text("X = 1\n")
    assert revision.revision() not in seen


def test_comments_docstrings_layout_and_places_do_not_change_it(folder: Path) -> None:
    before = revision.revision()
    text = folder / "text.py"
    text.write_text(
        "# A comment above.\n\n\n"
        + CODE.replace("# points", "# in points").replace("Measure words.", "Say how wide it is.")
    )
    text.rename(folder / "page" / "text.py")
    assert revision.revision() == before


def test_it_is_the_same_in_every_process() -> None:
    program = "from argmap.picture.revision import REVISION; print(REVISION)"
    for seed in ("1", "2"):
        ran = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed},
        )  # fmt: skip
        assert ran.stdout.strip() == REVISION


def test_all_that_pictures_import_counts(root: Path) -> None:
    packages = metadata.packages_distributions()
    for file in (root / "argmap" / "picture").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            for name in names:
                if name.startswith("argmap."):
                    home = root.joinpath(*name.split("."))
                    within = any(home.is_relative_to(folder) for folder in SHAPING)
                    assert within or name == "argmap.errors", f"{file} imports {name}"
                    continue
                top = name.partition(".")[0]
                if top in packages and top not in (
                    "pydantic",
                    "pydantic_core",
                ):  # they draw nothing
                    wanted = {each.lower().replace("_", "-") for each in packages[top]}
                    assert wanted & set(DRAWN_WITH), f"{file} imports {name}"
