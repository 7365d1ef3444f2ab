/** The page of a map: article, map and tools, wired together. */

import { t } from "../texts.js";
import { makeArticle } from "./article.js";
import { client } from "./api.js";
import { makeCards } from "./cards.js";
import { makeConflicts } from "./conflicts.js";
import { clock, h, icon, initials, one, say, toast } from "./dom.js";
import { makeEditing } from "./editing.js";
import { makeKeys, singleKeys } from "./keys.js";
import { makeLive } from "./live.js";
import { nameOf } from "./model.js";
import { makeOutbox } from "./outbox.js";
import { makeOutline } from "./outline.js";
import { makePanels } from "./panels.js";
import { makeProjector } from "./projector.js";
import { makeState } from "./state.js";

const SMALL = matchMedia("(max-width: 599px)");
const data = JSON.parse(one("#data").textContent);
const granted = data.access; // what one may do; a phone reads only
if (SMALL.matches && granted !== "view") data.access = "view";
const state = makeState(data);
state.readsOnly = SMALL.matches;
const api = client(data.root, data.share);
const stage = one("#stage");
const outbox = makeOutbox(state, api);
const article = makeArticle(state, one("#article"));
const map = makeCards(state, stage);
const context = { state, api, outbox, map, article, singleKeys, view: "map" };
const editing = context.editing = makeEditing(context);
context.projector = makeProjector(context);
context.panels = makePanels(context);
context.outline = makeOutline(context);
makeConflicts(context);
const keys = makeKeys(context);

// ---- the head ----
const undoButton = h("button", { class: "btn icon keep-mid", type: "button", "aria-label": t("undo"), title: t("undo"), on: { click: () => context.undo() } }, icon("i-undo"));
const redoButton = h("button", { class: "btn icon keep-mid", type: "button", "aria-label": t("redo"), title: t("redo"), disabled: true, on: { click: () => context.redo() } }, icon("i-redo"));
const tools = one("#tools");
const review = h("button", { class: "btn quiet small keep-mid", type: "button", on: { click: () => context.panels.toggle("review") } }, t("review"), h("span", { class: "count", id: "review-count", hidden: true }));
const history = h("button", { class: "btn quiet small keep-wide", type: "button", on: { click: () => openModule("./history.js", "openHistory") } }, t("history"));
tools.append(undoButton, redoButton, review, history);
tools.hidden = false;
one("#views").hidden = false;
one("#more").hidden = false;

async function openModule(path, name) {
  try {
    const module = await import(path);
    module[name](context);
  } catch (error) {
    if (path.includes("share")) location.href = one("#share").href;
    else throw error;
  }
}
one("#share").addEventListener("click", (event) => { event.preventDefault(); openModule("./share.js", "openShare"); });

context.show = (view) => {
  context.view = view;
  const outline = view === "outline";
  stage.dataset.view = outline ? "outline" : "map";
  one("#work").dataset.pane = view;
  for (const [name, tab] of [["article", "#tab-article"], ["map", "#tab-map"], ["outline", "#tab-outline"]]) {
    one(tab).setAttribute("aria-selected", String(name === view));
    one(tab).tabIndex = name === view ? 0 : -1;
  }
  context.outline.show(outline);
  if (!outline) { map.draw(); if (state.focus) map.centre(state.focus, { smooth: false }); else map.begin(); editing.showActs(); }
};
one("#tab-map").addEventListener("click", () => context.show("map"));
one("#tab-outline").addEventListener("click", () => context.show("outline"));
one("#tab-article").addEventListener("click", () => context.show("article"));
one("#views").addEventListener("keydown", (event) => {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  const tabs = [...one("#views").children].filter((tab) => tab.offsetParent);
  const at = tabs.indexOf(document.activeElement);
  const next = tabs[(at + (event.key === "ArrowRight" ? 1 : -1) + tabs.length) % tabs.length];
  event.preventDefault();
  next.click();
  next.focus();
});

