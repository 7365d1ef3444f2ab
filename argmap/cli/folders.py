"""`argmap check` and `stats`: whole folders of maps looked through."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from argmap.cli.answers import Json, plain, print_columns, print_json
from argmap.cli.maps import Files, From, count, each, load
from argmap.errors import Fault, InvalidMap

if TYPE_CHECKING:
    from argmap.analysis.statistics import Statistics


def check(
    paths: Files,
    source: From = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail when the review finds anything.")
    ] = False,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="RULE", help="Leave out a rule of the review."),
    ] = None,
    as_json: Json = False,
    as_sarif: Annotated[
        bool, typer.Option("--sarif", help="Print the findings as a SARIF log.")
    ] = False,
) -> None:
    """Say whether files hold valid maps, list every fault of those that do not, and review those that do."""
    from argmap import __version__
    from argmap.analysis.review import RULES, Review, lines, review, sarif

    if as_json and as_sarif:
        raise typer.BadParameter("choose one of --json and --sarif", param_hint="--sarif")
    reviews: list[tuple[str, Review]] = []
    broken: list[tuple[str, tuple[Fault, ...]]] = []

    def examine(path: str) -> None:
        try:
            map = load(path, source).map
        except InvalidMap as error:
            broken.append((path, error.faults))
            raise
        found = review(map, without or ())
        reviews.append((path, found))
        if not as_json and not as_sarif:
            size = f"{count(len(map.claims), 'claim')} and {count(len(map.relations), 'relation')}"
            print(f"{path}: a map of {size}")
            for line in lines(found, path):
                print(line)

    failed = _failed(lambda: each(paths, examine))
    if as_json:
        answers = [{"file": path, "faults": [], **plain(found)} for path, found in reviews]
        answers += [
            {"file": path, "faults": [asdict(one) for one in faults]} for path, faults in broken
        ]
        print_json(answers)
    if as_sarif:
        print_json(sarif(reviews, RULES, __version__, broken))
    if failed or (strict and any(found.findings for _, found in reviews)):
        raise typer.Exit(1)


def stats(paths: Files, source: From = None, as_json: Json = False) -> None:
    """Count what maps consist of: each by itself, and several together."""
    from argmap.analysis.statistics import Statistics, collect, statistics_of

    found: list[tuple[str, Statistics]] = []
    failed = _failed(
        lambda: each(
            paths, lambda path: found.append((path, statistics_of(load(path, source).map)))
        )
    )
    together = collect(one for _, one in found)
    if as_json:
        print_json(
            {
                "files": [{"file": path, **plain(one)} for path, one in found],
                "together": plain(together),
            }
        )
    else:
        for path, one in found:
            print(f"{path}:")
            print_columns(_figures(one))
        if len(found) > 1:
            print(f"{count(len(found), 'map')} together:")
            print_columns(
                (name, f"{one.least:g} to {one.most:g}, mean {one.mean:.3g}, median {one.median:g}")
                for name, one in together.figures.items()
            )
    if failed:
        raise typer.Exit(1)


def _failed(action: Callable[[], None]) -> bool:
    """Do it to the end, so that what was found is printed, and say whether some file failed."""
    try:
        action()
    except typer.Exit:
        return True
    return False


def _figures(one: "Statistics") -> Iterator[tuple[str, object]]:
    for name, value in one:
        if isinstance(value, dict):
            shares = name == "speakers"
            yield (
                name,
                ", ".join(
                    f"{key or 'the author'} {number:.0%}" if shares else f"{key} {number}"
                    for key, number in value.items()
                ),
            )
        elif name == "coverage":
            yield name, "no text" if value is None else f"{value:.0%}"
        else:
            yield name, value
