"""Python's garbage collector, set for programs that make many objects and little garbage in circles."""

import gc

_YOUNG, _MIDDLE, _OLD = 200_000, 20, 100


def collect_seldom() -> None:
    """Have the collector of this process look less often at all that was made so far.

    Large files and pictures are made in up to half less time so. It is for programs (the command line, the service, the
    processes that draw); the library leaves the collector of its callers alone.
    """
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
