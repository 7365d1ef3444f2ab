/**
 * Where cards and lines go on the screen: columns from the theses rightwards, each claim once, beside what it hangs on.
 * The same map gives the same places, a new card only moves what stands below it, and 300 claims take a few milliseconds.
 */

import { forest, walk } from "./model.js";

const GAP = 26; // between neighbours
const FAMILY = 18; // more between two families
const CHANNEL = 96; // between columns, for lines
const TREES = 40; // between trees
const PORT = 22; // between arrows that end on one card
const BELOW = 250; // at most, from the first reason of a claim down to the claim: one sees both at once
const AWAY = 10; // of a long line from the cards that it passes

/**
 * Lay a map out. `sizes`: a function from a claim's id to {w, h}; `width` of every card.
 * Returns {places: Map id -> {x, y, w, h, column}, lines: [{relation, paths: [d], head: [x, y, angle], dot, middle}], width, height}.
 */
export function layOut(map, index, sizes, width, gap = GAP) {
  const trees = forest(map, index);
  const places = new Map();
  let floor = []; // by column, where the next card may begin
  for (const tree of trees) {
    const family = settle(tree, sizes, gap);
    let down = 0;
    family.top.forEach((top, at) => {
      if (top !== undefined && floor[at] !== undefined) down = Math.max(down, floor[at] + TREES - top);
    });
    const lowest = Math.max(0, ...floor.filter((each) => each !== undefined));
    if (floor.length) down = Math.max(down, lowest + TREES - Math.min(...family.top.filter((each) => each !== undefined)));
    put(family, down);
    floor = floor.length > family.bottom.length ? floor : [...floor, ...Array(family.bottom.length - floor.length)];
    family.bottom.forEach((bottom, at) => { if (bottom !== undefined) floor[at] = bottom + down; });
  }
  function put(family, down) {
    for (const [node, y] of family.spots) {
      const { h } = sizes(node.claim.id);
      places.set(node.claim.id, { x: node.depth * (width + CHANNEL), y: y + down, w: width, h, column: node.depth });
    }
  }
  const least = Math.min(0, ...[...places.values()].map((place) => place.y));
  for (const place of places.values()) place.y = Math.round(place.y - least);
  const lines = drawLines(map, index, places, width);
  const right = Math.max(0, ...[...places.values()].map((place) => place.x + place.w));
  const bottom = Math.max(0, ...[...places.values()].map((place) => place.y + place.h));
  return { places, lines, width: right, height: bottom, order: [...walk(trees)] };
}

/** Place a family so that its parts do not touch: spots of its nodes, and by column its top and bottom. */
function settle(node, sizes, gap) {
  const { h } = sizes(node.claim.id);
  const block = stack([...node.children], sizes, gap);
  const own = { spots: [], top: [], bottom: [] };
  let y = 0;
  if (block) {
    y = Math.min(block.middle, block.first + BELOW) - h / 2;
    own.spots.push(...block.spots);
    own.top = block.top;
    own.bottom = block.bottom;
  }
  own.spots.push([node, y]);
  own.top[node.depth] = Math.min(own.top[node.depth] ?? y, y);
  own.bottom[node.depth] = Math.max(own.bottom[node.depth] ?? y + h, y + h);
  own.y = y;
  own.h = h;
  if (!node.beside.length) return own;
  const beside = stack(node.beside, sizes, gap);
  join(own, beside, gap);
  return own;
}

/** Stack families one below the other; the middle is that of the cards that stand first and last. */
function stack(nodes, sizes, gap) {
  if (!nodes.length) return null;
  let all = null;
  let first = 0;
  let last = 0;
  for (const node of nodes) {
    const family = settle(node, sizes, gap);
    if (!all) {
      all = { spots: family.spots, top: [...family.top], bottom: [...family.bottom] };
      first = family.y + family.h / 2;
      last = first;
    } else {
      const wide = node.children.length ? gap + FAMILY : gap;
      last = join(all, family, wide) + family.y + family.h / 2;
    }
  }
  return { ...all, first, middle: (first + last) / 2 };
}

