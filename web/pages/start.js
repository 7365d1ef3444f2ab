/** The start page: a text that is pasted, or a file, becomes an article to look over; a file of another tool a map. */

import { t } from "../texts.js";
import { ask, keep, kept, page, Refused } from "./api.js";

const box = document.querySelector("#paste");
const words = document.querySelector("#words");
const file = document.querySelector("#file");
const go = document.querySelector("#go");
const choose = document.querySelector("#choose");
const hint = document.querySelector("#hint");
const wrong = document.querySelector("#wrong");
const live = document.querySelector("#live");
const MOST_BYTES = 16 * 2 ** 20;

for (const part of [words, choose, go]) part.disabled = false;
words.value ||= kept("pasted") ?? "";
if (kept("pasted") && new URLSearchParams(location.search).has("go")) box.requestSubmit();

words.addEventListener("input", () => {
  say("");
  keep("pasted", words.value.length < 1_000_000 ? words.value : "");
});
words.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) box.requestSubmit();
});
words.addEventListener("paste", (event) => {
  const plain = event.clipboardData?.getData("text/plain") ?? "";
  const pasted = [...(event.clipboardData?.files ?? [])];
  if (pasted.length && !plain) {
    event.preventDefault();
    send(pasted[0]);
  }
});

box.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = words.value;
  if (!text.trim()) {
    say(t("start.nothing"));
    words.focus();
    return;
  }
  look({ body: text, headers: { "Content-Type": "text/plain; charset=utf-8" } });
});
choose.addEventListener("click", () => file.click());
file.addEventListener("change", () => {
  if (file.files.length) send(file.files[0]);
  file.value = "";
});

let inside = 0;
const carriesFile = (event) => event.dataTransfer?.types.includes("Files");
addEventListener("dragenter", (event) => {
  if (carriesFile(event)) box.classList.toggle("over", ++inside > 0);
});
addEventListener("dragleave", (event) => {
  if (carriesFile(event)) box.classList.toggle("over", --inside > 0);
});
addEventListener("dragover", (event) => {
  if (carriesFile(event)) event.preventDefault();
});
addEventListener("drop", (event) => {
  inside = 0;
  box.classList.remove("over");
  if (!carriesFile(event)) return;
  event.preventDefault();
  const dropped = [...event.dataTransfer.files];
  if (dropped.length > 1) say(t("start.one-file"));
  else if (dropped.length) send(dropped[0]);
});

/** Send a file: to be looked over as an article, or, where it is a map of another tool, to be read into a map. */
async function send(chosen) {
  if (chosen.size > MOST_BYTES) {
    say(t("start.too-large", { name: chosen.name }));
    return;
  }
  if (!chosen.size) {
    say(t("start.empty-file", { name: chosen.name }));
    return;
  }
  const name = encodeURIComponent(chosen.name);
  busy(t("start.sending", { name: chosen.name }));
  const type = chosen.type || "application/octet-stream";
  try {
    await look({ body: chosen, headers: { "Content-Type": type }, name });
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 415) throw error;
    await read(chosen, name);
  }
}

async function look({ body, headers, name }) {
  busy(t("start.reading"));
  try {
    const query = name ? `?name=${name}` : "";
    const preview = await ask("POST", `/articles/preview${query}`, { body, headers });
    if (!preview.paragraphs.length) {
      idle(t("start.no-text"));
      return;
    }
    if (!keep("preview", { ...preview, key: crypto.randomUUID() })) {
      idle(t("start.no-room"));
      return;
    }
    location.assign(page("/new"));
  } catch (error) {
    if (error instanceof Refused && error.status === 415 && name) throw error;
    fail(error);
  }
}

async function read(chosen, name) {
  busy(t("start.map-file", { name: chosen.name }));
  try {
    let job = await ask("POST", `/imports?name=${name}`, {
      body: chosen,
      headers: { "Content-Type": "application/octet-stream" },
      key: crypto.randomUUID(),
    });
    while (job.state !== "finished" && job.stored + job.failed < job.total) {
      busy(t("start.map-progress", { done: job.stored + job.failed, total: job.total }));
      await new Promise((done) => setTimeout(done, 700));
      job = await ask("GET", `/imports/${job.id}`);
    }
    const stored = job.items.filter((item) => item.map_id);
    const failed = job.items.filter((item) => item.problem);
    if (stored.length === 1 && !failed.length) {
      location.assign(page(`/maps/${stored[0].map_id}`));
    } else if (stored.length) {
      idle(failed.length ? t("start.some-failed", { n: failed.length, why: failed[0].problem.detail }) : "");
      location.assign(page("/"));
    } else {
      idle(failed[0]?.problem.detail ?? t("start.no-map"));
    }
  } catch (error) {
    fail(error);
  }
}

function fail(error) {
  if (error instanceof Refused && error.status === 401) {
    idle("");
    const back = words.value.trim() ? "/?go=1" : "/";
    location.assign(page(`/sign-in?next=${encodeURIComponent(back)}`));
  } else if (error instanceof Refused) {
    idle(error.message);
  } else {
    idle(t("start.offline"));
  }
}

function busy(text) {
  wrong.hidden = true;
  hint.textContent = text;
  live.textContent = text;
  box.setAttribute("aria-busy", "true");
  go.disabled = choose.disabled = true;
}

function idle(text) {
  hint.textContent = t("start.takes");
  box.removeAttribute("aria-busy");
  go.disabled = choose.disabled = false;
  say(text);
}

function say(text) {
  wrong.textContent = text;
  wrong.hidden = !text;
}

// Times as this reader writes them.
const today = new Date().toDateString();
for (const time of document.querySelectorAll("time[datetime]")) {
  const moment = new Date(time.dateTime);
  time.textContent =
    moment.toDateString() === today
      ? t("today", { time: moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) })
      : moment.toLocaleDateString([], { day: "numeric", month: "long", year: "numeric" });
}
addEventListener("pageshow", (event) => {
  if (event.persisted) idle("");
});
