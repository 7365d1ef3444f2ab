/** Keys: single ones only inside the article, the map and the outline, and only if they are not switched off (WCAG 2.1.4). */

import { t } from "../texts.js";
import { h, one, openDialog } from "./dom.js";

const OFF = "argmap-single-keys";
const KINDS = { t: "thesis", p: "premise", e: "evidence", r: "rebuttal" };
export const singleKeys = () => { try { return localStorage.getItem(OFF) !== "off"; } catch { return true; } };

export function makeKeys(context) {
  const { state, map, editing, article } = context;

  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const command = event.ctrlKey || event.metaKey;
    if (command && !event.altKey && event.key.toLowerCase() === "z" && !typing) {
      event.preventDefault();
      if (event.shiftKey) context.redo(); else context.undo();
      return;
    }
    if (command && event.key.toLowerCase() === "y" && !typing) { event.preventDefault(); context.redo(); return; }
    if (typing || command || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") { escape(); return; }
    const inside = event.target.closest?.("#article, #stage");
    if (context.projector.isOn) { context.projector.key(event); return; }
    if (!inside || !singleKeys()) {
      if (event.target.closest?.(".claim") && event.key.startsWith("Arrow")) arrow(event);
      return;
    }
    const onMap = inside.id === "stage";
    const outline = event.target.closest?.(".outline");
    const onButton = event.target.closest?.("button, a, [role=tab]");
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = {
      l: () => (state.step ? editing.retarget(state.step) : editing.link()), j: editing.together, x: () => editing.turn(), q: editing.quote, d: () => editing.edit(state.focus, { details: true }),
      n: () => editing.begin(state.map.claims.length ? "premise" : "thesis", { implicit: false }), u: () => state.step && editing.undercut(state.step),
      Backspace: () => editing.remove(), Delete: () => editing.remove(), f: () => context.projector.start(), o: () => context.show(context.view === "outline" ? "map" : "outline"),
      g: () => context.panels.toggle("review"), "?": help, "+": () => map.zoom(map.scale + 0.1), "-": () => map.zoom(map.scale - 0.1), "−": () => map.zoom(map.scale - 0.1), 0: () => map.fit(),
    }[key];
    if (KINDS[key]) {
      event.preventDefault();
      const way = !event.shiftKey ? null : key === "r" ? "undercuts" : "together"; // with Shift: about the step, not the claim
      if (editing.hasWords) editing.make(KINDS[key], way);
      else if (onMap && state.mayEdit && (state.focus || key === "t" || !state.map.claims.length)) editing.begin(KINDS[key], { under: state.focus, way });
      return;
    }
    if (key === "=" ) { map.zoom(map.scale + 0.1); return; }
    if (act) { event.preventDefault(); act(); return; }
    if (outline || onButton) return;
    if (onMap && key === "Enter" && state.focus) { event.preventDefault(); editing.edit(state.focus); return; }
    if (onMap && (key === "," || key === ".")) { event.preventDefault(); editing.nextStep(key === "." ? 1 : -1); return; }
    if (onMap && event.key.startsWith("Arrow")) arrow(event);
  });

  function arrow(event) {
    const from = event.target.closest?.(".claim")?.dataset.claim ?? state.focus;
    const next = map.next(from, event.key);
    if (!next) return;
    event.preventDefault();
    const chosen = event.shiftKey ? new Set([...state.chosen, from, next]) : null;
    state.focusOn(next, { by: "map", keep: event.shiftKey });
    if (chosen) state.choose(chosen);
    map.reveal(next);
    editing.focusCard(next);
  }

  function escape() {
    if (context.projector.isOn) context.projector.leave();
    else if (state.step) { state.look(null); editing.showActs(); if (state.focus) editing.focusCard(state.focus); }
    else if (state.chosen.size) state.choose([]);
    else if (editing.hasWords) getSelection().collapseToEnd();
    else if (context.panels.name) context.panels.close();
    else if (document.activeElement?.closest?.("#article") === null && state.focus) state.focusOn(null, {});
  }

  function help() {
    const { body } = openDialog(t("keys.title"), { wide: true, label: t("close") });
    const group = (title, rows) => h("section", {}, h("h3", {}, t(title)), h("dl", {}, ...rows.flatMap(([keys, words]) => [h("dt", {}, ...keys.split(" ").map((each) => h("kbd", {}, each))), h("dd", {}, t(words))])));
    body.append(h("div", { class: "keys-table" },
      group("keys.words", [["T P E R", "keys.kinds"], ["⇧P ⇧R", "keys.step"], ["Q", "keys.quote"]]),
      group("keys.claims", [["← ↑ ↓ →", "keys.arrows"], ["⇧ ↓", "keys.choose"], ["↵", "keys.enter"], ["D", "keys.details"], ["N", "keys.new"], ["L", "keys.link"], ["J", "keys.together"], [", .", "keys.relation"], ["X", "keys.turn"], ["⌫", "keys.remove"]]),
      group("keys.writing", [["↵", "keys.save"], ["⇥ ⇧⇥", "keys.tab"], ["Ctrl+.", "keys.details"], ["Esc", "keys.escape"]]),
      group("keys.all", [["Ctrl+Z Ctrl+⇧+Z", "keys.undo"], ["+ − 0", "keys.zoom"], ["O", "keys.outline"], ["G", "keys.review"], ["F", "keys.projector"], ["?", "keys.help"], ["Esc", "keys.escape"]])),
    h("label", { class: "tick" }, h("input", { type: "checkbox", checked: singleKeys(), on: { change: (event) => { try { localStorage.setItem(OFF, event.target.checked ? "on" : "off"); } catch { /* not kept */ } } } }), " ", t("keys.off")));
  }
  return { help, focusArticle: () => article.pane.focus(), one };
}
