/**
 * One's own changes until the service has them: kept in the browser (IndexedDB), sent in their order, each operation with
 * a key by which the service knows it again. What is not saved yet survives a lost connection and a closed tab.
 */

import { ApiError } from "./api.js";
import { renamed } from "./model.js";

const RETRY = [1000, 2000, 4000, 8000, 15000, 30000]; // milliseconds

/** Open the browser's own store; null where it keeps nothing (a private window, a full disk). */
function openStore() {
  return new Promise((resolve) => {
    let request;
    try { request = indexedDB.open("argmap", 1); } catch { resolve(null); return; }
    request.onupgradeneeded = () => request.result.createObjectStore("outbox", { keyPath: "group" }).createIndex("map", "map");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
    request.onblocked = () => resolve(null);
  });
}

export function makeOutbox(state, api) {
  const store = openStore();
  const listeners = [];
  let sending = null;
  let failures = 0;
  let timer = 0;
  let savedAt = null;
  const tab = (() => {
    try { const kept = sessionStorage.getItem("argmap-tab"); if (kept) return kept; } catch { /* nothing is kept */ }
    const made = crypto.randomUUID().replaceAll("-", "").slice(0, 20);
    try { sessionStorage.setItem("argmap-tab", made); } catch { /* nothing is kept */ }
    return made;
  })();
  const status = { kind: "idle", kept: true }; // idle, saving, offline, trouble, signed-out, gone, denied

  const put = async (entry) => {
    const db = await store;
    if (!db) { status.kept = false; return; }
    const { landed: _landed, written: _written, ...kept } = entry;
    await new Promise((resolve) => {
      const done = () => resolve();
      try {
        const work = db.transaction("outbox", "readwrite", { durability: "strict" });
        work.objectStore("outbox").put(kept);
        work.oncomplete = done;
        work.onabort = () => { status.kept = false; done(); };
      } catch { status.kept = false; done(); }
    });
  };
  const drop = async (group) => {
    const db = await store;
    if (!db) return;
    await new Promise((resolve) => {
      const work = db.transaction("outbox", "readwrite");
      work.objectStore("outbox").delete(group);
      work.oncomplete = resolve;
      work.onabort = resolve;
    });
  };
  const tell = () => { for (const act of listeners) act(); };
  const set = (kind) => { status.kind = kind; tell(); };
  const waiting = () => state.pending.filter((entry) => entry.landed === undefined && !entry.held);

  /** Make a change: shown at once, kept at once, sent as soon as it can be. `said` is how it is called. */
  function change(operations, { said = "", base = state.version } = {}) {
    const keyed = operations.map((operation) => ({
      ...operation, key: `${tab}.${crypto.randomUUID()}`, // the tab never conflicts with itself
      ...(["change_claim", "change_relation", "remove_claim", "remove_relation"].includes(operation.op) && !state.isTemporary(operation.id) && operation.base === undefined ? { base } : {}),
    }));
    const entry = { group: crypto.randomUUID(), map: state.id, account: state.me?.id ?? null, tab, at: Date.now(), operations: keyed, said };
    state.pending.push(entry);
    state.rebuild({ own: true, said });
    status.kind = status.kind === "idle" ? "saving" : status.kind;
    tell();
    entry.written = put(entry);
    send();
    return entry;
  }

  async function send() {
    if (sending) return sending;
    sending = (async () => {
      for (let [entry] = waiting(); entry; [entry] = waiting()) {
        await entry.written; // what the service may not get is on the disk before
        if (status.kind !== "saving") set("saving");
        try {
          await deliver(entry);
          failures = 0;
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          if (refuse(entry, error)) continue;
          break;
        }
      }
      if (!waiting().length && status.kind === "saving") { savedAt = new Date(); set("idle"); }
    })().finally(() => { sending = null; });
    return sending;
  }

  async function deliver(entry) {
    const operations = entry.operations.map(({ landed: _landed, ...operation }) => operation);
    const answer = await api.post(`/maps/${state.id}/changes`, { changes: operations }, { headers: { Prefer: "return=minimal" } });
    landed(entry, answer);
    await drop(entry.group);
  }

  /** The service has it. */
  function landed(entry, answer) {
    state.learn(answer.names ?? {});
    const version = Math.max(0, ...(answer.results ?? []).map((result) => result.version ?? 0)) || answer.version;
    const touched = new Set(entry.operations.map((operation) => operation.id).filter(Boolean));
    for (const later of state.pending) {
      if (later === entry) continue;
      for (const operation of later.operations) if (operation.base !== undefined && touched.has(operation.id)) operation.base = Math.max(operation.base, version);
      if (later.landed === undefined) later.written = put(later);
    }
    entry.landed = version;
    if (version <= state.version) {
      state.pending = state.pending.filter((each) => each !== entry);
      state.rebuild({ own: true });
    } else if (!answer.changes?.length || !state.advance({ version, changes: answer.changes, keys: [] }, true)) {
      api.missing?.();
    }
    api.saved?.();
  }

  /** What becomes of a change that was not taken; true where the next one may be tried. */
  function refuse(entry, error) {
    if (error.status === 0 || error.status === 429 || error.status >= 500) {
      failures += 1;
      set(error.status === 0 ? "offline" : "trouble");
      clearTimeout(timer);
      timer = setTimeout(send, RETRY[Math.min(failures, RETRY.length) - 1]);
      return false;
    }
    if (error.status === 401) { set("signed-out"); return false; }
    if (error.status === 403) { set("denied"); return false; }
    if (error.status === 404 || error.status === 410) { set("gone"); return false; }
    entry.held = error.slug === "edit-conflict" ? "conflict" : "refused";
    entry.problem = error.problem;
    entry.why = error.message;
    entry.written = put(entry);
    state.rebuild({ own: true });
    tell();
    state.emit("held", entry);
    return true;
  }

  const box = {
    tab, status, change, send,
    get savedAt() { return savedAt; },
    get count() { return waiting().length; },
    get held() { return state.pending.filter((entry) => entry.held); },
    on: (act) => listeners.push(act),
    idle: async () => { while (sending) await sending; },
    /** Take back the newest change if nobody has it yet: without a connection. */
    takeBack() {
      const entry = waiting().at(-1);
      if (!entry || sending) return null;
      box.forget(entry);
      return entry;
    },
    forget(entry) {
      state.pending = state.pending.filter((each) => each !== entry);
      state.rebuild({ own: true });
      tell();
      drop(entry.group);
    },
    /** A change on the stream bears the keys of one's own: it is no news. */
    arrived(event) {
      const keys = new Set(event.keys ?? []);
      const entry = keys.size ? state.pending.find((each) => each.operations.some((operation) => keys.has(operation.key))) : null;
      if (!entry) return false;
      const names = {};
      for (const [op, kind, field] of [["add_claim", "claim_added", "claim"], ["add_relation", "relation_added", "relation"]]) {
        const added = event.changes.filter((each) => each.kind === kind);
        entry.operations.filter((operation) => operation.op === op && keys.has(operation.key)).forEach((operation, at) => {
          const id = operation[field].id;
          if (id && state.isTemporary(id) && added[at]) names[id] = added[at].id;
        });
      }
      state.learn(names);
      entry.landed ??= event.version;
      return true;
    },
    /** Find what an earlier visit left here, and send it; what another open tab has not sent yet, when that is closed. */
    async restore() {
      const others = new Set((await kept()).map((entry) => entry.tab).filter((other) => other !== tab));
      for (const other of others) {
        if (navigator.locks) navigator.locks.request(`argmap-tab-${other}`, () => adopt(other));
        else await adopt(other);
      }
      await adopt(tab);
    },
    renamed: (operations, names) => operations.map((operation) => renamed(operation, names)),
  };

  async function kept() {
    const db = await store;
    if (!db) { status.kept = false; tell(); return []; }
    const found = await new Promise((resolve) => {
      const request = db.transaction("outbox").objectStore("outbox").index("map").getAll(state.id);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve([]);
    });
    return found.filter((entry) => !entry.account || entry.account === state.me?.id).sort((a, b) => a.at - b.at);
  }
  async function adopt(other) {
    const found = (await kept()).filter((entry) => entry.tab === other && !state.pending.some((each) => each.group === entry.group));
    if (!found.length) return;
    state.pending.push(...found.map((entry) => ({ ...entry, tab })));
    state.rebuild({ own: true });
    for (const entry of box.held) state.emit("held", entry);
    tell();
    send();
  }
  navigator.locks?.request(`argmap-tab-${tab}`, () => new Promise(() => {}));
  addEventListener("online", () => { clearTimeout(timer); send(); });
  addEventListener("offline", () => { if (state.mayEdit) set("offline"); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible" && status.kind !== "idle") send(); });
  addEventListener("beforeunload", (event) => { if (!status.kept && waiting().length) event.preventDefault(); });
  return box;
}
