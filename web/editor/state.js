/**
 * What the workspace knows: the map as the service has it (`base`, at `version`), one's own changes that are on their way
 * (`pending`), the claim being written (`draft`), and what these make together (`map`). Who changes the map calls `change`;
 * who shows it listens. Events: map, focus, chosen, step, draft, renamed, access, people, other.
 */

import { apply, applyChange, indexed, renamed } from "./model.js";

export function makeState({ map, access, me, root, share }) {
  const { id, version, article_id: articleId, article_version: articleVersion, visibility, owner, ...content } = map;
  const listeners = new Map();
  const names = new Map(); // ids that the service gave, by temporary ones

  const state = {
    id, version, articleId, articleVersion, visibility, owner, access, me, root, share,
    base: { title: "", claims: [], relations: [], ...content },
    pending: [], // {group, operations, said, landed}: on their way, oldest first
    draft: null, // {operations, claim, isNew}: being written
    map: null,
    index: null,
    focus: null, // id of the claim that is looked at
    chosen: new Set(), // ids of claims chosen besides
    step: null, // id of the relation that is looked at
    readsOnly: false, // a phone
    people: [],
    readers: 0,

    on(event, act) {
      const acts = listeners.get(event) ?? [];
      listeners.set(event, [...acts, act]);
      return () => listeners.set(event, listeners.get(event).filter((each) => each !== act));
    },
    emit(event, detail = {}) {
      for (const act of listeners.get(event) ?? []) act(detail);
    },
    get mayEdit() {
      return state.access === "edit" || state.access === "own";
    },
    /** The id by which the service knows a claim or relation now. */
    idOf: (any) => names.get(any) ?? any,
    claim: (any) => state.index.claims.get(state.idOf(any)),
    relation: (any) => state.index.relations.get(state.idOf(any)),
    isTemporary: (any) => any.startsWith("new:"),

    /** Put what is one's own over what the service has. */
    rebuild(why = {}) {
      let seen = state.base;
      for (const { operations, held } of state.pending) if (!held) for (const operation of operations) seen = apply(seen, operation);
      for (const operation of state.draft?.operations ?? []) seen = apply(seen, operation);
      state.map = seen;
      state.index = indexed(seen);
      if (state.focus && !state.index.claims.has(state.focus)) setFocus(why.focus ?? null, { quiet: true });
      if (state.step && !state.index.relations.has(state.step)) state.look(null);
      for (const each of state.chosen) if (!state.index.claims.has(each)) state.chosen.delete(each);
      state.emit("map", why);
    },

    setDraft(draft, why = {}) {
      state.draft = draft;
      state.rebuild({ own: true, draft: true, ...why });
      state.emit("draft");
    },

    /** Look at a claim. `by` says from where: map, article, outline, panel, address, link. */
    focusOn: (any, why = {}) => setFocus(any === null ? null : state.idOf(any), why),

    choose(ids) {
      state.chosen = new Set(ids);
      state.emit("chosen");
    },

    /** Look at a relation. */
    look(relation) {
      if (state.step === relation) return;
      state.step = relation;
      state.emit("step");
    },

    /** The service gave ids for temporary ones. */
    learn(pairs) {
      const fresh = new Map(Object.entries(pairs).filter(([old, id]) => old !== id && names.get(old) !== id));
      if (!fresh.size) return;
      for (const [old, id] of fresh) names.set(old, id);
      const rename = (operations) => operations.map((operation) => renamed(operation, fresh));
      for (const group of state.pending) group.operations = rename(group.operations);
      if (state.draft) {
        state.draft.operations = rename(state.draft.operations);
        state.draft.claim = fresh.get(state.draft.claim) ?? state.draft.claim;
      }
      const known = (id) => fresh.get(id) ?? id;
      state.focus = state.focus && known(state.focus);
      state.step = state.step && known(state.step);
      state.chosen = new Set([...state.chosen].map(known));
      state.emit("renamed", { names: fresh });
    },

    /** Take the next version as the stream or an answer has it; false where one in between is missing. */
    advance(entry, own = false) {
      if (entry.version <= state.version) return true;
      if (entry.version !== state.version + 1) return false;
      for (const change of entry.changes) state.base = applyChange(state.base, change);
      state.version = entry.version;
      if (entry.article_version) {
        const corrected = state.articleVersion && entry.article_version !== state.articleVersion;
        state.articleVersion = entry.article_version;
        if (corrected) state.emit("article");
      }
      state.pending = state.pending.filter((group) => group.landed === undefined || group.landed > state.version);
      state.rebuild({ own, entry });
      if (!own) state.emit("other", entry);
      return true;
    },

    /** Take the whole map as the service has it now. */
    replace(answer) {
      const { id: _id, version: next, article_id: _article, article_version: text, visibility: seen, owner: _owner, ...rest } = answer;
      state.base = { title: "", claims: [], relations: [], ...rest };
      state.version = next;
      state.visibility = seen;
      if (text && state.articleVersion && text !== state.articleVersion) state.emit("article");
      state.articleVersion = text;
      state.pending = state.pending.filter((group) => group.landed === undefined || group.landed > next);
      state.rebuild({ whole: true });
    },

    setAccess(given) {
      const next = state.readsOnly ? "view" : given;
      if (state.access === next) return;
      state.access = next;
      state.emit("access");
    },
  };

  function setFocus(next, why) {
    if (next && !state.index.claims.has(next)) return;
    const before = state.focus;
    state.focus = next;
    if (!why.keep) state.chosen.clear();
    if (!why.step) state.look(null);
    if (before !== next || why.again) state.emit("focus", { before, ...why });
    state.emit("chosen");
  }

  state.map = state.base;
  state.index = indexed(state.base);
  return state;
}
