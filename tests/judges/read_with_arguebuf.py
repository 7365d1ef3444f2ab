"""Prints what arguebuf, and networkx for GraphML, find in a JSON list of [format, text] on standard input."""

import io
import json
import sys
from typing import Any

import arguebuf
import networkx


def read(format: str, text: str) -> dict[str, Any]:
    """Return claims, steps (their type and scheme) and edges, or why the file is refused."""
    if format == "graphml":
        graphml = networkx.parse_graphml(text)
        return {
            "claims": {
                id: data["text"] for id, data in graphml.nodes(data=True) if data["type"] == "claim"
            },
            "steps": {
                id: data["kind"]
                for id, data in graphml.nodes(data=True)
                if data["type"] == "relation"
            },
            "edges": sorted(
                [start, end, data.get("kind")] for start, end, data in graphml.edges(data=True)
            ),
        }
    loaders = {
        "arguebuf": lambda: arguebuf.load.json(io.StringIO(text)),
        "aif": lambda: arguebuf.load.aif(json.loads(text)),
        "xaif": lambda: arguebuf.load.xaif(json.loads(text)),
        "sadface": lambda: arguebuf.load.sadface(json.loads(text)),
        "brat": lambda: arguebuf.load.brat(io.StringIO(text)),
        "microtexts": lambda: arguebuf.load.microtexts(io.BytesIO(text.encode())),
    }
    graph = loaders[format]()
    return {
        "claims": {id: node.plain_text for id, node in graph.atom_nodes.items()},
        "steps": {
            id: [type(node.scheme).__name__, node.scheme.name if node.scheme else None]
            for id, node in graph.scheme_nodes.items()
        },
        "edges": sorted([edge.source.id, edge.target.id] for edge in graph.edges.values()),
        "major": graph.major_claim.id if graph.major_claim else None,
    }


def main() -> None:
    answers: list[dict[str, Any]] = []
    for format, text in json.load(sys.stdin):
        try:
            answers.append(read(format, text))
        except Exception as error:  # noqa: BLE001  whatever stops the other tool is its answer
            answers.append({"refused": f"{type(error).__name__}: {error}"})
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
