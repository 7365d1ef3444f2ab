"""A map as the lines of an outline: each thesis with what speaks for and against it, however tangled the map is."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from argmap.formats.report import Losses, LossKind
from argmap.model import ArgumentMap, Article, Claim, ClaimKind, Relation, Source
from argmap.model.order import among_siblings, places

MAX_DEPTH = 12  # deeper reasons start a new outline at the margin, so that a long chain stays linear in size


class Line(NamedTuple):
    """One line of an outline.

    `relation` is the step that leads from this line to the one it stands under; None at the margin. `claim` is None
    for the head of a group of linked sources, which follow one deeper with `linked` set. `on_step`: the relation leads
    to a step, not to a claim. `again`: the claim is written out elsewhere; `continued`: below, at the margin.
    """

    depth: int
    claim: Claim | None
    relation: Relation | None = None
    linked: bool = False
    on_step: bool = False
    again: bool = False
    continued: bool = False


def outline(map: ArgumentMap) -> Iterator[Line]:
    """Yield the lines of the outline; every claim is written out once and every relation appears once."""
    incoming: defaultdict[str, list[Relation]] = defaultdict(list)
    outgoing: set[str] = set()
    for relation in map.relations:
        incoming[relation.target].append(relation)
        outgoing.update(relation.sources)
    place = places(map)
    for relations in incoming.values():
        relations.sort(key=among_siblings(place))
    roots = [claim for claim in map.claims if claim.kind is ClaimKind.THESIS]
    roots += [c for c in map.claims if c.kind is not ClaimKind.THESIS and c.id not in outgoing]
    roots.sort(key=lambda claim: (claim.kind is not ClaimKind.THESIS, place[claim.id]))
    written: set[str] = set()
    walked: set[str] = set()
    for root in (*roots, *map.claims):
        later = [root]
        while later:
            start = later.pop(0)
            if start.id not in written:
                yield from _under(start, map, incoming, written, walked, later)


def cited(source: Source) -> str:
    """Say in one line what a source is, with its link."""
    return ", ".join(dict.fromkeys(part for part in (source.citation(), source.url) if part))


def report_article(map: ArgumentMap, losses: Losses, linked: bool = False) -> None:
    """Report an article of which more is known than its citation, which may be linked."""
    article = map.article
    if article is not None and article != Article(
        title=article.title,
        authors=article.authors,
        publication=article.publication,
        published=article.published,
        url=article.url if linked else None,
    ):
        losses.add(
            LossKind.ARTICLE, "Only authors, title, publication and date of the article are kept."
        )


def _under(
    root: Claim,
    map: ArgumentMap,
    incoming: dict[str, list[Relation]],
    written: set[str],
    walked: set[str],
    later: list[Claim],
) -> Iterator[Line]:
    stack = [Line(0, root)]
    while stack:
        line = stack.pop()
        claim = line.claim
        if claim is not None and claim.id in written:
            line = line._replace(again=True)
        elif claim is not None and line.depth >= MAX_DEPTH and incoming.get(claim.id):
            later.append(claim)
            line = line._replace(continued=True)
        yield line
        below: list[Line] = []
        if claim is None and line.relation is not None:
            below += [
                Line(line.depth + 1, map.claim(source), line.relation, linked=True)
                for source in line.relation.sources
            ]
        elif claim is not None and not line.again and not line.continued:
            written.add(claim.id)
            below += _steps_to(claim.id, line.depth + 1, map, incoming, walked, on_step=False)
        if line.relation is not None and not line.linked:
            below += _steps_to(
                line.relation.id, line.depth + 1, map, incoming, walked, on_step=True
            )
        stack.extend(reversed(below))


def _steps_to(
    target: str,
    depth: int,
    map: ArgumentMap,
    incoming: dict[str, list[Relation]],
    walked: set[str],
    on_step: bool,
) -> Iterator[Line]:
    for relation in incoming.get(target, ()):
        if relation.id not in walked:
            walked.add(relation.id)
            single = map.claim(relation.sources[0]) if len(relation.sources) == 1 else None
            yield Line(depth, single, relation, on_step=on_step)
