"""Python's garbage collector, at rest while many objects are made and no garbage in circles."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_resting = 0  # how many blocks are under way, in all threads
_woken = False  # whether the collector was at work before the first of them


@contextmanager
def at_rest() -> Iterator[None]:
    """Let the collector rest in a block: it would look again and again at all that was made so far.

    So large files and pictures would take more than their share of time. The collector works again when no thread is
    in such a block.
    """
    global _resting, _woken
    with _lock:
        if _resting == 0:
            _woken = gc.isenabled()
            gc.disable()
        _resting += 1
    try:
        yield
    finally:
        with _lock:
            _resting -= 1
            if _resting == 0 and _woken:
                gc.enable()
