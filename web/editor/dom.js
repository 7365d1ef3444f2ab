/** Elements without markup: what is shown is always set as text. */

const SVG = "http://www.w3.org/2000/svg";

/** Make an element. Attributes: `class`, `data`, `on` (listeners by event), `value` and `checked` as properties, else as they are. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Make an element of SVG. */
export function s(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "value" || name === "checked") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An icon of the page's own set (icons.html). */
export function icon(name, kind = "i") {
  return s("svg", { class: kind, "aria-hidden": "true" }, s("use", { href: `#${name}` }));
}

/** The shape of a kind of claim, in its colour. */
export const glyph = (kind) => icon(`k-${kind}`, `k is-${kind}`);

/** The line of a relation: `shape` is supports, attacks, together, undercut or restates. */
export const line = (kind, shape = kind) => icon(`rel-${shape}`, `rel ${kind}`);

export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

let clear = 0;

/** Say something to whoever listens with a screen reader. */
export function say(words) {
  const region = document.getElementById("live");
  if (!region) return;
  clearTimeout(clear);
  region.textContent = region.textContent === words ? `${words}\u00a0` : words;
  clear = setTimeout(() => { region.textContent = ""; }, 8000);
}

let toastNow = null;

/** Show a line at the foot of the map for a while; `actions` are [words, act]. It is read out, too. */
export function toast(words, actions = [], seconds = 6) {
  toastNow?.remove();
  const close = () => { mine.remove(); if (toastNow === mine) toastNow = null; };
  const mine = toastNow = h("div", { class: "toast" }, h("p", {}, words),
    ...actions.map(([label, act]) => h("button", { type: "button", on: { click: () => { close(); act(); } } }, label)));
  (document.getElementById("stage") ?? document.body).append(mine);
  say(words);
  let timer = setTimeout(close, seconds * 1000);
  mine.addEventListener("pointerenter", () => clearTimeout(timer));
  mine.addEventListener("pointerleave", () => { timer = setTimeout(close, seconds * 500); });
  return close;
}

/**
 * Open a modal dialog with a title; returns {dialog, body, close}. Focus goes into it and comes back where it was.
 * It is a native <dialog>: Escape and a press beside it close it. `closed` is called then.
 */
export function openDialog(title, { wide = false, closed = null, label = "Close" } = {}) {
  const before = document.activeElement;
  const body = h("div", { class: "body" });
  const close = () => dialog.close();
  const dialog = h("dialog", { class: `dialog${wide ? " wide" : ""}`, "aria-labelledby": "dialog-title" },
    h("div", { class: "hd" }, h("h2", { id: "dialog-title" }, title),
      h("button", { class: "btn icon", type: "button", "aria-label": label, on: { click: close } }, icon("i-close"))), body);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before?.isConnected) before.focus({ preventScroll: true });
    closed?.();
  });
  dialog.addEventListener("pointerdown", (event) => { if (event.target === dialog) close(); });
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, body, close };
}

/** The letters of somebody's name for a face. */
export function initials(name) {
  const words = (name ?? "").trim().split(/\s+/).filter(Boolean).map((word) => [...word][0]);
  return ((words[0] ?? "?") + (words.length > 1 ? words.at(-1) : "")).toUpperCase();
}

export const clock = (when = new Date()) => new Date(when).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
