/** What a map is, and what an edit makes of it, as the service does it (argmap.model.edits): pure functions. */

export const KINDS = ["thesis", "premise", "evidence", "rebuttal"];
const NAMED = 46; // characters of a text that stand for a claim without a label

/** A claim in a few words: its label, or how its text begins. */
export function nameOf(claim) {
  if (!claim) return "…";
  if (claim.label) return claim.label;
  const text = claim.text.replace(/\s+/g, " ").trim();
  if ([...text].length <= NAMED) return text;
  const cut = [...text].slice(0, NAMED).join("");
  return `${cut.replace(/\s+\S*$/, "") || cut}…`;
}

/** Find things in a map: by id, and the relations that come in and go out. */
export function indexed(map) {
  const claims = new Map(map.claims.map((claim) => [claim.id, claim]));
  const relations = new Map(map.relations.map((relation) => [relation.id, relation]));
  const into = new Map();
  const from = new Map();
  const add = (lists, id, relation) => { const list = lists.get(id); if (list) list.push(relation); else lists.set(id, [relation]); };
  for (const relation of map.relations) {
    add(into, relation.target, relation);
    for (const source of new Set(relation.sources)) add(from, source, relation);
  }
  return { claims, relations, into: (id) => into.get(id) ?? [], from: (id) => from.get(id) ?? [] };
}

/** JSON merge patch (RFC 7396). */
export function merged(present, patch) {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
  const result = { ...(present && typeof present === "object" && !Array.isArray(present) ? present : {}) };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = merged(result[name], value);
  }
  return result;
}

/** What goes along with a claim or relation that is removed: the ids of relations, and those that only lose a source. */
export function removal(map, id) {
  const gone = new Set([id]);
  const removed = [];
  const changed = new Set();
  for (let again = true; again;) {
    again = false;
    for (const relation of map.relations) {
      if (gone.has(relation.id)) continue;
      const left = relation.sources.filter((source) => !gone.has(source));
      if (gone.has(relation.target) || left.length === 0) {
        gone.add(relation.id);
        removed.push(relation.id);
        again = true;
      } else if (left.length < relation.sources.length) changed.add(relation.id);
    }
  }
  for (const each of removed) changed.delete(each);
  return { gone, relations: removed, changed: [...changed] };
}

function moved(items, id, before) {
  const item = items.find((each) => each.id === id);
  if (!item) return items;
  const rest = items.filter((each) => each !== item);
  const at = before === null ? rest.length : rest.findIndex((each) => each.id === before);
  rest.splice(at < 0 ? rest.length : at, 0, item);
  return rest;
}

const patched = (items, id, patch) => items.map((item) => (item.id === id ? { ...merged(item, patch), id } : item));

/** Make one operation of POST /changes; what it does not find leaves the map as it is. */
export function apply(map, operation) {
  switch (operation.op) {
    case "add_claim":
      return map.claims.some((claim) => claim.id === operation.claim.id) ? map : { ...map, claims: [...map.claims, operation.claim] };
    case "add_relation": {
      const { relation } = operation;
      const known = new Set([...map.claims, ...map.relations].map((item) => item.id));
      if (known.has(relation.id) || !known.has(relation.target) || !relation.sources.every((id) => known.has(id))) return map;
      return { ...map, relations: [...map.relations, relation] };
    }
    case "change_claim":
      return { ...map, claims: patched(map.claims, operation.id, operation.patch) };
    case "change_relation":
      return { ...map, relations: patched(map.relations, operation.id, operation.patch) };
    case "change_map":
      return merged(map, operation.patch);
    case "move_claim":
      return { ...map, claims: moved(map.claims, operation.id, operation.before) };
    case "move_relation":
      return { ...map, relations: moved(map.relations, operation.id, operation.before) };
    case "remove_claim":
    case "remove_relation": {
      const { gone } = removal(map, operation.id);
      return {
        ...map,
        claims: map.claims.filter((claim) => !gone.has(claim.id)),
        relations: map.relations.filter((relation) => !gone.has(relation.id))
          .map((relation) => (relation.sources.some((id) => gone.has(id)) ? { ...relation, sources: relation.sources.filter((id) => !gone.has(id)) } : relation)),
      };
    }
    default:
      return map;
  }
}

