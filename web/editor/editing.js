/** Making and changing: the bar at a selection, the card that is being written, linking, and what one does to a chosen card. */

import { t } from "../texts.js";
import { all, glyph, h, icon, line, one, s, say, toast } from "./dom.js";
import { above, hangsOn, KINDS, nameOf, removal } from "./model.js";

const WAYS = ["supports", "attacks", "together", "undercuts", "restates"];
let count = 0;
const temporary = () => `new:${Date.now().toString(36)}${(count++).toString(36)}`;

export function makeEditing({ state, outbox, map, article }) {
  const stage = one("#stage");
  const main = one("#work");
  const draftKey = `argmap-draft-${state.id}`;
  let pick = null; // the bar at a selection
  let picked = null; // the words it is about
  let editor = null;
  let acts = null;
  let menu = null;
  let palette = null;

  const focusCard = (id) => map.cards.get(state.idOf(id))?.element.focus({ preventScroll: true });
  const need = () => { if (state.mayEdit) return true; say(t("reader-now")); return false; };
  const change = (operations, more) => outbox.change(operations, more);

  // ---- what a new claim does to the one that is looked at ----

  /** The ways in which a claim can hang on a target, each with its words and its operation. */
  function waysTo(targetId, ownId) {
    const target = state.claim(targetId);
    if (!target) return [];
    const up = above(state.index, target.id);
    const sibling = state.index.into(target.id).find((relation) => relation.kind === "supports" && !relation.sources.includes(ownId));
    const name = nameOf(target);
    return WAYS.map((way) => {
      if (way === "together") {
        // With the target itself for what it supports; at a thesis, with its newest reason.
        const step = up?.relation.kind === "supports" ? up.relation : sibling;
        if (!step) return null;
        const mate = step === up?.relation ? target : state.index.claims.get(step.sources.find((id) => id !== ownId));
        return { way, kind: "supports", words: t("way.together", { target: nameOf(mate) }), op: () => ({ op: "change_relation", id: step.id, patch: { sources: [...step.sources.filter((id) => id !== ownId), ownId] } }) };
      }
      if (way === "undercuts") {
        if (!up) return null;
        return { way, kind: "attacks", words: t("way.undercuts", { from: name, target: nameOf(up.target) }), op: (id) => ({ op: "add_relation", relation: { id, kind: "attacks", sources: [ownId], target: up.relation.id } }) };
      }
      return { way, kind: way, words: t(`way.${way}`, { target: name }), op: (id) => ({ op: "add_relation", relation: { id, kind: way, sources: [ownId], target: target.id } }) };
    }).filter(Boolean);
  }
  const shapeOf = (way) => (way === "undercuts" ? "undercut" : way);
  const chipOf = (way) => [line(way.kind, shapeOf(way.way)), h("span", { class: "cut" }, ...bold(way.words))];
  const bold = (words) => { const at = words.indexOf(": "); return at < 0 ? [words] : [words.slice(0, at + 2), h("b", {}, words.slice(at + 2))]; };

  // ---- the card that is being written ----

  /** Begin a claim: of words, or without a quote. It hangs on the chosen claim, if there is one. */
  function begin(kind, { words = null, under = state.focus, implicit = false, text = "", way = null, scroll = true } = {}) {
    if (!need()) return;
    commit();
    hidePick();
    const id = temporary();
    const target = under && state.claim(under) && (kind !== "thesis") ? state.idOf(under) : null;
    const claim = { id, kind, text: words ? words.exact.replace(/\s+/g, " ").slice(0, 2000) : text };
    if (words) claim.quotes = [{ exact: words.exact, start: words.start, end: words.end }];
    if (implicit) claim.implicit = true;
    const usual = kind === "rebuttal" ? "attacks" : "supports";
    open({ id, isNew: true, claim, target, way: way && target && waysTo(target, id).some((each) => each.way === way) ? way : usual, relationId: temporary(), words, details: {}, before: state.focus, scroll });
    getSelection().removeAllRanges();
  }

  /** Change a claim that is there. */
  function edit(id = state.focus, { details = false } = {}) {
    const claim = state.claim(id);
    if (!claim || !need()) return;
    commit();
    state.focusOn(claim.id, { by: "edit", scrollText: false });
    open({ id: claim.id, isNew: false, claim: { ...claim }, was: claim, base: state.version, target: null, details: {}, showDetails: details });
  }

  let draft = null;

  function operationsOf() {
    const { claim, target, way, relationId } = draft;
    if (!draft.isNew) {
      const patch = {};
      for (const name of ["kind", "text", "label", "speaker", "source", "weight", "note", "implicit"]) {
        const value = claim[name] === "" || claim[name] === undefined ? (name === "text" ? draft.was.text : null) : claim[name];
        if (JSON.stringify(value ?? null) !== JSON.stringify(draft.was[name] ?? null)) patch[name] = value;
      }
      const list = Object.keys(patch).length ? [{ op: "change_claim", id: claim.id, patch, base: draft.base }] : [];
      return [...list, ...schemeOp()];
    }
    const kept = Object.fromEntries(Object.entries(claim).filter(([, value]) => value !== "" && value !== null && value !== undefined));
    kept.text = claim.text.trim() || "…";
    const list = [{ op: "add_claim", claim: kept }];
    if (target && way !== "none") {
      const found = waysTo(target, claim.id).find((each) => each.way === way);
      if (found) list.push(found.op(relationId));
    }
    return list;
  }
  function schemeOp() {
    const up = draft.details.scheme === undefined ? null : above(state.index, draft.id);
    return up ? [{ op: "change_relation", id: up.relation.id, patch: { scheme: draft.details.scheme ? { name: draft.details.scheme } : null } }] : [];
  }

  function show() {
    state.setDraft({ operations: operationsOf(), claim: draft.id, isNew: draft.isNew });
    place();
    try { localStorage.setItem(draftKey, JSON.stringify({ ...draft, me: state.me?.id })); } catch { /* not kept */ }
  }

  function open(next) {
    draft = next;
    hideActs();
    const { claim } = draft;
    const area = h("textarea", { rows: "3", "aria-label": t("in-your-words"), dir: "auto", maxlength: "2000", value: claim.text });
    const slot = h("div", { class: "slot" });
    const more = h("div", { class: "more", hidden: true });
    const from = draft.words ? t("of-paragraph", { n: draft.words.paragraph }) : draft.isNew ? t("no-words") : "";
    const head = h("div", { class: `head is-${claim.kind}` });
    const detailsButton = h("button", { type: "button", class: "foot-button", on: { click: () => toggle() } }, h("kbd", {}, "Ctrl ."), t("details"));
    editor = h("form", { class: "edit", "aria-label": t(draft.isNew ? "new.kind" : "edit.kind", { kind: t(`${claim.kind}.name`) }) }, head, area, slot, more,
      h("div", { class: "foot" },
        h("button", { class: "foot-button", type: "submit" }, h("kbd", {}, "↵"), t("save")),
        draft.isNew && draft.target ? h("button", { type: "button", class: "foot-button", on: { click: () => step(1) } }, h("kbd", {}, "⇥"), t("relation")) : null, detailsButton));
    const drawHead = () => head.replaceChildren(glyph(claim.kind), h("span", {}, t(claim.kind)), from ? h("span", { class: "hint from" }, from) : "");
    drawHead();
    function drawSlot() {
      slot.replaceChildren();
      if (!draft.isNew || !draft.target) return;
      const now = waysTo(draft.target, draft.id).find((way) => way.way === draft.way);
      if (!now) return;
      slot.append(h("button", { class: "chip", type: "button", "aria-haspopup": "menu", "aria-label": `${t("relation")}: ${now.words}`, on: { click: (event) => openWays(event.currentTarget) } }, ...chipOf(now), icon("i-down")));
    }
    function step(by) {
      const ways = waysTo(draft.target, draft.id);
      if (!draft.isNew || !ways.length) return;
      const at = ways.findIndex((way) => way.way === draft.way);
      take(ways[(at + by + ways.length) % ways.length].way);
    }
    function take(way) {
      draft.way = way;
      show();
      drawSlot();
      say(slot.textContent);
    }
    function openWays(chip) {
      openMenu(chip, waysTo(draft.target, draft.id).map((way) => ({ content: chipOf(way), on: way.way === draft.way, act: () => { take(way.way); area.focus(); } })), t("relations"));
    }
    function toggle(force) {
      const showing = force ?? more.hidden;
      if (showing && !more.childElementCount) fillDetails();
      more.hidden = !showing;
      if (showing) one("input, select", more)?.focus({ preventScroll: true });
      else area.focus({ preventScroll: true });
      place();
    }
    function fillDetails() {
      const field = (name, value, hint, set, type = "text") => h("label", {}, h("span", {}, t(name)), h("input", { type, value: value ?? "", placeholder: hint, maxlength: "1000", on: { input: (event) => { set(event.target.value.trim()); show(); } } }));
      const source = () => ({ ...(claim.source ?? {}) });
      const setSource = (name) => (value) => { const next = source(); if (value) next[name] = value; else delete next[name]; claim.source = Object.keys(next).length ? next : null; };
      const up = draft.isNew ? null : above(state.index, draft.id);
      more.append(
        h("label", {}, h("span", {}, t("kind")), h("select", { on: { change: (event) => { claim.kind = event.target.value; head.className = `head is-${claim.kind}`; drawHead(); show(); } } },
          ...KINDS.map((kind) => h("option", { value: kind, selected: kind === claim.kind }, t(kind))))),
        field("label", claim.label, t("label.hint"), (value) => { claim.label = value; }),
        field("speaker", claim.speaker, t("speaker.hint"), (value) => { claim.speaker = value; }),
        field("source", claim.source?.title, t("source.hint"), setSource("title")),
        field("source.url", claim.source?.url, t("source.url.hint"), (value) => setSource("url")(/^https?:\/\/\S+$/.test(value) ? value : "")),
        field("weight", claim.weight ?? "", t("weight.hint"), (value) => { const number = Number(value.replace(",", ".")); claim.weight = value !== "" && number >= 0 && number <= 1 ? number : null; }),
        up ? field("scheme", up.relation.scheme?.name ?? up.relation.scheme?.key, t("scheme.hint"), (value) => { draft.details.scheme = value; }) : "",
        field("note", claim.note, "", (value) => { claim.note = value; }),
        h("label", { class: "tick" }, h("input", { type: "checkbox", checked: Boolean(claim.implicit), on: { change: (event) => { claim.implicit = event.target.checked || null; show(); } } }), h("span", {}, t("implicit.tick"))));
    }
    area.addEventListener("input", () => { claim.text = area.value; show(); });
    editor.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Tab" && event.target === area && draft.isNew && draft.target) { event.preventDefault(); step(event.shiftKey ? -1 : 1); }
      else if (event.key === "Enter" && !event.shiftKey && event.target.matches("textarea, input")) { event.preventDefault(); commit(); }
      else if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); if (!more.hidden) toggle(false); else cancel(); }
      else if (event.key === "." && (event.ctrlKey || event.metaKey)) { event.preventDefault(); toggle(); }
    });
    editor.addEventListener("submit", (event) => { event.preventDefault(); commit(); });
    map.canvas.append(editor);
    drawSlot();
    show();
    state.focusOn(draft.id, { by: draft.words ? "article" : "edit", scrollText: false });
    if (draft.scroll !== false) map.reveal(draft.id);
    area.focus({ preventScroll: true });
    if (draft.isNew) area.select(); else area.setSelectionRange(area.value.length, area.value.length);
    if (draft.showDetails) toggle(true);
    requestAnimationFrame(intoView);
  }

  function place() {
    const at = editor && draft && map.place(state.idOf(draft.id));
    if (!at) return;
    editor.style.transform = `translate(${at.x - 12}px, ${at.y - 12}px) scale(${1 / map.scale})`;
    editor.style.transformOrigin = "0 0";
  }
  function intoView() {
    if (!editor) return;
    const box = editor.getBoundingClientRect();
    const around = map.scroller.getBoundingClientRect();
    const dx = box.left < around.left + 16 ? box.left - around.left - 16 : Math.max(0, box.right - around.right + 16);
    const dy = box.top < around.top + 16 ? box.top - around.top - 16 : Math.min(box.top - around.top - 16, Math.max(0, box.bottom - around.bottom + 68)); // the zoom stands there
    map.scroller.scrollBy({ left: dx, top: dy, behavior: "instant" });
  }

  function shut() {
    editor?.remove();
    editor = null;
    closeMenu();
    draft = null;
    try { localStorage.removeItem(draftKey); } catch { /* not kept */ }
  }

  /** Keep what is being written. */
  function commit() {
    if (!draft) return false;
    const now = draft;
    const operations = operationsOf();
    const empty = now.isNew && !now.claim.text.trim();
    shut();
    state.draft = null;
    if (empty || !operations.length) { state.rebuild({ own: true }); state.emit("draft"); back(now); return true; }
    const said = t(now.isNew ? "said.added" : "said.changed", { kind: t(`${now.claim.kind}.name`), name: nameOf(now.claim) });
    change(operations, { said });
    state.emit("draft");
    say(said);
    back(now);
    return true;
  }
  function cancel() {
    const now = draft;
    shut();
    state.setDraft(null);
    back(now, true);
  }
  /** A reason for a reason comes next, or a second piece for the same claim. */
  function back(now, left = false) {
    const leaf = now.claim.kind === "evidence" || now.claim.kind === "rebuttal";
    const next = now.isNew && (left || leaf) ? (now.target ?? now.before ?? (left ? null : now.id)) : now.id;
    const there = state.claim(next) ? state.idOf(next) : null;
    state.focusOn(there, { by: "edit", scrollText: false, again: true });
    if (now.words && !left) article.pane.focus({ preventScroll: true });
    else if (there) focusCard(there);
    else article.pane.focus({ preventScroll: true });
  }

  // ---- the bar at a selection ----

  function showPick() {
    const words = article.selected();
    if (!words || !state.mayEdit) { hidePick(); return; }
    picked = words;
    const target = state.focus && state.claim(state.focus);
    const range = getSelection().getRangeAt(0);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
    if (!boxes.length) return;
    pick?.remove();
    const act = (work) => ({ pointerdown: (event) => event.preventDefault(), click: work });
    pick = h("div", { class: "pick", role: "toolbar", "aria-label": t("pick") },
      h("div", { class: "row" }, ...KINDS.map((kind) => h("button", { type: "button", data: { kind }, on: act(() => make(kind)) }, icon(`k-${kind}`, "k"), t(kind), h("kbd", { "aria-hidden": "true" }, kind[0].toUpperCase())))),
      target ? h("div", { class: "foot" }, h("span", {}, `${t("pick.under")} `, h("b", {}, nameOf(target))), h("button", { type: "button", on: act(quote) }, t("pick.quote"), " ", h("kbd", { "aria-hidden": "true" }, "Q"))) : null);
    main.append(pick);
    const wide = pick.offsetWidth;
    const middle = (Math.min(...boxes.map((box) => box.left)) + Math.max(...boxes.map((box) => box.right))) / 2;
    const last = boxes.at(-1);
    const below = last.bottom + 10 + pick.offsetHeight < innerHeight;
    pick.style.left = `${Math.max(12, Math.min(middle - wide / 2, innerWidth - wide - 12))}px`;
    pick.style.top = `${below ? last.bottom + 10 : Math.max(8, boxes[0].top - pick.offsetHeight - 10)}px`;
  }
  function hidePick() { pick?.remove(); pick = null; picked = null; }

  function make(kind, way = null) {
    const words = article.selected() ?? picked;
    if (!words) { say(t("select-first")); return; }
    begin(kind, { words, way });
  }
  function quote() {
    const words = article.selected() ?? picked;
    const claim = state.focus && state.claim(state.focus);
    if (!words) { say(t("select-first")); return; }
    if (!claim) { toast(t("quote-first")); return; }
    hidePick();
    getSelection().removeAllRanges();
    const said = t("said.quoted", { name: nameOf(claim) });
    change([{ op: "change_claim", id: claim.id, patch: { quotes: [...(claim.quotes ?? []), { exact: words.exact, start: words.start, end: words.end }] } }], { said });
    say(said);
  }

  let settling = 0;
  const settle = (wait) => { clearTimeout(settling); settling = setTimeout(showPick, wait); };
  document.addEventListener("selectionchange", () => {
    if (document.activeElement?.closest?.(".edit, dialog, input, textarea")) return;
    if (getSelection().isCollapsed) { clearTimeout(settling); hidePick(); } else settle(pointing ? 600 : 300);
  });
  let pointing = false;
  article.pane.addEventListener("pointerdown", () => { pointing = true; hidePick(); });
  addEventListener("pointerup", () => { if (pointing) { pointing = false; settle(0); } });
  addEventListener("pointercancel", () => { pointing = false; });
  article.pane.addEventListener("scroll", () => { if (pick) { pick.remove(); pick = null; settle(200); } }, { passive: true });

  // ---- what one does to the chosen card ----

  function showActs() {
    hideActs();
    const id = state.focus;
    const box = id && map.place(id);
    if (!box || draft || palette || map.showsOther || document.body.classList.contains("projecting")) return;
    if (!state.mayEdit) return;
    const button = (words, key, act) => h("button", { type: "button", on: { click: act } }, words, key ? h("kbd", { "aria-hidden": "true" }, key) : null);
    const more = h("button", { type: "button", "aria-label": t("more"), "aria-haspopup": "menu", on: { click: () => openMenu(more, commands(id), t("claim")) } }, icon("i-more"));
    acts = h("div", { class: "acts", role: "toolbar", "aria-label": t("claim") }, button(t("edit"), "↵", () => edit(id)), button(t("link"), "L", () => link(id)), button(t("details"), "D", () => edit(id, { details: true })), more);
    map.canvas.append(acts);
    acts.style.left = `${box.x + box.w / 2}px`;
    acts.style.top = `${box.y + box.h - 9}px`;
    acts.style.transform = `scale(${1 / map.scale}) translateX(-50%)`;
    acts.style.transformOrigin = "0 0";
  }
  function hideActs() { acts?.remove(); acts = null; }

  /** Everything that can be done with a claim, for menus on the map and in the outline. */
  function commands(id) {
    const claim = state.claim(id);
    if (!claim) return [];
    return [
      { words: t("edit"), key: "↵", act: () => edit(id) },
      { words: t("details"), key: "D", act: () => edit(id, { details: true }) },
      { words: t("add-premise"), key: "P", act: () => begin("premise", { under: id }) },
      { words: t("add-evidence"), key: "E", act: () => begin("evidence", { under: id }) },
      { words: t("add-rebuttal"), key: "R", act: () => begin("rebuttal", { under: id }) },
      { words: t("link"), key: "L", act: () => link(id) },
      above(state.index, id) ? { words: t("turn"), key: "X", act: () => turn(above(state.index, id).relation.id) } : null,
      claim.quotes?.length ? { words: t("unquote"), act: () => change([{ op: "change_claim", id, patch: { quotes: null } }], { said: t("unquote") }) } : null,
      { words: t("remove"), key: "⌫", act: () => remove(id) },
    ].filter(Boolean);
  }

  function openMenu(anchor, items, label) {
    closeMenu();
    const box = anchor.getBoundingClientRect();
    const back = document.activeElement;
    const rows = items.map((item) => h("button", { class: `opt${item.on ? " on" : ""}`, type: "button", role: "menuitem", tabindex: "-1", on: { click: () => { closeMenu(); item.act(); } } }, ...(item.content ?? [h("span", {}, item.words), item.key ? h("kbd", { "aria-hidden": "true" }, item.key) : null].filter(Boolean))));
    menu = h("div", { class: "menu fixed", role: "menu", "aria-label": label }, ...rows);
    document.body.append(menu);
    const tall = menu.offsetHeight;
    menu.style.left = `${Math.max(8, Math.min(box.left, innerWidth - menu.offsetWidth - 8))}px`;
    menu.style.top = `${box.bottom + 6 + tall > innerHeight ? Math.max(8, box.top - tall - 6) : box.bottom + 6}px`;
    (rows[items.findIndex((item) => item.on)] ?? rows[0])?.focus();
    menu.addEventListener("keydown", (event) => {
      const at = rows.indexOf(document.activeElement);
      if (event.key === "ArrowDown" || (event.key === "Tab" && !event.shiftKey)) { event.preventDefault(); rows[(at + 1) % rows.length].focus(); }
      else if (event.key === "ArrowUp" || event.key === "Tab") { event.preventDefault(); rows[(at - 1 + rows.length) % rows.length].focus(); }
      else if (event.key === "Escape") { event.preventDefault(); closeMenu(); back?.focus?.({ preventScroll: true }); }
      event.stopPropagation();
    });
  }
  function closeMenu() { menu?.remove(); menu = null; }
  addEventListener("pointerdown", (event) => { if (menu && !menu.contains(event.target)) closeMenu(); });

  /** Remove a claim, several, or a relation; says what goes with it, and offers to take it back. */
  function remove(id = null) {
    if (!need()) return;
    const what = id ?? state.step ?? null;
    if (what && state.index.relations.has(what)) {
      change([{ op: "remove_relation", id: what }], { said: t("said.unlinked") });
      toast(t("said.unlinked"), [[t("undo"), () => api.undo?.()]]);
      if (state.focus) focusCard(state.focus);
      return;
    }
    const ids = id ? [id] : [...new Set([state.focus, ...state.chosen])].filter((each) => each && state.claim(each));
    if (!ids.length) { say(t("choose-first")); return; }
    const claim = state.claim(ids[0]);
    const up = above(state.index, ids[0])?.target.id ?? map.next(ids[0], "ArrowUp");
    const went = new Set(ids.flatMap((each) => removal(state.map, each).relations));
    const said = went.size ? t("said.removed", { name: nameOf(claim), n: went.size }) : t("said.removed", { name: nameOf(claim) });
    change(ids.map((each) => ({ op: "remove_claim", id: each })), { said });
    state.focusOn(up && !ids.includes(up) && state.claim(up) ? up : null, { by: "edit", scrollText: false });
    if (state.focus) focusCard(state.focus);
    toast(said, [[t("undo"), () => api.undo?.()]], 8);
  }

  // ---- linking ----

  /** Add a relation; what cannot be is said. */
  function connect(from, way, target) {
    const [source, to] = [state.claim(from), state.claim(target)];
    if (source && to && source.id === to.id) { toast(t("link.itself")); return false; }
    const known = state.index.from(from).find((relation) => relation.target === target && relation.sources.length === 1);
    const said = t("said.linked", { from: nameOf(source), way: t(`word.${way}`), target: nameOf(to) });
    change(known ? [{ op: "change_relation", id: known.id, patch: { kind: way } }] : [{ op: "add_relation", relation: { id: temporary(), kind: way, sources: [from], target } }], { said });
    say(said);
    return true;
  }

  /** Ask for a claim by a few letters. `done(id, way)`; without `ways` only the claim is asked for. */
  function ask({ from, title, ways, done }) {
    closePalette();
    hideActs();
    const others = state.map.claims.filter((claim) => claim.id !== from);
    let way = ways?.[0];
    let hits = [];
    let at = 0;
    const back = document.activeElement;
    const input = h("input", { role: "combobox", "aria-expanded": "true", "aria-controls": "found", "aria-autocomplete": "list", "aria-label": t("link.ask"), placeholder: t("link.ask"), autocomplete: "off", spellcheck: "false" });
    const chip = ways ? h("button", { class: "chip", type: "button", on: { click: () => { nextWay(); input.focus(); } } }) : null;
    const list = h("div", { class: "list", id: "found", role: "listbox", "aria-label": t("link.title") });
    const foot = h("div", { class: "foot" });
    palette = h("div", { class: "palette", role: "dialog", "aria-label": title }, h("div", { class: "ask" }, chip, input), list, foot);
    stage.append(palette);
    const nextWay = () => { way = ways[(ways.indexOf(way) + 1) % ways.length]; draw(); say(t(`word.${way}`)); };
    const rank = (claim, words) => { const label = nameOf(claim).toLowerCase(); return label.startsWith(words) ? 3 : label.includes(` ${words}`) ? 2 : label.includes(words) ? 1 : 0; };
    const lit = (text, words) => { const i = words ? text.toLowerCase().indexOf(words) : -1; return i < 0 ? [text] : [text.slice(0, i), h("mark", {}, text.slice(i, i + words.length)), text.slice(i + words.length)]; };
    function draw() {
      const words = input.value.trim().toLowerCase();
      hits = others.filter((claim) => `${claim.label ?? ""} ${claim.text}`.toLowerCase().includes(words)).sort((a, b) => rank(b, words) - rank(a, words)).slice(0, 6);
      at = Math.max(0, Math.min(at, hits.length - 1));
      list.replaceChildren(...(hits.length ? hits.map((claim, n) => h("div", { class: `it${n === at ? " on" : ""}`, role: "option", id: `found-${n}`, "aria-selected": String(n === at), on: { pointerdown: (event) => { event.preventDefault(); at = n; take(); } } },
        glyph(claim.kind), h("b", {}, ...lit(nameOf(claim), words)), h("span", { class: "hint" }, t(`${claim.kind}.name`)), h("small", {}, ...lit(claim.text, words)))) : [h("p", { class: "hint nothing" }, t("link.none"))]));
      input.setAttribute("aria-activedescendant", hits.length ? `found-${at}` : "");
      if (chip) chip.replaceChildren(line(way), t(`word.${way}`));
      foot.replaceChildren(h("span", {}, h("kbd", {}, "↵"), t("link.enter")), ...(ways ? [h("span", {}, h("kbd", {}, "⇥"), t("link.instead", { way: t(`word.${ways[(ways.indexOf(way) + 1) % ways.length]}`) }))] : []), h("span", {}, h("kbd", {}, "esc"), t("link.leave")));
      preview(from, hits[at]?.id, way);
    }
    function take() {
      const hit = hits[at];
      closePalette();
      back?.focus?.({ preventScroll: true });
      if (hit) done(hit.id, way);
      showActs();
    }
    input.addEventListener("input", () => { at = 0; draw(); });
    palette.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      event.stopPropagation();
      if (event.key === "ArrowDown") { event.preventDefault(); at += 1; draw(); }
      else if (event.key === "ArrowUp") { event.preventDefault(); at -= 1; draw(); }
      else if (event.key === "Tab") { event.preventDefault(); if (ways) nextWay(); }
      else if (event.key === "Enter") { event.preventDefault(); take(); }
      else if (event.key === "Escape") { event.preventDefault(); closePalette(); back?.focus?.({ preventScroll: true }); showActs(); }
    });
    palette.addEventListener("focusout", () => setTimeout(() => { if (palette && !palette.contains(document.activeElement)) { closePalette(); showActs(); } }));
    draw();
    input.focus({ preventScroll: true });
  }
  function closePalette() { palette?.remove(); palette = null; preview(null); }

  function preview(from, to, way = "supports", point = null) {
    for (const old of all(".preview", map.canvas)) old.remove();
    for (const card of all(".claim.target", map.canvas)) card.classList.remove("target");
    const [a, b] = [from && map.place(from), to && map.place(to)];
    if (to) map.cards.get(to)?.element.classList.add("target");
    if (!a || !(b || point)) return;
    const [x1, y1] = [b && b.x > a.x ? a.x + a.w : a.x, a.y + a.h / 2];
    const [x2, y2] = point ?? [b.x > a.x ? b.x - 6 : b.x + b.w + 6, b.y + b.h / 2];
    const m = (x1 + x2) / 2;
    one(".lines", map.canvas).append(s("path", { class: `preview ${way}`, d: `M${x1} ${y1}C${m} ${y1} ${m} ${y2} ${x2} ${y2}` }));
  }

  function link(id = state.focus) {
    if (!need()) return;
    if (!id || !state.claim(id)) { say(t("choose-first")); return; }
    const kind = state.claim(id).kind;
    ask({ from: id, title: t("link.title"), ways: kind === "rebuttal" ? ["attacks", "supports", "restates"] : ["supports", "attacks", "restates"], done: (target, way) => { connect(id, way, target); focusCard(id); } });
  }

  /** Chosen claims that support the same count together from now on. */
  function together() {
    if (!need()) return;
    const ids = [...new Set([state.focus, ...state.chosen])].filter((id) => id && state.claim(id));
    const steps = ids.map((id) => state.index.from(id).find((relation) => relation.kind === "supports")).filter(Boolean);
    if (ids.length < 2 || !steps.length) { toast(t("choose-two")); return; }
    const [keep] = steps;
    const sources = [...new Set([...keep.sources, ...ids])].filter((id) => id !== keep.target);
    const operations = [{ op: "change_relation", id: keep.id, patch: { sources } }];
    for (const other of new Set(steps.slice(1))) {
      if (other.id === keep.id || other.target !== keep.target) continue;
      const left = other.sources.filter((id) => !sources.includes(id));
      operations.push(left.length ? { op: "change_relation", id: other.id, patch: { sources: left } } : { op: "remove_relation", id: other.id });
    }
    change(operations, { said: t("said.together") });
    toast(t("said.together"), [[t("undo"), () => api.undo?.()]]);
    state.choose([]);
  }

  const stepOf = (id = state.step) => state.index.relations.get(id) ?? (state.focus && above(state.index, state.focus)?.relation) ?? null;

  /** Turn a relation round: what was supported supports. */
  function turn(id = state.step) {
    if (!need()) return;
    const relation = stepOf(id);
    if (!relation) { say(t("choose-first")); return; }
    if (relation.sources.length > 1 || !state.index.claims.has(relation.target)) { toast(t("cannot-move")); return; }
    change([{ op: "change_relation", id: relation.id, patch: { sources: [relation.target], target: relation.sources[0] } }], { said: t("said.turned") });
    say(t("said.turned"));
  }
  function setKind(id, kind) { change([{ op: "change_relation", id, patch: { kind } }], { said: t(`step.${kind}`) }); }
  function retarget(id = state.step) {
    const relation = stepOf(id);
    if (!relation || !need()) return;
    ask({ from: relation.sources[0], title: t("retarget.title"), done: (target) => {
      if (relation.sources.includes(target)) { toast(t("link.itself")); return; }
      change([{ op: "change_relation", id: relation.id, patch: { target } }], { said: t("step.retarget") });
    } });
  }
  function undercut(id) {
    const relation = stepOf(id);
    if (!relation || !need()) return;
    const source = relation.sources[0];
    begin("rebuttal", { under: source, way: "undercuts" });
  }

  // ---- a chosen relation ----
  let bar = null;
  function showStep() {
    bar?.remove();
    bar = null;
    const relation = state.step && state.index.relations.get(state.step);
    const at = relation && map.middleOf(relation.id);
    if (!at || !state.mayEdit) return;
    hideActs();
    const from = relation.sources.map((id) => nameOf(state.claim(id))).join(t("and"));
    const target = state.claim(relation.target) ? nameOf(state.claim(relation.target)) : t("step");
    const button = (words, act, key, on) => h("button", { type: "button", "aria-pressed": on === undefined ? null : String(on), on: { click: act } }, words, key ? h("kbd", { "aria-hidden": "true" }, key) : null);
    bar = h("div", { class: "acts stepbar", role: "toolbar", "aria-label": t(`step.says.${relation.kind}`, { from, target }) },
      ...["supports", "attacks", "restates"].filter((kind) => kind !== relation.kind).map((kind) => button(t(`step.${kind}`), () => setKind(relation.id, kind))),
      button(t("step.turn"), () => turn(relation.id), "X"), button(t("step.retarget"), () => retarget(relation.id), "L"), button(t("step.undercut"), () => undercut(relation.id), "U"), button(t("step.remove"), () => remove(relation.id), "⌫"));
    map.scroller.firstElementChild.append(bar);
    const wide = bar.offsetWidth;
    const left = Math.max(map.scroller.scrollLeft + 8, Math.min(at.x - wide / 2, map.scroller.scrollLeft + map.scroller.clientWidth - wide - 8));
    bar.style.left = `${left}px`;
    bar.style.top = `${at.y + 10}px`;
    say(t(`step.says.${relation.kind}`, { from, target }));
  }
  /** Walk through the relations of the chosen claim by keyboard. */
  function nextStep(by = 1) {
    const id = state.focus;
    if (!id) return;
    const list = [...state.index.from(id), ...state.index.into(id)];
    if (!list.length) return;
    const at = list.findIndex((relation) => relation.id === state.step);
    state.look(list[(at + by + list.length) % list.length].id);
  }

  // ---- the mouse on cards and lines ----
  let drag = null;
  map.canvas.addEventListener("pointerdown", (event) => {
    const card = event.target.closest(".claim");
    if (!card || event.button !== 0 || event.pointerType === "touch" || event.target.closest("a, button")) return;
    drag = { id: card.dataset.claim, x: event.clientX, y: event.clientY, on: false };
  });
  addEventListener("pointermove", (event) => {
    if (!drag || !state.mayEdit) return;
    if (!drag.on && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 8) return;
    drag.on = true;
    hideActs();
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest?.(".canvas .claim")?.dataset.claim;
    const box = map.canvas.getBoundingClientRect();
    drag.target = under && under !== drag.id ? under : null;
    preview(drag.id, drag.target, state.claim(drag.id)?.kind === "rebuttal" ? "attacks" : "supports", drag.target ? null : [(event.clientX - box.left) / map.scale, (event.clientY - box.top) / map.scale]);
  });
  addEventListener("pointerup", () => {
    if (!drag) return;
    const { on, id, target } = drag;
    drag = on ? { done: true } : null;
    if (on) {
      preview(null);
      if (target) connect(id, state.claim(id)?.kind === "rebuttal" ? "attacks" : "supports", target);
      setTimeout(() => { drag = null; showActs(); });
    }
  });
  map.scroller.addEventListener("click", (event) => {
    if (drag?.done) return;
    const relation = event.target.closest(".relation")?.dataset.relation;
    if (relation) { commit(); state.look(relation); return; }
    const card = event.target.closest(".claim");
    if (!card) { if (!event.target.closest(".edit, .acts, .both")) { commit(); if (event.target === map.scroller || event.target.matches(".sizer, .canvas")) state.look(null); } return; }
    if (card.dataset.claim === draft?.id) return;
    commit();
    if (event.shiftKey || event.ctrlKey || event.metaKey) { const ids = new Set(state.chosen); const id = card.dataset.claim; if (ids.has(id)) ids.delete(id); else ids.add(id); state.choose(ids); return; }
    state.focusOn(card.dataset.claim, { by: "map", again: true });
    focusCard(card.dataset.claim);
  });
  map.canvas.addEventListener("dblclick", (event) => { const card = event.target.closest(".claim"); if (card && state.mayEdit) edit(card.dataset.claim); });
  map.canvas.addEventListener("focusin", (event) => {
    const card = event.target.closest(".claim");
    if (card && event.target === card && card.dataset.claim !== state.focus) state.focusOn(card.dataset.claim, { by: "map" });
  });

  let walked = [];
  article.pane.addEventListener("click", (event) => {
    if (!getSelection().isCollapsed || event.target.closest("a, button")) return;
    const ids = article.claimsAt(event.clientX, event.clientY);
    if (!ids.length) return;
    const at = walked.join() === ids.join() ? ids.indexOf(state.focus) + 1 : 0;
    walked = ids;
    commit();
    state.focusOn(ids[at % ids.length], { by: "article", again: true });
    map.centre(state.focus);
  });

  state.on("focus", ({ by }) => { showActs(); if (by === "map" && state.focus) map.reveal(state.focus); if (by === "outline" || by === "panel" || by === "address") map.centre(state.focus, { smooth: by !== "address" }); });
  state.on("map", () => { if (!draft) showActs(); else place(); if (state.step) showStep(); else { bar?.remove(); bar = null; } });
  state.on("step", showStep);
  state.on("access", () => { showActs(); hidePick(); });

  const api = {
    begin, edit, commit, cancel, make, quote, link, together, turn, remove, retarget, undercut, setKind, connect, nextStep, commands, openMenu, closeMenu, ask, change, focusCard, showActs, hideActs, hidePick, temporary,
    undo: null,
    get isWriting() { return draft !== null; },
    get hasWords() { return article.selected() !== null; },
    /** What was being written when the page was left. */
    restoreDraft() {
      try {
        const kept = JSON.parse(localStorage.getItem(draftKey) ?? "null");
        if (!kept || kept.me !== state.me?.id || !state.mayEdit) return;
        if (!kept.isNew && !state.claim(kept.id)) return;
        open(kept);
      } catch { /* nothing that can be read */ }
    },
    wouldCircle: (id, target) => id === target || hangsOn(state.index, target, id),
  };
  return api;
}
