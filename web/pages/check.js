/** Looking an article over before it is stored: what is the website's is struck through, and one click keeps it. */

import { t } from "../texts.js";
import { ask, forget, keep, kept, page, Refused } from "./api.js";

const preview = kept("preview");
const lines = document.querySelector("#lines");
const summary = document.querySelector("#summary");
const count = document.querySelector("#count");
const all = document.querySelector("#all");
const facts = document.querySelector("#facts");
const begin = document.querySelector("#begin");
const wrong = document.querySelector("#wrong");
const live = document.querySelector("#live");
const about = document.querySelector("#about");

if (!preview) location.replace(page("/"));
else fill();

function fill() {
  const found = preview.found ?? {};
  about.elements.title.value = preview.title ?? "";
  about.elements.authors.value = (preview.authors ?? []).join("; ");
  about.elements.publication.value = preview.publication ?? "";
  about.elements.published.value = preview.published ?? "";
  about.elements.url.value = preview.url ?? "";
  for (const name of ["title", "authors", "publication", "published", "url"]) {
    const empty = !about.elements[name].value;
    document.querySelector(`#${name}-guess`).textContent = t(
      empty ? "check.not-found" : (found[name] ?? `check.from.${preview.format}`),
    );
  }
  lines.replaceChildren(...preview.paragraphs.map(line));
  number();
  begin.disabled = false;
}

/** A paragraph as one reads it, or struck through with what it seems to be, and the button that changes that. */
function line(paragraph, index) {
  const kind = document.createElement("div");
  kind.dataset.index = index;
  const keepIt = document.createElement("button");
  keepIt.type = "button";
  keepIt.dataset.keep = "";
  if (paragraph.keep) {
    kind.className = "kept";
    const number = document.createElement("span");
    number.className = "n";
    number.setAttribute("aria-hidden", "true");
    const text = document.createElement("p");
    text.dir = "auto";
    text.textContent = paragraph.text;
    keepIt.textContent = t("check.leave-out");
    kind.append(number, text, keepIt);
  } else {
    kind.className = "junk";
    const text = document.createElement("s");
    text.dir = "auto";
    text.textContent = paragraph.text;
    const why = document.createElement("span");
    why.className = "why";
    why.textContent = paragraph.why ? t(`why.${paragraph.why}`) : t("why.left-out");
    keepIt.textContent = t("check.keep");
    kind.append(text, why, keepIt);
  }
  const said = paragraph.text.slice(0, 60);
  keepIt.setAttribute("aria-label", `${keepIt.textContent}: ${said}`);
  return kind;
}

lines.addEventListener("click", (event) => {
  const button = event.target.closest("[data-keep]");
  if (!button) return;
  const old = button.closest("[data-index]");
  const index = Number(old.dataset.index);
  const paragraph = preview.paragraphs[index];
  paragraph.keep = !paragraph.keep;
  const next = line(paragraph, index);
  old.replaceWith(next);
  next.querySelector("[data-keep]").focus();
  changed();
  live.textContent = paragraph.keep ? t("check.kept") : t("check.left");
});
all.addEventListener("click", () => {
  for (const paragraph of preview.paragraphs) paragraph.keep = true;
  lines.replaceChildren(...preview.paragraphs.map(line));
  changed();
  document.querySelector("#article").focus();
  live.textContent = t("check.kept-all");
});
about.addEventListener("input", () => {
  const named = about.elements;
  Object.assign(preview, {
    title: named.title.value,
    authors: authors(),
    publication: named.publication.value,
    published: named.published.value,
    url: named.url.value,
  });
  renew();
  remember();
});

function changed() {
  number();
  renew();
  remember();
}

/** What was stored before a failure was another article. */
function renew() {
  if (!preview.article) return;
  delete preview.article;
  preview.key = crypto.randomUUID();
}

function remember() {
  keep("preview", preview);
}

function number() {
  let at = 0;
  let letters = 0;
  for (const kind of lines.children) {
    const paragraph = preview.paragraphs[Number(kind.dataset.index)];
    if (!paragraph.keep) continue;
    kind.querySelector(".n").textContent = ++at;
    letters += paragraph.text.split(/\s+/u).filter(Boolean).length;
  }
  const left = preview.paragraphs.length - at;
  summary.hidden = left === 0;
  count.textContent = t("check.junk", { n: left });
  facts.textContent = `${t("check.paragraphs", { n: at })}, ${t("check.words", { n: letters })}. ${t("check.stored")}`;
}

function authors() {
  return about.elements.authors.value
    .split(/;|\n/)
    .map((name) => name.trim())
    .filter(Boolean);
}

begin.addEventListener("click", start);
about.addEventListener("submit", (event) => {
  event.preventDefault();
  start();
});
addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) start();
});

async function start() {
  if (begin.disabled) return;
  const text = preview.paragraphs
    .filter((paragraph) => paragraph.keep)
    .map((paragraph) => paragraph.text)
    .join("\n\n");
  if (!text) {
    say(t("check.nothing-kept"));
    return;
  }
  if (!about.reportValidity()) return;
  begin.disabled = true;
  begin.setAttribute("aria-busy", "true");
  say("");
  const named = about.elements;
  const article = { title: named.title.value.trim() || firstWords(text), authors: authors(), text };
  if (named.publication.value.trim()) article.publication = named.publication.value.trim();
  if (named.published.value) article.published = named.published.value;
  if (named.url.value.trim()) article.url = named.url.value.trim();
  if (preview.language) article.language = preview.language;
  try {
    // The same keys when one tries again, so that nothing is stored twice.
    preview.article ??= (await ask("POST", "/articles", { json: article, key: `${preview.key}-article` })).id;
    remember();
    const map = { title: article.title, article_id: preview.article, claims: [], relations: [] };
    if (preview.language) map.language = preview.language;
    const made = await ask("POST", "/maps", { json: map, key: `${preview.key}-map` });
    forget("preview");
    forget("pasted");
    location.replace(page(`/maps/${made.id}`));
  } catch (error) {
    begin.disabled = false;
    begin.removeAttribute("aria-busy");
    if (error instanceof Refused && error.status === 401) {
      location.assign(page(`/sign-in?next=${encodeURIComponent("/new")}`));
    } else if (error instanceof Refused && error.type === "idempotency-mismatch") {
      preview.key = crypto.randomUUID();
      remember();
      start();
    } else {
      say(error instanceof Refused ? error.message : t("start.offline"));
    }
  }
}

function firstWords(text) {
  const words = text.split(/\s+/u, 9);
  return words.slice(0, 8).join(" ") + (words.length > 8 ? "…" : "");
}

function say(text) {
  wrong.textContent = text;
  wrong.hidden = !text;
  if (text) wrong.scrollIntoView({ block: "nearest" });
}
