"""`argmap check`, `stats`, `accept`, `strength`, `explain`, `questions`, `compare`: what can be said about maps."""

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from argmap.cli.maps import Files, From, count, each, load

if TYPE_CHECKING:
    from argmap.analysis.acceptability import Acceptance
    from argmap.analysis.comparison import Comparison
    from argmap.analysis.statistics import Statistics
    from argmap.model import ArgumentMap

File = Annotated[
    str, typer.Argument(metavar="FILE", help='A file with a map; "-" is standard input.')
]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
Claim = Annotated[
    str | None,
    typer.Option("--claim", metavar="ID", help="The claim; without it the first thesis."),
]
Semantics = Annotated[
    str,
    typer.Option(
        "--semantics", metavar="df-quad|quadratic-energy|euler", help="How strengths are counted."
    ),
]
Linked = Annotated[
    str,
    typer.Option(
        "--linked", metavar="minimum|product", help="What linked premises carry together."
    ),
]
Seconds = Annotated[float, typer.Option("--seconds", min=0, help="How long a search may take.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (check, stats, accept, strength, explain, questions, compare):
        app.command(command.__name__)(command)


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

    def examine(path: str) -> None:
        map = load(path, source).map
        found = review(map, without or ())
        reviews.append((path, found))
        if not as_json and not as_sarif:
            size = f"{count(len(map.claims), 'claim')} and {count(len(map.relations), 'relation')}"
            print(f"{path}: a map of {size}")
            for line in lines(found, path):
                print(line)

    failed = _failed(lambda: each(paths, examine))
    if as_json:
        _print_json([{"file": path, **_plain(found)} for path, found in reviews])
    if as_sarif:
        _print_json(sarif(reviews, RULES, __version__))
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
        _print_json(
            {
                "files": [{"file": path, **_plain(one)} for path, one in found],
                "together": _plain(together),
            }
        )
    else:
        for path, one in found:
            print(f"{path}:")
            _print_columns(_figures(one))
        if len(found) > 1:
            print(f"{count(len(found), 'map')} together:")
            _print_columns(
                (name, f"{one.least:g} to {one.most:g}, mean {one.mean:.3g}, median {one.median:g}")
                for name, one in together.figures.items()
            )
    if failed:
        raise typer.Exit(1)


def accept(
    path: File,
    source: From = None,
    semantics: Annotated[
        str,
        typer.Option(
            "--semantics",
            metavar="grounded|complete|preferred|stable|semi-stable|ideal",
            help="Which sets of claims count as acceptable.",
        ),
    ] = "grounded",
    support: Annotated[
        str, typer.Option("--support", metavar="plain|structured", help="What supports count for.")
    ] = "plain",
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="How many sets are listed at most.")
    ] = 1_000,
    seconds: Seconds = 10.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the sets as JSON.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Print all that is known as JSON.")] = False,
) -> None:
    """Say which claims of a map can be accepted together."""
    from argmap import analysis

    chosen = _choice(analysis.Semantics, semantics, "--semantics")
    reading = _choice(analysis.Support, support, "--support")

    def answer(map: "ArgumentMap") -> None:
        found = analysis.accept(map, chosen, reading, limit=limit, seconds=seconds)
        if full:
            _print_json(_plain(found))
        elif as_json:
            _print_json(found.extensions)
        else:
            _print_acceptance(found)

    _one(path, source, answer)


def strength(
    path: File,
    source: From = None,
    semantics: Semantics = "quadratic-energy",
    linked: Linked = "minimum",
    as_json: Annotated[bool, typer.Option("--json", help="Print the strengths as JSON.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Print all that is known as JSON.")] = False,
) -> None:
    """Say how strong each claim of a map is, supports and attacks counted in."""
    from argmap import analysis

    chosen = _choice(analysis.Gradual, semantics, "--semantics")
    joined = _choice(analysis.Linked, linked, "--linked")

    def answer(map: "ArgumentMap") -> None:
        found = analysis.strength(map, chosen, joined)
        if full:
            _print_json(_plain(found))
        elif as_json:
            _print_json(found.claims)
        else:
            _print_columns(
                (id, f"{value:.3f}  {_headline(map, id)}") for id, value in found.claims.items()
            )
            if found.iteration and not found.iteration.converged:
                print(
                    "The map has circles and its strengths did not come to rest: they are no answer."
                )

    _one(path, source, answer)


