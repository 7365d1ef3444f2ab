"""A table of claims, row by row, made into a draft of a map."""

from collections.abc import Iterable
from typing import Any

from argmap.errors import FormatError
from argmap.formats.outlines.sides import side_word
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.report import LossKind
from argmap.formats.schemes import scheme_of
from argmap.formats.tables.columns import apart, source_of_cells
from argmap.model import ClaimKind, RelationKind, limits

_KINDS = {
    **{kind.value: kind for kind in ClaimKind},
    "main claim": ClaimKind.THESIS,
    "conclusion": ClaimKind.THESIS,
    "contention": ClaimKind.THESIS,
    "reason": ClaimKind.PREMISE,
    "objection": ClaimKind.REBUTTAL,
    "counterargument": ClaimKind.REBUTTAL,
}
_YES = frozenset({"yes", "y", "x", "true", "1", "ja", "oui", "sí", "wahr"})
_BOUNDS = {
    "author": limits.NAME,
    "title": limits.TITLE,
    "publication": limits.NAME,
    "date": limits.LABEL,
}
_DOES = {
    "supports": RelationKind.SUPPORTS,
    "attacks": RelationKind.ATTACKS,
    "restates": RelationKind.RESTATES,
}
MAX_ROWS = limits.CLAIMS + limits.RELATIONS


