/** What others do: the event stream of the map (docs/events.md), and who is here. */

const AGAIN = 4000; // milliseconds
const HIDDEN = 60_000; // a tab nobody looks at lets its connection go

export function makeLive(state, api, outbox) {
  let stream = null;
  let timer = 0;
  let hidden = 0;
  let over = false;

  /** Read the whole map again: something in between was missed. */
  let reading = null;
  async function refresh() {
    reading ??= api.get(`/maps/${state.id}`).then((answer) => state.replace(answer)).catch(() => {}).finally(() => { reading = null; });
    return reading;
  }

  function open() {
    if (stream || over) return;
    stream = new EventSource(api.address(`/maps/${state.id}/events`, { after: state.version, tab: outbox.tab }));
    const on = (name, act) => stream.addEventListener(name, (event) => { if (event.data) act(JSON.parse(event.data)); });
    on("open", ({ access }) => { state.setAccess(access); if (outbox.status.kind === "offline") outbox.send(); if (outbox.status.kind === "offline" && !outbox.count) { outbox.status.kind = "idle"; state.emit("connection"); } state.emit("connection"); });
    on("change", (entry) => {
      const own = outbox.arrived(entry);
      if (!state.advance(entry, own)) refresh();
    });
    on("reset", refresh);
    on("access", ({ access }) => state.setAccess(access));
    on("people", ({ people, readers }) => { state.people = people; state.readers = readers; state.emit("people"); });
    on("end", ({ reason }) => {
      if (reason === "access" || reason === "deleted") { over = true; close(); state.emit("ended", { reason }); }
    });
    stream.addEventListener("error", () => {
      if (stream?.readyState !== EventSource.CLOSED) return;
      close();
      clearTimeout(timer);
      timer = setTimeout(open, AGAIN);
    });
  }
  function close() { stream?.close(); stream = null; }

  let told = "";
  let telling = 0;
  function tell() {
    clearTimeout(telling);
    telling = setTimeout(() => {
      if (!state.me || !state.mayEdit) return;
      const now = JSON.stringify({ tab: outbox.tab, claim: state.focus && !state.isTemporary(state.focus) ? state.focus : null, editing: Boolean(state.draft) });
      if (now === told) return;
      told = now;
      api.put(`/maps/${state.id}/presence`, JSON.parse(now)).catch(() => { told = ""; });
    }, 400);
  }
  state.on("focus", tell);
  state.on("draft", tell);
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hidden);
    if (document.visibilityState === "hidden") hidden = setTimeout(close, HIDDEN);
    else open();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  api.missing = () => { if (stream?.readyState !== EventSource.OPEN) refresh(); else setTimeout(() => { if (state.pending.some((entry) => entry.landed > state.version)) refresh(); }, 1500); };
  open();
  return { refresh, open, close };
}
