"""What analysts annotated in AIF and xAIF files, dialogue included, which maps do not keep: for CASS."""

import json
import re
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argmap.analysis.comparison import Annotation

FORMATS = frozenset({"aif", "xaif"})

_SPAN = re.compile(r"</?span\b[^<>]*>", re.IGNORECASE)
_DROPPED = re.compile("[`’']")
_SPACED = re.compile(r"[.,!?…]")


def annotation(data: bytes) -> "Annotation":
    """Return the annotation in a file that has been read as AIF or xAIF before; what is malformed is passed over.

    The text is cut where its marked spans begin and end. Apostrophes are dropped, punctuation separates words, and
    other markup counts as words, as in the evaluation service of the authors of CASS.
    """
    from argmap.analysis.comparison import Annotation, Node, segments_of

    document = json.loads(data)
    graph = document.get("AIF", document)
    nodes = {
        str(node["nodeID"]): Node(str(node.get("type")), str(node.get("text") or ""))
        for node in _objects(graph.get("nodes"))
        if "nodeID" in node
    }
    edges = [
        (str(edge.get("fromID")), str(edge.get("toID"))) for edge in _objects(graph.get("edges"))
    ]
    known = [(one, other) for one, other in edges if one in nodes and other in nodes]
    text = document.get("text")
    text = text.get("txt") if isinstance(text, dict) else text
    if not isinstance(text, str) or not text:
        return Annotation(nodes, known)
    parts = [_SPACED.sub(" ", part) for part in _SPAN.split(_DROPPED.sub("", text))]
    return Annotation(
        nodes, known, segments_of("".join(parts), list(accumulate(map(len, parts)))[:-1])
    )


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    return (
        (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())
    )
