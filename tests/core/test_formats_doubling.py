"""Hostile files of four times the size take about four times as long to be read, in every format."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from argmap import formats
from argmap.errors import ArgmapError

FEW, TIMES = 15_000, 4  # letters
WORTH_MEASURING = 0.15  # seconds of processor time, under which growth is noise
STEEPEST = 9  # of four times the letters: 4 is linear, 16 quadratic
PAGE = "<html><ul><li>a<li>b"

HOSTILE: dict[str, tuple[str, str]] = {
    "objects in Argdown": ("[a]: A ", '{"a":'),
    "lines of dashes": ("", "--\n"),
    "arrays": ("", "["),
    "objects": ("", '{"a":'),
    "escaped quotes": ('"', '\\"'),
    "marks": ("", "*_`"),
    "spaces": ("a", " "),
    "comments of a page": (PAGE, "<!--"),
    "instructions of a page": (PAGE, "<?"),
    "quotes of a page": (PAGE, "<a '"),
    "lists of a page": ("<html>", "<ul><li>a"),
    "elements": ('<?xml version="1.0"?>', "<a>"),
    "cells": ("id,text\n", '1,"a\n'),
    "flow": ("a: ", "["),
    "nodes": ("graph TD\n", 'a["'),
}


def seconds(call: Callable[[], object]) -> float:
    begun = time.process_time()
    with suppress(ArgmapError):
        call()
    return time.process_time() - begun


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_read_in_linear_time(name: str) -> None:
    lead, piece = HOSTILE[name]
    few, many = ((lead + piece * (count // len(piece))).encode() for count in (FEW, TIMES * FEW))
    for format in (None, *(each.name for each in formats.FORMATS.values() if each.load)):
        for _ in range(3):
            long = seconds(lambda name=format: formats.load(many, name))
            if long < WORTH_MEASURING:
                break
            if long < STEEPEST * seconds(lambda name=format: formats.load(few, name)):
                break
        else:
            pytest.fail(f"{format} takes {long:.2f} s for {len(many)} bytes")
