"""What holds for every format alike: samples load, round trips lose only what is reported, broken files are refused."""

import gc
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, note

from argmap import formats
from argmap.errors import FormatError, InvalidMap, UnknownFormat
from argmap.formats import FORMATS, by_ending, report
from argmap.model import ArgumentMap
from tests.support.format_files import EXAMPLES, samples
from tests.support.reported import unexplained
from tests.support.strategies import examples, maps

CORPORA = os.environ.get("ARGMAP_CORPORA")
TWO_WAY = [name for name, format in FORMATS.items() if format.load and format.dump]


@pytest.fixture(scope="module", autouse=True)
def every_place() -> Iterator[None]:
    """Reports name every place here, not only the first ones."""
    shown, report.PLACES_SHOWN = report.PLACES_SHOWN, 10**9
    yield
    report.PLACES_SHOWN = shown


def read(path: Path, format: str | None = None) -> formats.Loaded:
    text = path.with_suffix(".txt")
    beside = text.read_bytes() if text.exists() and text != path else None
    # What is Argdown without a mark of it is known by its name alone.
    name = path.name if path.suffix == ".argdown" else None
    return formats.load(path.read_bytes(), format=format, name=name, beside=beside)


def real_files() -> list[Path]:
    return samples(Path(CORPORA)) if CORPORA else []


@given(maps())
@examples(40)
def test_a_round_trip_loses_only_what_the_report_says(map: ArgumentMap) -> None:
    for name in TWO_WAY:
        note(name)
        written = formats.dump(map, name)
        note(written.data.decode(errors="replace"))
        beside = text_beside(map, name)
        once = formats.load(written.data, format=name, beside=beside)
        assert unexplained(map, once.map, written.report, once.report) == []
        again = formats.dump(once.map, name)
        twice = formats.load(again.data, format=name, beside=text_beside(once.map, name))
        assert unexplained(once.map, twice.map, again.report, twice.report) == []


def text_beside(map: ArgumentMap, name: str) -> bytes | None:
    """The text that goes with what is written in a format of annotations of a text."""
    if name != "brat" or map.article is None or map.article.text is None:
        return None
    return map.article.text.encode()


@given(maps(min_claims=1))
@examples(20)
def test_what_is_written_is_recognised_from_its_bytes_alone(map: ArgumentMap) -> None:
    for name in TWO_WAY:
        note(name)
        assert formats.sniff(formats.Content(formats.dump(map, name).data)).name == name


@given(maps())
@examples(10)
def test_the_same_map_gives_the_same_bytes(map: ArgumentMap) -> None:
    for name, format in FORMATS.items():
        if format.dump:
            assert formats.dump(map, name) == formats.dump(map, name)


def test_reading_a_file_leaves_no_garbage_in_circles() -> None:
    """The garbage collector rests meanwhile."""
    for path in samples(EXAMPLES):
        read(path)  # what is made once
        gc.collect()
        read(path)
        assert gc.collect() == 0, path


@pytest.mark.parametrize("path", samples(EXAMPLES), ids=lambda path: path.name)
def test_every_example_is_recognised_and_loads(path: Path) -> None:
    loaded = read(path)
    assert loaded.map.claims
    assert path.name.endswith(FORMATS[loaded.format].endings)


def test_every_real_file_is_recognised_from_its_bytes_alone_and_loads(corpora: Path) -> None:
    files = samples(corpora)
    assert len(files) >= 250
    for path in files:
        folder = path.relative_to(corpora).parts[0]
        assert read(path).format == {"microtexts": "arggraph"}.get(folder, folder), path


