"""Problem details for HTTP APIs (RFC 9457), the shape of every error answer."""

from pydantic import BaseModel, ConfigDict, Field


class FaultOut(BaseModel):
    """One thing wrong with a request."""

    place: str = Field(description="Path into the body (`claims/3/text`), or the parameter's name")
    code: str = Field(description="A short stable word for programs")
    message: str = Field(description="One sentence for people")


class Problem(BaseModel):
    """An error answer.

    `type` is the address of a page that explains this kind of problem.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "http://127.0.0.1:8000/problems/invalid",
                    "title": "The request is not valid",
                    "status": 422,
                    "detail": "1 fault: relations/0/target: 'c9' is not a claim or relation of this map",
                    "errors": [
                        {
                            "place": "relations/0/target",
                            "code": "unknown_id",
                            "message": "'c9' is not a claim or relation of this map",
                        }
                    ],
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str
    errors: list[FaultOut] = Field(default=[], description="Every fault, with its place")
