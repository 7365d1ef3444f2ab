"""A reader of files that misbehaves as the file says; for processes, which find it by its name."""

import os
import signal
import time
from typing import Any

from argmap.formats import Loaded, load


def misbehave(data: bytes, *more: Any) -> Loaded:
    """Read a file, unless it says to sleep, to fill the memory or to die."""
    match data:
        case b"sleep":
            time.sleep(600)
        case b"fill":
            bytearray(8 << 30)
        case b"die":
            os.kill(os.getpid(), signal.SIGKILL)
    return load(data, *more)
