"""`argmap accept`, `strength`, `explain`, `questions`, `compare`: what can be said about a map."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from argmap.cli import annotations, files, folders
from argmap.cli.answers import Json, choice, plain, print_columns, print_json
from argmap.cli.maps import From, each, load

if TYPE_CHECKING:
    from argmap.analysis.acceptability import Acceptance
    from argmap.analysis.comparison import Annotation, Comparison
    from argmap.model import ArgumentMap

File = Annotated[
    str, typer.Argument(metavar="FILE", help='A file with a map; "-" is standard input.')
]
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
    for command in (folders.check, folders.stats, accept, strength, explain, questions, compare):
        app.command(command.__name__)(command)


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

    chosen = choice(analysis.Semantics, semantics, "--semantics")
    reading = choice(analysis.Support, support, "--support")

    def answer(map: "ArgumentMap") -> None:
        found = analysis.accept(map, chosen, reading, limit=limit, seconds=seconds)
        if full:
            print_json(plain(found))
        elif as_json:
            print_json(found.extensions)
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

    chosen = choice(analysis.Gradual, semantics, "--semantics")
    joined = choice(analysis.Linked, linked, "--linked")

    def answer(map: "ArgumentMap") -> None:
        found = analysis.strength(map, chosen, joined)
        if full:
            print_json(plain(found))
        elif as_json:
            print_json(found.claims)
        else:
            print_columns(
                (id, f"{value:.3f}  {_headline(map, id)}") for id, value in found.claims.items()
            )
            if found.iteration and not found.iteration.converged:
                print(
                    "The map has circles and its strengths did not come to rest: they do not answer the question."
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

    chosen = choice(analysis.Gradual, semantics, "--semantics")
    joined = choice(analysis.Linked, linked, "--linked")

    def answer(map: "ArgumentMap") -> None:
        found = explanation_of(map, claim, chosen, joined, seconds=seconds)
        if as_json:
            print_json(plain(found))
            return
        print(found.words)
        sampled = f", {found.samples} orders drawn" if found.samples else ""
        print(f"without it / its share{sampled} / slope by its weight:")
        print_columns(
            (
                one.claim,
                "  ".join([*_signed(one.removal, one.shapley, one.gradient), _headline(map, one.claim)]),
            )
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
    as_map: Annotated[
        bool,
        typer.Option(
            "--map", help="Print the map with its open questions drawn in, for `argmap render -`."
        ),
    ] = False,
) -> None:
    """Ask of each step the critical questions of its scheme."""
    from argmap import formats
    from argmap.analysis.questions import questions_of, with_open_questions

    def answer(map: "ArgumentMap") -> None:
        if as_map:
            files.write("-", formats.dump(with_open_questions(map), "json").data)
            return
        found = questions_of(map)
        asked = found.open if only_open else found.questions
        if as_json:
            print_json({"questions": [plain(one) for one in asked], "unknown": found.unknown})
            return
        step = None
        for one in asked:
            if one.relation != step:
                step = one.relation
                print(f"{step} reads: {' '.join(one.premises)}")
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
    from argmap.analysis.comparison import cass
    from argmap.analysis.comparison import compare as comparison_of

    maps: list[ArgumentMap] = []
    dialogues: list[Annotation] = []

    def read(name: str) -> None:
        loaded = load(name)
        maps.append(loaded.map)
        if loaded.format in annotations.FORMATS and name != "-":
            dialogues.append(annotations.annotation(files.read(name)))

    each([path, reference], read)
    found = comparison_of(*maps)
    spoken = cass(*dialogues) if len(dialogues) == 2 else None
    if as_json:
        print_json({**plain(found), "annotation_cass": spoken and plain(spoken)})
        return
    _print_comparison(found, *maps)
    if spoken and spoken.score is not None:
        print(f"CASS of the annotations, dialogue included: {spoken.score:.4f}")


def _one(path: str, source: str | None, answer: Callable[["ArgumentMap"], None]) -> None:
    each([path], lambda name: answer(load(name, source).map))


def _headline(map: "ArgumentMap", id: str) -> str:
    from argmap.analysis.naming import headline

    claim = map.claim(id)
    return headline(claim, words=10) if claim else ""


def _print_acceptance(found: "Acceptance") -> None:
    if not found.extensions:
        print("No set of claims can be accepted in that sense.")
    for extension in found.extensions:
        print("{" + ", ".join(extension) + "}")
    if not found.exhaustive:
        print("The search was ended; there may be more.")
    print_columns((id, label.value) for id, label in found.labels.items())


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
        print(f"CASS of the maps: {found.cass.score:.4f}")


def _signed(*values: float | None) -> list[str]:
    """Write contributions; a dash stands for one that was not found in time."""
    return ["   -  " if value is None else f"{value:+.3f}" for value in values]
