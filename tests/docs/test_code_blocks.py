"""The code blocks of the pages run as printed, against a real server, and print what stands there."""

import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PAGES = ("README.md", "docs/tutorial.md", "docs/running.md", "docs/importing.md")
CODE, OUTPUT = ("bash", "python"), ("text", "json")
PRINTED_ADDRESS = "http://127.0.0.1:8000"
SECONDS = 300  # for one block, and for the server to start

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NOT_RUN = re.compile(r"<!-- not run: .+ -->\n\Z")


@dataclass(frozen=True)
class Block:
    """A block of code, and the output that is printed under it; `...` in an output stands for anything."""

    language: str
    line: int
    code: str
    output: str | None


@pytest.mark.parametrize("page", PAGES)
def test_the_code_of_a_page_runs_and_prints_what_the_page_says(
    page: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = code_blocks((root / page).read_text(encoding="utf-8"))
    assert len(blocks) > 5
    assert any(block.output for block in blocks)
    data, folder = tmp_path / "data", tmp_path / "checkout"
    _checkout(folder, root)
    for name in [name for name in os.environ if name.startswith("ARGMAP_")]:
        monkeypatch.delenv(name)  # settings of whoever runs the tests
    monkeypatch.setenv("ARGMAP_DATA", str(data))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.chdir(folder)
    names: dict[str, object] = {"__name__": "__main__"}
    with _server(data) as address, _Shell(folder) as shell:
        for block in blocks:
            place = f"{page}:{block.line}"
            code = block.code.replace(PRINTED_ADDRESS, address)
            if block.language == "bash":
                printed = shell.run(code, place)
            else:
                for name, value in shell.exported().items():
                    monkeypatch.setenv(name, value)
                printed = _run_python(code, place, names)
            printed = printed.replace(address, PRINTED_ADDRESS)
            if block.output is not None:
                assert _fits(block.output, printed), f"{place} printed:\n{printed}"


def test_a_wrong_output_is_noticed() -> None:
    (block,) = code_blocks("```python\nprint(6 * 7)\n```\n\n```text\n43\n```\n")
    assert block.output is not None
    assert not _fits(block.output, _run_python(block.code, "page:1", {}))
    assert _fits("4...", _run_python(block.code, "page:1", {}))


def test_a_failing_command_is_noticed(tmp_path: Path) -> None:
    with _Shell(tmp_path) as shell:
        assert shell.run("export COLOUR=blue\necho one", "page:1") == "one\n"
        assert shell.exported()["COLOUR"] == "blue"
        with pytest.raises(pytest.fail.Exception, match="page:7"):
            shell.run("false\necho two", "page:7")


def test_blocks_that_are_not_run_say_why() -> None:
    skipped = "<!-- not run: it would go on serving -->\n```bash\n./dev serve\n```\n"
    assert code_blocks(skipped) == []
    assert len(code_blocks(skipped.split("\n", 1)[1])) == 1


def code_blocks(page: str) -> list[Block]:
    """Read the blocks of code that are to be run; a block of output belongs to the code before it."""
    blocks: list[Block] = []
    skipped = False
    for match in _FENCE.finditer(page):
        language, text = match[1], match[2]
        line = page.count("\n", 0, match.start()) + 1
        if _NOT_RUN.search(page[: match.start()]):
            skipped = True
        elif language in CODE:
            blocks.append(Block(language, line, text, None))
            skipped = False
        elif language in OUTPUT and not skipped:
            assert blocks, f"line {line}: output without code before it"
            assert blocks[-1].output is None, f"line {line}: a second output of one block"
            last = blocks[-1]
            blocks[-1] = Block(last.language, last.line, last.code, text)
    return blocks


class _Shell:
    """One bash for all blocks of a page, so that later ones see the variables of earlier ones."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            ["bash", "-euo", "pipefail"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.mark = f"-- done {id(self)} --"

    def __enter__(self) -> "_Shell":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def run(self, code: str, place: str) -> str:
        """Run a block and return what it printed; fails the test where a command of it fails or hangs."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        alarm = threading.Timer(SECONDS, self.process.kill)
        alarm.start()
        # The mark stands on a line of its own, also after output that does not end one.
        self.process.stdin.write(f"{code}\nprintf '\\n%s\\n' {shlex.quote(self.mark)}\n")
        self.process.stdin.flush()
        printed: list[str] = []
        for line in self.process.stdout:
            if line == self.mark + "\n":
                break
            printed.append(line)
        else:
            alarm.cancel()
            pytest.fail(f"{place} failed after printing:\n{''.join(printed)}")
        alarm.cancel()
        return "".join(printed).removesuffix("\n")

    def exported(self) -> dict[str, str]:
        """Return the variables that later programs would see."""
        pairs = self.run("env -0 | tr '\\0\\n' '\\n '", "env").splitlines()
        return dict(pair.split("=", 1) for pair in pairs if "=" in pair)


def _run_python(code: str, place: str, names: dict[str, object]) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, place, "exec"), names)
    return printed.getvalue()


def _fits(wanted: str, printed: str) -> bool:
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return doctest.OutputChecker().check_output(wanted.strip(), printed.strip(), flags)


def _checkout(folder: Path, root: Path) -> None:
    """Make a folder that looks like the checkout to a reader: its examples, and `./dev` in this environment."""
    folder.mkdir()
    (folder / "examples").symlink_to(root / "examples")
    python = shlex.quote(sys.executable)
    script = f'#!/bin/sh\ncase $1 in argmap) exec {python} -m "$@" ;; *) exit 2 ;; esac\n'
    (folder / "dev").write_text(script)
    (folder / "dev").chmod(0o755)


@contextlib.contextmanager
def _server(data: Path) -> Iterator[str]:
    """Serve with an empty database in a data folder; gives the address."""
    command = [sys.executable, "-m", "argmap", "serve", "--port", "0", "--data", str(data)]
    file = data.parent / "server.log"
    with file.open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + SECONDS
        while not (serves := re.search(r"^argmap serves on (\S+) ", file.read_text(), re.M)):
            if server.poll() is not None or time.monotonic() > until:
                pytest.fail(f"the server did not start:\n{file.read_text()[-2_000:]}")
            time.sleep(0.05)
        yield serves[1]
    finally:
        server.terminate()
        server.wait(SECONDS)
