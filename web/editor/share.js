/** One dialog for who may see a map, embedding it, taking it away in every format, and printing. */

import { t } from "../texts.js";
import { h, icon, initials, openDialog, say } from "./dom.js";

const TABS = ["people", "embed", "download", "print"];

/** Open the dialog. `context` is the workspace's: {state, api}. */
export function openShare({ state, api }) {
  const { body, dialog } = openDialog(t("share.title", { title: state.map.title || t("untitled") }), { label: t("close") });
  const own = state.access === "own";
  const tabs = h("div", { class: "tabs", role: "tablist" });
  const pane = h("div", { class: "body", role: "tabpanel", id: "share-pane", tabindex: "-1" });
  body.replaceWith(tabs, pane);
  const shows = { people: own ? people : reader, embed, download, print };
  for (const name of TABS) {
    tabs.append(
      h("button", { type: "button", role: "tab", id: `share-${name}`, "aria-controls": "share-pane", on: { click: () => choose(name) } },
        t(`share.tab.${name}`)),
    );
  }
  tabs.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = TABS.indexOf(tabs.querySelector('[aria-selected="true"]').id.slice(6));
    const next = TABS[(at + step + TABS.length) % TABS.length];
    choose(next);
    tabs.querySelector(`#share-${next}`).focus();
  });
  choose("people");

  function choose(name) {
    for (const tab of tabs.children) {
      const chosen = tab.id === `share-${name}`;
      tab.setAttribute("aria-selected", chosen);
      tab.tabIndex = chosen ? 0 : -1;
    }
    pane.setAttribute("aria-labelledby", `share-${name}`);
    pane.replaceChildren();
    shows[name]();
  }

  /** Do something with the service and say in the dialog what it refuses. */
  async function attempt(act, where = pane) {
    where.querySelector(".wrong")?.remove();
    try {
      return await act();
    } catch (error) {
      where.append(h("p", { class: "wrong", role: "alert" }, error.status ? error.message : t("share.offline")));
      return null;
    }
  }

  function reader() {
    pane.append(h("p", {}, t("share.not-owner")), copyRow(t("share.this-page"), location.href.split("#")[0]));
  }

  async function people() {
    const answers = await attempt(() => Promise.all([
      api.get(`/maps/${state.id}/shares`), api.get(`/maps/${state.id}/grants`)]));
    if (!answers || !dialog.open) return;
    const [shares, grants] = answers.map((answer) => answer.items);
    const links = h("div", {});
    const radios = h("fieldset", { class: "rads" }, h("legend", { class: "vh" }, t("share.who")),
      ...["private", "unlisted", "public"].map((kind) =>
        h("label", { class: "rad" },
          h("input", { type: "radio", name: "visibility", value: kind, checked: state.visibility === kind, on: { change: () => see(kind) } }),
          h("span", {}, h("b", {}, t(`share.see.${kind}`)), h("br"), h("span", {}, t(`share.see.${kind}.how`))))));
    const list = h("ul", { class: "members" });
    const name = h("input", { class: "field", name: "name", "aria-label": t("share.name"), placeholder: t("share.name"), autocomplete: "off", spellcheck: "false", maxlength: "60" });
    const role = h("select", { class: "field role", "aria-label": t("share.may") },
      h("option", { value: "editor" }, t("share.editor")), h("option", { value: "viewer" }, t("share.viewer")));
    const add = h("form", { class: "add", on: { submit: addPerson } }, name, role, h("button", { class: "btn primary" }, t("share.add")));
    pane.replaceChildren(radios, links, add, list);
    drawLinks();
    drawPeople();

    async function see(kind) {
      const done = await attempt(() => api.patch(`/maps/${state.id}`, { visibility: kind }, { headers: { "If-Match": "*" } }));
      if (!done) {
        for (const input of radios.querySelectorAll("input")) input.checked = input.value === state.visibility;
        return;
      }
      state.visibility = kind;
      say(t(`share.see.${kind}`));
      drawLinks();
    }

    function drawLinks() {
      links.hidden = state.visibility === "private";
      links.replaceChildren(...["viewer", "editor"].flatMap((kind) => {
        const made = shares.filter((share) => (share.role ?? "viewer") === kind);
        return [...made.map((share) => linkRow(share)), newLink(kind, made.length)];
      }));
    }

    function linkRow(share) {
      const until = share.expires ? t("share.until", { date: day(share.expires) }) : t("share.no-end");
      const row = h("div", { class: "link-row" },
        h("div", { class: "url" }, h("b", {}, t(`share.link.${share.role ?? "viewer"}`)), h("span", {}, share.page ? `${until} · ${t("share.once")}` : until)),
        share.page && copyButton(share.page),
        h("button", { class: "btn quiet small", type: "button", on: { click: async () => {
          if (await attempt(async () => { await api.delete(`/maps/${state.id}/shares/${share.id}`); return true; })) {
            shares.splice(shares.indexOf(share), 1);
            drawLinks();
            say(t("share.turned-off"));
          }
        } } }, t("share.turn-off")));
      return row;
    }

    function newLink(kind, before) {
      const end = h("select", { class: "field small", "aria-label": t("share.ends") },
        ...[["7", "share.week"], ["30", "share.month"], ["180", "share.half-year"], ["", "share.no-end"]].map(([days, key]) =>
          h("option", { value: days, selected: days === "30" }, t(key))));
      return h("div", { class: "link-row" },
        h("div", { class: "url" }, h("b", {}, t(`share.link.${kind}`)), h("span", {}, before ? t("share.another") : t("share.off"))),
        end,
        h("button", { class: "btn line small", type: "button", on: { click: async () => {
          const days = Number(end.value);
          const body = { label: "", role: kind };
          if (days) body.expires = new Date(Date.now() + days * 86_400_000).toISOString();
          const share = await attempt(() => api.post(`/maps/${state.id}/shares`, body));
          if (!share) return;
          shares.push({ ...share, page: share.page ?? share.link });
          drawLinks();
          copy(shares.at(-1).page);
        } } }, t("share.make")));
    }

    async function addPerson(event) {
      event.preventDefault();
      if (!name.value.trim()) return;
      const grant = await attempt(() => api.put(`/maps/${state.id}/people`, { name: name.value.trim(), role: role.value }));
      if (!grant) return;
      const at = grants.findIndex((other) => other.account_id === grant.account_id);
      if (at < 0) grants.push(grant); else grants[at] = grant;
      name.value = "";
      name.focus();
      drawPeople();
      say(t("share.added", { name: named(grant) }));
    }

    function drawPeople() {
      const here = new Set(state.people.map((person) => person.account_id));
      list.replaceChildren(
        h("li", {}, h("span", { class: "face me", "aria-hidden": "true" }, initials(state.me?.name)), h("span", { class: "who" }, h("b", {}, state.me?.name ?? t("you")), h("span", {}, t("you"))), h("span", { class: "hint" }, t("share.owner"))),
        ...grants.map((grant) => {
          const may = h("select", { class: "field small", "aria-label": t("share.may.of", { name: named(grant) }), on: { change: async () => {
            if (may.value === "remove") {
              if (await attempt(async () => { await api.delete(`/maps/${state.id}/grants/${grant.account_id}`); return true; })) {
                grants.splice(grants.indexOf(grant), 1);
                drawPeople();
                say(t("share.removed", { name: named(grant) }));
              }
            } else {
              await attempt(() => api.put(`/maps/${state.id}/people`, { name: named(grant), role: may.value }));
            }
          } } },
            h("option", { value: "editor", selected: grant.role === "editor" }, t("share.editor")),
            h("option", { value: "viewer", selected: grant.role === "viewer" }, t("share.viewer")),
            h("option", { value: "remove" }, t("share.remove")));
          return h("li", {}, h("span", { class: "face", "aria-hidden": "true" }, initials(named(grant))), h("span", { class: "who" }, h("b", {}, named(grant)), here.has(grant.account_id) && h("span", {}, t("share.here"))), may);
        }));
    }
  }

  function embed() {
    const address = `${location.origin}${state.root}/maps/${state.id}/embed`;
    const title = state.map.title || t("untitled");
    const picture = `${location.origin}${state.root}/api/v1/maps/${state.id}.svg`;
    const quoted = title.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
    const tokens = state.share ? `?share=${encodeURIComponent(state.share)}` : "";
    if (state.visibility !== "public") pane.append(h("p", { class: "soft" }, t("share.embed.private")));
    pane.append(
      codeRow(t("share.embed.frame"), `<iframe src="${address}${tokens}" title="${quoted}" width="100%" height="600" loading="lazy"></iframe>`),
      codeRow(t("share.embed.picture"), `<img src="${picture}${tokens}" alt="${quoted}">`));
  }

  function download() {
    const link = (ending, name, how, query = {}) =>
      h("tr", {}, h("td", {}, h("a", { href: api.address(`/maps/${state.id}.${ending}`, query), download: true }, name)), h("td", {}, how));
    pane.append(
      h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("share.file")), h("th", { scope: "col" }, t("share.for")))),
        h("tbody", {},
          link("pdf", "PDF", t("share.pdf")),
          link("pdf", t("share.handout"), t("share.handout.how"), { handout: "true" }),
          link("svg", "SVG", t("share.svg"), { font: "embed" }),
          link("png", "PNG", t("share.png")),
          link("docx", "Word", t("share.docx")),
          link("md", "Markdown", t("share.md")),
          link("json", "JSON", t("share.json")))),
      h("p", {}, h("a", { href: `${state.root}/maps/${state.id}/files${state.share ? `?share=${encodeURIComponent(state.share)}` : ""}` }, t("share.all-formats"))));
  }

  function print() {
    pane.append(
      h("p", {}, t("share.print.how")),
      h("div", { class: "row" },
        h("a", { class: "btn primary", href: api.address(`/maps/${state.id}.pdf`), target: "_blank", rel: "noopener" }, t("share.print.sheet")),
        h("a", { class: "btn line", href: api.address(`/maps/${state.id}.pdf`, { handout: "true" }), target: "_blank", rel: "noopener" }, t("share.handout"))));
  }

  function copyRow(label, address) {
    return h("div", { class: "link-row" }, h("div", { class: "url" }, h("b", {}, label), h("span", {}, address)), copyButton(address));
  }

  function codeRow(label, code) {
    return h("div", { class: "code-row" }, h("b", {}, label), h("textarea", { class: "field code", readonly: true, rows: "3", "aria-label": label, value: code }), copyButton(code));
  }

  function copyButton(words) {
    return h("button", { class: "btn line small", type: "button", on: { click: () => copy(words) } }, t("share.copy"));
  }

  async function copy(words) {
    try {
      await navigator.clipboard.writeText(words);
      say(t("share.copied"));
      note(t("share.copied"));
    } catch {
      note(words); // without the right to the clipboard it can be copied from here
    }
  }

  function note(words) {
    pane.querySelector(".copied")?.remove();
    pane.append(h("p", { class: "copied soft" }, words));
  }
}

const named = (grant) => grant.account_name ?? grant.name ?? "";
const day = (moment) => new Date(moment).toLocaleDateString([], { day: "numeric", month: "long", year: "numeric" });
