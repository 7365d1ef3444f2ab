"""The table of formats: their names, media types and file endings, and the functions that read and write them."""

from collections.abc import Callable
from dataclasses import dataclass

from argmap.formats import dot, json, jsonld, kialo
from argmap.formats.aif import aif, ova2, xaif
from argmap.formats.argdown import argdown, argdown_json
from argmap.formats.arggraph import arggraph
from argmap.formats.arguebuf import arguebuf
from argmap.formats.brat import brat
from argmap.formats.carneades import aml, lkif, yaml_map
from argmap.formats.frameworks import apx, bag, iccma23, tgf
from argmap.formats.graphml import graphml
from argmap.formats.outlines import freemind, html, html_list, markdown, mermaid, opml, text
from argmap.formats.report import Losses
from argmap.formats.sadface import sadface
from argmap.formats.source.content import Content
from argmap.formats.tables import csv, flow, xlsx
from argmap.formats.word import docx
from argmap.model import ArgumentMap


@dataclass(frozen=True, slots=True)
class Format:
    """One interchange format.

    `name` is its short name, `endings` its file endings with the dot, the usual one first. `load` is None for a format
    that is only written, `dump` for one that is only read. `sniff` tells from a file's content whether it is of this
    format; `certain` is False where nearly any text would do, so that every other format comes first.
    """

    name: str
    title: str
    media_type: str
    endings: tuple[str, ...]
    load: Callable[[Content, Losses], ArgumentMap] | None = None
    dump: Callable[[ArgumentMap, Losses], str | bytes] | None = None
    sniff: Callable[[Content], bool] | None = None
    certain: bool = True


_ALL = (
    Format(
        "json",
        "argmap JSON",
        "application/json",
        (".json", ".argmap.json"),
        json.load,
        json.dump,
        json.sniff,
    ),
    Format(
        "aif",
        "AIFdb JSON",
        "application/json",
        (".json", ".aif.json"),
        aif.load,
        aif.dump,
        aif.sniff,
    ),
    Format(
        "arggraph",
        "arggraph XML",
        "application/xml",
        (".xml",),
        arggraph.load,
        arggraph.dump,
        arggraph.sniff,
    ),
    Format(
        "argdown",
        "Argdown",
        "text/x-argdown",
        (".argdown", ".ad"),
        argdown.load,
        argdown.dump,
        argdown.sniff,
        certain=False,
    ),
    Format(
        "argdown-json",
        "Argdown JSON",
        "application/json",
        (".json", ".argdown.json"),
        argdown_json.load,
        sniff=argdown_json.sniff,
    ),
    Format(
        "xaif",
        "xAIF (OVA3)",
        "application/json",
        (".json", ".xaif.json"),
        xaif.load,
        xaif.dump,
        xaif.sniff,
    ),
    Format(
        "arguebuf",
        "arguebuf JSON",
        "application/json",
        (".json", ".arguebuf.json"),
        arguebuf.load,
        arguebuf.dump,
        arguebuf.sniff,
    ),
    Format(
        "sadface",
        "SADFace",
        "application/json",
        (".json", ".sadface.json"),
        sadface.load,
        sadface.dump,
        sadface.sniff,
    ),
    Format("brat", "brat standoff", "text/x-brat", (".ann",), brat.load, brat.dump, brat.sniff),
    Format(
        "kialo", "Kialo text", "text/x-kialo", (".txt", ".kialo.txt"), kialo.load, sniff=kialo.sniff
    ),
    Format("tgf", "Trivial graph format", "text/x-tgf", (".tgf",), tgf.load, tgf.dump, tgf.sniff),
    Format("apx", "apx", "text/x-apx", (".apx",), apx.load, apx.dump, apx.sniff),
    Format(
        "iccma23",
        "ICCMA 2023 framework",
        "text/x-iccma",
        (".af",),
        iccma23.load,
        iccma23.dump,
        iccma23.sniff,
    ),
    Format("bag", "Uncertainpy bag", "text/x-bag", (".bag",), bag.load, bag.dump, bag.sniff),
    Format(
        "graphml",
        "GraphML",
        "application/graphml+xml",
        (".graphml",),
        graphml.load,
        graphml.dump,
        graphml.sniff,
    ),
    Format("csv", "CSV table", "text/csv", (".csv",), csv.load, csv.dump, csv.sniff),
    Format(
        "xlsx",
        "Excel table",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        (".xlsx",),
        xlsx.load,
        xlsx.dump,
        xlsx.sniff,
    ),
    Format(
        "flow",
        "Flow sheet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        (".xlsx", ".flow.xlsx"),
        dump=flow.dump,
    ),
    Format(
        "docx",
        "Word: debate cards",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        (".docx",),
        docx.load,
        docx.dump,
        docx.sniff,
    ),
    Format(
        "mermaid",
        "Mermaid flowchart",
        "text/vnd.mermaid",
        (".mmd", ".mermaid"),
        mermaid.load,
        mermaid.dump,
        mermaid.sniff,
    ),
    Format("opml", "OPML outline", "text/x-opml", (".opml",), opml.load, opml.dump, opml.sniff),
    Format(
        "freemind",
        "FreeMind map",
        "application/x-freemind",
        (".mm",),
        freemind.load,
        sniff=freemind.sniff,
    ),
    Format(
        "text",
        "Plain-text outline",
        "text/plain",
        (".txt", ".outline.txt"),
        text.load,
        text.dump,
        text.sniff,
    ),
    Format("jsonld", "JSON-LD", "application/ld+json", (".jsonld",), dump=jsonld.dump),
    Format(
        "yaml",
        "YAML map",
        "application/yaml",
        (".yml", ".yaml"),
        yaml_map.load,
        sniff=yaml_map.sniff,
    ),
    Format("lkif", "LKIF", "application/xml", (".xml", ".lkif"), lkif.load, sniff=lkif.sniff),
    Format("aml", "Araucaria AML", "application/xml", (".aml",), aml.load, sniff=aml.sniff),
    Format(
        "ova2",
        "OVA2 JSON",
        "application/json",
        (".json", ".ova2.json"),
        ova2.load,
        sniff=ova2.sniff,
    ),
    Format("dot", "Graphviz DOT", "text/vnd.graphviz", (".dot", ".gv"), dump=dot.dump),
    Format("html", "HTML outline", "text/html", (".html", ".htm"), dump=html.dump),
    Format(
        "html-list",
        "HTML list",
        "text/html",
        (".html", ".htm"),
        html_list.load,
        sniff=html_list.sniff,
    ),
    Format(
        "markdown",
        "Markdown outline",
        "text/markdown",
        (".md", ".markdown"),
        markdown.load,
        markdown.dump,
        markdown.sniff,
    ),
)
FORMATS: dict[str, Format] = {format.name: format for format in _ALL}