one("#more").addEventListener("click", (event) => {
  const colours = (words, value) => ({ words, on: (document.documentElement.dataset.theme ?? "") === value, act: () => {
    if (value) document.documentElement.dataset.theme = value; else delete document.documentElement.dataset.theme;
    try { if (value) localStorage.setItem("argmap-theme", value); else localStorage.removeItem("argmap-theme"); } catch { /* not kept */ }
  } });
  editing.openMenu(event.currentTarget, [
    { words: t("keys"), key: "?", act: keys.help }, { words: t("projector"), key: "F", act: () => context.projector.start() },
    { words: t("review"), key: "G", act: () => context.panels.openReview() }, { words: t("history"), act: () => openModule("./history.js", "openHistory") },
    { words: t("print"), act: () => window.open(api.address(`/maps/${state.id}.pdf`)) },
    colours(t("as-system"), ""), colours(t("light"), "light"), colours(t("dark"), "dark")], t("more"));
});

context.changedView = () => requestAnimationFrame(() => { if (state.focus && context.view === "map") map.reveal(state.focus); });

// ---- saving ----
const save = one("#save");
const notice = one("#notice");
function showNotice(words, actions = []) {
  notice.hidden = !words;
  notice.replaceChildren(words ?? "", ...actions.map(([label, act]) => h("button", { type: "button", on: { click: act } }, label)));
}
let ended = null;
let corrected = false; // the article, by somebody else
function showStatus() {
  const { kind, kept } = outbox.status;
  const conflicts = outbox.held.filter((entry) => entry.held === "conflict").length;
  const refused = outbox.held.filter((entry) => entry.held === "refused");
  const count = outbox.count;
  save.hidden = !state.mayEdit && !count && !outbox.held.length;
  const amber = conflicts || refused.length || ["offline", "trouble", "signed-out", "gone", "denied"].includes(kind);
  save.classList.toggle("off", Boolean(amber));
  const words = conflicts ? t("choose", { n: conflicts })
    : kind === "offline" ? (count ? t("offline.kept", { n: count }) : t("offline"))
      : refused.length ? t("refused", { n: refused.length })
        : ["trouble", "signed-out", "gone", "denied"].includes(kind) ? t("offline.kept", { n: count })
          : count ? t("saving") : outbox.savedAt ? t("saved", { time: clock(outbox.savedAt) }) : t("saved.before");
  if (save.textContent !== words) save.textContent = words;
  const again = [t("load-anew"), () => location.reload()];
  if (ended === "deleted" || kind === "gone") showNotice(t("gone"));
  else if (ended) showNotice(t("no-access"));
  else if (kind === "signed-out") showNotice(t("signed-out"), [[t("sign-in"), () => { location.href = one("#sign-in")?.href ?? `${data.root}/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`; }]]);
  else if (kind === "denied") showNotice(t("reader-now"));
  else if (kind === "offline") showNotice(t("offline.why"));
  else if (kind === "trouble") showNotice(t("trouble"));
  else if (refused.length) showNotice(t("refused.why", { what: refused[0].said, why: refused[0].why }), [[t("refused.copy"), () => navigator.clipboard?.writeText(refused[0].operations.map((operation) => operation.claim?.text ?? operation.patch?.text ?? "").filter(Boolean).join("\n"))], [t("refused.drop"), () => outbox.forget(refused[0])]]);
  else if (!kept && count) showNotice(t("not-kept"));
  else if (corrected) showNotice(t("article-corrected"), [again]);
  else showNotice(null);
  undoButton.disabled = !state.mayEdit || (!steps.undo && !count);
  redoButton.disabled = !state.mayEdit || !steps.redo;
}
outbox.on(showStatus);
save.addEventListener("click", () => outbox.send());

