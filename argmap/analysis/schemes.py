"""Argumentation schemes: kinds of steps that recur, what their premises do, and the questions that test them."""

import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files

from argmap.model import Relation
from argmap.model.base import Value

QUESTION_PREFIX = "cq_"


class Aim(StrEnum):
    """What a bad answer to a critical question hits: a premise, the step to the conclusion, or the conclusion."""

    PREMISE = "premise"
    STEP = "step"
    CONCLUSION = "conclusion"


class Premise(Value):
    """One premise of a scheme: its role in a word, and what it says in general."""

    role: str
    text: str


class Question(Value):
    """A critical question: its key, the question, what a bad answer hits, and the bad answer as a claim.

    `key` is unique among all schemes ("cq_expert_opinion_field"), so that a relation that answers it can name it as
    its scheme.
    """

    key: str
    text: str
    aim: Aim
    rebuttal: str


class KnownScheme(Value):
    """An argumentation scheme, in argmap's own words, with the literature that it is after."""

    key: str
    name: str
    premises: tuple[Premise, ...]
    conclusion: str
    questions: tuple[Question, ...]
    after: tuple[str, ...]


LITERATURE = {
    "WRM": "D. Walton, C. Reed, F. Macagno: Argumentation Schemes. Cambridge University Press 2008.",
    "Bench-Capon 2003": "T. Bench-Capon: Persuasion in practical argument using value-based argumentation "
    "frameworks. Journal of Logic and Computation 13 (2003).",
    "Eemeren 1992": "F. van Eemeren, R. Grootendorst: Argumentation, Communication, and Fallacies. Erlbaum 1992.",
    "Hastings 1963": "A. C. Hastings: A Reformulation of the Modes of Reasoning in Argumentation. Dissertation, "
    "Northwestern University 1963.",
    "Kienpointner 1992": "M. Kienpointner: Alltagslogik. Frommann-Holzboog 1992.",
    "Pollock 1995": "J. L. Pollock: Cognitive Carpentry. MIT Press 1995.",
    "Walton 1990": "D. Walton: Practical Reasoning. Rowman and Littlefield 1990.",
    "Walton 1992": "D. Walton: Slippery Slope Arguments. Oxford University Press 1992.",
    "Walton 1996a": "D. Walton: Argumentation Schemes for Presumptive Reasoning. Erlbaum 1996.",
    "Walton 1996b": "D. Walton: Arguments from Ignorance. Pennsylvania State University Press 1996.",
    "Walton 1997a": "D. Walton: Appeal to Expert Opinion. Pennsylvania State University Press 1997.",
    "Walton 1997b": "D. Walton: Appeal to Pity. State University of New York Press 1997.",
    "Walton 1998": "D. Walton: Ad Hominem Arguments. University of Alabama Press 1998.",
    "Walton 1999": "D. Walton: Appeal to Popular Opinion. Pennsylvania State University Press 1999.",
    "Walton 2000": "D. Walton: Scare Tactics. Kluwer 2000.",
    "Walton 2002": "D. Walton: The sunk costs fallacy or argument from waste. Argumentation 16 (2002).",
    "Walton 2004": "D. Walton: Abductive Reasoning. University of Alabama Press 2004.",
    "Walton 2008": "D. Walton: Witness Testimony Evidence. Cambridge University Press 2008.",
}


@cache
def known_schemes() -> dict[str, KnownScheme]:
    """Return the schemes that argmap knows, by key."""
    text = files("argmap.analysis").joinpath("schemes.toml").read_text(encoding="utf-8")
    return {
        key: KnownScheme(
            key=key,
            name=fields["name"],
            premises=tuple(Premise(role=role, text=said) for role, said in fields["premises"]),
            conclusion=fields["conclusion"],
            questions=tuple(
                Question(
                    key=f"{QUESTION_PREFIX}{key}_{word}",
                    text=asked,
                    aim=Aim(aim),
                    rebuttal=rebuttal,
                )
                for word, aim, asked, rebuttal in fields["questions"]
            ),
            after=tuple(fields["after"]),
        )
        for key, fields in tomllib.loads(text).items()
    }


def scheme_of(relation: Relation) -> KnownScheme | None:
    """Return the scheme that a step names, by its key or by its name; None when argmap does not know it."""
    if relation.scheme is None:
        return None
    if relation.scheme.key is not None:
        return known_schemes().get(relation.scheme.key)
    name = (relation.scheme.name or "").casefold().removeprefix("argument from ")
    return next((one for one in known_schemes().values() if one.name.casefold() == name), None)