/** Put a family below another, as high as it goes; returns how far it was moved down. */
function join(all, family, gap) {
  let down = -Infinity;
  family.top.forEach((top, at) => {
    if (top === undefined) return;
    let bottom = all.bottom[at];
    if (bottom !== undefined) down = Math.max(down, bottom + gap - top);
  });
  const own = family.spots.at(-1)[0].depth;
  if (down === -Infinity) down = (all.bottom[own] ?? 0) + gap - (family.top[own] ?? 0);
  for (const spot of family.spots) all.spots.push([spot[0], spot[1] + down]);
  family.top.forEach((top, at) => { if (top !== undefined) all.top[at] = Math.min(all.top[at] ?? Infinity, top + down); });
  family.bottom.forEach((bottom, at) => { if (bottom !== undefined) all.bottom[at] = Math.max(all.bottom[at] ?? -Infinity, bottom + down); });
  return down;
}

function drawLines(map, index, places, width) {
  const pitch = width + CHANNEL;
  const columns = new Map();
  for (const place of places.values()) {
    const list = columns.get(place.column) ?? [];
    list.push(place);
    columns.set(place.column, list);
  }
  for (const list of columns.values()) list.sort((a, b) => a.y - b.y);
  const used = new Map(); // slots between cards that lines run through: how many already
  const middle = (place) => place.y + place.h / 2;
  const drawn = new Map();

  // Where arrows end on a card: spread over its side in the order of where they come from.
  const ports = new Map();
  const ends = new Map();
  for (const relation of map.relations) {
    const target = places.get(relation.target);
    if (!target) continue;
    const from = relation.sources.map((id) => places.get(id)).filter(Boolean);
    if (!from.length) continue;
    const height = from.reduce((sum, place) => sum + middle(place), 0) / from.length;
    const side = from[0].column > target.column ? "right" : "left";
    const key = `${relation.target} ${side}`;
    const list = ends.get(key) ?? [];
    list.push([height, relation.id]);
    ends.set(key, list);
  }
  for (const [key, list] of ends) {
    const target = places.get(key.split(" ")[0]);
    list.sort((a, b) => a[0] - b[0]);
    const step = list.length > 1 ? Math.min(PORT, (target.h - 28) / (list.length - 1)) : 0;
    list.forEach(([, id], at) => ports.set(id, middle(target) + (at - (list.length - 1) / 2) * step));
  }

  /** A height at which a line passes a column without touching a card, as near as possible to the one wished for. */
  function pass(column, wish) {
    const list = columns.get(column) ?? [];
    let best = null;
    const offer = (from, to, name) => {
      const taken = used.get(name) ?? 0;
      const shift = (taken % 2 ? 1 : -1) * Math.ceil(taken / 2) * 5;
      const at = from === -Infinity ? Math.min(wish, to - AWAY) + shift
        : to === Infinity ? Math.max(wish, from + AWAY) + shift
          : Math.min(Math.max(wish, from + AWAY), Math.max(from + AWAY, to - AWAY)) + (to - from > 24 ? shift : shift / 3);
      const far = Math.abs(at - wish);
      if (!best || far < best.far) best = { at, far, name };
    };
    let from = -Infinity;
    for (const place of list) {
      offer(from, place.y, `${column}:${place.y}`);
      from = place.y + place.h;
    }
    offer(from, Infinity, `${column}:end`);
    used.set(best.name, (used.get(best.name) ?? 0) + 1);
    return best.at;
  }

  /** The line from a card to a point (beside a column): waypoints, then curves with level ends. */
  function route(source, x, y, column, rightwards) {
    const start = middle(source);
    const points = [];
    if (source.column > column) { // to the left
      points.push([source.x, start]);
      for (let at = source.column - 1; at > column; at--) {
        const height = pass(at, start + (y - start) * ((source.column - at) / (source.column - column)));
        points.push([at * pitch + width + 8, height], [at * pitch - 8, height]);
      }
      points.push([x, y]);
    } else if (source.column === column && !rightwards) { // round the left side
      const out = source.x - 34;
      return `M${source.x} ${start}C${out} ${start} ${out} ${y} ${x} ${y}`;
    } else {
      points.push([source.x + source.w, start]);
      for (let at = source.column + 1; at < column; at++) {
        const height = pass(at, start + (y - start) * ((at - source.column) / (column - source.column)));
        points.push([at * pitch - 8, height], [at * pitch + width + 8, height]);
      }
      points.push([x, y]);
    }
    return curves(points);
  }

  for (let again = true, round = 0; again && round < 12; round++) {
    again = false;
    for (const relation of map.relations) {
      if (drawn.has(relation.id)) continue;
      const from = relation.sources.map((id) => places.get(id)).filter(Boolean);
      if (!from.length) continue;
      const target = places.get(relation.target);
      const step = target ? null : drawn.get(relation.target);
      if (!target && !step) { again = true; continue; }
      drawn.set(relation.id, target ? toCard(relation, from, target) : toStep(relation, from, step));
    }
  }

  function toCard(relation, from, target) {
    const y = ports.get(relation.id);
    const rightSide = from[0].column > target.column;
    const x = rightSide ? target.x + target.w + 7 : target.x - 7;
    const angle = rightSide ? 180 : 0;
    if (from.length === 1) {
      const d = route(from[0], x, y, target.column, false);
      const near = rightSide ? Math.min(from[0].x, target.x + pitch) : x - CHANNEL;
      const mid = rightSide ? [(x + near) / 2, from[0].column === target.column + 1 ? (y + middle(from[0])) / 2 : y] : [x - 24, (y + middle(from[0])) / 2];
      return { relation, paths: [d], head: [x, y, angle], dot: null, middle: mid };
    }
    const heights = from.map(middle);
    const level = rightSide ? (Math.min(...heights) + Math.max(...heights)) / 2 : y;
    const dot = rightSide ? [target.x + target.w + CHANNEL - 24, level] : [target.x - CHANNEL + 24, level];
    const paths = from.map((place) => route(place, dot[0], dot[1], target.column, false));
    paths.push(curves([dot, [x, y]]));
    return { relation, paths, head: [x, y, angle], dot, middle: [(dot[0] + x) / 2, (level + y) / 2] };
  }

  function toStep(relation, from, step) {
    const [mx, my] = step.middle;
    const place = from[0];
    const paths = [];
    let dot = null;
    let start = [place.x, middle(place)];
    const column = Math.floor(mx / pitch);
    if (place.column > column + 1) {
      const d = route(place, (column + 1) * pitch - 20, middle(place), column, false);
      paths.push(d);
      start = [(column + 1) * pitch - 20, middle(place)];
    }
    if (from.length > 1) {
      dot = [start[0] - 14, from.reduce((sum, each) => sum + middle(each), 0) / from.length];
      for (const each of from) paths.push(curves([[each.x, middle(each)], dot]));
      start = dot;
    }
    const below = start[1] > my;
    const end = [mx, my + (below ? 8 : -8)];
    paths.push(`M${start[0]} ${start[1]}C${(start[0] + mx) / 2 - 8} ${start[1]} ${mx} ${start[1]} ${end[0]} ${end[1]}`);
    return { relation, paths, head: [end[0], end[1], below ? 270 : 90], dot, middle: [(start[0] + mx) / 2, (start[1] * 2 + my) / 3] };
  }

  return map.relations.map((relation) => drawn.get(relation.id)).filter(Boolean);
}

function curves(points) {
  let d = `M${points[0][0]} ${points[0][1]}`;
  for (let at = 1; at < points.length; at++) {
    const [x1, y1] = points[at - 1];
    const [x2, y2] = points[at];
    const half = (x1 + x2) / 2;
    d += Math.abs(y1 - y2) < 0.5 ? `L${x2} ${y2}` : `C${half} ${y1} ${half} ${y2} ${x2} ${y2}`;
  }
  return d;
}
