/** Who did what and when; any version drawn; what changed between then and now, on the map; and going back to it. */

import { t } from "../texts.js";
import { h, say } from "./dom.js";

const PAGE = 50;
const ACTIONS = new Set(["created", "visibility", "transfer"]); // entries that list no changes

/** Open the panel. `context` is the workspace's: {state, api, map, panels}. */
export function openHistory({ state, api, map, panels }) {
  const list = h("div", { class: "steps" });
  const drawn = h("div", { class: "pad drawn" });
  const foot = h("div", { class: "end" });
  let next = null;
  let chosen = null;
  let painted = [];
  let alone = false;

  panels.open("history", t("history"), (body) => {
    body.append(drawn, list, foot);
    foot.hidden = true;
    load();
    return clear;
  });
  const stop = state.on("other", () => {
    if (list.isConnected) reload();
    else stop();
  });

  async function load() {
    const query = { limit: PAGE, cursor: next };
    let page;
    try {
      page = await api.get(`/maps/${state.id}/history`, query);
    } catch (error) {
      list.append(h("p", { class: "wrong", role: "alert" }, error.message));
      return;
    }
    next = page.next;
    let day = list.dataset.day ?? "";
    for (const entry of page.items) {
      const its = dayOf(entry.at);
      if (its !== day) list.append(h("h3", { class: "day" }, (day = its)));
      list.append(step(entry));
    }
    list.dataset.day = day;
    if (next) {
      const more = h("button", { class: "btn quiet small", type: "button", on: { click: () => { more.remove(); load(); } } }, t("history.more"));
      list.append(more);
    }
  }

  function reload() {
    next = null;
    delete list.dataset.day;
    list.replaceChildren();
    load();
  }

  function step(entry) {
    const who = entry.account_id === null ? t("history.service") : entry.account_id === state.me?.id ? t("you") : (entry.account_name ?? t("somebody"));
    return h("button", { class: "step", type: "button", data: { version: entry.version }, on: { click: () => choose(entry) } },
      h("time", { datetime: entry.at }, new Date(entry.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false })),
      h("span", {}, h("b", {}, who), " ", h("span", { class: "w" }, words(entry))));
  }

  /** Draw what changed since a version. */
  async function choose(entry) {
    clear();
    chosen = entry;
    for (const each of list.querySelectorAll(".step")) {
      const now = Number(each.dataset.version) === entry.version;
      each.classList.toggle("on", now);
      if (now) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    }
    if (entry.version >= state.version) {
      drawn.replaceChildren(h("p", { class: "soft" }, t("history.newest")));
      foot.hidden = true;
      return;
    }
    let difference;
    try {
      difference = await api.get(`/maps/${state.id}/difference`, { from: entry.version, to: state.version });
    } catch (error) {
      drawn.replaceChildren(h("p", { class: "wrong", role: "alert" }, error.message));
      return;
    }
    const counts = { added: 0, changed: 0, removed: 0 };
    for (const change of difference.changes) {
      const what = /^claim_(added|changed|removed)$/.exec(change.kind)?.[1];
      if (!what) continue;
      counts[what] += 1;
      if (what !== "removed") {
        map.paint(change.id, what === "added" ? "d-added" : "d-changed");
        map.flag(change.id, t(`history.flag.${what}`), what === "added" ? "d-added" : "d-changed");
        painted.push(change.id);
      }
    }
    const gone = difference.changes.filter((change) => change.kind === "claim_removed").map((change) => nameOf(change.before));
    drawn.replaceChildren(
      h("p", { class: "soft" }, t("history.since"), " ", h("b", {}, moment(entry.at))),
      h("p", { class: "chips" }, ...Object.entries(counts).filter(([, n]) => n).map(([what, n]) => h("span", { class: `chip d-${what}` }, t(`history.${what}`, { n })))),
      gone.length ? h("p", { class: "soft" }, t("history.gone", { names: gone.join(", ") })) : "",
    );
    foot.hidden = false;
    foot.replaceChildren(
      ...(state.mayEdit ? [h("button", { class: "btn line small", type: "button", on: { click: restore } }, t("history.restore", { when: moment(entry.at) }))] : []),
      h("button", { class: "btn quiet small", type: "button", on: { click: seeAlone } }, t("history.alone")));
    say(t("history.said", { n: counts.added + counts.changed + counts.removed, when: moment(entry.at) }));
  }

  async function seeAlone() {
    if (alone) {
      alone = false;
      map.showOther(null);
      foot.lastChild.textContent = t("history.alone");
      return;
    }
    try {
      map.showOther(await api.get(`/maps/${state.id}/versions/${chosen.version}`));
      alone = true;
      foot.lastChild.textContent = t("history.back");
    } catch (error) {
      drawn.append(h("p", { class: "wrong", role: "alert" }, error.message));
    }
  }

  async function restore() {
    const when = moment(chosen.at);
    try {
      const answer = await api.post(`/maps/${state.id}/versions/${chosen.version}/restore`, undefined, { headers: { "If-Match": `"${state.version}"`, "Idempotency-Key": crypto.randomUUID() } });
      clear();
      state.replace(answer);
      foot.hidden = true;
      drawn.replaceChildren(h("p", { class: "soft" }, t("history.restored", { when })));
      say(t("history.restored", { when }));
      reload();
    } catch (error) {
      drawn.append(h("p", { class: "wrong", role: "alert" }, error.status === 412 ? t("history.moved-on") : error.message));
    }
  }

  function clear() {
    if (alone) map.showOther(null);
    alone = false;
    for (const id of painted) {
      map.paint(id, null);
      map.flag(id, null);
    }
    painted = [];
  }
}

/** Say in words what an entry changed: claims by their words, never by ids. */
function words(entry) {
  if (entry.undoes) return t("history.undid");
  const by = (kind) => entry.changes.filter((change) => change.kind === kind);
  const added = by("claim_added");
  const removed = by("claim_removed");
  const changed = by("claim_changed");
  const links = by("relation_added").length + by("relation_removed").length + by("relation_changed").length;
  if (added.length === 1 && !removed.length) return t("history.did.added", { name: nameOf(added[0].after) });
  if (removed.length === 1 && !added.length) return t("history.did.removed", { name: nameOf(removed[0].before) });
  if (changed.length === 1 && !added.length && !removed.length) {
    const fresh = changed[0].after?.text !== changed[0].before?.text ? "reworded" : "changed";
    return t(`history.did.${fresh}`, { name: nameOf(changed[0].after) });
  }
  if (!added.length && !removed.length && !changed.length && links) return t("history.did.linked", { n: links });
  if (!entry.changes.length) return ACTIONS.has(entry.action) ? t(`history.action.${entry.action}`) : entry.action;
  const total = added.length + removed.length + changed.length;
  return total ? t("history.did.claims", { n: total }) : t("history.did.map");
}

function nameOf(claim) {
  const whole = claim?.label || claim?.text || "";
  return whole.length > 60 ? `${whole.slice(0, 58).trimEnd()}…` : whole;
}

function dayOf(at) {
  const day = new Date(at);
  const today = new Date();
  const before = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (day.toDateString() === today.toDateString()) return t("history.today");
  if (day.toDateString() === before.toDateString()) return t("history.yesterday");
  return day.toLocaleDateString([], { day: "numeric", month: "long", year: "numeric" });
}

function moment(at) {
  const time = new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  return `${dayOf(at)}, ${time}`;
}
