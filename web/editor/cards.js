/** The map on the screen: one element for each claim, patched by its id and moved by a transform; lines below the cards. */

import { t } from "../texts.js";
import { calm, h, icon, one, s } from "./dom.js";
import { layOut } from "./layout.js";
import { above, indexed, nameOf } from "./model.js";

const WIDTH = { full: 212, labels: 196 };
const PAD = 360; // around the map, so that any card can stand in the middle
const LABELS = 0.85; // scale below which cards show their labels alone
const [LEAST, MOST] = [0.79, 2];

/** Draw the map of a state into an element. */
export function makeCards(state, stage) {
  const lines = s("svg", { class: "lines", "aria-hidden": "true" });
  const canvas = h("div", { class: "canvas" }, lines);
  const sizer = h("div", { class: "sizer" }, canvas);
  const scroller = h("div", { class: "scroller", id: "map", role: "group", "aria-label": t("map"), tabindex: "-1" }, sizer);
  const ring = h("div", { class: "ring", hidden: true });
  canvas.append(ring);
  stage.append(scroller);
  const cards = new Map(); // id -> {element, shown, w, h, shape}
  const drawn = new Map(); // id of a relation -> {element, shown}
  let scale = 1;
  let plan = { places: new Map(), lines: [], width: 0, height: 0, order: [] };
  let other = null; // a map that is shown instead, to read
  const view = { canvas, scroller, cards, plan: () => plan, place: (id) => plan.places.get(id), get scale() { return scale; } };

  const labels = () => scale < LABELS;
  const width = () => (labels() ? WIDTH.labels : WIDTH.full);

  function describe(claim, index) {
    const kind = claim.implicit ? t("implicit.name", { kind: t(`${claim.kind}.name`) }) : t(`${claim.kind}.name`);
    const says = index.from(claim.id).map((relation) => {
      const target = index.claims.get(relation.target);
      const step = index.relations.get(relation.target);
      const name = target ? nameOf(target) : step ? t("the-step", { from: nameOf(index.claims.get(step.sources[0])), target: nameOf(index.claims.get(step.target)) }) : "";
      return `${t(`word.${relation.kind}`)}: ${name}`;
    });
    const counted = index.into(claim.id);
    const reasons = counted.filter((relation) => relation.kind === "supports").length;
    const against = counted.filter((relation) => relation.kind === "attacks").length;
    return [`${kind}: ${claim.label ? `${claim.label}. ` : ""}${claim.text}`, claim.speaker, ...says,
      reasons && t("sheet.for", { n: reasons }), against && t("sheet.against", { n: against })].filter(Boolean).join("; ");
  }

  function fillCard(card, claim, index) {
    const { element } = card;
    element.className = `claim ${claim.kind}${claim.implicit ? " implicit" : ""}${card.marks ? ` ${card.marks}` : ""}`;
    element.setAttribute("aria-label", describe(claim, index));
    const kind = claim.implicit ? t("implicit", { kind: t(claim.kind) }) : t(claim.kind);
    const shown = JSON.stringify([claim.kind, claim.implicit, claim.label, claim.text, claim.speaker, labels()]);
    if (shown === card.shown) return false;
    card.shown = shown;
    card.inner.replaceChildren(
      ...(labels()
        ? [h("p", { class: "headline", dir: "auto" }, claim.label || claim.text)]
        : [h("p", { class: "kind" }, kind),
          claim.label ? h("p", { class: "headline", dir: "auto" }, claim.label) : null,
          h("p", { class: "text", dir: "auto" }, claim.text || "…"),
          claim.speaker ? h("p", { class: "speaker", dir: "auto" }, `— ${claim.speaker}`) : null].filter(Boolean)));
    return true;
  }

  function outline(kind, w, h) {
    switch (kind) {
      case "thesis": return [`M3 0H${w - 3}a3 3 0 0 1 3 3V${h - 3}a3 3 0 0 1-3 3H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z`, `M4 4H${w - 4}V${h - 4}H4z`];
      case "premise": return [`M8 0H${w - 8}a8 8 0 0 1 8 8V${h - 8}a8 8 0 0 1-8 8H8a8 8 0 0 1-8-8V8a8 8 0 0 1 8-8z`, ""];
      case "evidence": return [`M0 0H${w - 12}L${w} 12V${h}H0z`, `M${w - 12} 0V12H${w}`];
      default: return [`M10 0H${w - 10}L${w} 10V${h - 10}L${w - 10} ${h}H10L0 ${h - 10}V10z`, ""];
    }
  }

  function makeCard(claim) {
    const frame = s("path", { class: "frame" });
    const fold = s("path", { class: "fold" });
    const inner = h("div", { class: "inner" });
    const element = h("div", { class: "claim", id: `claim-${claim.id}`, role: "group", tabindex: "-1", data: { claim: claim.id } },
      s("svg", { class: "shape", "aria-hidden": "true" }, frame, fold), inner);
    return { element, inner, frame, fold, shown: "", w: 0, h: 0, marks: "", fresh: true };
  }

  /** Draw what is new or different; everything else stays the element it was. */
  function draw() {
    const map = other ?? state.map;
    const index = other ? indexed(other) : state.index;
    const stale = [];
    for (const claim of map.claims) {
      let card = cards.get(claim.id);
      if (!card) {
        card = makeCard(claim);
        cards.set(claim.id, card);
        canvas.append(card.element);
      }
      if (fillCard(card, claim, index)) stale.push([card, claim]);
    }
    for (const [id, card] of cards) if (!index.claims.has(id)) { card.element.remove(); cards.delete(id); }
    canvas.classList.toggle("labels", labels());
    for (const [card] of stale) { card.element.style.width = `${width()}px`; card.inner.style.minHeight = ""; }
    for (const [card] of stale) card.h = card.inner.offsetHeight; // one layout for all of them
    for (const [card, claim] of stale) {
      card.w = width();
      const [frame, fold] = outline(claim.kind, card.w, card.h);
      card.frame.setAttribute("d", frame);
      card.fold.setAttribute("d", fold);
      card.element.style.height = `${card.h}px`;
    }
    plan = layOut(map, index, (id) => cards.get(id), width(), labels() ? 14 : 26);
    for (const [id, place] of plan.places) {
      const card = cards.get(id);
      const at = `translate(${place.x}px, ${place.y}px)`;
      if (card.at === at) continue;
      card.at = at;
      if (card.fresh) card.element.style.transition = "none";
      card.element.style.transform = at;
      if (card.fresh) { card.fresh = false; requestAnimationFrame(() => { card.element.style.transition = ""; }); }
    }
    drawLines(map);
    size();
    order();
    if (state.focus && !other) moveRing(state.focus);
  }

  function drawLines(map) {
    const seen = new Set();
    for (const each of plan.lines) {
      const { relation } = each;
      seen.add(relation.id);
      const shown = JSON.stringify([relation.kind, relation.implicit, each.paths, each.head, each.dot]);
      let found = drawn.get(relation.id);
      if (!found) {
        found = { element: s("g", { data: { relation: relation.id } }), shown: "" };
        drawn.set(relation.id, found);
        lines.append(found.element);
      }
      found.line = each;
      if (found.shown !== shown) {
        found.shown = shown;
        const [x, y, angle] = each.head;
        found.element.setAttribute("class", `relation ${relation.kind}${relation.implicit ? " implicit" : ""}`);
        const d = each.paths.join("");
        found.element.replaceChildren(
          s("path", { class: "hit", d }), s("path", { class: "line", d }),
          ...(each.dot ? [s("circle", { class: "head", cx: each.dot[0], cy: each.dot[1], r: 4 })] : []),
          ...(relation.kind === "restates" ? [] : [s("path", { class: "head", d: "M0 0L-9 3.6V-3.6z", transform: `translate(${x} ${y}) rotate(${angle}) translate(6 0)` })]));
      }
      const { id } = relation;
      const near = !other && state.focus && (relation.target === state.focus || relation.sources.includes(state.focus));
      found.element.classList.toggle("near", Boolean(near));
      found.element.classList.toggle("on", state.step === id && !other);
    }
    for (const [id, found] of drawn) if (!seen.has(id)) { found.element.remove(); drawn.delete(id); }
    canvas.classList.toggle("has-focus", Boolean(state.focus) && !other);
  }

  function size() {
    const [w, tall] = [plan.width, plan.height];
    sizer.style.width = `${w * scale + 2 * PAD}px`;
    sizer.style.height = `${tall * scale + 2 * PAD}px`;
    canvas.style.transform = `translate(${PAD}px, ${PAD}px) scale(${scale})`;
    lines.setAttribute("width", w);
    lines.setAttribute("height", tall);
    view.changed?.();
  }

  /** The tab key reaches one card; readers find them in the order of the outline. */
  function order() {
    let before = lines;
    for (const { claim } of plan.order) {
      const { element } = cards.get(claim.id);
      if (before.nextElementSibling !== element && !element.contains(document.activeElement)) before.after(element);
      before = element;
      element.tabIndex = -1;
    }
    const first = state.focus && cards.has(state.focus) ? state.focus : plan.order[0]?.claim.id;
    if (first) cards.get(first).element.tabIndex = 0;
  }

  function moveRing(id) {
    const place = plan.places.get(id);
    ring.hidden = !place;
    if (!place) return;
    ring.style.transform = `translate(${place.x - 6}px, ${place.y - 6}px)`;
    ring.style.width = `${place.w + 12}px`;
    ring.style.height = `${place.h + 12}px`;
  }

  Object.assign(view, {
    draw,
    /** Where a card is on the scroller's content, in pixels. */
    box(id) {
      const place = plan.places.get(id);
      return place && { x: place.x * scale + PAD, y: place.y * scale + PAD, w: place.w * scale, h: place.h * scale };
    },
    /** Bring a card to a part of the view (0 to 1 across and down). */
    centre(id, { smooth = true, at = [0.5, 0.45] } = {}) {
      const box = view.box(id);
      if (!box) return;
      scroller.scrollTo({ left: box.x + box.w / 2 - scroller.clientWidth * at[0], top: box.y + box.h / 2 - scroller.clientHeight * at[1], behavior: smooth && !calm() ? "smooth" : "instant" });
    },
    /** Scroll as little as needed to show a card. */
    reveal(id, smooth = true) {
      const box = view.box(id);
      if (!box) return;
      const room = 24;
      let { scrollLeft: left, scrollTop: top } = scroller;
      left = Math.max(Math.min(left, box.x - room), box.x + box.w + room - scroller.clientWidth);
      top = Math.max(Math.min(top, box.y - room), box.y + box.h + room + 30 - scroller.clientHeight);
      scroller.scrollTo({ left, top, behavior: smooth && !calm() ? "smooth" : "instant" });
    },
    /** Draw anew while one card stays where it is on the screen. */
    drawKeeping(id) {
      const before = id && view.box(id);
      draw();
      const after = id && view.box(id);
      if (before && after) scroller.scrollBy({ left: after.x - before.x, top: after.y - before.y, behavior: "instant" });
    },
    zoom(to, around = state.focus) {
      const next = Math.min(MOST, Math.max(LEAST, Math.round(to * 100) / 100));
      if (next === scale) return;
      const was = labels();
      const middle = [(scroller.scrollLeft + scroller.clientWidth / 2 - PAD) / scale, (scroller.scrollTop + scroller.clientHeight / 2 - PAD) / scale];
      scale = next;
      if (was !== labels()) draw();
      size();
      if (around && plan.places.has(around)) view.centre(around, { smooth: false });
      else scroller.scrollTo({ left: middle[0] * scale + PAD - scroller.clientWidth / 2, top: middle[1] * scale + PAD - scroller.clientHeight / 2, behavior: "instant" });
    },
    /** The whole map, as far as its text can still be read. */
    fit() {
      const fits = Math.min((scroller.clientWidth - 48) / Math.max(1, plan.width), (scroller.clientHeight - 48) / Math.max(1, plan.height));
      view.zoom(Math.min(1, fits), null);
      view.begin();
    },
    /** Where one begins to read: the whole map in the middle where it has room, else its first thesis. */
    begin() {
      const first = plan.order[0]?.claim.id;
      if (!first) return;
      const fitsDown = plan.height * scale < scroller.clientHeight - 40;
      const fitsAcross = plan.width * scale < scroller.clientWidth - 40;
      const box = view.box(first);
      scroller.scrollTo({
        left: fitsAcross ? PAD + plan.width * scale / 2 - scroller.clientWidth / 2 : PAD - 40,
        top: fitsDown ? PAD + plan.height * scale / 2 - scroller.clientHeight / 2 : box.y + box.h / 2 - scroller.clientHeight / 2,
        behavior: "instant",
      });
    },
    /** Put a class on a card until it is painted otherwise; "" takes it away. */
    paint(id, marks) {
      const card = cards.get(id);
      if (!card) return;
      if (card.marks) card.element.classList.remove(...card.marks.split(" "));
      card.marks = marks;
      if (marks) card.element.classList.add(...marks.split(" "));
    },
    paintRelation(id, marks) {
      drawn.get(id)?.element.classList.add(...marks.split(" "));
    },
    /** A few words at a card's upper edge; returns how to take them away. */
    flag(id, words, kind = "") {
      const card = cards.get(id);
      if (!card) return () => {};
      const flag = h("span", { class: `flag ${kind}` }, words);
      card.element.append(flag);
      return () => flag.remove();
    },
    /** Show another map, to read; null shows the state's again. */
    showOther(map) {
      other = map;
      canvas.classList.toggle("other", Boolean(map));
      for (const card of cards.values()) card.marks = "";
      ring.hidden = Boolean(map);
      draw();
    },
    get showsOther() { return other !== null; },
    /** The middle of a relation's line, in the scroller's content. */
    middleOf(id) {
      const found = drawn.get(id)?.line;
      return found && { x: found.middle[0] * scale + PAD, y: found.middle[1] * scale + PAD };
    },
    /** The claim next to another in a direction, as arrows walk: along relations across, by place up and down. */
    next(id, key) {
      const from = plan.places.get(id);
      if (!from) return plan.order[0]?.claim.id ?? null;
      const right = getComputedStyle(scroller).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
      if (key === "ArrowLeft" || key === "ArrowRight") {
        if (key !== right) {
          const up = above(state.index, id);
          if (up && plan.places.has(up.target.id)) return up.target.id;
        } else {
          const below = plan.order.find(({ claim }) => above(state.index, claim.id)?.target.id === id);
          if (below) return below.claim.id;
        }
      }
      const across = key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0;
      const down = key === "ArrowUp" ? -1 : key === "ArrowDown" ? 1 : 0;
      let best = null;
      for (const [other_, place] of plan.places) {
        if (other_ === id) continue;
        const dx = place.x + place.w / 2 - from.x - from.w / 2;
        const dy = place.y + place.h / 2 - from.y - from.h / 2;
        if (across ? dx * across <= 0 : dy * down <= 0) continue;
        const far = across ? Math.abs(dx) + Math.abs(dy) * 2 : Math.abs(dy) + Math.abs(dx) * 2;
        if (!best || far < best.far) best = { id: other_, far };
      }
      return best?.id ?? null;
    },
  });

  state.on("map", () => { if (!other) view.drawKeeping(state.focus); });
  state.on("renamed", ({ names }) => {
    for (const [old, id] of names) {
      const card = cards.get(old);
      if (card) {
        cards.delete(old);
        cards.set(id, card);
        card.element.id = `claim-${id}`;
        card.element.dataset.claim = id;
      }
      const found = drawn.get(old);
      if (found) {
        drawn.delete(old);
        drawn.set(id, found);
        found.element.dataset.relation = id;
      }
    }
  });
  state.on("focus", () => {
    drawLines(state.map);
    order();
    if (state.focus) moveRing(state.focus);
    else ring.hidden = true;
  });
  state.on("step", () => drawLines(state.map));
  state.on("chosen", () => { for (const [id, { element }] of cards) element.classList.toggle("chosen", state.chosen.has(id)); });

  // Dragging the ground moves the map; wheel with Ctrl zooms.
  let grip = null;
  scroller.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch" || event.target.closest(".claim, .edit, .acts, .menu, .both, .relation, button")) return;
    grip = [event.clientX, event.clientY, scroller.scrollLeft, scroller.scrollTop];
    scroller.classList.add("moving");
    scroller.setPointerCapture(event.pointerId);
  });
  scroller.addEventListener("pointermove", (event) => { if (grip) scroller.scrollTo(grip[2] - event.clientX + grip[0], grip[3] - event.clientY + grip[1]); });
  const release = () => { grip = null; scroller.classList.remove("moving"); };
  scroller.addEventListener("pointerup", release);
  scroller.addEventListener("pointercancel", release);
  scroller.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    view.zoom(scale * (event.deltaY < 0 ? 1.1 : 1 / 1.1), null);
  }, { passive: false });

  // Zoom in the corner.
  const output = h("output", {}, "100 %");
  const button = (name, label, act) => h("button", { type: "button", "aria-label": label, title: label, on: { click: act } }, icon(name));
  stage.append(h("div", { class: "zoom", role: "group", "aria-label": t("zoom") },
    button("i-minus", t("smaller"), () => view.zoom(scale - 0.1)), output,
    button("i-plus", t("larger"), () => view.zoom(scale + 0.1)), button("i-fit", t("whole"), () => view.fit())));
  view.changed = () => { output.textContent = `${Math.round(scale * 100)} %`; one(".mini", stage)?.remove(); };
  return view;
}
