"""Headings, paragraphs and lists of a document, made into the trees of a map."""

from argmap.formats.outlines.sides import group_of, side_of
from argmap.formats.outlines.tree import Node, plant
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft
from argmap.formats.report import LossKind
from argmap.model import limits


class Outline:
    """Collects the headings, paragraphs and lists of a document in their order.

    The first heading is the title. A further one with no more words than "Pro" or "Con" gives its side to the lists
    below it, which speak for or against the title. Any other is a section: it is kept with the claims below it, and
    where a document has no lists at all, headings below headings are themselves the claims.
    A paragraph directly above a list whose lines say pro or con is what they say it of.
    """

    def __init__(self, draft: Draft, title: str | None = None) -> None:
        self.draft = draft
        self._title = title
        self._roots: list[tuple[Node, tuple[int, str] | None]] = []
        self._section: tuple[int, str] | None = None
        self._group: Node | None = None
        self._headings: list[tuple[int, str, str]] = []
        self._before: Node | None = None  # a paragraph that may be what a list below it speaks of
        self._words: list[str] = []  # where paragraphs stand that are left out

    def heading(self, level: int, words: str, place: str) -> None:
        """Take a heading of that level, 1 for the highest."""
        words = " ".join(words.split())
        if not words:
            return
        self._drop_paragraph()
        if self._title is None and not self._roots and not self._headings:
            self._title = words
            self._headings.append((level, words, place))
            return
        self._headings.append((level, words, place))
        self._group = Node(words, place) if group_of(words) is not None else None
        if self._group is None:
            self._section = (level, words[: limits.TITLE])
        else:
            self._roots.append((self._group, self._section))

    def paragraph(self, words: str, links: list[tuple[str, str]], place: str) -> None:
        """Take a paragraph between lists."""
        self._drop_paragraph()
        if words.strip():
            self._before = Node(" ".join(words.split()), place, links=links)

    def item(self, node: Node) -> None:
        """Take an item at the margin of a list, with those below it."""
        if self._group is not None:
            self._drop_paragraph()
            self._group.children.append(node)
            return
        before = self._before
        if before is not None:
            says = node.does is not None or side_of(node.text).does is not None
            if says or (group_of(node.text) is not None and node.children):
                self._roots.append((before, self._section))
                self._before = None
            else:
                self._drop_paragraph()
        self._roots.append((node, self._section))

    def plant(self) -> dict[int, str]:
        """Add all claims and relations to the draft, and its title; return the keys of claims as `tree.plant` does."""
        self._drop_paragraph()
        draft = self.draft
        title = " ".join(self._title.split()) if self._title else None
        if title is not None:
            draft.fields["title"] = fit_fields.one_line(title, limits.TITLE, draft.losses)
        roots = [(node, section) for node, section in self._roots if node.text or node.children]
        if not roots and len(self._headings) > 1:
            roots = [(node, None) for node in self._of_headings()]
        left = "Words outside of the lists were left out."
        draft.losses.add(LossKind.TEXT, left, self._words)
        for node, section in roots:
            if section is not None and group_of(node.text) is None:
                node.extra.setdefault("section", list(section))
        return plant([node for node, _ in roots], draft, title)

    def _of_headings(self) -> list[Node]:
        """Return the tree of the headings themselves."""
        top: list[Node] = []
        path: list[tuple[int, Node]] = []
        for level, words, place in self._headings:
            node = Node(words, place)
            while path and path[-1][0] >= level:
                path.pop()
            (path[-1][1].children if path else top).append(node)
            path.append((level, node))
        return top

    def _drop_paragraph(self) -> None:
        if self._before is not None:
            self._words.append(self._before.place)
            self._before = None