def explain(
    path: File,
    source: From = None,
    claim: Claim = None,
    semantics: Semantics = "quadratic-energy",
    linked: Linked = "minimum",
    seconds: Seconds = 2.0,
    as_json: Json = False,
) -> None:
    """Say what the strength of a claim hangs on, and what would overturn it."""
    from argmap import analysis
    from argmap.analysis.explanation import explain as explanation_of

    chosen = _choice(analysis.Gradual, semantics, "--semantics")
    joined = _choice(analysis.Linked, linked, "--linked")

    def answer(map: "ArgumentMap") -> None:
        found = explanation_of(map, claim, chosen, joined, seconds=seconds)
        if as_json:
            _print_json(_plain(found))
            return
        print(found.words)
        sampled = f", {found.samples} orders drawn" if found.samples else ""
        print(f"without it / its share{sampled} / slope by its weight:")
        _print_columns(
            (one.claim, f"{one.removal:+.3f}  {one.shapley:+.3f}  {one.gradient:+.3f}  {_headline(map, one.claim)}")
            for one in found.contributions
        )  # fmt: skip

    _one(path, source, answer)


def questions(
    path: File,
    source: From = None,
    only_open: Annotated[
        bool, typer.Option("--open", help="Leave out questions that are answered.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Ask of each step the critical questions of its scheme."""
    from argmap.analysis.questions import questions_of

    def answer(map: "ArgumentMap") -> None:
        found = questions_of(map)
        asked = found.open if only_open else found.questions
        if as_json:
            _print_json({"questions": [_plain(one) for one in asked], "unknown": found.unknown})
            return
        for one in asked:
            said = ", ".join(claim for reply in one.answers for claim in reply.claims)
            state = f"answered by {said}" if said else "open"
            print(f"{one.relation} {one.question}: {one.text} ({state}; about {one.target})")
        for id in found.unknown:
            print(f"{id}: its scheme is not one that argmap has questions for")

    _one(path, source, answer)


def compare(
    path: Annotated[
        str, typer.Argument(metavar="FILE", help="The map to look at, such as a student's.")
    ],
    reference: Annotated[
        str, typer.Argument(metavar="REFERENCE", help="The map to hold it against.")
    ],
    as_json: Json = False,
) -> None:
    """Compare a map with a reference map of the same article."""
    from argmap.analysis.comparison import compare as comparison_of

    maps: list[ArgumentMap] = []
    each([path, reference], lambda name: maps.append(load(name).map))
    found = comparison_of(*maps)
    if as_json:
        _print_json(_plain(found))
    else:
        _print_comparison(found, *maps)


def _one(path: str, source: str | None, answer: Callable[["ArgumentMap"], None]) -> None:
    each([path], lambda name: answer(load(name, source).map))


def _failed(action: Callable[[], None]) -> bool:
    """Do it to the end, so that what was found is printed, and say whether some file failed."""
    try:
        action()
    except typer.Exit:
        return True
    return False


def _choice(kind: Any, name: str, option: str) -> Any:
    if name not in tuple(kind):
        raise typer.BadParameter(f"{name} is none of {', '.join(kind)}", param_hint=option)
    return kind(name)


def _plain(value: Any) -> dict[str, Any]:
    plain: dict[str, Any] = value.model_dump(mode="json")
    return plain


def _print_json(value: object) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))


def _print_columns(rows: Any) -> None:
    pairs = [(str(name), str(value)) for name, value in rows]
    width = max((len(name) for name, _ in pairs), default=0)
    for name, value in pairs:
        print(f"  {name:<{width}}  {value}")


def _headline(map: "ArgumentMap", id: str) -> str:
    claim = map.claim(id)
    words = (claim.label or claim.text).split() if claim else []
    return " ".join(words[:10]) + ("…" if len(words) > 10 else "")


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


def _print_acceptance(found: "Acceptance") -> None:
    if not found.extensions:
        print("No set of claims can be accepted in that sense.")
    for extension in found.extensions:
        print("{" + ", ".join(extension) + "}")
    if not found.exhaustive:
        print("The search was ended; there may be more.")
    _print_columns((id, label.value) for id, label in found.labels.items())


def _print_comparison(found: "Comparison", one: "ArgumentMap", other: "ArgumentMap") -> None:
    for pair in found.pairs:
        kinds = (
            ""
            if pair.kinds[0] is pair.kinds[1]
            else f", {pair.kinds[0]} here and {pair.kinds[1]} there"
        )
        print(
            f"= {pair.one} is {pair.other} ({pair.by} {pair.likeness:.2f}{kinds}): {_headline(one, pair.one)}"
        )
    for id in found.only_one:
        print(f"+ {id}: {_headline(one, id)}")
    for id in found.only_other:
        print(f"- {id}: {_headline(other, id)}")
    for name in ("claims", "kinds", "relations", "links"):
        score = getattr(found, name)
        print(
            f"{name}: precision {score.precision:.2f}, recall {score.recall:.2f}, F1 {score.f1:.2f}"
        )
    print(f"kappa of kinds {found.kind_kappa:.2f}, of links {found.link_kappa:.2f}")
    if found.cass and found.cass.score is not None:
        print(f"CASS {found.cass.score:.2f}")
