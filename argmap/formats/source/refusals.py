"""What a file is that argmap does not read, said in one line: other tools' JSON and XML, tables, code, plain prose."""

import re
from collections.abc import Mapping
from typing import Any

from argmap.errors import FormatError, UnknownFormat
from argmap.formats.source.containers import name_of
from argmap.formats.source.content import Content

_BEGINS_JSON = re.compile(r"\{|\[\s*\{")  # "[" alone may begin a title of Argdown
_AS_ARGDOWN = "say --from argdown to read it so, or send it as text/x-argdown"

# Keys that a tool's JSON has, and the tool.
_JSON = (
    ({"nodes", "nodeLinks"}, "the debate map of another tool"),
    ({"nodeRevisions"}, "the debate map of another tool"),
    ({"directed", "multigraph", "nodes"}, "node-link JSON as NetworkX writes it"),
    ({"nodes", "links"}, "node-link JSON, as d3 and NetworkX have it"),
    ({"formatVersion", "ideas"}, "a mind map of MindMup"),
    ({"ideas"}, "a mind map of MindMup"),
    ({"elements", "appState"}, "a drawing of Excalidraw"),
    ({"elements", "data", "format_version"}, "a graph of Cytoscape"),
    ({"elements"}, "a graph of Cytoscape or a drawing"),
    ({"cells", "nbformat"}, "a Jupyter notebook"),
    ({"meta", "format", "data"}, "a mind map of jsMind"),
    ({"nodeData"}, "a mind map of Mind Elixir"),
    ({"rootTopic"}, "a mind map of XMind"),
    ({"topics"}, "a mind map"),
    ({"@graph"}, "JSON-LD, which argmap writes"),
    ({"@context"}, "JSON-LD"),
    ({"%TYPES"}, "a CAS of UIMA or INCEpTION"),
    ({"openapi"}, "a description of a web service (OpenAPI)"),
    ({"swagger"}, "a description of a web service (OpenAPI)"),
    ({"type", "features"}, "a geographic file (GeoJSON)"),
    ({"dependencies"}, "a package's description"),
    ({"$schema", "properties"}, "a JSON schema"),
    ({"arguments", "attacks"}, "an abstract framework in another tool's JSON"),
    ({"claims"}, "JSON with claims, but not argmap's"),
    ({"statements", "arguments"}, "an argument graph of Carneades or of another tool"),
    ({"nodes", "edges"}, "a graph in another tool's JSON"),
)  # fmt: skip
# The root of an XML file, and what it is.
_XML = {
    "caf": "an argument graph of Carneades (CAF)",
    "lkif": "an argument graph in LKIF",
    "rst": "an analysis in rhetorical structure theory (RST)",
    "mxfile": "a drawing of draw.io",
    "mxgraphmodel": "a drawing of draw.io",
    "svg": "a picture (SVG)",
    "html": "a web page",
    "rss": "a news feed",
    "feed": "a news feed",
    "opml": "an outline (OPML)",
    "map": "a mind map of FreeMind",
    "xmi": "a CAS of UIMA",
    "tei": "a text in TEI",
    "gexf": "a graph of Gephi (GEXF)",
    "plist": "a property list",
    "document": "a document of another tool",
    "wordDocument": "a Word file (2003 XML)",
    "package": "an office file in one XML",
    "workbook": "an Excel file (2003 XML)",
    "gate": "a document of GATE",
    "gatedocument": "a document of GATE",
    "arg": "an argument of Araucaria (AML)",
    "kml": "a geographic file (KML)",
    "xliff": "a translation (XLIFF)",
    "bpmn": "a process (BPMN)",
    "definitions": "a process or service description",
    "xmap-content": "a mind map of XMind",
}
_ENDINGS = {
    ".md": "a Markdown file", ".markdown": "a Markdown file", ".mdx": "a Markdown file", ".qmd": "a Markdown file",
    ".yml": "a YAML file", ".yaml": "a YAML file", ".toml": "a TOML file", ".ini": "a settings file",
    ".aba": "an assumption-based framework (ABA)", ".aspic": "a theory of ASPIC+", ".asp": "an answer set program",
    ".lp": "an answer set program", ".csv": "a table", ".tsv": "a table", ".tab": "a table",
    ".tex": "a LaTeX file", ".bib": "a bibliography", ".rst": "a reStructuredText file", ".adoc": "an AsciiDoc file",
    ".org": "an Org file", ".log": "a log", ".eml": "an e-mail", ".vtt": "subtitles", ".srt": "subtitles",
    ".rs3": "an analysis in rhetorical structure theory (RST)", ".conll": "a table of words (CoNLL)",
    ".conllu": "a table of words (CoNLL)", ".iob": "a table of words", ".puml": "a PlantUML diagram",
    ".plantuml": "a PlantUML diagram", ".d2": "a D2 diagram", ".html": "a web page", ".htm": "a web page",
    ".jsonl": "lines of JSON", ".ndjson": "lines of JSON",
    **dict.fromkeys(
        (".py", ".js", ".ts", ".jsx", ".tsx", ".java", ".c", ".h", ".cpp", ".cc", ".hpp", ".cs", ".go", ".rs", ".rb",
         ".php", ".swift", ".kt", ".scala", ".r", ".jl", ".lua", ".pl", ".pm", ".sh", ".bash", ".ps1", ".bat", ".sql",
         ".hs", ".ml", ".clj", ".ex", ".erl", ".vue", ".svelte", ".css", ".scss", ".m", ".v", ".lean", ".thy"),
        "code",
    ),
    **dict.fromkeys(
        (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".rtf", ".xmind", ".epub", ".png"),
        "a file whose content is not what its name says",
    ),
}  # fmt: skip
# What is plain text all the same, which a user may want to have read as Argdown.
_TEXTS = frozenset({"a Markdown file", "a YAML file", "plain text, as of an article"})
_CODE = re.compile(
    r"^(?:#!/|import [\w.{]+|from [\w.]+ import |def \w+\(|class \w+[:({]|function \w+\(|(?:const|let|var) \w+ =|"
    r"#include [<\"]|package [\w.]+;|using [\w.]+;|public (?:class|static)|\\documentclass|SELECT .{1,80} FROM |"
    r"(?:if|for|while) ?\(.{0,80}\) ?\{|\w+\(.{0,80}\);?$|@startuml|digraph \w*|strict graph)",
    re.MULTILINE | re.IGNORECASE,
)
_KEY = re.compile(r"^(?:- )?[\"']?[A-Za-z_][\w-]{0,40}[\"']?:(?: |$)")
_MARKDOWN = re.compile(r"^(?:#{1,6} |[-*+] |\d{1,3}\. |> |```|\|.*\||!\[|---$)")