class TableReader:
    """Reads rows in their order; `finish` joins what they name.

    `columns` says in which column each field stands, `names` what the columns are called. A table with a column "row"
    is one of ours: its cells are taken as they are, and rows of relations are read.
    """

    def __init__(self, columns: dict[str, int], names: list[str], draft: Draft) -> None:
        self._columns = columns
        self._further = {
            at: name for at, name in enumerate(names) if name and at not in columns.values()
        }
        self._draft = draft
        self._ours = "row" in columns
        self._by_id: dict[str, str] = {}
        self._by_text: dict[str, str] = {}
        self._waiting: list[tuple[str, str, RelationKind | None, str]] = []
        self._path: list[tuple[float, str]] = []
        self._numbered: list[str] = []

    def read(self, rows: Iterable[tuple[int, list[str]]]) -> None:
        """Read rows with their numbers. Raises FormatError for more than a map may have."""
        for count, (number, row) in enumerate(rows):
            if count > MAX_ROWS:
                raise FormatError(f"a table has at most {MAX_ROWS:,} rows")
            if not any(row):
                continue
            cells = {
                field: row[at] if self._ours else row[at].strip()
                for field, at in self._columns.items()
                if at < len(row) and row[at]
            }
            if self._ours and cells.get("row") == "relation":
                self._read_relation(cells, f"row {number}")
            else:
                self._read_claim(cells, row, f"row {number}")
            self._draft.refuse_many()

    def _read_claim(self, cells: dict[str, str], row: list[str], place: str) -> None:
        draft, losses = self._draft, self._draft.losses
        id = cells.get("id")
        key = f"claim {place}"
        if "text" not in cells and not self._ours:
            if cells:
                losses.add(LossKind.STRUCTURE, "A row without a text was left out.", (place,))
            return
        if id is not None and id in self._by_id:
            losses.add(LossKind.DUPLICATE, "A second claim of the same id was left out.", (place,))
            return
        kind = _KINDS.get(cells.get("kind", "").lower())
        does = side_word(cells.get("relation", ""))
        if kind is None and does is None:
            does = side_word(cells.get("kind", ""))
        if kind is None and does is None and cells.get("kind"):
            losses.add(LossKind.KIND, "A kind that a map has not was left out.", (place,))
        fields = self._fields(cells, place)
        extra = {
            name[:60]: row[at]
            for at, name in self._further.items()
            if at < len(row) and row[at].strip()
        }
        draft.claims[key] = DraftClaim(
            id, cells.get("text", ""), kind, fields, {"data": extra} if extra else {}
        )
        if id is not None:
            self._by_id[id] = key
        self._by_text.setdefault(cells.get("text", ""), key)
        self._numbered.append(key)
        if cells.get("target"):
            if does is None and kind is ClaimKind.REBUTTAL:
                does = RelationKind.ATTACKS
            self._waiting.append((key, cells["target"], does or RelationKind.SUPPORTS, place))
        for name, kind_of_step in _DOES.items():
            if cells.get(name):
                self._waiting.append((key, cells[name], kind_of_step, place))
        self._nest(key, cells.get("level"), does, kind)

    def _nest(
        self, key: str, level: str | None, does: RelationKind | None, kind: ClaimKind | None
    ) -> None:
        """Put a claim below the last one of a higher level."""
        try:
            depth = float(level) if level else None
        except ValueError:
            depth = None
        if depth is None:
            return
        while self._path and self._path[-1][0] >= depth:
            self._path.pop()
        if self._path:
            does = does or (
                RelationKind.ATTACKS if kind is ClaimKind.REBUTTAL else RelationKind.SUPPORTS
            )
            self._draft.relations[f"nested {key}"] = DraftRelation(
                None, does, [key], self._path[-1][1]
            )
        self._path.append((depth, key))

    def _fields(self, cells: dict[str, str], place: str) -> dict[str, Any]:
        losses = self._draft.losses
        fields: dict[str, Any] = {
            "label": fit_fields.one_line(cells.get("label"), limits.LABEL, losses, place),
            "speaker": fit_fields.one_line(cells.get("speaker"), limits.NAME, losses, place),
            "implicit": True if cells.get("implicit", "").strip().lower() in _YES else None,
            "weight": self._weight(cells, place),
        }
        if "tags" in cells:
            tags = cells["tags"]
            told = apart(tags) if self._ours else tags.split(";" if ";" in tags else ",")
            fields["tags"] = fit_fields.tags(
                [t if self._ours else t.strip() for t in told], losses, place
            )
        if "quotes" in cells:
            told = apart(cells["quotes"]) if self._ours else [cells["quotes"]]
            found = (fit_fields.loose_quote(quote, losses, place) for quote in told)
            fields["quotes"] = fit_fields.quotes(found, losses, place)
        if "note" in cells:
            fields["note"] = fit_fields.many_lines(cells["note"], limits.NOTE, losses, place)
        source = source_of_cells(cells)
        url = source.pop("url", None)
        read: dict[str, Any] = {
            name: fit_fields.one_line(value, _BOUNDS[name], losses, place)
            for name, value in source.items()
        }
        if url is not None:
            if fit_fields.url(url) is None:
                fit_fields.left_out(url, losses, place)
            else:
                read["url"] = url
        if any(read.values()):
            fields["source"] = read
        return {name: value for name, value in fields.items() if value is not None}

    def _weight(self, cells: dict[str, str], place: str) -> float | None:
        if not cells.get("weight", "").strip():
            return None
        try:
            weight = float(cells["weight"].replace(",", "."))
        except ValueError:
            weight = -1.0
        return fit_fields.weight(weight, self._draft.losses, place)

    def _read_relation(self, cells: dict[str, str], place: str) -> None:
        losses = self._draft.losses
        kind = cells.get("kind", "")
        if kind not in tuple(RelationKind):
            losses.add(LossKind.RELATION, "A relation of another kind was left out.", (place,))
            return
        key = f"relation {place}"
        fields: dict[str, Any] = {
            "label": fit_fields.one_line(cells.get("label"), limits.LABEL, losses, place),
            "scheme": scheme_of(cells.get("scheme")) if cells.get("scheme") else None,
            "implicit": True if cells.get("implicit") else None,
            "weight": self._weight(cells, place),
            "note": fit_fields.many_lines(cells.get("note"), limits.NOTE, losses, place),
        }
        self._draft.relations[key] = DraftRelation(
            cells.get("id"),
            RelationKind(kind),
            [part.strip() for part in cells.get("sources", "").split(";") if part.strip()],
            cells.get("target"),
            {name: value for name, value in fields.items() if value is not None},
        )
        if cells.get("id"):
            self._by_id.setdefault(cells["id"], key)

    def finish(self) -> None:
        """Join claims with what their rows name: ids, numbers of claims where a table has no ids, or whole texts."""
        draft = self._draft
        for key, named, kind, place in self._waiting:
            for target in self._found(named):
                if target is None:
                    missing = "A claim that a row names is not there."
                    draft.losses.add(LossKind.DANGLING, missing, (place,))
                elif target != key or kind is RelationKind.ATTACKS:
                    joined = f"{key} to {target} {kind}"
                    draft.relations[joined] = DraftRelation(
                        None, kind or RelationKind.SUPPORTS, [key], target
                    )
                draft.refuse_many()
        for relation in draft.relations.values():
            if self._ours:
                relation.sources = [self._by_id.get(source, source) for source in relation.sources]
                relation.target = self._by_id.get(relation.target or "", relation.target)

    def _found(self, named: str) -> list[str | None]:
        whole = self._one(named)
        if whole is not None:
            return [whole]
        mark = ";" if ";" in named else "\n" if "\n" in named else ","
        return [self._one(part.strip()) for part in named.split(mark) if part.strip()]

    def _one(self, name: str) -> str | None:
        found = self._by_id.get(name) or self._by_text.get(name)
        if (
            found is None
            and not self._by_id
            and name.isascii()
            and name.isdecimal()
            and len(name) < 7
        ):
            number = int(name)
            found = self._numbered[number - 1] if 0 < number <= len(self._numbered) else None
        return found
