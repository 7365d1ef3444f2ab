/**
 * The map as an outline that can be edited: nested lists whose rows are buttons in a row of the tab key (one stop, arrows
 * walk). Not role="tree": some screen readers keep the letters for themselves there.
 */

import { t } from "../texts.js";
import { glyph, h, icon, line, one, say } from "./dom.js";
import { above, forest, nameOf } from "./model.js";

export function makeOutline(context) {
  const { state, editing } = context;
  const list = h("ul", {});
  const box = h("div", { class: "tree outline", id: "outline", role: "tabpanel", "aria-label": t("outline"), hidden: true }, list);
  const keys = h("div", { class: "keys keep-wide", hidden: true, role: "note", "aria-label": t("outline.keys") },
    ...[[["↑", "↓"], "outline.move"], [["↵"], "outline.edit"], [["⇥"], "outline.in"], [["⇧⇥"], "outline.out"], [["Alt ↑", "Alt ↓"], "outline.reorder"], [["P", "E", "R"], "outline.add"]]
      .map(([names, words]) => h("span", {}, ...names.map((name) => h("kbd", {}, name)), t(words))));
  one("#stage").append(box, keys);
  let order = [];

  function rowOf(node) {
    const { claim, relation } = node;
    const about = relation && state.index.relations.get(relation.target);
    const linked = relation && relation.sources.length > 1 && relation.sources[0] !== claim.id;
    const how = !relation ? "" : about ? (relation.kind === "attacks" ? "outline.how.step" : "outline.how.backs") : linked ? "outline.how.together" : `outline.how.${relation.kind}`;
    const shape = !relation ? "" : about && relation.kind === "attacks" ? "undercut" : linked || relation.sources.length > 1 ? (relation.kind === "supports" && linked ? "together" : relation.kind) : relation.kind;
    const more = h("button", { class: "btn icon more", type: "button", tabindex: "-1", "aria-label": t("outline.menu", { name: nameOf(claim) }), "aria-haspopup": "menu", on: { click: (event) => { event.stopPropagation(); editing.openMenu(more, [...commandsOf(claim.id), ...(state.mayEdit ? editing.commands(claim.id) : [])], nameOf(claim)); } } }, icon("i-more"));
    const row = h("div", { class: `row${claim.id === state.focus ? " on" : ""}`, data: { row: claim.id }, tabindex: claim.id === focusId() ? "0" : "-1", role: "group",
      "aria-label": `${how ? `${t(how)}: ` : ""}${t(`${claim.kind}.name`)}: ${claim.label ? `${claim.label}. ` : ""}${claim.text}${claim.speaker ? ` — ${claim.speaker}` : ""}` },
    glyph(claim.kind), h("div", {}, how ? h("span", { class: `how ${relation.kind}` }, line(relation.kind, shape), t(how)) : null, h("span", { class: "t", dir: "auto" }, nameOf(claim)),
      claim.label || claim.text.length > nameOf(claim).length ? h("p", { class: "x", dir: "auto" }, claim.text, claim.speaker ? ` — ${claim.speaker}` : "") : null), state.mayEdit ? more : null);
    const below = node.children.length ? h("ul", {}, ...node.children.flatMap(items)) : null;
    return h("li", {}, row, below);
  }
  const items = (node) => [rowOf(node), ...(node.beside.length ? [h("li", {}, h("ul", {}, ...node.beside.flatMap(items)))] : [])];
  const focusId = () => (state.focus && state.index.claims.has(state.focus) ? state.focus : order[0]);
  const rows = () => [...box.querySelectorAll(".row")];
  const rowAt = (id) => rows().find((row) => row.dataset.row === id);

  function draw() {
    if (box.hidden) return;
    const kept = document.activeElement?.closest?.(".row")?.dataset.row;
    const trees = forest(state.map, state.index);
    order = trees.map((tree) => tree.claim.id);
    list.replaceChildren(...trees.flatMap(items));
    if (!state.map.claims.length) list.append(h("li", { class: "soft" }, t(state.mayEdit ? "begin.how" : "begin.reader.how")));
    if (kept && !writing) (rowAt(state.idOf(kept)) ?? rowAt(focusId()))?.focus({ preventScroll: true });
  }

  let writing = null;
  /** Edit a row in its place. */
  function write(id, { base = state.version } = {}) {
    const claim = state.claim(id);
    const row = rowAt(id);
    if (!claim || !row || !state.mayEdit) return;
    const area = h("textarea", { rows: "1", "aria-label": t("in-your-words"), maxlength: "2000", value: claim.text, dir: "auto" });
    writing = id;
    row.append(area);
    area.focus();
    area.select();
    let over = false;
    const done = (keep) => {
      if (over) return;
      over = true;
      writing = null;
      const text = area.value.trim();
      area.remove();
      if (keep && text && text !== claim.text) editing.change([{ op: "change_claim", id: state.idOf(id), patch: { text }, base }], { said: t("said.changed", { name: nameOf({ ...claim, text }) }) });
      draw();
      rowAt(state.idOf(id))?.focus();
    };
    area.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.isComposing) return;
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); done(true); }
      else if (event.key === "Escape") { event.preventDefault(); done(false); }
      else if (event.key === "Tab") { event.preventDefault(); done(true); shift(state.idOf(id), event.shiftKey); }
    });
    area.addEventListener("blur", () => done(true));
  }

  /** Add a claim below the chosen one and write it. */
  function add(kind) {
    const under = kind === "thesis" ? null : state.focus;
    const id = editing.temporary();
    const operations = [{ op: "add_claim", claim: { id, kind, text: t(`new.kind`, { kind: t(`${kind}.name`) }) } }];
    if (under) operations.push({ op: "add_relation", relation: { id: editing.temporary(), kind: kind === "rebuttal" ? "attacks" : "supports", sources: [id], target: under } });
    editing.change(operations, { said: t("said.added", { kind: t(`${kind}.name`), name: "" }) });
    state.focusOn(id, { by: "outline" });
    draw();
    write(state.idOf(id));
  }

  /** In: hang on the row before; out: hang where the claim above hangs. */
  function shift(id, out) {
    const up = above(state.index, id);
    if (out) {
      const higher = up && above(state.index, up.target.id);
      if (!up) { say(t("no-further-out")); return; }
      rehang(id, up.relation, higher ? higher.target.id : null);
      return;
    }
    const flat = rows().map((row) => row.dataset.row);
    const siblings = flat.filter((other) => other !== id && above(state.index, other)?.target.id === up?.target.id && Boolean(above(state.index, other)) === Boolean(up));
    const before = siblings.filter((other) => flat.indexOf(other) < flat.indexOf(id)).at(-1);
    if (!before) { say(t("no-further-in")); return; }
    rehang(id, up?.relation, before);
  }
  function rehang(id, relation, target) {
    if (target && editing.wouldCircle(id, target)) { say(t("circle", { name: nameOf(state.claim(target)) })); return; }
    const operations = [];
    const kind = relation && relation.kind !== "restates" ? relation.kind : state.claim(id).kind === "rebuttal" ? "attacks" : "supports";
    if (relation && relation.sources.length > 1) operations.push({ op: "change_relation", id: relation.id, patch: { sources: relation.sources.filter((each) => each !== id) } });
    if (!target && relation && relation.sources.length === 1) operations.push({ op: "remove_relation", id: relation.id });
    if (target) operations.push(relation && relation.sources.length === 1 ? { op: "change_relation", id: relation.id, patch: { target } } : { op: "add_relation", relation: { id: editing.temporary(), kind, sources: [id], target } });
    editing.change(operations, { said: t("said.moved") });
    say(`${t("said.moved")}: ${rowAt(id)?.getAttribute("aria-label") ?? ""}`);
  }

  /** Before or behind the neighbour that hangs on the same claim. */
  function reorder(id, down) {
    const up = above(state.index, id);
    const peers = up ? state.index.into(up.relation.target) : state.map.claims.filter((claim) => !above(state.index, claim.id));
    const own = up ? up.relation : state.claim(id);
    const at = peers.findIndex((peer) => peer.id === own.id);
    const to = peers[at + (down ? 1 : -1)];
    if (!to) { say(t("cannot-move")); return; }
    const before = down ? peers[at + 2]?.id ?? null : to.id;
    editing.change([{ op: up ? "move_relation" : "move_claim", id: own.id, before }], { said: t("said.moved") });
    say(t("said.moved"));
  }
  const commandsOf = (id) => (state.mayEdit ? [
    { words: t("outline.in"), key: "⇥", act: () => shift(id, false) }, { words: t("outline.out"), key: "⇧⇥", act: () => shift(id, true) },
    { words: `${t("outline.reorder")} ↑`, key: "Alt ↑", act: () => reorder(id, false) }, { words: `${t("outline.reorder")} ↓`, key: "Alt ↓", act: () => reorder(id, true) }] : []);

  function go(id) {
    state.focusOn(id, { by: "outline" });
    const row = rowAt(id);
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }
  box.addEventListener("keydown", (event) => {
    const row = event.target.closest(".row");
    if (!row || event.target !== row || event.ctrlKey || event.metaKey) return;
    const id = row.dataset.row;
    const flat = rows().map((each) => each.dataset.row);
    const at = flat.indexOf(id);
    const stop = () => { event.preventDefault(); event.stopPropagation(); };
    const kinds = { t: "thesis", p: "premise", e: "evidence", r: "rebuttal" };
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) { stop(); if (state.mayEdit) reorder(id, event.key === "ArrowDown"); }
    else if (event.altKey) return;
    else if (event.key === "ArrowDown" && flat[at + 1]) { stop(); go(flat[at + 1]); }
    else if (event.key === "ArrowUp" && at > 0) { stop(); go(flat[at - 1]); }
    else if (event.key === "ArrowLeft") { stop(); const up = above(state.index, id); if (up) go(up.target.id); }
    else if (event.key === "ArrowRight") { stop(); const below = flat.find((each) => above(state.index, each)?.target.id === id); if (below) go(below); }
    else if (event.key === "Home") { stop(); go(flat[0]); }
    else if (event.key === "End") { stop(); go(flat.at(-1)); }
    else if (event.key === "Enter" || event.key === "F2") { stop(); write(id); }
    else if (event.key === "Tab" && state.mayEdit && (event.shiftKey ? above(state.index, id) : at > 0)) { stop(); shift(id, event.shiftKey); }
    else if (kinds[event.key.toLowerCase()] && state.mayEdit && !event.shiftKey && !editing.hasWords && context.singleKeys()) { stop(); add(kinds[event.key.toLowerCase()]); }
    else if ((event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey))) { stop(); editing.openMenu(row, [...commandsOf(id), ...(state.mayEdit ? editing.commands(id) : [])], nameOf(state.claim(id))); }
  });
  box.addEventListener("focusin", (event) => { const row = event.target.closest(".row"); if (row && event.target === row && row.dataset.row !== state.focus) state.focusOn(row.dataset.row, { by: "outline" }); });
  box.addEventListener("click", (event) => { const row = event.target.closest(".row"); if (row && !event.target.closest("textarea")) go(row.dataset.row); });
  box.addEventListener("dblclick", (event) => { const row = event.target.closest(".row"); if (row) write(row.dataset.row); });

  state.on("map", () => { if (!writing) draw(); });
  state.on("focus", () => {
    if (box.hidden || writing) return;
    for (const row of rows()) { const on = row.dataset.row === state.focus; row.classList.toggle("on", on); row.tabIndex = row.dataset.row === focusId() ? 0 : -1; }
  });
  return {
    draw, box,
    show(on) { box.hidden = !on; keys.hidden = !on; draw(); if (on) (rowAt(focusId()) ?? box).focus?.({ preventScroll: true }); },
  };
}
