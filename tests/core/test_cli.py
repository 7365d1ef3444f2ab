"""The command line on maps: what it writes, and one clear line for whatever goes wrong."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import argmap
from argmap import cli, formats
from argmap.model import ArgumentMap, Claim, ClaimKind, Relation, RelationKind, canonical

DRINK = ArgumentMap(
    title="Drink water",
    claims=(
        Claim(id="c1", kind=ClaimKind.THESIS, text="Drink more water."),
        Claim(id="c2", kind=ClaimKind.PREMISE, text="It keeps the head clear."),
    ),
    relations=(Relation(id="r1", kind=RelationKind.SUPPORTS, sources=("c2",), target="c1"),),
)


TABLE = re.compile(r"[┏┃┡│└]|\s+Lost or repaired on the way\s*$")


class Ran(NamedTuple):
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str


class Command:
    """Runs the command line in this process; its standard output and error are those of the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch = monkeypatch
        self.capsys = capsys

    def __call__(self, *words: str | Path, stdin: bytes = b"") -> Ran:
        self.monkeypatch.setattr(sys, "argv", ["argmap", *map(str, words)])
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = self.capsys.readouterr()
        assert "Traceback" not in err
        told = (line for line in err.splitlines() if not TABLE.match(line))
        assert all(line.startswith("argmap: ") for line in told)
        return Ran(int(ended.value.code or 0), out, err)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(monkeypatch, capsys)


@pytest.fixture
def drink(tmp_path: Path) -> Path:
    path = tmp_path / "drink.json"
    path.write_bytes(canonical(DRINK))
    return path


def test_a_map_is_drawn_into_a_file(run: Command, drink: Path, tmp_path: Path) -> None:
    ran = run("render", drink, "-o", tmp_path / "drink.svg")
    assert ran == (0, "", "")
    svg = (tmp_path / "drink.svg").read_text(encoding="utf-8")
    assert svg == argmap.render(DRINK)
    assert ElementTree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"


def test_the_side_of_the_theses_can_be_chosen(run: Command, drink: Path) -> None:
    assert run("render", drink, "--direction", "left").out == argmap.render(DRINK, direction="left")
    assert run("render", drink, "--direction", "inside") == (
        2,
        "",
        "argmap: Invalid value for --direction: Input should be 'top', 'bottom', 'left' or 'right'\n",
    )


def test_a_picture_is_a_png_where_the_output_is_called_so(
    run: Command, drink: Path, tmp_path: Path
) -> None:
    target = tmp_path / "drink.png"
    assert run("render", drink, "-o", target, "--scale", "1", "--theme", "dark").status == 0
    assert target.read_bytes() == argmap.picture.draw_png(
        DRINK, argmap.picture.Options(theme="dark"), scale=1
    )


def test_a_picture_is_a_pdf_where_the_output_is_called_so(
    run: Command, drink: Path, tmp_path: Path
) -> None:
    target = tmp_path / "drink.pdf"
    assert run("render", drink, "-o", target, "--handout").status == 0
    assert target.read_bytes().startswith(b"%PDF")


def test_dashes_are_standard_input_and_output(run: Command) -> None:
    ran = run("convert", "-", "--to", "json", stdin=canonical(DRINK))
    assert (ran.status, ran.err) == (0, "")
    assert formats.load(ran.out.encode()).map == DRINK


def test_the_ending_of_the_output_tells_the_format(
    run: Command, drink: Path, tmp_path: Path
) -> None:
    assert run("convert", drink, "-o", tmp_path / "drink.md").status == 0
    assert "Drink more water." in (tmp_path / "drink.md").read_text()
    assert run("convert", drink, "-o", tmp_path / "drink.gv").status == 0
    assert "digraph" in (tmp_path / "drink.gv").read_text()


def test_a_part_of_a_map_can_be_converted(run: Command, drink: Path) -> None:
    ran = run("convert", drink, "--to", "json", "--hide", "premise")
    assert [claim.id for claim in formats.load(ran.out.encode()).map.claims] == ["c1"]
    ran = run("convert", drink, "--to", "json", "--focus", "c2", "--depth", "1")
    assert [claim.id for claim in formats.load(ran.out.encode()).map.claims] == ["c1", "c2"]


def test_several_files_go_into_a_folder(run: Command, drink: Path, tmp_path: Path) -> None:
    second = tmp_path / "second.json"
    second.write_bytes(drink.read_bytes())
    ran = run("convert", drink, second, "--to", "markdown", "-o", f"{tmp_path}/new/")
    assert ran.status == 0
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"drink.md", "second.md"}
    ran = run("render", drink, second, "-o", tmp_path / "both.svg")
    assert ran.status == 2
    assert "several files need a folder" in ran.err
    (tmp_path / "more").mkdir()
    namesake = tmp_path / "more" / "drink.json"
    namesake.write_bytes(drink.read_bytes())
    ran = run("render", drink, namesake, "-o", f"{tmp_path}/new")
    assert ran.status == 2
    assert "same name" in ran.err
    assert not (tmp_path / "new" / "drink.svg").exists()


