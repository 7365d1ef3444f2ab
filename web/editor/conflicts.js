/** Two people changed the same: both versions are shown at the card, and one chooses. */

import { t } from "../texts.js";
import { clock, h, initials, one, say } from "./dom.js";
import { nameOf } from "./model.js";

export function makeConflicts(context) {
  const { state, outbox, map, editing } = context;
  let box = null;

  function texts(item, fields) {
    if (!item) return t("conflict.removed");
    const value = (name) => { const it = item[name]; return it === undefined || it === null ? "—" : typeof it === "string" ? it : it.title ?? JSON.stringify(it); };
    return fields.includes("text") || !fields.length ? item.text ?? value(fields[0]) : fields.map((name) => value(name)).join(" · ");
  }
  /** The words in which a text differs from another, marked. */
  function marked(text, other) {
    const words = text.split(/(\s+)/);
    const theirs = other.split(/(\s+)/);
    let from = 0;
    let to = 0;
    while (from < words.length && words[from] === theirs[from]) from++;
    while (to < words.length - from && words.at(-1 - to) === theirs.at(-1 - to)) to++;
    const end = words.length - to;
    return [words.slice(0, from).join(""), end > from ? h("ins", {}, words.slice(from, end).join("")) : "", words.slice(end).join("")];
  }

  function show() {
    box?.remove();
    box = null;
    const entry = outbox.held.find((each) => each.held === "conflict");
    if (!entry) return;
    const conflict = entry.problem.conflicts?.[0];
    if (!conflict) return;
    const who = conflict.by?.name ?? t("somebody");
    const fields = conflict.fields ?? [];
    const [mine, theirs] = [texts(conflict.yours, fields), texts(conflict.theirs, fields)];
    const id = conflict.id;
    const side = (name, when, text, other) => h("div", { class: "v" }, h("small", {}, h("span", { class: "face" }, initials(name)), when), h("div", { dir: "auto" }, ...marked(text, other)));
    const title = t(conflict.theirs ? (state.claim(id) ? "conflict" : "conflict.relation") : "conflict.gone", { who });
    box = h("div", { class: "both", role: "group", "aria-label": title }, h("h3", {}, title),
      h("div", { class: "two" }, side(state.me?.name ?? t("you"), t("conflict.mine", { time: clock(entry.at) }), mine, theirs), side(who, t("conflict.theirs", { who, time: clock(conflict.at) }), theirs, mine)),
      h("div", { class: "foot" },
        h("button", { class: "btn primary small", type: "button", on: { click: () => keepMine(entry) } }, t("conflict.keep-mine")),
        h("button", { class: "btn line small", type: "button", on: { click: () => keepTheirs(entry) } }, t("conflict.keep-theirs", { who })),
        conflict.theirs && state.claim(id) ? h("button", { class: "btn quiet small", type: "button", on: { click: () => third(entry, conflict) } }, t("conflict.third")) : "",
        h("span", { class: "hint" }, t("conflict.history"))));
    const at = map.box(id);
    one("#stage").append(box);
    box.addEventListener("keydown", (event) => { const act = { 1: keepMine, 2: keepTheirs }[event.key]; if (act) act(entry); });
    if (at) map.centre(id, { smooth: false, at: [0.5, 0.3] });
    say(title);
  }
  function keepMine(entry) {
    const version = entry.problem.version ?? state.version;
    const gone = new Set((entry.problem.conflicts ?? []).filter((conflict) => !conflict.theirs).map((conflict) => conflict.id));
    outbox.forget(entry);
    const operations = entry.operations.flatMap(({ key: _key, etag: _etag, ...operation }) => {
      if (!gone.has(operation.id)) return [operation.base === undefined ? operation : { ...operation, base: version }];
      const conflict = entry.problem.conflicts.find((each) => each.id === operation.id);
      return conflict?.yours && operation.op === "change_claim" ? [{ op: "add_claim", claim: conflict.yours }] : [];
    });
    if (operations.length) outbox.change(operations, { said: entry.said, base: version });
    after(entry);
  }
  function keepTheirs(entry) { outbox.forget(entry); after(entry); }
  function third(entry, conflict) {
    outbox.forget(entry);
    box?.remove();
    box = null;
    editing.edit(conflict.id);
    const area = one(".edit textarea");
    if (area) { area.value = `${conflict.yours?.text ?? ""}\n${conflict.theirs.text}`.trim(); area.dispatchEvent(new Event("input")); }
  }
  function after(entry) {
    const id = entry.problem.conflicts?.[0]?.id;
    show();
    if (id && state.claim(id)) { state.focusOn(id, { by: "edit" }); editing.focusCard(id); }
    void nameOf;
  }
  state.on("held", (entry) => { if (entry.held === "conflict") show(); });
  return { show };
}
