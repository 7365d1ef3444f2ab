/** For a class: the map alone, text of 18 px and more, arrows step claim by claim. */

import { t } from "../texts.js";
import { h, one, say } from "./dom.js";
import { nameOf } from "./model.js";

const LARGE = 1.4; // the 13 px of a card are read from the last row at 18

export function makeProjector(context) {
  const { state, map, article } = context;
  let hud = null;
  let words = false;
  let before = 1;

  const order = () => map.plan().order.map(({ claim }) => claim.id);
  function go(by) {
    const list = order();
    const at = list.indexOf(state.focus);
    const next = list[Math.max(0, Math.min(list.length - 1, at + by))];
    if (!next) return;
    state.focusOn(next, { by: "projector", again: true });
    map.centre(next);
    draw();
  }
  function draw() {
    const list = order();
    const at = Math.max(0, list.indexOf(state.focus));
    const claim = state.claim(state.focus);
    const bar = h("i", {});
    bar.style.width = `${list.length ? ((at + 1) / list.length) * 100 : 0}%`;
    const key = (name, text, act) => h("button", { type: "button", on: { click: act } }, h("kbd", {}, name), " ", text);
    hud.replaceChildren(h("span", { class: "num" }, t("projector.of", { n: at + 1, all: list.length })), h("span", { class: "bar" }, bar),
      words && claim?.quotes?.length ? h("q", { class: "words" }, claim.quotes[0].exact) : "",
      key("←", "", () => go(-1)), key("→", t("projector.walk"), () => go(1)), key("Q", t("projector.words"), () => { words = !words; draw(); }), key("esc", t("projector.leave"), leave));
    if (claim) say(nameOf(claim));
  }
  function start() {
    if (hud) { leave(); return; }
    before = map.scale;
    context.show("map");
    document.body.classList.add("projecting");
    hud = h("div", { class: "hud" });
    one("#stage").append(hud);
    document.documentElement.requestFullscreen?.().catch(() => {});
    map.zoom(Math.max(LARGE, innerWidth / 1400), null);
    if (!state.focus) state.focusOn(order()[0] ?? null, { by: "projector" });
    draw();
    if (state.focus) { map.centre(state.focus, { smooth: false }); context.editing.focusCard(state.focus); }
  }
  function leave() {
    if (!hud) return;
    hud.remove();
    hud = null;
    document.body.classList.remove("projecting");
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    map.zoom(before);
    context.editing.showActs();
    if (state.focus) context.editing.focusCard(state.focus);
  }
  document.addEventListener("fullscreenchange", () => { if (hud && !document.fullscreenElement && wasFull) leave(); wasFull = Boolean(document.fullscreenElement); });
  let wasFull = false;
  void article;
  return {
    start, leave,
    get isOn() { return hud !== null; },
    key(event) {
      if (["ArrowRight", "ArrowDown", " ", "PageDown"].includes(event.key)) { event.preventDefault(); go(1); }
      else if (["ArrowLeft", "ArrowUp", "PageUp"].includes(event.key)) { event.preventDefault(); go(-1); }
      else if (event.key === "q") { words = !words; draw(); }
      else if (event.key === "f") leave();
    },
  };
}
