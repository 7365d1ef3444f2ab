"""How many quotes of real files are found in their texts, and how many are found wrongly.

`python -m benchmarks.quotes FOLDER`: of every file of the folder that has a text beside it, the words of each claim and
of each of its quotes are looked for in the text, by an exact search and as a new quote is anchored. A quote is wrong
where it is anchored at other words than it has, or cuts a word in two.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from argmap import formats
from argmap.errors import ArgmapError
from argmap.formats.source.decoding import decode
from argmap.model import Quote, QuoteState, anchor
from argmap.model.wording import Words


def main(folder: Path) -> None:
    """Print one row for each corpus."""
    print("| corpus | words | exact search | anchored | orphans | wrong |")
    print("|---|---|---|---|---|---|")
    for corpus in sorted({path.parent for path in folder.rglob("*.txt")}):
        total = exact = anchored = wrong = 0
        for text, words in _words(corpus):
            total += 1
            exact += words in text
            quote = anchor(Quote(exact=words), text)
            if quote.state is QuoteState.ANCHORED:
                anchored += 1
                wrong += not _same(words, quote, text)
        if total:
            name = corpus.relative_to(folder)
            print(f"| {name} | {total} | {exact} | {anchored} | {total - anchored} | {wrong} |")


def _words(corpus: Path) -> Iterator[tuple[str, str]]:
    """Yield the text of each annotated file of a folder with the words of each claim and quote."""
    for path in sorted(corpus.glob("*.txt")):
        beside = path.read_bytes()
        for annotated in (path.with_suffix(".json"), path.with_suffix(".xml")):
            if not annotated.exists():
                continue
            try:
                map = formats.load(annotated.read_bytes(), name=annotated.name).map
                text = decode(beside)[0]
            except ArgmapError:
                continue
            for claim in map.claims:
                said = {claim.text, *(quote.exact for quote in claim.quotes)}
                yield from ((text, words) for words in sorted(said) if len(words) <= 5_000)


def _same(words: str, quote: Quote, text: str) -> bool:
    assert quote.start is not None
    assert quote.end is not None
    whole = not (
        (quote.start and text[quote.start - 1].isalnum() and text[quote.start].isalnum())
        or (quote.end < len(text) and text[quote.end].isalnum() and text[quote.end - 1].isalnum())
    )
    return whole and "".join(Words.of(words).folded) == "".join(Words.of(quote.exact).folded)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
