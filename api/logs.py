"""What goes into logs: where something failed and what kind of failure it was, never what somebody wrote."""

import logging
import traceback
from typing import Any


def install() -> None:
    """Have every record of an exception written without its words, which may hold a map's or an article's text."""
    make = logging.getLogRecordFactory()
    if getattr(make, "argmap", False):
        return

    def made(*arguments: Any, **named: Any) -> logging.LogRecord:
        record = make(*arguments, **named)
        if isinstance(record.exc_info, tuple) and record.exc_info[1] is not None:
            record.exc_text = bare(record.exc_info[1])  # which formatters take for the exception
        return record

    made.argmap = True  # type: ignore[attr-defined]  # a mark, so that it is done once
    logging.setLogRecordFactory(made)


def bare(error: BaseException) -> str:
    """Write an exception and those that led to it: their kinds and the lines of code, without their words."""
    chain: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in chain:
        chain.append(one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    parts = [
        "".join(traceback.format_tb(each.__traceback__)) + type(each).__qualname__
        for each in reversed(chain)
    ]
    return "\n\nled to\n\n".join(parts)
