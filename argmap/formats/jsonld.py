"""JSON-LD for the web of data: schema.org for article and claims, Web Annotation for quotes, AIF for the relations."""

import json
from typing import Any

from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import name_of
from argmap.formats.writing.report_unsaid import report_unsaid
from argmap.model import ArgumentMap, Article, Claim, Quote, Relation, RelationKind, Source

CONTEXT = {
    "@vocab": "https://schema.org/",
    "aif": "http://www.arg.dundee.ac.uk/aif#",
    "oa": "http://www.w3.org/ns/oa#",
    "argmap": "urn:argmap:terms:",
    "aif:Premise": {"@type": "@id"},
    "aif:Conclusion": {"@type": "@id"},
    "aif:ConflictingElement": {"@type": "@id"},
    "aif:ConflictedElement": {"@type": "@id"},
    "oa:hasBody": {"@type": "@id"},
    "oa:hasSource": {"@type": "@id"},
    "appearance": {"@type": "@id"},
    "url": {"@type": "@id"},
    "additionalType": {"@type": "@id"},
}
_SAID = frozenset(
    {"title", "language", "article", "kind", "claim.label", "claim.implicit", "claim.quotes", "claim.speaker",
     "claim.source", "claim.tags", "claim.weight", "relation.scheme", "relation.label", "relation.weight",
     "relation.implicit", "claim.note", "relation.note"}
)  # fmt: skip
_TYPES = {
    RelationKind.SUPPORTS: "aif:RA-node",
    RelationKind.ATTACKS: "aif:CA-node",
    RelationKind.RESTATES: "aif:MA-node",
}


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write a graph of the article (OpinionNewsArticle), its claims, an annotation for each quote, and the relations.

    Names within the file are relative ("#c7"), so that they are as long-lived as the address it is found at.
    """
    report_unsaid(map, "jsonld", _SAID, losses)
    if any(quote.confidence is not None for claim in map.claims for quote in claim.quotes):
        losses.add(LossKind.QUOTE, "With what confidence a quote was found again is left out.")
    about = {"@id": "#map", "@type": "Dataset", "name": map.title or "Argument map"}
    graph: list[dict[str, Any]] = [about | ({"inLanguage": map.language} if map.language else {})]
    if map.article is not None:
        about_article = _article(map.article)
        graph[0]["about"] = {"@id": "#article"}
        graph.append(about_article)
    for claim in map.claims:
        graph.append(_claim(claim, map.article is not None))
        graph += [
            _annotation(claim, number, quote, map.article is not None)
            for number, quote in enumerate(claim.quotes, start=1)
        ]
    graph += [_relation(relation) for relation in map.relations]
    return json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", [], False)}


def _article(article: Article) -> dict[str, Any]:
    return _present(
        {
            "@id": "#article",
            "@type": "OpinionNewsArticle",
            "headline": article.title,
            "author": [{"@type": "Person", "name": name} for name in article.authors],
            "publisher": {"@type": "Organization", "name": article.publication}
            if article.publication
            else None,
            "url": article.url,
            "datePublished": article.published.isoformat() if article.published else None,
            "inLanguage": article.language,
            "articleBody": article.text,
            "copyrightNotice": article.rights,
        }
    )


def _claim(claim: Claim, in_article: bool) -> dict[str, Any]:
    return _present(
        {
            "@id": f"#{claim.id}",
            "@type": ["Claim", "aif:I-node"],
            "text": claim.text,
            "aif:claimText": claim.text,
            "name": claim.label,
            "additionalType": f"urn:argmap:terms:{claim.kind.value}",
            "author": {"@type": "Person", "name": claim.speaker} if claim.speaker else None,
            "appearance": "#article" if in_article and claim.quotes else None,
            "citation": _citation(claim.source) if claim.source else None,
            "keywords": list(claim.tags),
            "argmap:implicit": claim.implicit,
            "argmap:weight": claim.weight,
            "comment": {"@type": "Comment", "text": claim.note} if claim.note else None,
        }
    )


def _citation(source: Source) -> dict[str, Any]:
    return _present(
        {
            "@type": "CreativeWork",
            "name": source.title,
            "author": source.author,
            "publisher": source.publication,
            "dateCreated": source.date,
            "url": source.url,
        }
    )


def _annotation(claim: Claim, number: int, quote: Quote, in_article: bool) -> dict[str, Any]:
    selectors: list[dict[str, Any]] = [
        _present(
            {
                "@type": "oa:TextQuoteSelector",
                "oa:exact": quote.exact,
                "oa:prefix": quote.prefix,
                "oa:suffix": quote.suffix,
            }
        )
    ]
    if quote.start is not None:
        selectors.append(
            {"@type": "oa:TextPositionSelector", "oa:start": quote.start, "oa:end": quote.end}
        )
    return {
        "@id": f"#{claim.id}-quote-{number}",
        "@type": "oa:Annotation",
        "oa:motivatedBy": {"@id": "oa:identifying"},
        "oa:hasBody": f"#{claim.id}",
        "oa:hasTarget": {
            **({"oa:hasSource": "#article"} if in_article else {}),
            "oa:hasSelector": selectors,
        },
        "argmap:state": quote.state.value,
    }


def _relation(relation: Relation) -> dict[str, Any]:
    sources, target = [f"#{source}" for source in relation.sources], f"#{relation.target}"
    if relation.kind is RelationKind.ATTACKS:
        ends: dict[str, Any] = {"aif:ConflictingElement": sources, "aif:ConflictedElement": target}
    else:
        ends = {"aif:Premise": sources, "aif:Conclusion": target}
    scheme = relation.scheme
    return _present(
        {
            "@id": f"#{relation.id}",
            "@type": _TYPES[relation.kind],
            **ends,
            "name": relation.label,
            "argmap:scheme": name_of(scheme) if scheme else None,
            "argmap:schemeKey": scheme.key if scheme else None,
            "argmap:implicit": relation.implicit,
            "argmap:weight": relation.weight,
            "comment": {"@type": "Comment", "text": relation.note} if relation.note else None,
        }
    )
