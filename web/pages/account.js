/** One's password, one's signed-in browsers and one's tokens for programs. */

import { t } from "../texts.js";
import { ask, page, Refused } from "./api.js";

const one = (id) => document.getElementById(id);

function row(words, hint, label, act) {
  const item = document.createElement("li");
  const text = document.createElement("span");
  const name = document.createElement("b");
  name.textContent = words;
  const small = document.createElement("span");
  small.className = "soft";
  small.textContent = hint;
  text.append(name, document.createElement("br"), small);
  item.append(text);
  if (label) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn line small";
    button.textContent = label;
    button.setAttribute("aria-label", `${label}: ${words}`);
    button.addEventListener("click", act);
    item.append(button);
  }
  return item;
}

const day = (moment) => (moment ? new Date(moment).toLocaleString([], { dateStyle: "medium", timeStyle: "short" }) : t("account.never"));

async function attempt(act, where) {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Refused && error.status === 401) location.assign(page("/sign-in?next=/account"));
    where.textContent = error instanceof Refused ? error.message : t("share.offline");
    return undefined;
  }
}

async function show() {
  const me = await attempt(() => ask("GET", "/me"), one("password-said"));
  if (me) one("current-row").hidden = !me.has_password;
  const sessions = await attempt(() => ask("GET", "/sessions"), one("password-said"));
  one("sessions").replaceChildren(...(sessions?.items ?? []).map((each) =>
    row(each.agent ?? t("account.browser"), each.current ? t("account.this") : t("account.last", { when: day(each.last_used ?? each.created) }),
      each.current ? null : t("account.end"), async () => {
        await attempt(() => ask("DELETE", `/sessions/${each.id}`), one("password-said"));
        show();
      })));
  const tokens = await attempt(() => ask("GET", "/tokens"), one("token-said"));
  one("tokens").replaceChildren(...(tokens?.items ?? []).map((each) =>
    row(each.name, `${t(`account.token.${each.scope}`)} · ${t("account.last", { when: day(each.last_used) })}`, t("account.revoke"), async () => {
      await attempt(() => ask("DELETE", `/tokens/${each.id}`), one("token-said"));
      show();
    })));
}

one("password").addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = { password: one("fresh").value };
  if (one("current").value) body.current = one("current").value;
  const said = one("password-said");
  said.textContent = "";
  if ((await attempt(() => ask("PUT", "/me/password", { json: body }), said)) === undefined) return;
  event.target.reset();
  said.textContent = t("account.password-set");
  show();
});
one("everywhere").addEventListener("click", async () => {
  await attempt(() => ask("DELETE", "/sessions?others=true"), one("password-said"));
  show();
});
one("token").addEventListener("submit", async (event) => {
  event.preventDefault();
  const json = { name: one("token-name").value.trim(), scope: one("token-scope").value };
  const made = await attempt(() => ask("POST", "/tokens", { json }), one("token-said"));
  if (!made) return;
  event.target.reset();
  one("token-said").textContent = t("account.token.made", { token: made.secret ?? made.token });
  show();
});
show();
