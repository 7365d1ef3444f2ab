"""The layout engine is bounded: it ends in time, takes no more memory than it may, and recovers from any failure."""

import os
import subprocess
import sys
import threading
import time

import psutil
import pytest
import wasmtime

from argmap import picture
from argmap.errors import EngineTimeout, EngineUnavailable, PictureTooLarge
from argmap.model import ArgumentMap, Claim
from argmap.picture import dot, engine
from argmap.picture.engine import compiled, native, positions, sandbox

SMALL = "digraph { n0 -> n1 }"
# Every node linked to every other: minutes of work for any Graphviz.
ENDLESS = "digraph {" + "".join(f"n{a} -> n{b};" for a in range(90) for b in range(a)) + "}"
SOON = 10  # seconds after which it has not been ended in time, not even by a machine that is busy


def test_a_layout_that_takes_too_long_ends_at_its_deadline_and_the_next_one_works():
    sandbox.run(SMALL, 5)
    begun = time.monotonic()
    with pytest.raises(EngineTimeout, match=r"longer than 0\.3 s"):
        sandbox.run(ENDLESS, 0.3)
    assert time.monotonic() - begun < SOON
    assert b"node n0 " in sandbox.run(SMALL, 5)


def test_a_layout_that_takes_too_much_memory_is_refused_and_the_next_one_works(monkeypatch):
    monkeypatch.setattr(sandbox, "MEMORY_LIMIT", 6 << 20)
    monkeypatch.setattr(sandbox, "_idle", [])  # an instance with that limit
    many = "digraph {" + "".join(f"n{n} -> n{n + 1};" for n in range(20_000)) + "}"
    with pytest.raises(PictureTooLarge, match="more memory"):
        sandbox.run(many, 20)
    assert b"node n0 " in sandbox.run(SMALL, 5)


def test_an_instance_that_grew_large_is_not_kept(monkeypatch):
    monkeypatch.setattr(sandbox, "_idle", [])
    sandbox.run(SMALL, 5)
    assert len(sandbox._idle) == 1
    monkeypatch.setattr(sandbox, "MEMORY_KEPT", 1)
    sandbox.run(SMALL, 5)
    assert sandbox._idle == []


def test_a_used_instance_gives_the_same_bytes_as_a_fresh_one(monkeypatch):
    monkeypatch.setattr(sandbox, "_idle", [])
    fresh = sandbox.run(SMALL, 5)
    sandbox.run("digraph { a -> b -> c -> a; b -> d }", 5)
    assert sandbox.run(SMALL, 5) == fresh


def test_words_that_are_no_graph_are_an_error_and_the_next_layout_works():
    with pytest.raises(EngineUnavailable, match="no positions"):
        sandbox.run("digraph { n0 -> ", 5)
    assert b"node n0 " in sandbox.run(SMALL, 5)


