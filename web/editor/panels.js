/** What stands at the right beside the map: review, questions and strength here; other modules fill a panel of their own. */

import { t } from "../texts.js";
import { all, glyph, h, icon, one } from "./dom.js";
import { nameOf } from "./model.js";

export function makePanels(context) {
  const { state, api, editing } = context;
  const work = one("#work");
  let now = null; // {name, element, body, refresh}
  let wait = 0;

  const panels = {
    get name() { return now?.name ?? null; },
    /** Open a panel; `fill(body)` draws it, again whenever the map has changed unless `still`. */
    open(name, title, fill, { still = false, closed = null } = {}) {
      panels.close(false);
      const body = h("div", { class: "panel-body" });
      const element = h("aside", { class: "panel", "aria-label": title },
        h("header", {}, h("h2", { tabindex: "-1" }, title), h("button", { class: "btn icon", type: "button", "aria-label": t("close"), on: { click: () => panels.close() } }, icon("i-close"))), body);
      work.append(element);
      work.classList.add("with-panel");
      one(".top").classList.add("with-panel");
      now = { name, element, body, fill, still, closed, before: document.activeElement };
      fill(body);
      one("h2", element).focus({ preventScroll: true });
      context.changedView?.();
    },
    close(back = true) {
      if (!now) return;
      const { element, before, closed } = now;
      now = null;
      element.remove();
      work.classList.remove("with-panel");
      one(".top").classList.remove("with-panel");
      if (back && before?.isConnected) before.focus({ preventScroll: true });
      closed?.();
      context.changedView?.();
    },
    toggle(name) {
      if (now?.name === name) panels.close();
      else if (name === "review") openReview();
    },
    openReview,
  };

  let tab = "findings";
  let count = null;

  function openReview(which = tab) {
    tab = which;
    panels.open("review", t("review"), drawReview);
  }

  async function drawReview(body) {
    const tabs = h("div", { class: "seg", role: "tablist", "aria-label": t("review") }, ...["findings", "questions", "strength"].map((name) => h("button", { type: "button", role: "tab", "aria-selected": String(name === tab), on: { click: () => { tab = name; drawReview(body); } } }, t(name))));
    const list = h("div", { role: "tabpanel", "aria-label": t(tab) });
    const kept = body.contains(document.activeElement) ? document.activeElement.dataset.item : null;
    const top = now?.element.scrollTop ?? 0;
    let rows;
    try { rows = await { findings, questions, strength }[tab](); } catch (error) { rows = [h("p", { class: "soft pad" }, t(error.status === 0 ? "panel.offline" : "panel.failed"))]; }
    if (now?.body !== body) return;
    list.append(...rows);
    body.replaceChildren(h("div", { class: "pad" }, tabs), list, h("p", { class: "hint pad" }, h("kbd", {}, "↑"), " ", h("kbd", {}, "↓"), " ", t("panel.walk"), ". ", t("panel.fresh")));
    now.element.scrollTop = top;
    if (kept) one(`[data-item="${CSS.escape(kept)}"]`, body)?.focus({ preventScroll: true });
    body.onkeydown = (event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const items = all("[data-item]", body);
      const next = items[items.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) { event.preventDefault(); next.focus(); next.click(); }
    };
  }

  const goTo = (id) => state.focusOn(id, { by: "panel", again: true });
  function item(key, id, title, words, actions = []) {
    const claim = state.claim(id);
    const button = h("button", { class: "find-go", type: "button", data: { item: key }, on: { click: () => { for (const other of all(".find.on")) other.classList.remove("on"); box.classList.add("on"); if (claim) goTo(id); } } }, h("span", { class: "t" }, claim ? glyph(claim.kind) : "", title), words ? h("p", {}, words) : "");
    const box = h("div", { class: "find" }, button, actions.length ? h("div", { class: "do" }, ...actions.map(([label, act]) => h("button", { class: "btn line small", type: "button", on: { click: act } }, label))) : "");
    return box;
  }

  /** The advice without ids: whoever reads it knows claims by their names. */
  const inWords = (advice) => advice.replace(/\bc\d+ \((“[^”]*”)\)/g, "$1").replace(/\bc\d+\b/g, (id) => (state.claim(id) ? `“${nameOf(state.claim(id))}”` : id));

  async function findings() {
    const review = await api.get(`/maps/${state.id}/review`);
    const found = review.findings ?? [];
    setCount(found.length);
    if (!found.length) return [h("p", { class: "soft pad" }, t("panel.none"))];
    const groups = new Map();
    for (const each of found) groups.set(each.code, [...(groups.get(each.code) ?? []), each]);
    return [...groups].flatMap(([code, each]) => [
      h("h3", { class: "grp" }, t(`finding.${code}`, { n: each.length })),
      ...each.map((finding, at) => {
        const id = [...finding.claims, ...finding.relations].map((any) => (state.index.claims.has(any) ? any : state.index.relations.get(any)?.sources[0])).find(Boolean);
        const evidence = ["unsupported-thesis", "one-legged", "bare-evidence"].includes(code) && id && state.mayEdit;
        return item(`${code}-${at}`, id, id ? nameOf(state.claim(id)) : t(`finding.${code}`, { n: 1 }), inWords(finding.advice), evidence ? [[t("panel.add-evidence"), () => editing.begin("evidence", { under: id })]] : []);
      })]);
  }

  async function questions() {
    const answer = await api.get(`/maps/${state.id}/questions`);
    const open = answer.questions.filter((question) => !question.answers.length);
    if (!open.length) return [h("p", { class: "soft pad" }, t("panel.none-questions"))];
    return open.map((question, at) => {
      const relation = state.index.relations.get(question.relation);
      const id = relation?.sources[0];
      const about = state.index.claims.has(question.target) ? { under: question.target, way: "attacks" } : { under: id, way: "undercuts" };
      return item(`q${at}`, id, question.text, id ? nameOf(state.claim(id)) : "", state.mayEdit && relation ? [[t("panel.answer"), () => editing.begin("rebuttal", { ...about, text: question.text })]] : []);
    });
  }

  async function strength() {
    const answer = await api.get(`/maps/${state.id}/strength`);
    const sorted = Object.entries(answer.claims).filter(([id]) => state.claim(id)).sort((a, b) => b[1] - a[1]);
    return [h("p", { class: "soft pad" }, t("panel.strength")), ...sorted.map(([id, value]) => {
      const box = item(`s-${id}`, id, nameOf(state.claim(id)), "");
      const bar = h("b", {});
      bar.style.width = `${Math.round(value * 100)}%`;
      box.append(h("div", { class: "worth" }, h("i", { "aria-hidden": "true" }, bar), h("span", { class: "num" }, String(Math.round(value * 100)))));
      return box;
    })];
  }

  function setCount(n) {
    if (count === n) return;
    count = n;
    const badge = one("#review-count");
    if (badge) { badge.textContent = String(n); badge.hidden = !n; }
  }

  let asked = -1;
  function refresh() {
    clearTimeout(wait);
    wait = setTimeout(async () => {
      if (asked === state.version || document.visibilityState === "hidden") return;
      asked = state.version;
      if (now && !now.still) now.fill(now.body);
      if (now?.name === "review" && tab === "findings") return;
      try { setCount(((await api.get(`/maps/${state.id}/review`)).findings ?? []).length); } catch { asked = -1; }
    }, 700);
  }
  state.on("map", refresh);
  refresh();
  return panels;
}