// ---- undo and redo: by the history, one's own steps alone ----
let steps = { undo: null, redo: null };
let readingSteps = 0;
function readSteps(wait = 250) {
  clearTimeout(readingSteps);
  if (!state.me || !state.mayEdit) return;
  readingSteps = setTimeout(async () => {
    try { steps = await stepsOf(); } catch { return; }
    showStatus();
  }, wait);
}
/** One's own newest step that can be taken back, and the newest that was taken back and can be done again. */
async function stepsOf() {
  const { items } = await api.get(`/maps/${state.id}/history`, { limit: 100 });
  const byVersion = new Map(items.map((entry) => [entry.version, entry]));
  const own = items.filter((entry) => entry.account_id === state.me.id && entry.version > 1);
  const isUndo = (entry) => entry.undoes !== null && entry.undoes !== undefined && !isRedo(entry);
  const isRedo = (entry) => { const first = byVersion.get(entry.undoes); return Boolean(first && first.undoes); };
  const undo = own.find((entry) => !entry.undone_by && !isUndo(entry)) ?? null;
  let redo = null;
  for (const entry of own) {
    if (isUndo(entry)) { if (!entry.undone_by) { redo = entry; break; } continue; }
    if (!entry.undone_by && !isRedo(entry)) break; // something new was done since
  }
  return { undo, redo };
}
let stepping = Promise.resolve();
function step(which) {
  stepping = stepping.then(async () => {
    editing.commit();
    if (which === "undo") {
      const taken = outbox.takeBack();
      if (taken) { say(t("said.undone")); return; }
    }
    await outbox.idle();
    if (outbox.count) { toast(t("offline.why")); return; }
    try {
      steps = await stepsOf();
      const entry = steps[which];
      if (!entry) { say(t(`nothing-to-${which}`)); toast(t(`nothing-to-${which}`)); return; }
      const answer = await api.post(`/maps/${state.id}/history/${entry.version}/undo`, {}, { headers: { "Idempotency-Key": crypto.randomUUID() } });
      if (answer.version > state.version) state.replace(answer);
      say(t(which === "undo" ? "said.undone" : "said.redone"));
    } catch (error) {
      toast(error.message);
    }
    readSteps(0);
  });
  return stepping;
}
context.undo = editing.undo = () => step("undo");
context.redo = () => step("redo");
api.saved = () => readSteps();

// ---- others ----
const faces = one("#faces");
const flags = new Map();
function showPeople() {
  const others = state.people.filter((person) => person.tab !== outbox.tab);
  const named = new Map(others.map((person) => [person.account_id, person]));
  named.delete(state.me?.id);
  faces.hidden = !state.me;
  faces.replaceChildren(...[...named.values()].slice(0, 5).map((person) => h("button", { class: "face other", type: "button", title: person.name, "aria-label": person.name, on: { click: () => person.claim && state.focusOn(person.claim, { by: "panel" }) } }, initials(person.name))),
    state.me ? h("span", { class: "face me", role: "img", "aria-label": `${state.me.name ?? ""} (${t("you")})`, title: t("you") }, initials(state.me.name)) : "");
  for (const off of flags.values()) off();
  flags.clear();
  for (const person of others) if (person.claim && person.account_id !== state.me?.id) flags.set(person.tab, map.flag(person.claim, person.name ?? t("somebody"), "here"));
}
state.on("people", showPeople);
state.on("other", (entry) => {
  const who = entry.account_name ?? t("somebody");
  let words = "";
  let first = null;
  for (const change of entry.changes) {
    const [noun, verb] = change.kind.split("_");
    if (noun === "claim" && (verb === "added" || verb === "changed")) {
      const card = map.cards.get(change.id)?.element;
      if (!card) continue;
      first ??= change.id;
      words ||= t(`other.${verb}`, { who, name: nameOf(change.after) });
      card.classList.add("others");
      const off = map.flag(change.id, who);
      setTimeout(() => { off(); card.classList.remove("others"); }, 4000);
    } else if (noun === "claim" && verb === "removed") words ||= t("other.removed", { who, name: nameOf(change.before) });
    else if (noun === "relation") words ||= t("other.linked", { who });
    if (change.kind === "metadata_changed" && change.id === "title") { one("h1").textContent = change.after || t("untitled"); document.title = `${one("h1").textContent} · argmap`; }
  }
  if (!words) return;
  const box = first && map.cards.get(first).element.getBoundingClientRect();
  const around = map.scroller.getBoundingClientRect();
  const unseen = box && (box.bottom < around.top || box.top > around.bottom || box.right < around.left || box.left > around.right);
  if (unseen) toast(words, [[t("show"), () => state.focusOn(first, { by: "panel", again: true })]], 4); else say(words);
  readSteps(1000);
});
state.on("access", () => { showStatus(); showBegin(); toast(t(state.mayEdit ? "editor-now" : "reader-now")); });
state.on("ended", ({ reason }) => { ended = reason; if (state.mayEdit) state.setAccess("view"); showStatus(); });
state.on("connection", showStatus);
state.on("article", () => { corrected = true; showStatus(); });

