"""What an article, an argument map, a claim, a relation and a quote are: frozen, valid by construction."""

from argmap.model.anchors import Anchoring, Anchors, anchor, anchored_map, anchored_quotes
from argmap.model.article import Article
from argmap.model.changes import Change, ChangeKind, apply, difference, invert
from argmap.model.claim import Claim, ClaimKind, Origin, Passage, Quote, QuoteState, Source
from argmap.model.map import ArgumentMap, Counters, canonical, parse_map
from argmap.model.relation import Relation, RelationKind, Scheme

__all__ = [
    "Anchoring",
    "Anchors",
    "ArgumentMap",
    "Article",
    "Change",
    "ChangeKind",
    "Claim",
    "ClaimKind",
    "Counters",
    "Origin",
    "Passage",
    "Quote",
    "QuoteState",
    "Relation",
    "RelationKind",
    "Scheme",
    "Source",
    "anchor",
    "anchored_map",
    "anchored_quotes",
    "apply",
    "canonical",
    "difference",
    "invert",
    "parse_map",
]
