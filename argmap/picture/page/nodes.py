"""What stands on a page: claims, steps and references, each hung below what it bears on."""

from collections.abc import Iterator, Sequence
from typing import Any

from argmap.model import ArgumentMap, Claim, Relation, RelationKind
from argmap.model.order import Forest
from argmap.picture.cards import Card
from argmap.picture.theme import PAPER

FOLDED = 5  # claims in a chain from which on it may be folded into rows


class Node:
    """A part of a page with all that hangs below it.

    A claim has a `card`. A step has `premises`, which count together, and `cuts`, which bear on the step
    itself; a claim that is a premise and stands elsewhere is a reference there, which has neither. `relation` leads up
    from the node.
    `chain`: where each only hangs below the one before, these claims from the node on; for the first of them alone.
    """

    __slots__ = (
        "card",
        "chain",
        "claim",
        "cuts",
        "depth",
        "front",
        "kids",
        "look",
        "premises",
        "relation",
        "rows",
        "sizes",
    )

    def __init__(self, claim: Claim | None, card: Card | None, relation: Relation | None) -> None:
        """Hang a claim, or with neither claim nor card a step, by a relation; None for the root of a tree."""
        self.claim, self.card, self.relation = claim, card, relation
        self.look = PAPER  # of a reference
        self.kids: list[Node] = []
        self.premises: list[Node] = []
        self.cuts: list[Node] = []
        self.depth = 0
        self.chain: list[Node] = []
        self.sizes: list[tuple[int, int]] = []
        self.rows: Any = None  # of the kids, and the front of all: worked out by sizes.py
        self.front: Any = None

    @property
    def kind(self) -> RelationKind:
        """What the node does to what it hangs below."""
        return self.relation.kind if self.relation else RelationKind.SUPPORTS

    def bond(self) -> Relation:
        """Return the relation by which this hangs; raise ValueError for a root."""
        if self.relation is None:
            raise ValueError("the root of a tree hangs by no relation")
        return self.relation

    def is_step(self) -> bool:
        """Say whether this is a step, not a claim or a reference to one."""
        return bool(self.premises)

    def is_family(self) -> bool:
        """Say whether more hangs on this than one card."""
        return bool(self.kids or self.premises)

    def parts(self) -> Iterator["Node"]:
        """Yield what this consists of and what hangs below it."""
        yield from self.premises
        yield from self.cuts
        yield from self.kids


def grown(
    whole: ArgumentMap, trees: Forest, cards: dict[str, Card]
) -> tuple[list[Node], list[Node]]:
    """Return the trees of a map as nodes, parents before their children, and its roots among them."""
    nodes = {
        claim.id: Node(claim, cards[claim.id], trees.above.get(claim.id)) for claim in whole.claims
    }
    steps: dict[str, Node] = {}
    for relations in trees.below.values():
        for relation in relations:
            if relation.id in trees.steps:
                step = steps[relation.id] = Node(None, None, relation)
                own = set(trees.own(relation))
                for source in dict.fromkeys(relation.sources):
                    premise = nodes[source] if source in own else None
                    if premise is None:
                        premise = Node(cards[source].claim, None, relation)
                        premise.look = cards[source].face.look
                    step.premises.append(premise)
    for target, relations in trees.below.items():
        for relation in relations:
            node = steps.get(relation.id) or nodes[relation.sources[0]]
            if target in nodes:
                nodes[target].kids.append(node)
            else:
                steps[target].cuts.append(node)
    roots = [nodes[claim.id] for claim in trees.roots]
    order = list(roots)
    for node in order:  # grows while it is read
        for part in node.premises:
            part.depth = node.depth
        for part in (*node.cuts, *node.kids):
            part.depth = node.depth + 1
        order.extend(node.parts())
    chained: set[int] = set()
    for node in order:
        if node.card and id(node) not in chained:
            chain = _chain(node)
            chained.update(map(id, chain))
            node.chain = chain if len(chain) >= FOLDED else []
    return order, roots


def _chain(node: Node) -> list[Node]:
    chain = [node]
    while len(chain[-1].kids) == 1 and chain[-1].kids[0].card:
        chain.append(chain[-1].kids[0])
    return chain


def kinds_of(nodes: Sequence[Node]) -> list[RelationKind]:
    """Return the kinds of some siblings, in the order in which they stand."""
    return list(dict.fromkeys(node.kind for node in nodes))
