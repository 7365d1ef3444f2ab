"""The script `./dev` on machines of several kinds; a stand-in for Python writes down what it is asked."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

TOOLS = (
    "bash",
    "cat",
    "dirname",
    "env",
    "flock",
    "mkdir",
    "rm",
    "sha256sum",
    "sh",
    "sleep",
    "touch",
    "cp",
    "ln",
    "readlink",
)
PYTHON = """#!/bin/sh
# A Python that makes environments of copies of itself and takes its time to install.
log() { echo "$*" >>"$STAND_IN_LOG"; }
case "$*" in
    *"sys.version_info < "*) exit "${STAND_IN_UNFIT:-0}" ;;
    *"import venv, ensurepip"*) exit "${STAND_IN_WITHOUT_VENV:-0}" ;;
    *"-venv"*) echo python3.12-venv ;;
    "-V") echo "Python 3.12.${STAND_IN_PATCH:-1}" ;;
    "-m pip --version") ;;
    "-m pip install"*installer.txt)
        log "install installer.txt"; log done
        [ -z "$STAND_IN_UV" ] || cp "$STAND_IN_UV" "${0%/*}/uv" ;;
    "-m pip install"*) log "install ${*##*/}"; sleep "${STAND_IN_SECONDS:-0}"; log done; exit "${STAND_IN_BROKEN:-0}" ;;
    "-m venv"*) log venv; mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
    "-m argmap"*) shift 2; echo argmap "$@" ;;
    "-c"*argmap-checkout*) ;;
    *) echo "the stand-in does not know: $*" >&2; exit 99 ;;