def test_threads_draw_at_the_same_time_and_alike():
    map = ArgumentMap(claims=tuple(Claim(id=f"c{n}", kind="premise", text="x") for n in range(20)))
    drawn: list[str] = []
    threads = [
        threading.Thread(target=lambda: drawn.extend(picture.draw(map) for _ in range(3)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 12
    assert len(set(drawn)) == 1


def test_a_process_that_drew_ends_without_a_word():
    """Destructors of wasmtime that run when its module is gone already complain on standard error."""
    script = (
        "import builtins, threading\n"
        "from argmap.picture.engine import sandbox\n"
        "def draw():\n"
        "    sandbox.run('digraph { n0 }', 5)\n"
        "    drawn.set()\n"
        "    threading.Event().wait()\n"
        "drawn = threading.Event()\n"
        "threading.Thread(target=draw, daemon=True).start()\n"
        "drawn.wait()\n"
        "sandbox.run('digraph { n0 }', 5)\n"
        "builtins.kept = sandbox\n"  # goes after wasmtime, which was loaded later
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, timeout=60, check=True
    )
    assert done.stderr == b""


def test_a_forked_process_still_has_deadlines():
    script = (
        "import os, sys\n"
        "from argmap.errors import EngineTimeout\n"
        "from argmap.picture.engine import sandbox\n"
        "sandbox.run('digraph { n0 }', 5)\n"
        "child = os.fork()\n"
        "if child:\n"
        "    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
        "try:\n"
        "    sandbox.run(sys.argv[1], 0.3)\n"
        "except EngineTimeout:\n"
        "    os._exit(7)\n"
        "os._exit(1)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, ENDLESS], timeout=60, check=False)
    assert done.returncode == 7


def test_ready_says_when_the_engine_named_does_not_exist(monkeypatch):
    picture.ready()
    monkeypatch.setenv("ARGMAP_LAYOUT_ENGINE", "neato")
    with pytest.raises(EngineUnavailable, match="sandbox or dot"):
        picture.ready()


def test_a_missing_dot_is_said_plainly(monkeypatch):
    monkeypatch.setenv("ARGMAP_LAYOUT_ENGINE", "dot")
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(EngineUnavailable, match="dot is not installed"):
        engine.lay_out(SMALL)


@pytest.fixture
def installed_dot():
    if native.program() is None:
        pytest.skip("no dot here (apt install graphviz): NOT TESTED with a native Graphviz")


@pytest.mark.usefixtures("installed_dot")
def test_a_native_dot_that_takes_too_long_is_killed_with_all_its_children():
    begun = time.monotonic()
    with pytest.raises(EngineTimeout):
        native.run(ENDLESS, 0.3)
    assert time.monotonic() - begun < SOON
    left = [child.cmdline() for child in psutil.Process().children(recursive=True)]
    assert not [line for line in left if "-Tplain" in " ".join(line)]


@pytest.mark.usefixtures("installed_dot")
def test_a_native_dot_has_limits_of_its_own_in_case_nobody_is_left_to_kill_it():
    limits = subprocess.run(
        ["/bin/sh", "-c", native.bounded("ulimit -t; ulimit -v"), "sh", *native.limits(2.5)],
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, kilobytes = limits.stdout.split()
    assert seconds == "4"
    assert int(kilobytes) >= sandbox.MEMORY_LIMIT // 1024


@pytest.mark.usefixtures("installed_dot")
def test_a_native_dot_that_fails_is_an_error():
    with pytest.raises(EngineUnavailable, match="status"):
        native.run("digraph { n0 -> ", 5)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"node",
        b"node n0 1 2\n",
        b"node n0 1 2\nnode n1 3\n",
        b"node n0 1 2\nnode n1 x y\n",
        b"node n0 1 2\nnode n1 nan 2\n",
        b"node n0 1 2\nnode n1 3 1e999\n",
        b"node n0 1 2\nnode \xff 3 4\n",
    ],
)
def test_an_answer_that_lacks_anything_is_refused(answer):
    claims = tuple(Claim(id=id, kind="premise", text="x") for id in ("c1", "c2"))
    map = ArgumentMap(claims=claims)
    with pytest.raises(EngineUnavailable, match=r"incomplete|no place"):
        positions.read(dot.graph(map, picture.cards_of(map)), answer)


class TestCompiledCode:
    @pytest.fixture(autouse=True)
    def _tiny(self, monkeypatch, tmp_path):
        monkeypatch.setenv("ARGMAP_CACHE", str(tmp_path / "cache"))
        monkeypatch.setattr(compiled, "_wasm", lambda: bytes(wasmtime.wat2wasm("(module)")))
        self.engine = wasmtime.Engine()
        self.compilations = 0
        build = wasmtime.Module.__init__

        def counted(module, *arguments):
            self.compilations += 1
            build(module, *arguments)

        monkeypatch.setattr(wasmtime.Module, "__init__", counted)
        compiled.compiled(self.engine)
        (self.file,) = (tmp_path / "cache").iterdir()
        assert self.compilations == 1

    def load(self) -> int:
        compiled.compiled(self.engine)
        return self.compilations - 1

    def test_is_used_again(self):
        assert self.load() == 0

    def test_is_private_to_the_user(self):
        assert self.file.stat().st_mode & 0o777 == 0o600
        assert self.file.parent.stat().st_mode & 0o077 == 0

    def test_is_compiled_anew_when_a_byte_was_changed(self):
        content = bytearray(self.file.read_bytes())
        content[len(content) // 2] ^= 1
        self.file.write_bytes(content)
        assert self.load() == 1
        assert self.load() == 1, "and the file is mended"

    def test_is_compiled_anew_when_the_file_was_cut_short(self):
        self.file.write_bytes(self.file.read_bytes()[:100])
        assert self.load() == 1

    def test_of_another_version_is_compiled_anew(self):
        foreign = b"\x7fELF of another version"
        self.file.write_bytes(compiled.sealed(foreign))
        assert self.load() == 1

    @pytest.mark.skipif(not hasattr(os, "getuid"), reason="POSIX permissions")
    def test_that_others_could_have_written_is_not_trusted(self):
        self.file.chmod(0o622)
        assert self.load() == 1

    @pytest.mark.skipif(not hasattr(os, "getuid"), reason="POSIX permissions")
    def test_in_a_folder_that_others_can_write_to_is_not_trusted(self):
        self.file.parent.chmod(0o777)
        assert self.load() == 1

    def test_behind_a_link_is_not_trusted(self, tmp_path):
        elsewhere = tmp_path / "elsewhere"
        self.file.rename(elsewhere)
        self.file.symlink_to(elsewhere)
        assert self.load() == 1

    def test_is_not_needed(self, monkeypatch, tmp_path):
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("ARGMAP_CACHE", str(tmp_path / "file" / "under"))
        assert self.load() == 1
        assert self.load() == 2
