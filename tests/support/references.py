"""Pairs of annotations with the values of CASS that its own authors computed."""

import pytest

each_reference = pytest.mark.parametrize(
    ("one", "other", "matching", "segmentation", "total"),
    [
        ("28037", "28037", 1, 1, 1),
        ("28037", "28111", 0.5103759957, 0.9818181818, 0.6716236260),
        ("28111", "28111_mistake", 0.8333333333, 1, 0.9090909091),
    ],
)