esac
"""


UV = """#!/bin/sh
echo "uv ${*##*/} $UV_SYSTEM_CERTS" >>"$STAND_IN_LOG"
exit "${STAND_IN_UV_BROKEN:-0}"
"""


class Machine:
    """A checkout with `./dev` in it, and a PATH with a few tools and perhaps a Python."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.checkout = folder / "check out"  # a blank in the path must not matter
        self.tools = folder / "tools"
        self.log = folder / "log"
        (self.checkout / "requirements").mkdir(parents=True)
        shutil.copy(root / "dev", self.checkout / "dev")
        for name in ("runtime", "dev"):
            (self.checkout / "requirements" / f"{name}.txt").write_text(f"{name}==1\n")
        self.tools.mkdir()
        for tool in TOOLS:
            found = shutil.which(tool)
            if found:
                (self.tools / tool).symlink_to(found)
        self.add_python("python3")

    def add_python(self, name: str) -> None:
        (self.tools / name).write_text(PYTHON)
        (self.tools / name).chmod(0o755)

    def start(self, *words: str, **settings: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [self.checkout / "dev", *words],
            env={"PATH": str(self.tools), "STAND_IN_LOG": str(self.log), **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # a shell has what it starts with `&` ignore this signal, and that would be inherited
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def run(self, *words: str, **settings: str) -> tuple[int, str, str]:
        with self.start(*words, **settings) as process:
            try:
                out, err = process.communicate(timeout=30)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
        return process.returncode, out, err

    def done(self) -> list[str]:
        """What the stand-in was asked to do since the last call."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def machine(tmp_path: Path, root: Path) -> Machine:
    return Machine(tmp_path, root)


INSTALLED = ["venv", "install installer.txt", "done", "install runtime.txt", "done"]


def test_the_first_start_sets_up_and_the_second_does_not(machine: Machine) -> None:
    status, out, _ = machine.run("argmap", "check", "a b")
    assert (status, out) == (0, "argmap check a b\n")
    assert machine.done() == INSTALLED
    assert machine.run("argmap", "--help") == (0, "argmap --help\n", "")
    assert machine.done() == []


@pytest.fixture
def uv(tmp_path: Path) -> str:
    """A stand-in for the uv that pip puts into the environment."""
    path = tmp_path / "uv"
    path.write_text(UV)
    path.chmod(0o755)
    return str(path)


def test_uv_installs_and_trusts_whom_the_system_trusts(machine: Machine, uv: str) -> None:
    status, _, _ = machine.run("argmap", STAND_IN_UV=uv)
    assert status == 0
    assert machine.done() == [*INSTALLED[:3], "uv runtime.txt true"]


def test_where_uv_fails_pip_installs(machine: Machine, uv: str) -> None:
    status, _, said = machine.run("argmap", STAND_IN_UV=uv, STAND_IN_UV_BROKEN="2")
    assert status == 0
    assert "installing with pip" in said
    assert machine.done() == [*INSTALLED[:3], "uv runtime.txt true", *INSTALLED[3:]]


def test_it_can_be_called_from_anywhere_by_a_link(machine: Machine, tmp_path: Path) -> None:
    ran = subprocess.run(
        [Path("check out", "dev"), "argmap"],
        cwd=tmp_path,
        env={"PATH": str(machine.tools), "STAND_IN_LOG": str(machine.log)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0
    assert (machine.checkout / ".venv").is_dir()


def test_serve_keeps_its_data_in_the_checkout_unless_told_otherwise(machine: Machine) -> None:
    data = machine.checkout / ".data"
    assert machine.run("serve", "--port", "1")[1] == f"argmap serve --data {data} --port 1\n"
    assert machine.run("serve", ARGMAP_DATA="/srv/maps")[1] == "argmap serve --data /srv/maps\n"


def test_new_pins_are_installed(machine: Machine) -> None:
    machine.run("argmap")
    machine.done()
    (machine.checkout / "requirements" / "runtime.txt").write_text("runtime==2\n")
    machine.run("argmap")
    assert machine.done() == INSTALLED[1:]


def test_another_python_or_place_is_noticed(machine: Machine) -> None:
    machine.run("argmap")
    machine.done()
    machine.run("argmap", STAND_IN_PATCH="2")
    assert machine.done() == INSTALLED[1:]
    machine.checkout = machine.checkout.rename(machine.checkout.with_name("moved"))
    machine.run("argmap", STAND_IN_PATCH="2")
    assert machine.done() == INSTALLED[1:]


@pytest.mark.parametrize("flock", [True, False])
@pytest.mark.parametrize("name", [signal.SIGKILL, signal.SIGINT])
def test_an_interrupted_install_is_begun_anew(
    name: signal.Signals, flock: bool, machine: Machine
) -> None:
    if not flock:
        (machine.tools / "flock").unlink()
    with machine.start("argmap", STAND_IN_SECONDS="20") as process:
        deadline = time.monotonic() + 10
        while "install runtime.txt" not in (
            machine.log.read_text() if machine.log.exists() else ""
        ):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.killpg(process.pid, name)
    machine.done()
    assert machine.run("argmap")[:2] == (0, "argmap\n")
    assert machine.done() == INSTALLED


def test_a_failed_install_is_begun_anew(machine: Machine) -> None:
    status, out, err = machine.run("argmap", STAND_IN_BROKEN="1")
    assert (status, out) == (1, "")
    assert err.splitlines()[-1] == "dev: pip could not install requirements/runtime.txt"
    machine.done()
    assert machine.run("argmap")[0] == 0
    assert machine.done() == INSTALLED


@pytest.mark.parametrize("flock", [True, False])
def test_of_two_starts_at_once_one_installs(flock: bool, machine: Machine) -> None:
    if not flock:
        (machine.tools / "flock").unlink()
    with (
        machine.start("argmap", STAND_IN_SECONDS="0.5") as first,
        machine.start("argmap", STAND_IN_SECONDS="0.5") as second,
    ):
        assert first.wait(30) == 0
        assert second.wait(30) == 0
    assert machine.done() == INSTALLED
    assert not (machine.checkout / ".dev" / "lock.pid").is_symlink()


def test_without_the_module_venv_one_line_says_what_to_install(machine: Machine) -> None:
    status, out, err = machine.run("serve", STAND_IN_WITHOUT_VENV="1")
    assert (status, out) == (1, "")
    assert err == (
        "dev: Python cannot make environments here: apt install python3.12-venv (as root), or install uv\n"
    )


@pytest.mark.parametrize("python", ["none", "too old"])
def test_without_a_fitting_python_one_line_says_what_to_install(
    python: str, machine: Machine
) -> None:
    if python == "none":
        (machine.tools / "python3").unlink()
    status, out, err = machine.run("test", STAND_IN_UNFIT="1")
    assert (status, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert "no Python from 3.11 to 3.14 here: apt install python3 python3-venv" in err


def test_an_older_python3_does_not_hide_a_fitting_one(machine: Machine) -> None:
    (machine.tools / "python3").write_text("#!/bin/sh\nexit 1\n")
    machine.add_python("python3.13")
    assert machine.run("argmap")[0] == 0
    assert machine.done() == INSTALLED


def test_what_it_does_not_know_it_explains(machine: Machine) -> None:
    status, out, err = machine.run("srve")
    assert (status, out) == (2, "")
    assert "./dev serve" in err
    assert machine.run()[0] == 0
    assert not (machine.checkout / ".venv").exists()
