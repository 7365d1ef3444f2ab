/** The article: its words by code points, what is quoted in the kinds' colours, and what one selects. */

import { KINDS } from "./model.js";
import { all, calm, h } from "./dom.js";

const FOCUS_HEIGHT = 0.36; // of the view, where the words of a chosen claim come to stand

export function makeArticle(state, pane) {
  const paras = all(".para", pane).map((element, at) => {
    const node = element.firstChild ?? element.appendChild(document.createTextNode(""));
    const text = node.data;
    const wide = /[\ud800-\udbff]/.test(text);
    return { element, node, text, wide, number: at + 1, start: Number(element.dataset.start), length: wide ? [...text].length : text.length };
  });
  const text = () => paras.map((para, at) => para.text + (paras[at + 1] ? "\n".repeat(paras[at + 1].start - para.start - para.length) : "")).join("");
  let letters = null; // the text by code points

  /** UTF-16 units that so many code points of a paragraph take. */
  function units(para, points) {
    if (!para.wide) return Math.min(points, para.text.length);
    let at = 0;
    for (const letter of para.text) { if (points-- <= 0) break; at += letter.length; }
    return at;
  }
  const points = (para, at) => (para.wide ? [...para.text.slice(0, at)].length : at);

  function spot(offset, isEnd) {
    let found = paras[0];
    for (const para of paras) {
      if (para.start > offset || (isEnd && para.start >= offset)) break;
      found = para;
    }
    return [found.node, units(found, Math.max(0, Math.min(found.length, offset - found.start))), found];
  }

  function rangeOf(start, end) {
    const range = new Range();
    const from = spot(start, false);
    const to = spot(end, true);
    range.setStart(from[0], from[1]);
    range.setEnd(to[0], to[1]);
    return range;
  }

  /** The code points that a range of the document covers, without blanks at its ends; null where that is nothing. */
  function offsetsOf(range) {
    const at = (node, offset, isEnd) => {
      for (const para of paras) if (para.node === node) return para.start + points(para, offset);
      // In an element: the first paragraph behind the place, or the last before it.
      const place = new Range();
      place.setStart(node, offset);
      let last = paras[0]?.start ?? 0;
      for (const para of paras) {
        const side = place.comparePoint(para.node, 0);
        if (side >= 0 && !isEnd) return para.start;
        if (side >= 0) return last;
        last = para.start + para.length;
      }
      return last;
    };
    if (!paras.length) return null;
    letters ??= [...text()];
    let start = at(range.startContainer, range.startOffset, false);
    let end = at(range.endContainer, range.endOffset, true);
    while (start < end && /\s/.test(letters[start])) start++;
    while (end > start && /\s/.test(letters[end - 1])) end--;
    return end > start ? { start, end, exact: letters.slice(start, end).join(""), paragraph: spot(start, false)[2].number } : null;
  }

  const quotesOf = (claim) => (claim?.quotes ?? []).filter((quote) => Number.isInteger(quote.start) && Number.isInteger(quote.end) && quote.state !== "orphan");

  let painted = "";
  function paint() {
    if (!paras.length || !CSS.highlights) return;
    const shown = JSON.stringify(state.map.claims.map((claim) => [claim.kind, quotesOf(claim).map(({ start, end }) => [start, end])]));
    if (shown !== painted) {
      painted = shown;
      for (const [at, kind] of KINDS.entries()) {
        const highlight = new Highlight();
        highlight.priority = at;
        for (const claim of state.map.claims) if (claim.kind === kind) for (const quote of quotesOf(claim)) highlight.add(rangeOf(quote.start, quote.end));
        CSS.highlights.set(kind, highlight);
      }
    }
    const claim = state.focus && state.claim(state.focus);
    document.body.dataset.focusKind = claim?.kind ?? "";
    for (const rule of all(".rule", pane)) rule.remove();
    CSS.highlights.delete("focused");
    const quotes = quotesOf(claim);
    if (!quotes.length) return;
    const ranges = quotes.map((quote) => rangeOf(quote.start, quote.end));
    const focused = new Highlight(...ranges);
    focused.priority = 9;
    CSS.highlights.set("focused", focused);
    for (const range of ranges) {
      const sheet = paras[0].element.closest(".sheet");
      const box = range.getBoundingClientRect();
      const around = sheet.getBoundingClientRect();
      const rule = h("span", { class: "rule", "aria-hidden": "true" });
      rule.style.top = `${box.top - around.top + 3}px`;
      rule.style.height = `${Math.max(6, box.height - 6)}px`;
      sheet.append(rule);
    }
  }

  const view = {
    pane, paras, rangeOf, offsetsOf, quotesOf, paint,
    get isEmpty() { return paras.length === 0; },
    /** Scroll to the words of a claim, in their context. */
    show(id, smooth = true) {
      const [quote] = quotesOf(state.claim(id));
      if (!quote || !paras.length) return;
      const box = rangeOf(quote.start, quote.end).getBoundingClientRect();
      const around = pane.getBoundingClientRect();
      if (box.top >= around.top + 40 && box.bottom <= around.bottom - 60) return;
      pane.scrollTo({ top: pane.scrollTop + box.top - around.top - pane.clientHeight * FOCUS_HEIGHT, behavior: smooth && !calm() ? "smooth" : "instant" });
    },
    /** The claims whose words are at a point of the screen, the shortest passage first. */
    claimsAt(x, y) {
      const caret = document.caretPositionFromPoint?.(x, y);
      const para = paras.find(({ node }) => node === caret?.offsetNode);
      if (!para) return [];
      const at = para.start + points(para, caret.offset);
      return state.map.claims.flatMap((claim) => quotesOf(claim).filter((quote) => quote.start <= at && at <= quote.end).map((quote) => [quote.end - quote.start, claim.id]))
        .sort((a, b) => a[0] - b[0]).map(([, id]) => id);
    },
    /** What is selected in the article now, or null. */
    selected() {
      const selection = getSelection();
      if (!selection.rangeCount || selection.isCollapsed) return null;
      const range = selection.getRangeAt(0);
      return pane.contains(range.commonAncestorContainer) ? offsetsOf(range) : null;
    },
  };

  // A caret for those who come by keyboard: arrows move it, with Shift they select (WCAG 2.1.1).
  const caret = h("span", { class: "caret", "aria-hidden": "true", hidden: true });
  pane.append(caret);
  function drawCaret() {
    const selection = getSelection();
    const node = selection.focusNode;
    const shown = document.activeElement === pane && byKey && node && pane.contains(node) && node.nodeType === Node.TEXT_NODE;
    caret.hidden = !shown;
    if (!shown) return;
    const range = new Range();
    range.setStart(node, selection.focusOffset);
    let [box] = range.getClientRects();
    if (!box && selection.focusOffset > 0) { range.setStart(node, selection.focusOffset - 1); box = [...range.getClientRects()].at(-1); if (box) box = { left: box.right, top: box.top, height: box.height }; }
    if (!box) { caret.hidden = true; return; }
    const around = pane.getBoundingClientRect();
    caret.style.left = `${box.left - around.left}px`;
    caret.style.top = `${box.top - around.top + pane.scrollTop}px`;
    caret.style.height = `${box.height}px`;
    if (box.top < around.top + 40) pane.scrollTop -= around.top + 60 - box.top;
    if (box.top + box.height > around.bottom - 90) pane.scrollTop += box.top + box.height - around.bottom + 110;
  }
  let byKey = false;
  const MOVES = { ArrowLeft: ["left", "character"], ArrowRight: ["right", "character"], ArrowUp: ["backward", "line"], ArrowDown: ["forward", "line"], Home: ["backward", "lineboundary"], End: ["forward", "lineboundary"] };
  pane.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (!move || event.altKey || event.metaKey || !paras.length) return;
    if (event.target !== pane) return;
    event.preventDefault();
    byKey = true;
    const selection = getSelection();
    if (!selection.focusNode || !pane.contains(selection.focusNode) || selection.focusNode.nodeType !== Node.TEXT_NODE) {
      const top = pane.getBoundingClientRect().top;
      const first = paras.find(({ element }) => element.getBoundingClientRect().bottom > top + 20) ?? paras[0];
      selection.collapse(first.node, 0);
      drawCaret();
      return;
    }
    let [direction, granularity] = move;
    if (event.ctrlKey && granularity === "character") granularity = "word";
    if (event.ctrlKey && granularity === "lineboundary") granularity = "documentboundary";
    selection.modify(event.shiftKey ? "extend" : "move", direction, granularity);
    drawCaret();
  });
  pane.addEventListener("pointerdown", () => { byKey = false; caret.hidden = true; });
  pane.addEventListener("blur", () => { caret.hidden = true; });
  pane.addEventListener("focus", drawCaret);

  state.on("map", paint);
  state.on("focus", ({ by, scrollText = true }) => {
    paint();
    if (state.focus && scrollText && by !== "article") view.show(state.focus, by !== "address");
  });
  new ResizeObserver(() => paint()).observe(pane);
  return view;
}