def refuse(content: Content) -> None:
    """Raise UnknownFormat, or FormatError for broken JSON and XML, where a file is plainly of another kind than text.

    Text is left to those who know formats of text; `what_text_is` names it afterwards.
    """
    kind = content.container
    if kind is not None:
        if kind == "zip":
            raise UnknownFormat("a zip archive, which is opened only where files are imported")
        raise UnknownFormat(f"{name_of(kind)}, which argmap does not read")
    lead = content.lead
    if _BEGINS_JSON.match(lead) or _ends(content, ".json"):
        name = _what_json_is(content)
        raise UnknownFormat(
            f"{name}, which argmap does not read"
            if name
            else "argmap does not know the format of this JSON"
        )
    if lead.startswith(("<?xml", "<!DOCTYPE")) and not lead.lower().startswith("<!doctype html"):
        raise UnknownFormat(f"{_what_xml_is(content)}, which argmap does not read")


def what_text_is(content: Content) -> UnknownFormat | FormatError:
    """Return the refusal of a text that looks like nothing that is read."""
    text = content.text  # what is no text says so
    if not text.strip():
        return UnknownFormat("the file is empty")
    what = _ENDINGS.get(_ending(content))
    if content.lead.startswith("p aba "):
        what = _ENDINGS[".aba"]
    elif content.lead.startswith("p af "):
        what = "an abstract framework as ICCMA has them since 2023"
    elif content.lead.startswith("<") and "</" in text[:8_000]:
        try:
            what = _what_xml_is(content)
        except FormatError:
            what = "a web page or other markup"
    what = what or _what_it_looks_like(content.head(8_000)) or "plain text, as of an article"
    if what in _TEXTS:
        return UnknownFormat(f"{what}: {_AS_ARGDOWN}")
    return UnknownFormat(f"{what}, which argmap does not read")


def _what_json_is(content: Content) -> str | None:
    value: Any = content.json  # broken JSON says where
    if isinstance(value, Mapping):
        keys = set(value)
        for wanted, name in _JSON:
            if wanted <= keys:
                return name
    return None


def _what_xml_is(content: Content) -> str:
    root = content.xml.tag.rpartition("}")[2]  # broken XML says where
    return _XML.get(root) or _XML.get(root.lower()) or f"XML of another kind (<{root[:40]}>)"


def _what_it_looks_like(text: str) -> str | None:
    lines = [line for line in text.split("\n") if line.strip()][:100]
    if not lines:
        return None
    if sum(_CODE.match(line.strip()) is not None for line in lines) * 6 >= len(lines):
        return "code"
    keyed = sum(_KEY.match(line.strip()) is not None for line in lines)
    nested = any(line[0] == " " or line.startswith("- ") for line in lines)
    if lines[0].strip() == "---" or (nested and len(lines) > 1 and keyed * 5 >= len(lines) * 4):
        return "a YAML file"
    for mark, name in (("\t", "a table"), (";", "a table"), (",", "a table")):
        counts = {line.count(mark) for line in lines}
        if len(lines) > 2 and len(counts) == 1 and counts.pop() > 0:
            return name
    marked = [line for line in lines if _MARKDOWN.match(line.strip())]
    if len(marked) > 1 and sum(map(len, marked)) * 2 >= sum(map(len, lines)):
        return "a Markdown file"
    return None


def _ending(content: Content) -> str:
    name = (content.name or "").rpartition("/")[2].lower()
    return name[name.rfind(".") :] if "." in name else ""


def _ends(content: Content, ending: str) -> bool:
    return (content.name or "").lower().endswith(ending)