// ---- the beginning ----
let begin = null;
function showBegin() {
  const empty = !state.map.claims.length;
  if (!empty || map.showsOther) { begin?.remove(); begin = null; return; }
  begin?.remove();
  const bars = h("span", { class: "ghost-lines", "aria-hidden": "true" }, h("i", {}), h("i", {}));
  begin = h("div", { class: "begin" }, h("div", { class: "ghost" }, icon("k-thesis", "k is-thesis"), h("b", { class: "is-thesis" }, t("thesis")), bars),
    h("h2", {}, t(state.mayEdit ? "begin" : "begin.reader")), h("p", {}, t(state.mayEdit ? "begin.how" : "begin.reader.how")),
    state.mayEdit ? h("button", { class: "btn line", type: "button", on: { click: () => editing.begin("thesis") } }, t("begin.write"), " ", h("kbd", {}, "N")) : "");
  stage.append(begin);
}
state.on("map", showBegin);

function fromAddress() {
  const id = decodeURIComponent(location.hash.slice(1)).replace(/^claim-/, "");
  if (state.claim(id)) state.focusOn(id, { by: "address", again: true });
}
addEventListener("hashchange", fromAddress);
state.on("focus", () => {
  const id = state.focus;
  if (id && state.isTemporary(id)) return;
  const next = `${location.pathname}${location.search}${id ? `#${id}` : ""}`;
  if (next !== location.pathname + location.search + location.hash) window.history.replaceState(null, "", next);
  const claim = id && state.claim(id);
  if (claim && !context.projector.isOn) say(`${t(claim.kind)}: ${nameOf(claim)}`);
  showSheet(claim);
});
state.on("renamed", () => { if (state.focus && !state.isTemporary(state.focus)) window.history.replaceState(null, "", `${location.pathname}${location.search}#${state.focus}`); });

// On a phone a chosen claim is read in a sheet at the foot.
let sheet = null;
function showSheet(claim) {
  sheet?.remove();
  sheet = null;
  if (!SMALL.matches || !claim) return;
  const into = state.index.into(claim.id);
  const [reasons, against] = ["supports", "attacks"].map((kind) => into.filter((relation) => relation.kind === kind).length);
  sheet = h("section", { class: "bottom peek", "aria-label": nameOf(claim) }, h("div", { class: "grab", "aria-hidden": "true" }),
    h("div", { class: `sheet-head is-${claim.kind}` }, icon(`k-${claim.kind}`, `k is-${claim.kind}`), h("b", {}, t(claim.kind)), h("span", { class: "hint" }, `${t("sheet.for", { n: reasons })}, ${against ? t("sheet.against", { n: against }) : t("sheet.against.none")}`),
      h("button", { class: "btn icon", type: "button", "aria-label": t("close"), on: { click: () => state.focusOn(null) } }, icon("i-close"))),
    h("p", { class: "sheet-text", dir: "auto" }, claim.text), claim.speaker ? h("p", { class: "hint" }, `— ${claim.speaker}`) : "");
  document.body.append(sheet);
}

if (SMALL.matches) { map.zoom(0.82, null); one("#work").dataset.pane = "map"; }
map.draw();
article.paint();
map.begin();
showBegin();
fromAddress();
showStatus();
showPeople();
if (SMALL.matches) context.show(article.isEmpty || location.hash ? "map" : "article");
document.body.dataset.ready = "";
requestAnimationFrame(() => setTimeout(() => performance.mark("map-shown"))); // read by benchmarks
if (state.mayEdit) { outbox.restore().then(() => editing.restoreDraft()); readSteps(0); }
context.live = makeLive(state, api, outbox);
