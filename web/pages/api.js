/** Requests to the service's own API, with its refusals as errors that say what a person should read. */

const root = document.body.dataset.root ?? "";

/** What the service refused: `status`, `type` (the last part of the problem's address), and `message` to show. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `The service answered ${status}.`);
    this.status = status;
    this.type = (problem.type ?? "").split("/").pop();
    this.problem = problem;
  }
}

/** Send a request below /api/v1 and return the answer's JSON (null where it has no body). Throws Refused, TypeError (no connection). */
export async function ask(method, path, { json, body, key, headers = {} } = {}) {
  const sent = { Accept: "application/json", ...headers };
  if (json !== undefined) sent["Content-Type"] = "application/json";
  if (key) sent["Idempotency-Key"] = key;
  const answer = await fetch(`${root}/api/v1${path}`, {
    method,
    headers: sent,
    body: json === undefined ? body : JSON.stringify(json),
  });
  const text = await answer.text();
  let value = null;
  try {
    value = text ? JSON.parse(text) : null;
  } catch {
    value = { title: `The service answered ${answer.status}.` };
  }
  if (!answer.ok) throw new Refused(answer.status, value ?? {});
  return value;
}

/** The address of a page of this service. */
export const page = (path) => `${root}${path}`;

/** Keep a value for this tab; false where the browser has no room or keeps nothing. */
export function keep(name, value) {
  try {
    sessionStorage.setItem(`argmap.${name}`, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(`argmap.${name}`));
  } catch {
    return null;
  }
}

export function forget(name) {
  try {
    sessionStorage.removeItem(`argmap.${name}`);
  } catch {
    // nothing was kept
  }
}
