"""What may be asked about a map: parameters of the analyses, each documented under docs/analysis."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from argmap.analysis import Gradual, Linked, Semantics, Support
from argmap.analysis.what_if import Supposition
from argmap.model.base import ClaimText, in_digits
from schemas.base import In
from schemas.pictures import FileQuery

_Id = Annotated[str | None, Field(max_length=64)]


class ReviewQuery(FileQuery):
    """How to review."""

    without: Annotated[str, Field(max_length=1000)] = Field(
        "", description="Codes of rules to leave out, separated by commas"
    )

    def codes(self) -> tuple[str, ...]:
        """Return the codes one by one."""
        return tuple(code.strip() for code in self.without.split(",") if code.strip())


class AcceptQuery(FileQuery):
    """Which sets of claims count as acceptable."""

    semantics: Semantics = Semantics.GROUNDED
    support: Support = Field(Support.PLAIN, description="What supports count for")
    limit: Annotated[int, Field(ge=1, le=10_000), BeforeValidator(in_digits)] = Field(
        1_000, description="How many sets are listed at most"
    )


class StrengthQuery(FileQuery):
    """How strengths are counted."""

    semantics: Gradual = Gradual.QUADRATIC_ENERGY
    linked: Linked = Field(Linked.MINIMUM, description="What linked premises carry together")


class ExplainQuery(StrengthQuery):
    """What to explain."""

    claim: _Id = Field(None, description="The claim; left out: the first thesis")


class CompareQuery(FileQuery):
    """What to compare with."""

    reference: Annotated[str, Field(max_length=64)] = Field(
        description="Id of the map to hold this one against"
    )


class WhatIf(Supposition):
    """What to suppose, and how strengths are counted. Nothing of it is stored."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "remove": ["c7"],
                    "weights": {"c3": 0.9},
                    "claims": [
                        {"id": "x1", "kind": "rebuttal", "text": "The figure is from 1998."}
                    ],
                    "relations": [
                        {"id": "x2", "kind": "attacks", "sources": ["x1"], "target": "c3"}
                    ],
                }
            ]
        }
    )

    semantics: Gradual = Gradual.QUADRATIC_ENERGY
    linked: Linked = Linked.MINIMUM
    support: Support = Support.PLAIN

    def supposition(self) -> Supposition:
        """Return what is supposed, without the way of counting."""
        return Supposition(**{name: getattr(self, name) for name in Supposition.model_fields})


class RaiseIn(In):
    """An open critical question to be raised as a rebuttal."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"relation": "r3", "question": "expertise"}]}
    )

    relation: Annotated[str, Field(max_length=64)] = Field(
        description="The step that it is asked of"
    )
    question: Annotated[str, Field(max_length=64)] = Field(description="Key of the question")
    text: ClaimText | None = Field(
        None, description="What the rebuttal says; null: the usual words"
    )


class RaisedOut(BaseModel):
    """The rebuttal that a question became."""

    claim: str
    relation: str
    version: int
