"""The garbage collector at rest."""

import gc
import threading

import pytest

from argmap import collector


def test_it_rests_until_the_last_block_ends_in_whatever_thread() -> None:
    began, may_end = threading.Event(), threading.Event()

    def rest() -> None:
        with collector.at_rest():
            began.set()
            may_end.wait(60)

    thread = threading.Thread(target=rest)
    with collector.at_rest():
        thread.start()
        began.wait(60)
        assert not gc.isenabled()
    assert not gc.isenabled(), "the other thread is still at it"
    may_end.set()
    thread.join(60)
    assert gc.isenabled()


def test_it_works_again_after_an_error() -> None:
    with pytest.raises(ValueError, match="torn"), collector.at_rest():
        raise ValueError("torn")
    assert gc.isenabled()


def test_it_is_not_woken_where_it_was_off_before() -> None:
    gc.disable()
    try:
        with collector.at_rest():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
