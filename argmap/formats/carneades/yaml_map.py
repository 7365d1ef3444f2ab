"""YAML maps, in which claims have reasons and objections and these have claims, and argument graphs of Carneades 4."""

import re
from typing import Any

from argmap.errors import FormatError
from argmap.formats.carneades.yaml_events import Pairs, read_yaml
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.report import Losses, LossKind
from argmap.formats.schemes import scheme_of
from argmap.formats.source.content import Content
from argmap.model import ArgumentMap, RelationKind, limits

_STATEMENTS = re.compile(r"^statements:", re.MULTILINE)
_ARGUMENTS = re.compile(r"^arguments:", re.MULTILINE)
_REASON = re.compile(
    r"[ \t]{1,40}[\"']?-?(?:r|o|reason|objection|pro|con|support|attack)[ _-]?\d{0,4}[\"']?:[ \t]{0,9}(?:\{.*)?"
)
_ROLES = frozenset({"note", "label", "strength"})


def sniff(content: Content) -> bool:
    """Recognise statements and arguments at the margin, or a claim at the margin with a reason (r1:, o1:) below it."""
    lead = content.lead
    if lead[:1] in ("", "{", "[", "<", "="):
        return False
    head = content.head(100_000)
    if _STATEMENTS.search(head) and _ARGUMENTS.search(content.text):
        return True
    lines = [line for line in content.head(8_000).split("\n") if line.strip() and line[:1] != "#"]
    lines = lines[1:] if lines and lines[0].startswith("---") else lines
    at_margin = (
        bool(lines) and lines[0][:1] not in " \t-@(" and lines[0].rstrip().endswith((":", "{"))
    )
    return at_margin and any(_REASON.fullmatch(line.rstrip()) for line in lines[1:])


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read a YAML map, or an argument graph of Carneades.

    Raises FormatError for broken or hostile YAML, and where it is neither.
    """
    data = read_yaml(content.text)
    if not isinstance(data, Pairs):
        raise FormatError("this YAML is not a mapping and has no claims")
    draft = Draft("yaml", losses)
    if data.first("arguments") is not None or data.first("statements") is not None:
        _Graph(data, draft).read()
    else:
        _read_map(data, draft)
    return draft.build()


def _read_map(data: Pairs, draft: Draft) -> None:
    """Read claims with their reasons; what begins with "-" is an implicit claim or an objection.

    The same words are the same claim, wherever they stand.
    """
    losses = draft.losses
    waiting: list[tuple[str, Any, str]] = []
    front = data.first("title")
    if isinstance(front, str):
        draft.fields["title"] = fit_fields.one_line(front, limits.TITLE, losses)
    for text, below in data:
        if text != "title" or not isinstance(below, str):
            waiting.append((_claim(text, draft), below, text))
    waiting.reverse()
    while waiting:
        key, below, place = waiting.pop()
        if below is None:
            continue
        if not isinstance(below, Pairs):
            raise FormatError(
                "below a claim stand its reasons, such as r1: and o1:", place=place[:80]
            )
        later: list[tuple[str, Any, str]] = []
        for name, members in below:
            if name == "note":
                draft.claims[key].fields["note"] = fit_fields.many_lines(
                    members, limits.NOTE, losses, place
                )
                continue
            later += _reason(key, name, members, draft)
        waiting += reversed(later)
        draft.refuse_many()


def _claim(text: str, draft: Draft) -> str:
    implicit = text.startswith("-")
    words = text[1:].strip() if implicit else text.strip()
    key = f"claim {words}"
    if key not in draft.claims:
        draft.claims[key] = DraftClaim(None, " ".join(words.split()))
    if implicit:
        draft.claims[key].fields["implicit"] = True
    return key


def _reason(above: str, name: str, members: Any, draft: Draft) -> list[tuple[str, Any, str]]:
    """Add a reason or an objection; return its claims with what stands below them."""
    losses = draft.losses
    kind = (
        RelationKind.ATTACKS
        if name[:1].lower() in ("o", "-") or name.lower().startswith(("con", "attack"))
        else None
    )
    if members is None:
        losses.add(LossKind.DANGLING, "A reason without a claim was left out.", (name[:80],))
        return []
    if isinstance(members, str):
        members = Pairs([(members, None)])
    if not isinstance(members, Pairs):
        raise FormatError("a reason has claims below it", place=name[:80])
    fields: dict[str, Any] = {}
    sources: list[str] = []
    later: list[tuple[str, Any, str]] = []
    for text, below in members:
        if text in _ROLES and (below is None or isinstance(below, str)):
            _tell(text, below, fields, losses, name)
            continue
        sources.append(_claim(text, draft))
        later.append((sources[-1], below, text))
    key = f"step {len(draft.relations)}"
    draft.relations[key] = DraftRelation(
        None, kind or RelationKind.SUPPORTS, sources, above, fields
    )
    return later


def _tell(name: str, value: str | None, fields: dict[str, Any], losses: Losses, place: str) -> None:
    if name == "label":
        fields["label"] = fit_fields.one_line(value, limits.LABEL, losses, place)
    elif name == "note":
        fields["note"] = fit_fields.many_lines(value, limits.NOTE, losses, place)
    elif value in ("1", "2", "3", "4", "5"):
        fields["weight"] = int(value) / 5
    else:
        fit_fields.left_out(value, losses, f"{place}: {name}")


class _Graph:
    """An argument graph of Carneades 4: statements, arguments, issues between positions, assumptions and tests."""

    def __init__(self, data: Pairs, draft: Draft) -> None:
        self._data = data
        self._draft = draft

    def read(self) -> None:
        """Read all of it. Raises FormatError where a part is of another shape."""
        draft, losses = self._draft, self._draft.losses
        meta = self._part("meta")
        title = meta.first("title")
        draft.fields["title"] = fit_fields.one_line(
            title if isinstance(title, str) else None, limits.TITLE, losses
        )
        source = meta.first("source")
        if isinstance(source, str):
            draft.extra["source"] = " ".join(source.split())[:2_000]
        for id, told in self._part("statements"):
            self._statement(id, told)
        for id, told in self._part("arguments"):
            self._argument(id, told)
        for id, told in self._part("issues"):
            self._issue(id, told)
        for name in _listed(self._data.first("assumptions")):
            self._tagged(name, "assumed")
        tests = self._data.first("tests", "labels")
        for outcome in ("in", "out", "undecided"):
            for name in _listed(tests.first(outcome)) if isinstance(tests, Pairs) else ():
                claim = draft.claims.get(name)
                if claim is None:
                    missing = "A statement that a test names is not there."
                    losses.add(LossKind.DANGLING, missing, (name[:80],))
                else:
                    claim.extra["test"] = outcome
        known = {"meta", "statements", "arguments", "issues", "assumptions", "tests", "labels"}
        left = "A field that a map has no place for was left out."
        losses.add(LossKind.METADATA, left, [key for key, _ in self._data if key not in known])

    def _part(self, name: str) -> Pairs:
        value = self._data.first(name)
        if value is None:
            return Pairs()
        if not isinstance(value, Pairs):
            raise FormatError(f"{name} of an argument graph is not a mapping")
        return value

    def _statement(self, id: str, told: Any) -> None:
        draft = self._draft
        text, note = told, None
        if isinstance(told, Pairs):
            text = told.first("text")
            meta = told.first("meta")
            note = meta.first("note", "description") if isinstance(meta, Pairs) else None
        if id in draft.claims:
            again = "A second statement of the same name was left out."
            draft.losses.add(LossKind.DUPLICATE, again, (id[:80],))
            return
        fields: dict[str, Any] = {}
        if isinstance(note, str):
            fields["note"] = fit_fields.many_lines(note, limits.NOTE, draft.losses, id)
        words = " ".join(text.split()) if isinstance(text, str) else id
        draft.claims[id] = DraftClaim(id, words, None, fields)
        draft.refuse_many()
        if isinstance(told, Pairs):
            if told.first("assumed", "assumption") == "true":
                self._tagged(id, "assumed")
            label = told.first("label")
            if isinstance(label, str):
                draft.claims[id].extra["label"] = label

    def _tagged(self, name: str, tag: str) -> None:
        claim = self._draft.claims.get(self._known(name))
        if claim is not None:
            claim.fields["tags"] = (tag,)

    def _known(self, name: str) -> str:
        """Return the name of a statement; one that is only named where it is used is a claim of that name."""
        if name not in self._draft.claims:
            self._draft.claims[name] = DraftClaim(name, name)
            self._draft.refuse_many()
        return name

    def _argument(self, id: str, told: Any) -> None:
        draft, losses = self._draft, self._draft.losses
        if not isinstance(told, Pairs):
            raise FormatError(
                "an argument of Carneades has a conclusion and premises", place=id[:80]
            )
        conclusion = told.first("conclusion")
        premises = told.first("premises")
        names = (
            [str(value) for _, value in premises]
            if isinstance(premises, Pairs)
            else _listed(premises)
        )
        if not isinstance(conclusion, str) or not names:
            losses.add(
                LossKind.DANGLING,
                "An argument without premises or conclusion was left out.",
                (id[:80],),
            )
            return
        fields: dict[str, Any] = {}
        scheme = told.first("scheme")
        if isinstance(scheme, str) and (found := scheme_of(scheme)):
            fields["scheme"] = found
        weight = told.first("weight")
        if isinstance(weight, str):
            try:
                fields["weight"] = fit_fields.weight(float(weight), losses, id)
            except ValueError:
                fit_fields.left_out(weight, losses, id)
        key = f"argument {id}"
        sources = [self._known(name) for name in names]
        step = DraftRelation(id, RelationKind.SUPPORTS, sources, self._known(conclusion), fields)
        draft.relations[key] = step
        for number, name in enumerate(_listed(told.first("undercutter", "undercutters"))):
            undercut = DraftRelation(None, RelationKind.ATTACKS, [self._known(name)], key)
            draft.relations[f"undercut {number} {id}"] = undercut
        for number, name in enumerate(_listed(told.first("exceptions"))):
            undercut = DraftRelation(None, RelationKind.ATTACKS, [self._known(name)], key)
            draft.relations[f"exception {number} {id}"] = undercut
        draft.refuse_many()

    def _issue(self, id: str, told: Any) -> None:
        """Let the positions of an issue attack each other, since only one of them can be held."""
        draft = self._draft
        positions = _listed(told.first("positions")) if isinstance(told, Pairs) else _listed(told)
        if len(positions) > 20:
            many = "Of an issue with more than 20 positions only the first attack each other."
            draft.losses.add(LossKind.RELATION, many, (id[:80],))
            positions = positions[:20]
        names = [self._known(name) for name in positions]
        for one in names:
            for other in names:
                if one != other:
                    key = f"issue {id}: {one} > {other}"
                    draft.relations[key] = DraftRelation(None, RelationKind.ATTACKS, [one], other)
        draft.refuse_many()


def _listed(value: Any) -> list[str]:
    """Return a list of names; one name alone is a list too."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and not isinstance(value, Pairs):
        return [item for item in value if isinstance(item, str)]
    return []