def test_every_real_file_survives_a_round_trip_through_every_format(corpora: Path) -> None:
    files = [path for path in samples(corpora) if path.stat().st_size < 100_000]
    assert len(files) >= 240
    for index, path in enumerate(files):
        map = read(path).map
        own = read(path).format
        others = TWO_WAY[index % len(TWO_WAY) :: 6]
        for name in {own, *others} & set(TWO_WAY):
            written = formats.dump(map, name)
            file = f"{map.article.title}.ann" if map.article else None  # by which brat calls a text
            beside = text_beside(map, name)
            back = formats.load(written.data, format=name, name=file, beside=beside)
            assert unexplained(map, back.map, written.report, back.report) == [], (path, name)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one or two things wrong: cut off, a slice lost, doubled or moved, bytes changed."""
    for _ in range(chance.randint(1, 2)):
        start, end = sorted((chance.randint(0, len(data)), chance.randint(0, len(data))))
        end = min(end, start + 200)
        piece = data[start:end]
        kind = chance.randrange(6)
        if kind == 0:
            data = data[:start]
        elif kind == 1:
            data = data[:start] + data[end:]
        elif kind == 2:
            data = data[:start] + piece * 3 + data[end:]
        elif kind == 3:
            target = chance.randint(0, len(data))
            data = data[:target] + piece + data[target:]
        elif kind == 4:
            data = (
                data[:start] + bytes(chance.randrange(256) for _ in piece[:8]) + data[start + 8 :]
            )
        else:
            swaps = (
                (b'"', b"'"),
                (b"0", b"null"),
                (b"{", b"["),
                (b"id", b"text"),
                (b"<", b"&x;<"),
                (b":", b"::"),
            )
            old, new = chance.choice(swaps)
            data = data[:start] + data[start:].replace(old, new, chance.randint(1, 3))
    return data


@pytest.mark.parametrize("seed", range(4))
def test_mutated_files_load_or_are_refused_with_one_clear_error_in_bounded_time(seed: int) -> None:
    chance = random.Random(seed)
    files = [path for path in samples(EXAMPLES) + real_files() if path.stat().st_size < 100_000]
    outcomes = {"loaded": 0, "refused": 0}
    for path in chance.sample(files, min(len(files), 60)):
        original = read(path).format
        for _ in range(3):
            data = mutated(path.read_bytes(), chance)
            for name in (None, original):
                begun = time.process_time()
                refusal = refusal_of(data, name)
                assert time.process_time() - begun < 5
                outcomes["loaded" if refusal is None else "refused"] += 1
                assert refusal is None or (5 < len(refusal) < 2_000 and refusal.isprintable())
    total = outcomes["loaded"] + outcomes["refused"]
    assert outcomes["loaded"] > total / 10, "most mutations must get past the parser"
    assert outcomes["refused"] > total / 20, "some mutations must be refused"


def refusal_of(data: bytes, format: str | None) -> str | None:
    """The one sentence with which a file is refused, None when it loads; any other exception fails the test."""
    try:
        formats.load(data, format=format)
    except InvalidMap as error:
        assert format in ("json", None), "an importer repairs what the model refuses"
        return str(error)
    except (FormatError, UnknownFormat) as error:
        return str(error)
    return None


def test_of_two_formats_that_fit_the_ending_decides_and_without_one_both_are_named() -> None:
    both = b'{"nodes": [], "edges": [], "locutions": [], "metadata": {"core": {}}}'
    with pytest.raises(UnknownFormat, match="aif, sadface"):
        formats.load(both)
    assert formats.load(both, format="sadface").format == "sadface"
    with pytest.raises(UnknownFormat, match="the file is empty"):
        formats.load(b"")


@pytest.mark.parametrize("data", [b'[{"id": 1,', b"[[[", b"", b"some prose"])
def test_a_broken_json_file_is_not_taken_for_prose(data: bytes) -> None:
    with pytest.raises(FormatError, match="JSON"):
        formats.load(data, name="map.json")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("map.tgf", b"a The first\nb The second"),
        ("map.apx", b"# a comment only"),
        ("map.ad", b"prose"),
        ("map.ann", b""),
    ],
)
def test_what_does_not_show_its_format_is_read_as_the_ending_of_its_name_says(
    name: str, data: bytes
) -> None:
    assert formats.load(data, name=name).format in {each.name for each in by_ending(name)}
    with pytest.raises(UnknownFormat):
        formats.load(data)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b'[{"nodes": []}]', None, "does not know the format of this JSON"),
        (b"digraph { a -> b }", "map.dot", "Graphviz DOT can be written but not read"),
    ],
)
def test_what_argmap_cannot_read_is_not_taken_for_prose(
    data: bytes, name: str | None, words: str
) -> None:
    with pytest.raises(UnknownFormat, match=words):
        formats.load(data, name=name)