/** Make one change as the history and the event stream have it (argmap.model.changes). */
export function applyChange(map, change) {
  if (change.kind === "metadata_changed") return { ...map, [change.id]: change.after ?? undefined };
  const field = change.kind.startsWith("claim") ? "claims" : "relations";
  const items = map[field];
  if (change.kind.endsWith("_added")) {
    const rest = items.filter((item) => item.id !== change.id);
    rest.splice(change.position ?? rest.length, 0, change.after);
    return { ...map, [field]: rest };
  }
  if (change.kind.endsWith("_removed")) return { ...map, [field]: items.filter((item) => item.id !== change.id) };
  if (change.kind.endsWith("_changed")) return { ...map, [field]: items.map((item) => (item.id === change.id ? change.after : item)) };
  const wanted = change.after.map((id) => items.find((item) => item.id === id)).filter(Boolean);
  const kept = new Set(wanted);
  let next = 0;
  return { ...map, [field]: items.map((item) => (kept.has(item) ? wanted[next++] : item)) };
}

/** Replace ids (`names`: from temporary ones to those that the service gave) wherever an operation has them. */
export function renamed(operation, names) {
  const id = (old) => names.get(old) ?? old;
  const item = (value) => (value && typeof value === "object" ? {
    ...value,
    ...(value.id === undefined ? {} : { id: id(value.id) }),
    ...(value.sources ? { sources: value.sources.map(id) } : {}),
    ...(value.target ? { target: id(value.target) } : {}),
  } : value);
  const result = { ...operation };
  if (result.id) result.id = id(result.id);
  if (result.before) result.before = id(result.before);
  for (const name of ["claim", "relation", "patch"]) if (result[name]) result[name] = item(result[name]);
  return result;
}

/** The claims that stand under others, as the picture and the outline place them: each claim once, at its first reason. */
export function forest(map, index = indexed(map)) {
  const order = new Map(map.claims.map((claim, at) => [claim.id, at]));
  const home = new Map();
  for (const weak of [false, true]) {
    for (const relation of map.relations) {
      if ((relation.kind === "restates") !== weak) continue;
      for (const source of relation.sources) if (!home.has(source) && relation.target !== source) home.set(source, relation);
    }
  }
  const placed = new Set();
  const node = (claim, relation, depth) => {
    placed.add(claim.id);
    const below = { claim, relation, depth, children: [], beside: [] };
    for (const each of index.into(claim.id)) below.children.push(...sources(each, depth + 1));
    return below;
  };
  // The sources of a relation, each followed by what is said about that step.
  const sources = (relation, depth) => {
    const found = relation.sources
      .filter((id) => !placed.has(id) && home.get(id) === relation && index.claims.has(id))
      .map((id) => node(index.claims.get(id), relation, depth));
    const about = index.into(relation.id).flatMap((each) => sources(each, depth));
    if (found.length) found.at(-1).beside = about;
    return found.length ? found : about;
  };
  const roots = map.claims.filter((claim) => !home.has(claim.id));
  roots.sort((a, b) => (b.kind === "thesis") - (a.kind === "thesis") || order.get(a.id) - order.get(b.id));
  const trees = roots.filter((claim) => !placed.has(claim.id)).map((claim) => node(claim, null, 0));
  for (const claim of map.claims) if (!placed.has(claim.id)) trees.push(node(claim, null, 0));
  return trees;
}

/** The nodes of a forest one after the other, in reading order. */
export function* walk(trees) {
  for (const node of trees) {
    yield node;
    yield* walk(node.children);
    yield* walk(node.beside);
  }
}

/** The claim that a claim hangs on, and through which relation; for what is about a step, the step's first source. */
export function above(index, id) {
  const relation = index.from(id).find((each) => each.kind !== "restates") ?? index.from(id)[0];
  if (!relation) return null;
  const target = index.claims.get(relation.target) ?? index.claims.get(index.relations.get(relation.target)?.sources[0]);
  return target ? { relation, target } : null;
}

/** Tell whether a claim hangs on another, directly or not. */
export function hangsOn(index, id, other) {
  const seen = new Set();
  const walkUp = (at) => {
    if (at === other) return true;
    if (seen.has(at)) return false;
    seen.add(at);
    if (index.relations.has(at)) {
      const relation = index.relations.get(at);
      return relation.sources.some(walkUp) || walkUp(relation.target);
    }
    return index.from(at).some((relation) => walkUp(relation.target));
  };
  return index.from(id).some((relation) => walkUp(relation.target));
}