@pytest.fixture
def noted(tmp_path: Path) -> Path:
    map = DRINK.replace(claims=(DRINK.claims[0].replace(note="Ask a doctor."), DRINK.claims[1]))
    path = tmp_path / "noted.json"
    path.write_bytes(canonical(map))
    return path


def test_a_conversion_says_in_a_table_what_it_loses(
    run: Command, noted: Path, tmp_path: Path
) -> None:
    ran = run("convert", noted, "-o", tmp_path / "noted.md")
    assert (ran.status, ran.out) == (0, "")
    assert "loss" in ran.err
    assert re.search(r"note .* 1 .* c1 .*The format has no place for", ran.err)
    assert (tmp_path / "noted.md").exists()


def test_a_table_of_several_files_counts_the_files(
    run: Command, noted: Path, drink: Path, tmp_path: Path
) -> None:
    second = tmp_path / "second.json"
    second.write_bytes(noted.read_bytes())
    ran = run("convert", noted, drink, second, "--to", "markdown", "-o", f"{tmp_path}/new/")
    assert re.search(r"note .* 2 .* 2 .*The format has no place for", ran.err)
    assert "c1" not in ran.err


def test_a_strict_conversion_fails_and_writes_nothing_where_anything_is_lost(
    run: Command, noted: Path, drink: Path, tmp_path: Path
) -> None:
    ran = run("convert", noted, drink, "--to", "markdown", "--strict", "-o", f"{tmp_path}/new/")
    assert ran.status == 1
    assert f"argmap: {noted}: not written, since --strict allows no loss\n" in ran.err
    assert "The format has no place for" in ran.err
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["drink.md"]
    ran = run("convert", noted, "--to", "json", "--strict")
    assert (ran.status, ran.err) == (0, "")
    ran = run("convert", noted, "--to", "markdown", "--strict")
    assert (ran.status, ran.out) == (1, "")


def test_check_counts_what_is_in_a_valid_map(run: Command, drink: Path) -> None:
    ran = run("check", drink)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == f"{drink}: a map of 2 claims and 1 relation"


def test_check_lists_every_fault_on_a_line_of_its_own(
    run: Command, drink: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_bytes(
        drink.read_bytes()
        .replace(b'"target":"c1"', b'"target":"c9"')
        .replace(b"It keeps", b"\\u0000")
    )
    ran = run("check", broken, drink)
    assert ran.status == 1
    assert len(ran.err.splitlines()) == 2
    assert "claims/1/text" in ran.err
    assert "relations/0/target" in ran.err
    # The other file is checked all the same.
    assert ran.out.startswith(f"{drink}: a map of 2 claims and 1 relation\n")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["render", "absent.json"], 1, "absent.json: cannot read it: no such file"),
        (["render", "."], 1, ".: cannot read it: is a directory"),
        (["check", "broken.json"], 1, "broken.json: line 2: "),
        (["check", "notes.xyz"], 1, "notes.xyz: a program, which argmap does not read"),
        (["check", "drink.json", "--from", "nope"], 1, "'nope' is not a format"),
        (["check", "drink.json", "--from", "dot"], 1, "can be written but not read"),
        (
            ["convert", "drink.json", "--to", "csv", "--hide", "nobody"],
            2,
            "for --hide: can be thesis",
        ),
        (["convert", "drink.json", "--to", "csv", "--focus", "c9"], 1, "no claim c9 to focus on"),
        (["convert", "drink.json", "-o", "map.xyz"], 2, "does not follow from the name 'map.xyz'"),
        (["convert", "drink.json", "--to", "nope"], 2, "nope is not known; written are json"),
        (["convert", "drink.json"], 2, "has to be given"),
        (["render", "drink.json", "-o", "map.jpg"], 2, "--output"),
        (
            ["render", "drink.json", "-o", "absent/map.svg"],
            1,
            "cannot write absent/map.svg: no such file",
        ),
        (
            ["render", "drink.json", "-o", "drink.json/"],
            1,
            "cannot make the folder drink.json/: file exists",
        ),
        (["render"], 2, "Missing argument 'FILE'"),
        (["render", "drink.json", "--nope"], 2, "No such option: --nope"),
        (["nope"], 2, "No such command 'nope'"),
        (["render", "\x1b[31mred\n.json"], 1, "[31mred .json: cannot read it: no such file"),
    ],
)
def test_what_goes_wrong_is_one_line(
    words: list[str],
    status: int,
    said: str,
    run: Command,
    drink: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(drink.parent)
    Path("broken.json").write_text('{"claims":\n[}')
    Path("notes.xyz").write_bytes(b"\x7fELF\x02\x01")
    before = set(os.listdir())
    ran = run(*words)
    assert ran.status == status
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 1
    assert said in ran.err
    assert "\x1b" not in ran.err
    assert set(os.listdir()) == before  # nothing begun is left behind


@given(
    content=st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: b'{"claims": [' + text.encode())
)
def test_whatever_a_file_holds_there_is_no_traceback(content: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["argmap", "check", "-"])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        patch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO()))
        patch.setattr(sys, "stderr", io.StringIO())
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code in (None, 0, 1)
        assert all(line.startswith("argmap: ") for line in sys.stderr.getvalue().splitlines())  # type: ignore[attr-defined]


