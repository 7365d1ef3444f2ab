/**
 * <argument-map src="https://host/api/v1/maps/ID.svg">: an argument map to move, zoom and walk through.
 *
 * Attributes: `src`, and `narrow`, an address to use where the element is narrower than 600 px; `focus`, the id of a
 * claim to begin at; `theme`, one of the picture's; `height`, a CSS length.
 * Events, which bubble: `claim-focus`, `claim-select` and, when none is selected any more, `claim-deselect`, with
 * {id, kind, text} as detail; and on the element itself `load`, and `error` with {message}.
 * Properties: `src`, and `claims` in reading order. Methods: `fit()`, `show(id)`.
 *
 * It takes nothing but the picture, without credentials from another origin, and refuses what is no picture of argmap.
 * Styles are constructed, so that a page's Content-Security-Policy needs only script-src and connect-src for the host.
 */

const SVG = "http://www.w3.org/2000/svg";
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g; // controls of it
const ELEMENTS = new Set("svg title desc g rect path circle text a".split(" "));
const KINDS = ["thesis", "premise", "evidence", "rebuttal"];
const FETCHES = /\\|@import|(url|src|image|image-set|cross-fade|paint|element)\s*\(/i; // in a style sheet
const SECONDS = 30; // for the picture to come
const WHOLE = 4 / 3; // pixels per point at 100 %
const NARROW = 600; // pixels
const LEGIBLE = 0.6; // pixels per point below which a map is not shown whole at first
const [LEAST, MOST] = [0.05, 8];
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const REFUSALS = {
  401: "The address of the map has an expired token.",
  404: "There is no such map, or it is not public.",
  422: "The address asks for something that the map does not have.",
  503: "The service is busy. Try again in a moment.",
};

const UNREACHABLE = "The map cannot be reached. Is its address right, and does the service answer?";
const TIMEOUT = Symbol("timeout");

const BASE = new CSSStyleSheet();
BASE.replaceSync(`
:host { display: block; position: relative; contain: content; container-type: inline-size; box-sizing: border-box; width: 100%;
  min-height: 12rem; max-height: 75vh; font: 14px/1.4 system-ui, sans-serif; color: CanvasText; }
:host([hidden]), [hidden] { display: none !important; }
.view { position: absolute; inset: 0; overflow: clip; cursor: grab; touch-action: none;
  user-select: none; -webkit-user-select: none; }
.view > svg { position: absolute; top: 0; left: 0; overflow: visible; transform-origin: 0 0; }
.view.whole { touch-action: pan-x pan-y; }
.view.moving { cursor: grabbing; }
.controls { position: absolute; top: 8px; right: 8px; display: flex; gap: 4px; }
@container (max-width: 599px) { .view { border-top: 52px solid transparent; } } /* else buttons would cover the title */
.view.lowered { border-top: 52px solid transparent; } /* or a long one on a wide screen */
button { font: inherit; min-width: 36px; height: 36px; padding: 0 8px; border: 1px solid GrayText; border-radius: 6px;
  background: Canvas; color: CanvasText; cursor: pointer; }
button:focus-visible { outline: 3px solid #d9480f; outline-offset: 1px; }
.help, .state { margin: 0; padding: .5rem .75rem; background: Canvas; color: CanvasText; border: 1px solid GrayText;
  border-radius: 6px; }
.help { position: absolute; left: 8px; bottom: 8px; max-width: calc(100% - 16px); box-sizing: border-box; }
.help:not(.shown) { clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; padding: 0; border: 0; }
.state { position: absolute; top: 8px; left: 8px; max-width: calc(100% - 16px); box-sizing: border-box; }
.state button { margin-left: .5rem; }
@media print {
  .controls, .help { display: none; }
  .view { border: 0 !important; background: none !important; }
  .view > svg { width: 100% !important; height: 100% !important; transform: none !important; }
}
`);
// After the picture's own rules.
const MARKS = new CSSStyleSheet();
MARKS.replaceSync(`
.argmap .claim { cursor: pointer; }
.argmap .claim:focus-visible { outline: 3px solid #d9480f; outline-offset: 3px; }
.argmap .claim[aria-current] .card { stroke-width: 3.6; }
.argmap .relation.near .line { stroke-width: 3.4; }
`);

class ArgumentMap extends HTMLElement {
  static observedAttributes = ["src", "narrow", "theme", "focus", "height"];

  #view; // the element that shows the picture
  #state; // the line that says what is going on
  #size = new CSSStyleSheet(); // height and shape of the element
  #svg = null;
  #bounds = null; // of the whole picture, in points: x, y, width, height
  #at = { x: 0, y: 0, scale: 1 }; // top left corner in points, pixels per point
  #begun = false; // it has been shown for the first time, which waits until the element has a size
  #whole = true; // the whole map is being shown, also after a change of size
  #groups = new Map(); // claims by id, in reading order
  #links = new Map(); // by id of a claim, the groups of claims that it stands in
  #current = null;
  #selected = null;
  #pointers = new Map();
  #dragged = false;
  #request = null;
  #frame = 0;
  #asked = false;
  #loaded = null; // the address that the picture is from
  #observer = new ResizeObserver(() => this.#resized());
  #rest = 0; // the timer that ends a movement
  #dark = matchMedia("(prefers-color-scheme: dark)");
  #paint = () => {
    const ground = this.#svg?.querySelector(".ground");
    if (ground) this.#view.style.background = getComputedStyle(ground).fill; // goes on past the picture's edges
  };

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    this.#view = made("div", { class: "view", hidden: "" });
    this.#state = made("p", { class: "state", role: "status", hidden: "" });
    const help = made("p", { class: "help", id: "help" },
      "Drag to move, Ctrl and wheel or two fingers to zoom. Keys: arrows go from claim to claim, Enter selects, "
      + "+ and − zoom, 0 shows the whole map, Escape lets go.");
    const controls = made("div", { class: "controls", part: "controls", role: "group", "aria-label": "View of the map", hidden: "" });
    const button = (name, label, act) => {
      const element = made("button", { type: "button", "aria-label": name, title: name }, label);
      element.addEventListener("click", act);
      controls.append(element);
      return element;
    };
    button("Zoom in", "+", () => this.#zoom(1.3));
    button("Zoom out", "−", () => this.#zoom(1 / 1.3));
    button("Show the whole map", "Fit", () => this.fit());
    const keys = button("How to move about", "?", () => {
      keys.setAttribute("aria-expanded", String(help.classList.toggle("shown")));
    });
    keys.setAttribute("aria-expanded", "false");
    keys.setAttribute("aria-controls", "help");
    root.append(made("slot"), this.#view, controls, help, this.#state);
    root.adoptedStyleSheets = [BASE, this.#size];
    this.#listen();
  }

  connectedCallback() {
    this.#observer.observe(this);
    this.#dark.addEventListener("change", this.#paint);
    this.#ask();
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    this.#dark.removeEventListener("change", this.#paint);
    cancelAnimationFrame(this.#frame);
    this.#request?.abort();
  }

  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    if (name === "height") this.#shape();
    else if (name === "focus") this.#begin();
    else if (this.isConnected) this.#ask();
  }

  /** The address of the picture, as the attribute has it. */
  get src() {
    return this.getAttribute("src") ?? "";
  }

  set src(address) {
    this.setAttribute("src", address);
  }

  /** The claims in reading order, each as {id, kind, text}. */
  get claims() {
    return [...this.#groups.keys()].map((id) => this.#told(id));
  }

  /** Show the whole map. */
  fit() {
    if (!this.#begun) return;
    this.#whole = true;
    this.#go(this.#fitting());
  }

  /** Show a claim large enough to be read, and make it the one that the keys go on from. */
  show(id) {
    if (!this.#groups.has(id)) return;
    this.#become(id);
    if (!this.#begun) return;
    this.#whole = false;
    this.#go(this.#around(this.#box(id), Math.max(this.#at.scale, 1)));
  }

  /** Load the picture, once for several attributes that change together. */
  #ask() {
    if (this.#asked) return;
    this.#asked = true;
    queueMicrotask(() => {
      this.#asked = false;
      if (this.isConnected) this.#load();
    });
  }

  #address() {
    const width = this.clientWidth || innerWidth;
    return (width < NARROW && this.getAttribute("narrow")) || this.getAttribute("src");
  }

  async #load() {
    const src = this.#address();
    this.#request?.abort();
    if (!src) return;
    this.#loaded = src;
    const request = new AbortController();
    this.#request = request;
    this.setAttribute("aria-busy", "true");
    if (!this.#svg) this.#say("status", "Loading the map …");
    let picture;
    const late = setTimeout(() => request.abort(TIMEOUT), SECONDS * 1000);
    try {
      const url = new URL(src, document.baseURI);
      if (this.hasAttribute("theme")) url.searchParams.set("theme", this.getAttribute("theme"));
      const answer = await fetch(url, { signal: request.signal, credentials: "same-origin", referrerPolicy: "no-referrer" });
      if (!answer.ok) throw new Refused(REFUSALS[answer.status] ?? `The service answered with status ${answer.status}.`);
      picture = checked(answer.headers.get("content-type"), await answer.text());
    } catch (error) {
      if (request !== this.#request || !this.isConnected) return; // another one is under way, or nobody looks
      if (error instanceof Refused) this.#fail(error.message);
      else this.#fail(error === TIMEOUT ? `The map did not come within ${SECONDS} seconds.` : UNREACHABLE);
      return;
    } finally {
      clearTimeout(late);
    }
    if (request === this.#request) this.#accept(picture);
  }

  #fail(message) {
    this.removeAttribute("aria-busy");
    this.#say("alert", message);
    const again = made("button", { type: "button" }, "Try again");
    again.addEventListener("click", () => this.#load());
    this.#state.append(again);
    this.dispatchEvent(new CustomEvent("error", { detail: { message } }));
  }

  #say(role, message) {
    this.#state.hidden = !message;
    this.#state.setAttribute("role", role);
    this.#state.replaceChildren(message);
  }

  #accept({ svg, css, fonts }) {
    const before = this.#current;
    adoptFonts(fonts);
    const rules = new CSSStyleSheet();
    rules.replaceSync(css);
    this.shadowRoot.adoptedStyleSheets = [BASE, this.#size, rules, MARKS];
    const [x, y, width, height] = svg.getAttribute("viewBox").split(/[\s,]+/).map(Number);
    this.#bounds = { x, y, width, height };
    svg.removeAttribute("width");
    svg.removeAttribute("height");
    svg.setAttribute("aria-describedby", "help");
    svg.style.width = `${width}px`; // a pixel for each point, before it is scaled
    svg.style.height = `${height}px`;
    for (const link of svg.querySelectorAll("a")) {
      link.setAttribute("target", "_blank");
      link.setAttribute("rel", "noopener noreferrer");
    }
    this.#svg = document.adoptNode(svg);
    this.#groups = new Map([...svg.querySelectorAll(".claim")].map((group) => [group.dataset.claim, group]));
    this.#links = related(svg);
    this.#selected = null;
    this.#current = null;
    for (const group of this.#groups.values()) reach(group, false);
    this.#view.replaceChildren(svg);
    this.#paint();
    for (const hidden of this.shadowRoot.querySelectorAll(".view, .controls")) hidden.hidden = false;
    this.shadowRoot.querySelector("slot").hidden = true;
    this.#say("status", "");
    this.#shape();
    this.#become(this.#groups.has(before) ? before : this.#groups.keys().next().value);
    this.#begin();
    this.removeAttribute("aria-busy");
    this.dispatchEvent(new CustomEvent("load"));
  }

  /** Give the element the height that was asked for, or the shape of the map. */
  #shape() {
    const height = (this.getAttribute("height") ?? "").trim();
    const length = /^\d+(\.\d+)?$/.test(height) ? `${height}px` : height;
    if (length && CSS.supports("height", length) && !/[;{}]/.test(length)) {
      this.#size.replaceSync(`:host { height: ${length}; max-height: none; }`);
    } else if (this.#bounds) {
      this.#size.replaceSync(`:host { aspect-ratio: ${this.#bounds.width} / ${this.#bounds.height}; }`);
    }
  }

  /** Set the map lower where its title would run under the buttons. */
  #clear() {
    this.#view.classList.remove("lowered");
    const { x, scale } = this.#fitting();
    const ends = [...this.#svg.querySelectorAll(".title")].map((line) => line.getBBox()).map((box) => box.x + box.width);
    const free = this.#view.clientWidth - this.shadowRoot.querySelector(".controls").offsetWidth - 16;
    this.#view.classList.toggle("lowered", ends.some((end) => (end - x) * scale > free));
  }

  /** Show the map for the first time: whole if it can be read so, otherwise from the focus or the thesis on. */
  #begin() {
    if (!this.#svg) return;
    for (const group of this.#svg.querySelectorAll(".claim.focus")) group.classList.remove("focus");
    const focus = this.getAttribute("focus");
    const known = this.#groups.has(focus);
    if (known) {
      this.#groups.get(focus).classList.add("focus");
      this.#become(focus);
    }
    this.#begun = this.#view.clientWidth > 0 && this.#view.clientHeight > 0;
    if (!this.#begun) return;
    this.#clear();
    const whole = this.#fitting();
    this.#whole = !this.#current || (whole.scale >= LEGIBLE && !known);
    const wide = Math.min(this.#view.clientWidth / this.#bounds.width, WHOLE);
    const scale = wide >= LEGIBLE && !known ? wide : Math.max(whole.scale, 1);
    this.#set(this.#whole ? whole : this.#around(this.#box(this.#current), scale));
  }

  #resized() {
    if (this.clientWidth && this.#loaded && this.#address() !== this.#loaded) this.#ask();
    if (!this.#svg) return;
    const { clientWidth, clientHeight } = this.#view;
    if (!clientWidth || !clientHeight) return;
    if (!this.#begun) this.#begin();
    else if (this.#whole) {
      this.#clear();
      this.#set(this.#fitting());
    }
    else this.#set(this.#at);
  }

  #fitting() {
    const { width, height } = this.#bounds;
    const scale = Math.min(this.#view.clientWidth / width, this.#view.clientHeight / height, WHOLE);
    return this.#around(this.#bounds, Math.max(scale, LEAST));
  }

  /** Return the place that has a box in its middle, without showing more beyond the picture than must be. */
  #around(box, scale) {
    const along = (start, length, from, size, pixels) => {
      const shown = pixels / scale;
      const free = start + length / 2 - shown / 2;
      if (shown >= size) return from + size / 2 - shown / 2;
      return Math.min(Math.max(free, from), from + size - shown);
    };
    const { x, y, width, height } = this.#bounds;
    return {
      x: along(box.x, box.width, x, width, this.#view.clientWidth),
      y: along(box.y, box.height, y, height, this.#view.clientHeight),
      scale,
    };
  }

  /** Bring a claim into view with as little movement as that takes. */
  #reveal(id) {
    const box = this.#box(id);
    const margin = 12;
    const along = (at, start, length, shown) => {
      if (length + 2 * margin > shown) return start + length / 2 - shown / 2;
      return Math.max(Math.min(at, start - margin), start + length + margin - shown);
    };
    const { x, y, scale } = this.#at;
    this.#go({
      x: along(x, box.x, box.width, this.#view.clientWidth / scale),
      y: along(y, box.y, box.height, this.#view.clientHeight / scale),
      scale,
    });
  }

  #zoom(factor, left = this.#view.clientWidth / 2, top = this.#view.clientHeight / 2) {
    const { x, y, scale } = this.#at;
    const next = Math.min(Math.max(scale * factor, LEAST), MOST);
    this.#whole = false;
    this.#set({ x: x + left / scale - left / next, y: y + top / scale - top / next, scale: next });
  }

  #go(target) {
    cancelAnimationFrame(this.#frame);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.#set(target);
      return;
    }
    const from = this.#at;
    const start = performance.now();
    const step = (now) => {
      const part = Math.min(Math.max((now - start) / 180, 0), 1);
      const eased = part * (2 - part);
      const between = (name) => from[name] + (target[name] - from[name]) * eased;
      this.#place({ x: between("x"), y: between("y"), scale: between("scale") });
      if (part < 1) this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  #set(target) {
    cancelAnimationFrame(this.#frame);
    this.#place(target);
  }

  /** Show the picture from a place on; its middle stays inside the picture. */
  #place({ x, y, scale }) {
    const { clientWidth, clientHeight } = this.#view;
    const [wide, high] = [clientWidth / scale, clientHeight / scale];
    const all = this.#bounds;
    const held = (at, shown, from, size) => Math.min(Math.max(at, from - shown / 2), from + size - shown / 2);
    this.#at = { x: held(x, wide, all.x, all.width), y: held(y, high, all.y, all.height), scale };
    const { style } = this.#svg;
    style.transform = `translate(${(all.x - this.#at.x) * scale}px, ${(all.y - this.#at.y) * scale}px) scale(${scale})`;
    style.willChange = "transform"; // large maps are moved as they are, and drawn sharply when they rest
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => (style.willChange = ""), 120);
    this.#view.classList.toggle("whole", wide >= all.width - 1 && high >= all.height - 1);
  }

  #box(id) {
    const group = this.#groups.get(id);
    const [x, y] = (group.getAttribute("transform") ?? "").match(/-?[\d.]+/g)?.map(Number) ?? [0, 0];
    const { width, height } = (group.querySelector(".card") ?? group).getBBox();
    return { x, y, width, height };
  }

  #told(id) {
    const group = this.#groups.get(id);
    return { id, kind: KINDS.find((kind) => group.classList.contains(kind)), text: textOf(group) };
  }

  #tell(name, id) {
    this.dispatchEvent(new CustomEvent(name, { detail: this.#told(id), bubbles: true, composed: true }));
  }

  /** Make a claim the one that the tab key comes to. */
  #become(id) {
    if (id === undefined || id === this.#current) return;
    if (this.#groups.has(this.#current)) reach(this.#groups.get(this.#current), false);
    this.#current = id;
    reach(this.#groups.get(id), true);
  }

  #select(id) {
    const before = this.#selected;
    if (before !== null) this.#groups.get(before).removeAttribute("aria-current");
    this.#selected = id;
    for (const relation of this.#svg.querySelectorAll(".relation")) {
      const { sources = "", target } = relation.dataset;
      relation.classList.toggle("near", id !== null && [...sources.split(" "), target].includes(id));
    }
    if (id !== null) {
      this.#groups.get(id).setAttribute("aria-current", "true");
      this.#tell("claim-select", id);
    } else if (before !== null) {
      this.#tell("claim-deselect", before);
    }
  }

  /** Return the claim that lies in a direction: a related one if there is one, otherwise the nearest. */
  #towards(id, [right, down]) {
    const from = this.#box(id);
    const gap = (start, length, otherStart, otherLength) =>
      Math.max(otherStart - start - length, start - otherStart - otherLength);
    const cost = (other) => {
      const to = this.#box(other);
      const [sideways, upright] = [gap(from.x, from.width, to.x, to.width), gap(from.y, from.height, to.y, to.height)];
      const [along, across] = right ? [sideways, upright] : [upright, sideways];
      const ahead = right * (to.x - from.x) + down * (to.y - from.y) > 0;
      if (!ahead || along < -2) return Infinity;
      const middles = right
        ? Math.abs(to.y + to.height / 2 - from.y - from.height / 2)
        : Math.abs(to.x + to.width / 2 - from.x - from.width / 2);
      return along + 2 * Math.max(across, 0) + middles / 10;
    };
    const best = (ids) => {
      const costs = ids.map((other) => (other === id ? Infinity : cost(other)));
      const least = costs.reduce((one, other) => Math.min(one, other), Infinity);
      return least < Infinity ? ids[costs.indexOf(least)] : null;
    };
    return best((this.#links.get(id) ?? []).flat()) ?? best([...this.#groups.keys()]);
  }

  #listen() {
    const view = this.#view;
    const on = (type, act, options) => view.addEventListener(type, act, options);
    on("focusin", ({ target }) => {
      const group = target.closest(".claim");
      if (!group) return;
      this.#become(group.dataset.claim);
      if (target.matches(":focus-visible")) this.#reveal(group.dataset.claim);
      if (target === group) this.#tell("claim-focus", group.dataset.claim);
    });
    on("click", (event) => {
      if (this.#dragged) {
        event.preventDefault();
        return;
      }
      if (event.target.closest("a")) return;
      const group = event.target.closest(".claim");
      this.#select(group ? group.dataset.claim : null);
    });
    on("dragstart", (event) => event.preventDefault());
    on("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const turned = Math.min(Math.max(event.deltaY * lines, -30), 30);
      const { left, top } = view.getBoundingClientRect();
      this.#zoom(Math.exp(-turned / 100), event.clientX - left, event.clientY - top - view.clientTop);
    }, { passive: false });
    on("pointerdown", (event) => {
      if (event.button !== 0) return;
      if (this.#pointers.size === 0) this.#dragged = false;
      this.#pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    });
    on("pointermove", (event) => this.#moved(event));
    for (const type of ["pointerup", "pointercancel"]) {
      on(type, (event) => {
        this.#pointers.delete(event.pointerId);
        if (this.#pointers.size === 0) view.classList.remove("moving");
      });
    }
    this.shadowRoot.addEventListener("keydown", (event) => this.#pressed(event));
  }

  #moved(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const [right, down] = [now.x - before.x, now.y - before.y];
    const one = this.#pointers.size === 1;
    if (!this.#dragged && one && Math.hypot(right, down) < 4) return; // a click that trembles
    if (!this.#dragged || !this.#view.hasPointerCapture(event.pointerId)) this.#view.setPointerCapture(event.pointerId);
    this.#dragged = true;
    this.#whole = false;
    this.#view.classList.add("moving");
    const { x, y, scale } = this.#at;
    const share = this.#pointers.size; // two fingers each carry half of the movement
    this.#set({ x: x - right / scale / share, y: y - down / scale / share, scale });
    this.#pointers.set(event.pointerId, now);
    if (one) return;
    const [, other] = [...this.#pointers].find(([id]) => id !== event.pointerId);
    const apart = (point) => Math.max(Math.hypot(point.x - other.x, point.y - other.y), 1);
    const { left, top } = this.#view.getBoundingClientRect();
    this.#zoom(apart(now) / apart(before), (now.x + other.x) / 2 - left, (now.y + other.y) / 2 - top - this.#view.clientTop);
  }

  #pressed(event) {
    if (!this.#svg || event.ctrlKey || event.metaKey || event.altKey) return;
    const group = event.target.closest(".claim");
    const at = group?.dataset.claim;
    const ids = [...this.#groups.keys()];
    const focus = (id) => id && this.#groups.get(id).focus();
    const acts = {
      "+": () => this.#zoom(1.3),
      "=": () => this.#zoom(1.3),
      "-": () => this.#zoom(1 / 1.3),
      0: () => this.fit(),
    };
    if (this.#selected !== null) acts.Escape = () => this.#select(null);
    else if (!this.#whole) acts.Escape = () => this.fit();
    if (group) {
      for (const [key, direction] of Object.entries(ARROWS)) acts[key] = () => focus(this.#towards(at, direction));
      acts.Home = () => focus(ids[0]);
      acts.End = () => focus(ids.at(-1));
      if (event.target === group) acts.Enter = acts[" "] = () => this.#select(at);
    }
    if (!Object.hasOwn(acts, event.key)) return;
    event.preventDefault();
    acts[event.key]();
  }
}

/** What the reader is told of a map that is not shown. */
class Refused extends Error {}

/** Return the picture in a text, its rules and its fonts apart. Throws Refused for anything but a picture of argmap. */
function checked(type, text) {
  const refuse = (why) => {
    throw new Refused(`What the address leads to is not shown: ${why}.`);
  };
  if (!/^image\/svg\+xml\b/i.test(type ?? "")) refuse("it is no SVG");
  let css = "";
  // Taken out first: a style element would be against a strict policy of the page.
  const plain = text.replace(/<style>([^<]*)<\/style>/g, (_, rules) => {
    css += rules;
    return "";
  });
  const svg = new DOMParser().parseFromString(trusted(plain), "image/svg+xml").documentElement;
  if (svg.localName !== "svg" || !svg.classList.contains("argmap")) refuse("it is no picture of argmap");
  if (!/^(-?[\d.]+[\s,]*){4}$/.test(svg.getAttribute("viewBox") ?? "")) refuse("it has no size");
  for (const element of [svg, ...svg.querySelectorAll("*")]) {
    if (element.namespaceURI !== SVG || !ELEMENTS.has(element.localName)) refuse(`it has a <${element.localName}>`);
    for (const { name, localName, value } of element.attributes) {
      const link = element.localName === "a" && name === "href" && /^https?:\/\//i.test(value);
      const words = /^(aria|data)-/.test(name);
      if (/^on/i.test(localName) || (localName === "href" && !link) || (!words && !link && FETCHES.test(value))) {
        refuse(`it has an attribute ${name}`);
      }
    }
  }
  if (FETCHES.test(css)) refuse("its style sheet loads things");
  const faces = /@font-face\s*\{[^}]*\}/g;
  return { svg, css: css.replace(faces, ""), fonts: (css.match(faces) ?? []).join("") };
}

/** Allow a text to be parsed where a page asks for trusted types: what comes of it is inert until it has been checked. */
function trusted(text) {
  policy ??= globalThis.trustedTypes?.createPolicy("argument-map", { createHTML: (given) => given });
  return policy ? policy.createHTML(text) : text;
}

let policy;
const adopted = new Set();

/** Fonts count for a whole document only, not for a shadow tree. */
function adoptFonts(fonts) {
  if (!fonts || adopted.has(fonts)) return;
  adopted.add(fonts);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(fonts);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** Return, by the id of each claim, the groups that it is in: a claim and all that bears on it. */
function related(svg) {
  const relations = new Map();
  for (const { dataset } of svg.querySelectorAll(".relation")) {
    relations.set(dataset.relation, { sources: (dataset.sources ?? "").split(" ").filter(Boolean), target: dataset.target });
  }
  const meet = new Map();
  for (const { sources, target } of relations.values()) {
    const step = relations.get(target); // what is said of a step is said of all that takes part in it
    for (const end of step ? [...step.sources, step.target] : [target]) {
      if (relations.has(end)) continue;
      if (!meet.has(end)) meet.set(end, [end]);
      meet.get(end).push(...sources);
    }
  }
  const links = new Map();
  for (const group of meet.values()) {
    for (const id of group) {
      if (!links.has(id)) links.set(id, []);
      links.get(id).push(group);
    }
  }
  return links;
}

/** Let the tab key come to a claim and its link, or pass them by. */
function reach(group, reached) {
  group.setAttribute("tabindex", reached ? "0" : "-1");
  for (const link of group.querySelectorAll("a")) link.setAttribute("tabindex", reached ? "0" : "-1");
}

/** Return the text of a claim, without the quotation marks that the picture may have set around it. */
function textOf(group) {
  const words = spoken(group).replace(DIRECTIONS, "");
  return group.classList.contains("quoted") ? words.slice(1, -1) : words;
}

/** Return what a card says, as it is in its name; the lines on the card, which have lost their spaces, say where. */
function spoken(group) {
  const title = group.querySelector(":scope > title");
  if (title) return title.textContent;
  const bare = (words) => words.replace(DIRECTIONS, "").replace(/\s/g, "");
  const lines = bare([...group.querySelectorAll(".text")].map((line) => line.textContent).join(""));
  const name = (group.getAttribute("aria-label") ?? "").replace(DIRECTIONS, "");
  const places = [...name.matchAll(/\S/g)].map((match) => match.index);
  const start = bare(name).indexOf(lines);
  return lines && start >= 0 ? name.slice(places[start], places[start + lines.length - 1] + 1) : lines;
}

function made(name, attributes = {}, text = "") {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(text);
  return element;
}

if (!customElements.get("argument-map")) customElements.define("argument-map", ArgumentMap);
