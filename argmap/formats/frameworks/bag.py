"""Weighted bipolar argumentation frameworks as Uncertainpy reads them: `arg(a, 0.5).` `att(a, b).` `sup(a, b).`"""

from argmap.formats.frameworks.facts import are_facts, dump_facts, load_facts
from argmap.formats.reading.draft import Draft
from argmap.formats.report import Losses
from argmap.formats.source.content import Content
from argmap.model import ArgumentMap


def sniff(content: Content) -> bool:
    """Recognise facts of arguments with weights."""
    return any(fact.word == "arg" and fact.second is not None for fact in are_facts(content))


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read arguments as claims with weights. Raises FormatError with the line of what is not a fact."""
    return load_facts(content, Draft("bag", losses))


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write claims with their weight (0.5 where there is none), their text as a comment, and relations of claims."""
    return dump_facts(map, "bag", True, losses)
