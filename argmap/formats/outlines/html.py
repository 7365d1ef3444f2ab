"""The outline of a map as a web page that stands alone: headings, nested lists, an anchor for each claim, no script."""

import unicodedata
from html import escape

from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import name_of, report_schemes
from argmap.formats.writing.outline import Line, outline, report_article
from argmap.formats.writing.report_unsaid import report_unsaid
from argmap.model import ArgumentMap, Claim, Relation, RelationKind

_SAID = frozenset(
    {"title", "language", "kind", "claim.label", "claim.implicit", "claim.quotes", "claim.speaker", "claim.source",
     "relation.scheme", "relation.label", "relation.implicit"}
)  # fmt: skip
_VERBS = {
    RelationKind.SUPPORTS: "supported by",
    RelationKind.ATTACKS: "attacked by",
    RelationKind.RESTATES: "restated by",
}
_STYLE = """\
:root{color-scheme:light dark;--ink:#1c2530;--soft:#55616e;--paper:#fff;
--line:#c9d1d9;--for:#1f5a92;--against:#9b2c1d}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e8ecf0;--soft:#a9b4bf;--paper:#14191f;
--line:#414c57;--for:#8cbcec;--against:#f0998c}}
body{max-width:48rem;margin:0 auto;padding:1.5rem 1rem 4rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 Inter,system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.25;margin:0}
h2{font-size:1.15rem;line-height:1.35;margin:2.2rem 0 .3rem}
p{margin:.25rem 0}
ul{list-style:none;margin:.35rem 0;padding-inline-start:clamp(.5rem,2vw,1.1rem);
border-inline-start:2px solid var(--line)}
li{margin:.55rem 0}
.text{white-space:pre-line}
.facts,.id{color:var(--soft);font-size:.875rem;font-weight:400}
em{font-style:normal;font-weight:650;color:var(--soft)}
em.supports{color:var(--for)}
em.attacks{color:var(--against)}
blockquote{margin:.25rem 0;padding-inline-start:.8rem;color:var(--soft);font-style:italic;white-space:pre-line}
a{color:var(--for)}
a.id{text-decoration:none}
:target{outline:3px solid var(--for);outline-offset:3px}
:focus-visible{outline:3px solid var(--against);outline-offset:2px}
@media print{
@page{margin:18mm}
:root{--ink:#000;--soft:#333;--paper:#fff;--line:#999;--for:#000;--against:#000}
body{max-width:none;padding:0;font-size:10.5pt}
h1,h2{break-after:avoid}
p,blockquote{break-inside:avoid}
a{text-decoration:none}
.source[href]::after{content:" (" attr(href) ")"}
}
"""


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write each thesis as a section, and below it what supports, attacks and undercuts it, as lists in lists."""
    report_unsaid(map, "html", _SAID | {"article"}, losses)
    report_article(map, losses, linked=True)
    report_schemes(map.relations, losses)
    losses.add(
        LossKind.QUOTE,
        "Quotes keep their words, not their places in the article.",
        (
            claim.id
            for claim in map.claims
            if any(quote.start is not None for quote in claim.quotes)
        ),
    )
    foreign = map.language and not map.language.lower().startswith(
        "en"
    )  # the words between are English
    told = f' lang="{map.language}" dir="auto"' if foreign else ' dir="auto"'
    title = _shown(map.title or (map.article.title if map.article else "")) or "Argument map"
    direction = "rtl" if _runs_leftwards(map) else "ltr"
    parts = [
        f'<!doctype html>\n<html lang="en" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1{told}>{title}</h1>\n"
    ]
    if map.article is not None:
        words = f"<span{told}>{_shown(map.article.citation())}</span>"
        url = map.article.url
        parts.append(f'<p class="facts">A reading of {_linked(words, url)}</p>\n')
    parts += _sections(map, told)
    parts.append("</main>\n</body>\n</html>\n")
    return "".join(parts)


def _sections(map: ArgumentMap, told: str) -> list[str]:
    parts: list[str] = []
    deep = -1  # lists that are open; none and no section either at the beginning
    for line in outline(map):
        if line.depth == 0:
            parts.append("</li>\n</ul>\n" * deep + ("</section>\n" if deep >= 0 else ""))
            parts.append("<section>\n")
        elif line.depth > deep:
            parts.append('<ul role="list">\n')
        else:
            parts.append("</li>\n" + "</ul>\n</li>\n" * (deep - line.depth))
        deep = line.depth
        parts.append(_item(line, told) if deep else _head(line, told))
    parts.append("</li>\n</ul>\n" * deep + ("</section>\n" if deep >= 0 else ""))
    return parts


def _head(line: Line, told: str) -> str:
    """Write what stands at the margin, which is always a claim."""
    if line.claim is None:
        return ""
    return (
        f'<h2 id="claim-{line.claim.id}">{_named(line.claim, told)}</h2>\n{_body(line.claim, told)}'
    )


def _item(line: Line, told: str) -> str:
    lead = "" if line.relation is None or line.linked else _lead(line.relation, line.on_step, told)
    claim = line.claim
    if claim is None:
        together = _listed(line.relation.sources) if line.relation else ""
        return f"<li>\n<p>{lead}{together} together:</p>\n"
    if line.again or line.continued:
        link = f'<a href="#claim-{claim.id}">{claim.kind} {claim.id}</a>'
        return f"<li>\n<p>{lead}{link} (written out {'below' if line.continued else 'elsewhere'})</p>\n"
    return f'<li id="claim-{claim.id}">\n<p>{lead}{_named(claim, told)}</p>\n{_body(claim, told)}'


def _lead(relation: Relation, on_step: bool, told: str) -> str:
    verb = _VERBS[relation.kind]
    if on_step:  # which of the steps to a claim it is can be followed by its name
        verb = "undercut by" if relation.kind is RelationKind.ATTACKS else verb
        target = f'<a href="#relation-{relation.target}">step {relation.target}</a>'
        verb = f"this {target} is {verb}"
    scheme = name_of(relation.scheme) if relation.scheme else None
    details = [f"<span{told}>{_shown(part)}</span>" for part in (relation.label, scheme) if part]
    details += ["implicit"] if relation.implicit else []
    more = f' <span class="facts">({"; ".join(details)})</span>' if details else ""
    return f'<em id="relation-{relation.id}" class="{relation.kind}">{verb}</em>{more} '


def _named(claim: Claim, told: str) -> str:
    kind = f"Implicit {claim.kind}" if claim.implicit else claim.kind.capitalize()
    label = f": <b{told}>{_shown(claim.label)}</b>" if claim.label else ""
    return f'{kind} <a class="id" href="#claim-{claim.id}">{claim.id}</a>{label}'


def _body(claim: Claim, told: str) -> str:
    parts = [f'<p class="text"{told}>{_shown(claim.text)}</p>\n']
    parts += [f"<blockquote{told}>{_shown(quote.exact)}</blockquote>\n" for quote in claim.quotes]
    facts = [f"said by <span{told}>{_shown(claim.speaker)}</span>"] if claim.speaker else []
    if claim.source:
        words = f"<span{told}>{_shown(claim.source.citation())}</span>"
        facts.append(f"source: {_linked(words, claim.source.url)}")
    if facts:
        parts.append(f'<p class="facts">{"; ".join(facts)}</p>\n')
    return "".join(parts)


def _linked(words: str, url: str | None) -> str:
    if not url:
        return words
    return f'<a class="source" href="{escape(url)}" rel="nofollow noopener noreferrer">{words}</a>'


def _listed(ids: tuple[str, ...]) -> str:
    return f"{', '.join(ids[:-1])} and {ids[-1]}" if len(ids) > 1 else "".join(ids)


def _shown(text: str) -> str:
    return escape(text, quote=False)


def _runs_leftwards(map: ArgumentMap) -> bool:
    """Tell whether most claims begin in a script that runs from right to left (Unicode Standard Annex 9, rule P2)."""
    leftwards = 0
    for claim in map.claims:
        classes = (unicodedata.bidirectional(letter) for letter in claim.text)
        leftwards += next((each for each in classes if each in ("L", "R", "AL")), "L") != "L"
    return leftwards * 2 > len(map.claims)
