"""The layout engine that is asked for: Graphviz in the sandbox, or an installed one."""

import os
from collections.abc import Callable

from argmap.errors import EngineUnavailable

DEADLINE = 5.0  # seconds for one layout, where the caller names none


def lay_out(dot: str, deadline: float = DEADLINE) -> bytes:
    """Lay out a graph and return Graphviz's `plain` text with the positions.

    ARGMAP_LAYOUT_ENGINE names the engine: `sandbox` (Graphviz in WebAssembly, the default) or `dot` (an installed one).
    Raises EngineTimeout, PictureTooLarge, EngineUnavailable.
    """
    return _engine()(dot, deadline)


def prepare() -> None:
    """Make the engine ready, so that the first picture need not wait: what is compiled is kept for later processes.

    Raises EngineUnavailable.
    """
    if name() == "sandbox":
        from argmap.picture.engine import sandbox

        sandbox.prepare()


def name() -> str:
    """Return the name of the engine in use; pictures of different engines differ."""
    return os.environ.get("ARGMAP_LAYOUT_ENGINE") or "sandbox"


def _engine() -> Callable[[str, float], bytes]:
    match name():  # each brings along what only it needs
        case "sandbox":
            from argmap.picture.engine import sandbox

            return sandbox.run
        case "dot":
            from argmap.picture.engine import native

            return native.run
    raise EngineUnavailable("ARGMAP_LAYOUT_ENGINE is not an engine; it can be sandbox or dot")
