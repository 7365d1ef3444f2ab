"""apx, in which solvers of abstract argumentation frameworks read arguments and attacks: `arg(a).` `att(a, b).`"""

from argmap.formats.frameworks.facts import are_facts, dump_facts, load_facts
from argmap.formats.reading.draft import Draft
from argmap.formats.report import Losses
from argmap.formats.source.content import Content
from argmap.model import ArgumentMap


def sniff(content: Content) -> bool:
    """Recognise facts of arguments without weights."""
    found = are_facts(content)
    return bool(found) and not any(fact.word == "arg" and fact.second is not None for fact in found)


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read arguments as claims and attacks as attacks. Raises FormatError with the line of what is not a fact."""
    return load_facts(content, Draft("apx", losses))


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write claims, their text as a comment on the next line, and attacks of claims on claims; no supports."""
    return dump_facts(map, "apx", False, losses)
