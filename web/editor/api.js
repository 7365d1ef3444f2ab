/** The service's API, as any other client uses it: the cookie says who asks, a share token goes along in the query. */

export class ApiError extends Error {
  /** `status` 0: the service was not reached; `problem` as in RFC 9457. */
  constructor(status, problem = {}) {
    super(problem.detail || problem.title || (status ? `The service answered ${status}.` : "The service was not reached."));
    this.status = status;
    this.problem = problem;
  }

  /** The last part of the problem's type: edit-conflict, not-found ... */
  get slug() {
    return (this.problem.type ?? "").split("/").at(-1);
  }
}

const WAIT = 25_000; // milliseconds for an answer

/** Make a client: `root` is the service's path, `share` the token of a link. */
export function client(root = "", share = null) {
  const address = (path, query = {}) => {
    const url = new URL(`${root}/api/v1${path}`, location.origin);
    for (const [name, value] of Object.entries(query)) if (value !== null && value !== undefined) url.searchParams.set(name, value);
    if (share) url.searchParams.set("share", share);
    return url.href;
  };

  /** Send a request; returns the JSON of the answer (null without any). Raises ApiError. */
  async function ask(method, path, { body, query, headers = {}, signal } = {}) {
    let answer;
    try {
      answer = await fetch(address(path, query), {
        method,
        credentials: "same-origin",
        headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": method === "PATCH" ? "application/merge-patch+json" : "application/json" }), ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: signal ?? AbortSignal.timeout(WAIT),
      });
    } catch (error) {
      throw new ApiError(0, { detail: String(error.message ?? error) });
    }
    const type = answer.headers.get("content-type") ?? "";
    const json = type.includes("json") ? await answer.json().catch(() => ({})) : null;
    if (!answer.ok) throw new ApiError(answer.status, json ?? {});
    return json;
  }

  return {
    address,
    ask,
    get: (path, query) => ask("GET", path, { query }),
    post: (path, body, more = {}) => ask("POST", path, { body, ...more }),
    put: (path, body, more = {}) => ask("PUT", path, { body, ...more }),
    patch: (path, body, more = {}) => ask("PATCH", path, { body, ...more }),
    delete: (path, more = {}) => ask("DELETE", path, more),
  };
}