def test_a_file_is_written_whole_or_not_at_all(
    run: Command, drink: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "old.svg"
    target.write_text("the picture before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        ran = run("render", drink, "-o", target)
    assert ran.status == 1
    assert ran.err == f"argmap: {drink}: cannot write {target}: no space left on device\n"
    assert target.read_text() == "the picture before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["drink.json", "old.svg"]


def test_a_file_keeps_its_permissions_and_its_place(
    run: Command, drink: Path, tmp_path: Path
) -> None:
    target, link = tmp_path / "map.svg", tmp_path / "link.svg"
    target.write_text("")
    target.chmod(0o640)
    link.symlink_to(target)
    assert run("render", drink, "-o", link).status == 0
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert target.read_text().startswith("<svg")


@pytest.mark.skipif(
    os.geteuid() == 0, reason="root may write everywhere: NOT TESTED that others may not"
)
def test_no_permission_to_write_is_one_line(run: Command, drink: Path, tmp_path: Path) -> None:
    target = tmp_path / "fixed.svg"
    target.write_text("kept")
    target.chmod(0o444)
    ran = run("render", drink, "-o", target)
    assert (ran.status, ran.err) == (
        1,
        f"argmap: {drink}: cannot write {target}: permission denied\n",
    )
    assert target.read_text() == "kept"


def test_a_reader_that_goes_away_ends_it_quietly(drink: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "argmap", "convert", str(drink), "--to", "json"]
    ran = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, timeout=30)
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (1, b"")


def test_an_interrupt_is_one_line(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(path: str) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.maps.files, "read", interrupted)
    assert run("check", "-") == (130, "", "argmap: interrupted\n")


def test_help_does_not_load_what_it_does_not_need() -> None:
    heavy = (
        "pydantic",
        "numpy",
        "rapidfuzz",
        "wasmtime",
        "fontTools",
        "sqlalchemy",
        "fastapi",
        "uvicorn",
    )
    program = f"""
import sys
from argmap import cli
sys.argv = ["argmap", "--help"]
try:
    cli.main()
except SystemExit:
    pass
print([name for name in {heavy!r} if name in sys.modules])
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True
    )
    assert "render" in ran.stdout
    assert ran.stdout.splitlines()[-1] == "[]"


def test_without_words_it_explains_itself(run: Command) -> None:
    ran = run()
    assert ran.status == 0
    assert all(
        word in ran.out
        for word in ("render", "convert", "check", "serve", "db", "account", "token")
    )
    assert run("--version").out.strip() == argmap.__version__


def test_an_analysis_is_laid_over_the_picture(run: Command, drink: Path) -> None:
    plain = run("render", drink).out
    for name in ("strength", "review"):
        ran = run("render", drink, "--overlay", name)
        assert ran.status == 0
        assert ran.out != plain
    assert "%" in run("render", drink, "--overlay", "strength").out.partition("</style>")[2]
    ran = run("render", drink, "--overlay", "magic")
    assert (ran.status, ran.out) == (2, "")
    assert "strength, review, questions" in ran.err


@pytest.mark.parametrize(
    ("command", "closed", "status"),
    [
        ("render FILE -o -", ">&-", 0),
        ("check FILE", ">&-", 0),
        ("render -", "<&-", 1),
        ("check NOTHING", "2>&-", 1),
        ("check FILE", ">/dev/full", 1),
    ],
)
def test_closed_and_full_streams_end_in_no_traceback(
    tmp_path: Path, command: str, closed: str, status: int
) -> None:
    file = tmp_path / "map.json"
    file.write_bytes(canonical(DRINK))
    words = command.replace("FILE", str(file))
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m argmap {words} {closed}', sys.executable],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(argmap.__file__).parents[1],
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
    )
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    assert "Errno" not in done.stderr
