"""The library as one meets it in an editor and a notebook: load, save, render, and a map's own items."""

import inspect
import typing
from enum import Enum
from pathlib import Path

import pytest

import argmap
from argmap.errors import UnknownFormat
from argmap.picture import Options


@pytest.fixture
def map(root: Path) -> argmap.ArgumentMap:
    return argmap.load(root / "examples" / "formats" / "mill-street.json")


def test_render_names_every_option_of_a_picture_with_its_values_and_default() -> None:
    parameters = dict(list(inspect.signature(argmap.render).parameters.items())[1:])
    hints = typing.get_type_hints(argmap.render, {"ArgumentMap": argmap.ArgumentMap})
    assert set(parameters) == set(Options.model_fields)
    for name, field in Options.model_fields.items():
        assert parameters[name].kind is inspect.Parameter.KEYWORD_ONLY
        assert parameters[name].default == field.default, name
        kinds = [
            each
            for each in (field.annotation, *typing.get_args(field.annotation))
            if isinstance(each, type)
        ]
        values = {str(value) for kind in kinds if issubclass(kind, Enum) for value in kind}
        literals = {
            value
            for part in (hints[name], *typing.get_args(hints[name]))
            if typing.get_origin(part) is typing.Literal
            for value in typing.get_args(part)
        }
        assert values == literals, name


def test_render_draws_with_its_options(map: argmap.ArgumentMap) -> None:
    assert argmap.render(map) != argmap.render(map, theme="dark", layout="page")
    with pytest.raises(TypeError, match="colour"):
        argmap.render(map, colour="red")  # type: ignore[call-arg]


@pytest.mark.parametrize("ending", [".json", ".argdown", ".graphml", ".aif.json", ".MD"])
def test_what_is_saved_is_loaded_again(
    map: argmap.ArgumentMap, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"map{ending}"
    report = argmap.save(map, path)
    assert path.stat().st_size > 100
    if ending == ".json":
        assert report.losses == ()
        assert argmap.load(path) == map
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_format_may_be_named_and_pictures_are_saved_by_their_endings(
    map: argmap.ArgumentMap, tmp_path: Path
) -> None:
    argmap.save(map, tmp_path / "a.json", format="sadface")
    assert "analyst_name" in (tmp_path / "a.json").read_text()
    for ending, lead in ((".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF")):
        argmap.save(map, str(tmp_path / f"a{ending}"))
        assert (tmp_path / f"a{ending}").read_bytes().startswith(lead)


def test_an_ending_that_nothing_is_written_to_is_refused_with_those_that_there_are(
    map: argmap.ArgumentMap, tmp_path: Path
) -> None:
    with pytest.raises(
        UnknownFormat, match=r"no format has the ending '.xyz'; known are .*\.argdown"
    ):
        argmap.save(map, tmp_path / "map.xyz")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FileNotFoundError):
        argmap.save(map, tmp_path / "nowhere" / "map.json")


def test_a_map_gives_its_items_by_id(map: argmap.ArgumentMap) -> None:
    claim = map.claims[0]
    assert map[claim.id] is claim
    assert claim.id in map
    assert map.relations[0].id in map
    assert "nope" not in map
    assert map.claim("nope") is None
    with pytest.raises(KeyError, match="the map has no claim or relation 'nope'"):
        map["nope"]


def test_the_library_says_that_it_is_typed(root: Path) -> None:
    assert (root / "argmap" / "py.typed").exists()
