"""Rules about single claims and their words: evidence, quotes, length, duplicates."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from rapidfuzz import fuzz

from argmap.analysis.naming import name_of, named
from argmap.analysis.review.finding import Found, Rule, Severity
from argmap.analysis.shape import Shape
from argmap.model import Claim, ClaimKind, QuoteState, RelationKind

LONGEST = 30  # words
SHARED_WORDS = 0.6  # of the words of two claims together
ALIKE = 85  # of 100, rapidfuzz's token_sort_ratio

_MOST_LOOKS = 500_000

_WORD = re.compile(r"\w+")
_DENIALS = frozenset(
    {
        "not",
        "no",
        "never",
        "nor",
        "neither",
        "none",
        "nobody",
        "nothing",
        "without",
        "t",
        "cannot",
        "non",
    }
)


_NAME = re.compile(r"[\w,;:)][ \t]+(?:[\"'“‘(])?([A-Z]\w+)")  # with a word before it
_FULL_NAME = re.compile(r"([A-Z]\w+) [A-Z]\w+")
_FRAME = 3  # words around a claim that make another of it, with one of these among them
_FRAMING = frozenset(
    {"that", "when", "if", "whether", "because", "is", "are", "was", "were", "means"}
)
# Words beside which it matters what stands before and what after.
_ROLES = frozenset({"is", "are", "was", "were", "to", "from", "by", "for", "than", "without"})
_NUMBERS = frozenset(
    _WORD.findall(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million "
        "billion dozen first second third fourth fifth sixth seventh eighth ninth tenth half quarter twice once double "
        "triple both"
    )
)
_TURNED = frozenset({"un", "in", "im", "il", "ir", "dis", "non", "anti", "mis", "de", "counter"})
_PAIRS = """more less, more fewer, most least, increase decrease, increases decreases, increase reduce, increases
    reduces, increased decreased, increased reduced, high low, higher lower, highest lowest, raise lower, raise cut,
    raised lowered, raises lowers, rise fall, rises falls, rising falling, good bad, better worse, best worst, safe
    dangerous, right wrong, always never, always sometimes, all some, all few, many few, before after, rich poor, men
    women, man woman, boys girls, boy girl, male female, public private, win lose, wins loses, help harm, helps harms,
    helpful harmful, beneficial harmful, allow forbid, allow ban, allowed forbidden, allowed banned, allowed prohibited,
    support oppose, supports opposes, supporters opponents, with without, true false, strong weak, stronger weaker, old
    new, old young, older younger, older newer, accept reject, war peace, easy hard, easy difficult, easier harder,
    cheap expensive, cheaper expensive, early late, earlier later, long short, longer shorter, large small, larger
    smaller, big small, bigger smaller, major minor, positive negative, advantages disadvantages, pros cons, start end,
    begin end, open closed, success failure, succeed fail, succeeds fails, love hate, guilty innocent, left right, north
    south, east west, inside outside, above below, up down, in out, on off, over under, for against, maximum minimum,
    majority minority, liberal conservative, democrats republicans, democrat republican, buy sell, give take, gain loss,
    gains losses, benefits costs, benefit cost, benefits harms, benefit harm, must may, must could, will might, children
    adults, parents children, teachers students, mandatory optional, required optional, compulsory voluntary, urban
    rural, domestic foreign, developed developing, day night, summer winter, morning evening, yes no"""
_OPPOSITES: dict[str, set[str]] = {}
for _pair in _PAIRS.split(","):
    _one, _other = _pair.split()
    _OPPOSITES.setdefault(_one, set()).add(_other)
    _OPPOSITES.setdefault(_other, set()).add(_one)


def _bare_evidence(shape: Shape) -> Iterator[Found]:
    for claim in shape.map.claims:
        if claim.kind is ClaimKind.EVIDENCE and claim.source is None and not claim.quotes:
            yield Found(
                f"The evidence {name_of(claim)} has neither source nor quote: say where it can be checked.",
                (claim.id,),
            )


def _argued_evidence(shape: Shape) -> Iterator[Found]:
    for claim in shape.map.claims:
        if claim.kind is not ClaimKind.EVIDENCE:
            continue
        for relation in shape.supports_of(claim.id):
            below = [shape.map.claim(source) for source in relation.sources]
            argued = tuple(one.id for one in below if one and one.kind is not ClaimKind.EVIDENCE)
            if argued:
                yield Found(
                    f"The evidence {name_of(claim)} rests on {', '.join(named(shape.map, one) for one in argued)}: "
                    "what needs reasons is a premise, so call it one.",
                    (claim.id, *argued),
                    (relation.id,),
                )


def _orphaned_quote(shape: Shape) -> Iterator[Found]:
    for claim in shape.map.claims:
        lost = sum(quote.state is QuoteState.ORPHAN for quote in claim.quotes)
        if lost:
            yield Found(
                f"{lost} quote{'s' if lost > 1 else ''} of {name_of(claim)} cannot be found in the article: "
                "quote its present words, or remove the quote.",
                (claim.id,),
            )


def _long_claim(shape: Shape) -> Iterator[Found]:
    for claim in shape.map.claims:
        words = len(claim.text.split())
        if words > LONGEST:
            yield Found(
                f"{name_of(claim)} has {words} words: split it, or shorten it to at most {LONGEST}.",
                (claim.id,),
            )


def _near_duplicate(shape: Shape) -> Iterator[Found]:
    joined = {
        frozenset((source, relation.target))
        for relation in shape.map.relations
        if relation.kind is not RelationKind.SUPPORTS
        for source in relation.sources
    }
    for one, other in near_duplicates(shape.map.claims):
        if frozenset((one.id, other.id)) not in joined:
            yield Found(
                f"{name_of(one)} and {name_of(other)} say nearly the same: "
                "merge them, or mark one as restating the other.",
                (one.id, other.id),
            )


def near_duplicates(claims: tuple[Claim, ...]) -> Iterator[tuple[Claim, Claim]]:
    """Yield each claim that says nearly the same as an earlier one, after the first such one.

    Of the different words of two claims at least 60 % are in both, and their sorted words are alike by 85 of 100
    (rapidfuzz). Claims that differ in a number (in digits or words), in a denial, in a word and its opposite, in a
    name or in who does what to whom say different things; so does one that says more around the other. Only claims
    that share one of their rarest words are compared: with that share of common words they must (prefix filtering,
    Chaudhuri, Ganti
    and Kaushik 2006). The search ends after half a million looks at a pair.
    """
    words = [frozenset(_WORD.findall(claim.text.casefold())) for claim in claims]
    count = Counter(word for found in words for word in found)
    seen: defaultdict[str, list[int]] = defaultdict(list)
    looks = 0
    for number, found in enumerate(words):
        rarest = sorted(found, key=lambda word: (count[word], word))
        prefix = rarest[: len(found) - math.ceil(SHARED_WORDS * len(found) - 1e-9) + 1]
        looks += sum(len(seen[word]) for word in prefix)
        if looks > _MOST_LOOKS:
            return
        score = 0.0
        for earlier in sorted({earlier for word in prefix for earlier in seen[word]}):
            score = _alike(claims[earlier].text, claims[number].text, words[earlier], found)
            if score:
                yield claims[earlier], claims[number]
                break
        if score < 100:  # what is like a claim of the very same words is like the earlier one too
            for word in prefix:
                seen[word].append(number)


def _alike(one: str, other: str, words: frozenset[str], others: frozenset[str]) -> float:
    """Return how alike two claims are (85..100), or 0 when they do not say the same."""
    fewer, more = min(len(words), len(others)), max(len(words), len(others))
    if fewer < SHARED_WORDS * more - 1e-9:
        return 0.0
    both = len(words & others)
    if both < SHARED_WORDS * (fewer + more - both) - 1e-9:
        return 0.0
    apart = words ^ others
    if apart & _DENIALS or any(word[0].isdigit() or word in _NUMBERS for word in apart):
        return 0.0
    here, there = words - others, others - words
    if any(_opposite(word, other) for word in here for other in there):
        return 0.0
    if _named_otherwise(here & _names(one), others) or _named_otherwise(
        there & _names(other), words
    ):
        return 0.0
    if _framed(one, other) or (not apart and _turned_round(one, other)):
        return 0.0
    return fuzz.token_sort_ratio(one.casefold(), other.casefold(), score_cutoff=ALIKE)


def _opposite(one: str, other: str) -> bool:
    if other in _OPPOSITES.get(one, ()):
        return True
    short, long = sorted((one, other), key=len)
    return len(short) > 3 and long.endswith(short) and long[: -len(short)] in _TURNED


def _names(text: str) -> frozenset[str]:
    """Return the words, in small letters, that are written with a capital within a sentence, or as two at its start."""
    found = {match[1].casefold() for match in _NAME.finditer(text)}
    first = _FULL_NAME.match(text)
    return frozenset(found | ({first[1].casefold()} if first else set()))


def _named_otherwise(names: frozenset[str], others: frozenset[str]) -> bool:
    """Say whether there is a name here that the other claim has not, nor another spelling of it."""
    return any(all(fuzz.ratio(name, word) < ALIKE for word in others) for name in names)


def _framed(one: str, other: str) -> bool:
    """Say whether one claim is the other with more around it: who says so, or what that means."""
    short, long = sorted((_WORD.findall(each.casefold()) for each in (one, other)), key=len)
    more = len(long) - len(short)
    if more < _FRAME or not short:
        return False
    for begin in range(more + 1):
        if long[begin : begin + len(short)] == short:
            around = {*long[:begin], *long[begin + len(short) :]}
            return bool(around & _FRAMING)
    return False


def _turned_round(one: str, other: str) -> bool:
    """Say whether two claims of the same words have them in another order, beyond what is moved from end to end."""
    first, second = (_WORD.findall(each.casefold()) for each in (one, other))
    if len(first) != len(second) or first == second or not _ROLES & set(first):
        return False
    return not any(second == first[at:] + first[:at] for at in range(1, len(first)))


RULES = (
    Rule(
        "bare-evidence",
        Severity.WARNING,
        "Evidence without source and without quote",
        "Evidence is what can be checked; somebody has to be able to.",
        _bare_evidence,
    ),
    Rule(
        "argued-evidence",
        Severity.WARNING,
        "Evidence that rests on a premise",
        "Evidence is checked, not argued for; other evidence may confirm it.",
        _argued_evidence,
    ),
    Rule(
        "orphaned-quote",
        Severity.WARNING,
        "A quote that is no longer found in the article",
        "The article was corrected and the quoted words are gone.",
        _orphaned_quote,
    ),
    Rule(
        "long-claim",
        Severity.NOTE,
        f"A claim of more than {LONGEST} words",
        "A claim that long mostly makes several points, of which one can be attacked and another not.",
        _long_claim,
    ),
    Rule(
        "near-duplicate",
        Severity.WARNING,
        "Two claims that say nearly the same",
        "A reason counted twice looks like two reasons.",
        _near_duplicate,
    ),
)
