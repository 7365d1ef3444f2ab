"""Word files: debate cards, outlines and articles are read, and maps written as a brief of cards."""

from argmap.errors import FormatError
from argmap.formats.outlines.sections import Outline
from argmap.formats.outlines.tree import Node
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft
from argmap.formats.report import Losses, LossKind
from argmap.formats.source.content import Content
from argmap.formats.word.brief import dump as dump
from argmap.formats.word.brief import is_brief, read_brief
from argmap.formats.word.cards import are_cards, cards_in, read_cards
from argmap.formats.word.paragraphs import Paragraph, is_word, open_document, paragraphs_of
from argmap.model import ArgumentMap, limits


def sniff(content: Content) -> bool:
    """Recognise a Word file."""
    return is_word(content.data)


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read our own brief, debate cards, an outline of lists or headings, or else an article.

    Raises FormatError for a broken or hostile file, for one without words, and where python-docx is missing.
    """
    draft = Draft("docx", losses)
    document = open_document(content.data)
    paragraphs = paragraphs_of(document)
    filled = [paragraph for paragraph in paragraphs if paragraph.text.strip()]
    told = document.core_properties
    ours = told.author == "argmap" or is_brief(filled)
    if not filled and not ours:
        raise FormatError("this Word file has no words")
    title = fit_fields.one_line(told.title or None, limits.TITLE, losses)
    if told.language:
        draft.fields["language"] = fit_fields.language(told.language, losses)
    if ours:
        draft.fields["title"] = title
        return read_brief(paragraphs, draft)
    cards = cards_in(paragraphs)
    if are_cards(cards):
        pocket = next((p.text for p in filled if p.level == 1), None)
        title = title or fit_fields.one_line(pocket, limits.TITLE, losses) or content.title
        draft.fields["title"] = title
        text = read_cards(cards, draft)
        loose = sum(p.level == 0 and p.style != "title" for p in filled) - sum(
            len(card.below) for card in cards
        )
        if loose:
            above = "Paragraphs that stand under no tag were left out."
            losses.add(LossKind.TEXT, above, [""] * loose)
        if text.strip():
            draft.fields["article"] = {
                "title": (title or "Debate cards")[: limits.TITLE],
                "text": text,
            }
        return draft.build()
    if _is_outline(filled):
        return _read_outline(paragraphs, title, draft)
    return _read_article(filled, title or content.title, draft)


def _is_outline(filled: list[Paragraph]) -> bool:
    """Say whether lists, or headings without prose below them, are most of a text."""
    items = sum(paragraph.item is not None for paragraph in filled)
    headings = sum(paragraph.level > 0 for paragraph in filled)
    prose = len(filled) - items - headings
    return (items > 1 and items >= prose) or (headings > 2 and prose <= headings // 2)


def _read_outline(paragraphs: list[Paragraph], title: str | None, draft: Draft) -> ArgumentMap:
    first = next((p for p in paragraphs if p.text.strip()), None)
    titled = first is not None and (first.style == "title" or first.level == 1)
    outline = Outline(draft, None if titled else title)
    path: list[tuple[int, Node]] = []
    for number, paragraph in enumerate(paragraphs, start=1):
        words, place = paragraph.text.strip(), f"paragraph {number}"
        if not words:
            continue
        links = [(words, link) for link in paragraph.links[:1]]
        if paragraph.item is not None:
            node = Node(" ".join(words.split()), place, links=links)
            while path and path[-1][0] >= paragraph.item:
                path.pop()
            if path:
                path[-1][1].children.append(node)
            else:
                outline.item(node)
            path.append((paragraph.item, node))
            continue
        path.clear()
        if paragraph.level or paragraph.style == "title":
            outline.heading(paragraph.level or 1, words, place)
        else:
            outline.paragraph(words, links, place)
    outline.plant()
    return draft.build()


def _read_article(filled: list[Paragraph], title: str | None, draft: Draft) -> ArgumentMap:
    """Take all words as the text of an article, of which a map is still to be made."""
    first = filled[0]
    heads = first.style in ("title", "heading1") or first.level == 1
    short = len(first.text) <= 150 and not first.text.rstrip().endswith((".", "!", ":", ";"))
    if len(filled) > 1 and (heads or short):
        title = fit_fields.one_line(first.text.strip(), limits.TITLE, draft.losses) or title
        filled = filled[1:]
    text = fit_fields.article_text("\n\n".join(p.text.strip() for p in filled), draft.losses)
    draft.fields["title"] = title
    if text is not None:
        draft.fields["article"] = {"title": title or "Article", "text": text}
    return draft.build()
