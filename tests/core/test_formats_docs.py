"""The pages on formats keep up with the registry, the reports and the schemes."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from argmap.analysis.schemes import known_schemes
from argmap.formats import FORMATS, LossKind, by_ending, by_media_type
from argmap.formats.schemes import NAMES, key_of

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "formats"


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_page_that_says_what_is_lost_each_way(name: str) -> None:
    page, format = (PAGES / f"{name}.md").read_text(), FORMATS[name]
    assert page.startswith("# ")
    assert f"(`{name}`)" in page.split("\n")[0]
    if name != "json":
        assert (format.load is not None) == ("## Lost when read" in page)
        assert (format.dump is not None) == ("## Lost when written" in page)


def test_the_table_of_formats_is_that_of_the_registry() -> None:
    page = (PAGES / "index.md").read_text()
    table = page.partition("<!-- formats: begin -->")[2].partition("<!-- formats: end -->")[0]
    rows = {re.findall(r"`([^`]+)`", line)[0]: line for line in table.split("\n") if "](" in line}
    assert rows.keys() == FORMATS.keys()
    for name, format in FORMATS.items():
        ways = [cell.strip() for cell in rows[name].split("|")[-3:-1]]
        assert ways == ["yes" if format.load else "", "yes" if format.dump else ""]
        assert all(f"`{ending}`" in rows[name] for ending in format.endings)
        assert f"[{format.title}]({name}.md)" in rows[name]


def test_every_kind_of_loss_has_its_heading_and_no_heading_is_left_over() -> None:
    headings = re.findall(r"^## (\w+)$", (PAGES / "losses.md").read_text(), re.MULTILINE)
    assert set(headings) == {kind.value for kind in LossKind}


def test_every_kind_of_loss_is_told_by_some_format() -> None:
    code = "".join(
        path.read_text() for path in (ROOT / "argmap").rglob("*.py") if path.name != "report.py"
    )
    assert [kind for kind in LossKind if f"LossKind.{kind.name}" not in code] == []


def test_the_python_of_the_overview_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    code = re.search(r"```python\n(.*?)```", (PAGES / "index.md").read_text(), re.DOTALL)
    assert code is not None
    monkeypatch.chdir(ROOT)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code[1], {})
    assert out.getvalue().startswith("argdown 9\n")
    assert "relation" in out.getvalue()


def test_every_scheme_that_the_analyses_know_is_found_by_its_name_and_has_a_name_here() -> None:
    for key, scheme in known_schemes().items():
        assert key_of(scheme.name) == key
        assert key in NAMES
        assert key_of(NAMES[key]) == key


def test_endings_and_media_types_lead_to_their_formats() -> None:
    assert [format.name for format in by_ending("Map.ARGDOWN")] == ["argdown"]
    assert by_ending("map.argmap.json")[0].name == "json"
    assert by_ending("map.aif.json")[0].name == "aif"
    assert by_ending("map.json")[0].name == "json"
    assert {format.name for format in by_ending("map.txt")} == {"kialo", "text"}
    assert by_ending("map.pages") == ()
    found = by_media_type("text/vnd.graphviz; charset=utf-8")
    assert found is not None
    assert found.name == "dot"
    assert by_media_type("image/png") is None
