"""The command line on the database: accounts, tokens, backups, and one clear line for whatever goes wrong."""

import io
import json
import os
import re
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from argmap import cli
from argmap.store import Database
from argmap.store.accounts import token_asker
from argmap.store.records import Scope

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs the command line in this process, with the data folder of the test; gives status, output and errors."""
    monkeypatch.setenv("ARGMAP_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("ARGMAP_DATABASE_URL", raising=False)

    def command(*words: str | Path, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["argmap", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return int(ended.value.code or 0), out, err

    return command


def test_upgrade_makes_a_database_that_only_its_owner_can_read(run: Run, tmp_path: Path) -> None:
    assert run("db", "upgrade") == (0, "The database has the newest schema.\n", "")
    assert (tmp_path / "data" / "argmap.db").is_file()
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_a_token_is_printed_alone_and_works(run: Run, tmp_path: Path) -> None:
    assert run("account", "add", "Ada", "--admin")[0] == 0
    status, out, err = run("token", "add", "Ada", "--scope", "write")
    assert (status, err) == (0, "")
    assert re.fullmatch(r"argmap_[\w-]{40,}\n", out)
    database = Database(f"sqlite:///{tmp_path}/data/argmap.db")
    with database.read() as session:
        asker = token_asker(session, out.strip())
    database.dispose()
    assert asker is not None
    assert (asker.scope, asker.admin) == (Scope.WRITE, True)


def test_data_names_the_folder_for_one_command(run: Run, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    assert run("account", "add", "Bo", "--data", elsewhere)[0] == 0
    assert "Bo" in run("account", "list", "--data", elsewhere)[1]
    assert run("account", "list") == (0, "", "")


def test_the_database_url_overrides_the_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARGMAP_DATABASE_URL", f"sqlite:///{tmp_path}/other.db")
    assert run("account", "add", "Cy")[0] == 0
    assert (tmp_path / "other.db").is_file()
    assert not (tmp_path / "data").exists()


def test_an_account_is_listed_exported_and_erased(run: Run, tmp_path: Path) -> None:
    run("account", "add", "Ada", "--admin")
    run("account", "add", "Bo")
    listed = run("account", "list")[1].splitlines()
    assert [line.split("  ")[2:] for line in listed] == [["Ada", "admin"], ["Bo"]]
    assert run("account", "export", "bo", "-o", tmp_path / "bo.zip") == (0, "", "")
    with zipfile.ZipFile(tmp_path / "bo.zip") as archive:
        assert json.loads(archive.read("account.json"))["account"]["name"] == "Bo"
    status, _, err = run("account", "erase", "Bo", stdin="n\n")
    assert status == 1
    assert "given up" in err
    assert "Bo" in run("account", "list")[1]
    assert run("account", "erase", "Bo", "--yes")[:2] == (0, "Bo is erased.\n")
    assert "Bo" not in run("account", "list")[1]


def test_a_backup_brings_back_what_it_holds(run: Run, tmp_path: Path) -> None:
    run("account", "add", "Ada")
    run("account", "add", "Bo")
    assert run("db", "backup", tmp_path / "copy.db")[0] == 0
    run("account", "add", "Late")
    run("account", "erase", "Bo", "--yes")
    status, out, err = run("db", "restore", tmp_path / "copy.db")
    assert (status, err) == (0, "")
    kept = re.search(r"kept in (\S+);", out)
    assert kept
    assert Path(kept[1]).is_file()
    names = run("account", "list")[1]
    assert "Ada" in names
    assert "Late" not in names
    assert "Bo" not in names  # erased after the backup: that is honoured


def test_purge_says_how_much_it_removed(run: Run) -> None:
    assert run("db", "purge") == (0, "Removed for good: 0.\n", "")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["account", "add", "Ada"], 1, "already an account"),
        (["account", "add", " "], 1, "name"),
        (["account", "add", "x" * 10_000], 1, "name"),
        (["account", "add", "a\x00b"], 1, "name"),
        (["account", "add", "a\udcffb"], 1, "name"),
        (["account", "erase", "Nobody", "--yes"], 1, "the account does not exist"),
        (["account", "export", "Nobody", "-o", "nobody.zip"], 1, "the account does not exist"),
        (["account", "export", "Ada", "-o", "absent/ada.zip"], 1, "cannot write absent/ada.zip"),
        (["token", "add", "Nobody"], 1, "the account does not exist"),
        (["token", "add", "Ada", "--scope", "all"], 2, "all is neither read nor write"),
        (["db", "backup", "taken"], 1, "taken exists already"),
        (["db", "backup", "absent/copy"], 1, "absent"),
        (["db", "restore", "absent"], 1, "there is no file absent"),
        (["db", "restore", "taken"], 1, "taken cannot be used as a database"),
        (["db", "upgrade", "--data", "taken"], 1, "cannot make the folder taken"),
        (["db", "upgrade", "--data", "taken/below"], 1, "cannot make the folder taken/below"),
        (["serve", "--port", "70000"], 2, "65535"),
    ],
)
def test_what_goes_wrong_is_one_line(
    words: list[str],
    status: int,
    said: str,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    run("account", "add", "Ada")
    Path("taken").write_text("no database")
    before = set(os.listdir())
    ended, out, err = run(*words)
    assert (ended, out) == (status, "")
    assert len(err.splitlines()) == 1
    assert err.startswith("argmap: ")
    assert said in err
    assert set(os.listdir()) == before


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql+psycopg://argmap@127.0.0.1:1/argmap", "does not answer"),
        ("nonsense", "the database URL"),
        ("mysql://localhost/argmap", "must begin with sqlite:/// or postgresql://"),
    ],
)
def test_a_database_that_is_not_there_is_one_line(
    url: str, said: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARGMAP_DATABASE_URL", url)
    for words in (["account", "list"], ["serve", "--port", "0"]):
        status, out, err = run(*words)
        assert (status, out) == (1, "")
        assert len(err.splitlines()) == 1
        assert said in err


@pytest.mark.parametrize(
    ("missing", "extra"), [("sqlmodel", "store"), ("alembic", "store"), ("fastapi", "server")]
)
def test_a_missing_extra_is_one_line(missing: str, extra: str, root: Path, tmp_path: Path) -> None:
    program = f"""
import sys
sys.modules[{missing!r}] = None
sys.argv = ["argmap", "serve", "--port", "0", "--data", {str(tmp_path / "data")!r}]
from argmap.cli import main
main()
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=30
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert (
        ran.stderr == f"argmap: this needs the package {missing}: pip install 'argmap[{extra}]'\n"
    )


def test_every_account_can_sign_in_by_a_link_and_the_first_command_makes_the_owner(run, tmp_path):
    added = run("account", "add", "coach")[1]
    assert "/sign-in?token=argmap_once_" in added
    assert "owner  admin" in run("account", "list")[1]
    status, link, said = run("account", "sign-in", "COACH")
    assert (status, link.count("\n")) == (0, 1)
    assert link.startswith("http://127.0.0.1:8000/sign-in?token=argmap_once_")
    assert "once" in said
    assert run("account", "sign-in", "nobody")[0] == 1
