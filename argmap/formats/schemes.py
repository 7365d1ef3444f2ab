"""Names of argumentation schemes as other formats write them, and the keys under which argmap knows them."""

import re
from functools import lru_cache
from typing import Any

from argmap.formats.report import Losses, LossKind
from argmap.model import Relation, RelationKind, Scheme, limits

# Keys and usual names after Walton, Reed and Macagno, Argumentation Schemes (2008).
NAMES = {
    "abductive": "Abductive",
    "alternatives": "Alternatives",
    "analogy": "Analogy",
    "bias": "Bias",
    "bias_ad_hominem": "Bias Ad Hominem",
    "cause_to_effect": "Cause To Effect",
    "circumstantial_ad_hominem": "Circumstantial Ad Hominem",
    "commitment": "Commitment",
    "composition": "Composition",
    "consequences": "Consequences",
    "constitutive_rule_claims": "Constitutive Rule Claims",
    "correlation_to_cause": "Correlation To Cause",
    "danger_appeal": "Danger Appeal",
    "distress": "Distress",
    "division": "Division",
    "epistemic_ignorance": "Epistemic Ignorance",
    "established_rule": "Established Rule",
    "ethotic": "Ethotic",
    "evidence_to_hypothesis": "Evidence To Hypothesis",
    "example": "Example",
    "exceptional_case": "Exceptional Case",
    "expert_opinion": "Expert Opinion",
    "fear_appeal": "Fear Appeal",
    "full_slippery_slope": "Full Slippery Slope",
    "generic_ad_hominem": "Generic Ad Hominem",
    "gradualism": "Gradualism",
    "ignorance": "Ignorance",
    "inconsistent_commitment": "Inconsistent Commitment",
    "interaction_of_act_and_person": "Interaction Of Act And Person",
    "memory": "Memory",
    "need_for_help": "Need For Help",
    "negative_consequences": "Negative Consequences",
    "negative_values": "Negative Values",
    "oppositions": "Oppositions",
    "perception": "Perception",
    "plea_for_excuse": "Plea For Excuse",
    "popular_opinion": "Popular Opinion",
    "popular_practice": "Popular Practice",
    "position_to_know": "Position To Know",
    "positive_consequences": "Positive Consequences",
    "positive_values": "Positive Values",
    "practical_reasoning": "Practical Reasoning",
    "practical_reasoning_from_analogy": "Practical Reasoning From Analogy",
    "pragmatic_alternatives": "Pragmatic Alternatives",
    "pragmatic_inconsistency": "Pragmatic Inconsistency",
    "precedent": "Precedent",
    "precedent_slippery_slope": "Precedent Slippery Slope",
    "rhetorical_oppositions": "Rhetorical Oppositions",
    "rules": "Rules",
    "sacrifice": "Sacrifice",
    "sign": "Sign",
    "slippery_slope": "Slippery Slope",
    "sorites_slippery_slope": "Sorites Slippery Slope",
    "sunk_costs": "Sunk Costs",
    "the_group_and_its_members": "The Group And Its Members",
    "threat": "Threat",
    "two_person_practical_reasoning": "Two Person Practical Reasoning",
    "values": "Values",
    "verbal_classification": "Verbal Classification",
    "verbal_slippery_slope": "Verbal Slippery Slope",
    "waste": "Waste",
    "witness_testimony": "Witness Testimony",
}
_ALIASES = {
    "opposition": "oppositions",
    "best_explanation": "abductive",
    "ethotic_argument": "ethotic",
    "against_the_person": "generic_ad_hominem",
    "against_the_person_s_consistency": "circumstantial_ad_hominem",
    "lack_of_evidence": "ignorance",
    "causal_slippery_slope": "slippery_slope",
    "direct_ad_hominem": "generic_ad_hominem",
    "ad_hominem": "generic_ad_hominem",
    "cause": "cause_to_effect",
    "correlation": "correlation_to_cause",
    "pragmatic_argument_from_alternatives": "pragmatic_alternatives",
    "value_based_practical_reasoning": "practical_reasoning",
    "group_and_its_members": "the_group_and_its_members",
}
DEFAULTS = {
    RelationKind.SUPPORTS: "Default Inference",
    RelationKind.ATTACKS: "Default Conflict",
    RelationKind.RESTATES: "Default Rephrase",
}
_NO_SCHEME = re.compile(
    r"((RA|CA|MA|PA)([_ ].*)?|default( (inference|conflict|rephrase|preference|scheme))?|inference|conflict"
    r"|support|attack|rephrase|none|no scheme|[0-9]+)?",
    re.IGNORECASE | re.DOTALL,
)
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


def scheme_of(name: object) -> dict[str, Any] | None:
    """Return the scheme of that name: by its key where it is known, else by name; None for a default step."""
    if not isinstance(name, str):
        return None
    key, rest = _known(name) if len(name) <= limits.NAME else _known(name[: limits.NAME])
    return {"key": key} if key is not None else {"name": rest} if rest is not None else None


@lru_cache(maxsize=1024)
def _known(name: str) -> tuple[str | None, str | None]:
    """Return the key of a scheme, or its name where it has none; the steps of a map share few names."""
    text = " ".join(name.split())
    if not text.isprintable() or _NO_SCHEME.fullmatch(text):
        return None, None
    key = key_of(text)
    return (key, None) if key is not None else (None, text)


def key_of(name: str) -> str | None:
    """Return the key of a known scheme, however its name is spelled ("ExpertOpinion", "from expert opinion")."""
    words = [word.lower() for word in _WORD.findall(name)]
    if words[:2] in (["argument", "from"], ["arg", "from"]):
        words = words[2:]
    elif words[:1] == ["from"]:
        words = words[1:]
    key = "_".join(words)
    key = _ALIASES.get(key, key)
    return key if key in NAMES else None


def name_of(scheme: Scheme) -> str:
    """Return the name under which other tools know a scheme."""
    return scheme.name or NAMES.get(scheme.key or "") or scheme.key or ""


def report_schemes(relations: tuple[Relation, ...], losses: Losses) -> None:
    """Report schemes that a format which has only their names does not give back."""
    losses.add(
        LossKind.SCHEME,
        "The format has one name for a scheme; key and name together, or an unknown key, do not come back.",
        (r.id for r in relations if r.scheme is not None and not _comes_back(r.scheme)),
    )


def _comes_back(scheme: Scheme) -> bool:
    again = scheme_of(name_of(scheme))
    return again is not None and Scheme(**again) == scheme
