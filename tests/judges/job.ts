/** A real job against the service with the types that openapi-typescript generates; prints what it found as JSON. */
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

const [url = "", token = ""] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${token}` } });

function had<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

const article = had(await client.POST("/api/v1/articles", { body: { title: "A typed op-ed", text: "Words to quote." } }));
const map = had(
  await client.POST("/api/v1/maps", {
    body: {
      article_id: article.id,
      claims: [
        { id: "new:main", kind: "thesis", text: "Types help." },
        { kind: "premise", text: "They are checked.", quotes: [{ exact: "Words to quote." }] },
      ],
      relations: [],
    },
  }),
);
const claims: components["schemas"]["Claim"][] = map.claims; // never undefined
const picture = await client.GET("/api/v1/maps/{map_id}.svg", { params: { path: { map_id: map.id } }, parseAs: "text" });

let pages = 0;
let found = 0;
for (let cursor: string | undefined = undefined; ; ) {
  const page: components["schemas"]["Page_MapSummaryOut_"] = had(
    await client.GET("/api/v1/maps", { params: { query: { limit: 2, ...(cursor ? { cursor } : {}) } } }),
  );
  pages += 1;
  found += page.items.length;
  if (!page.next) break;
  cursor = page.next;
}

const path = { map_id: map.id };
const stale = await client.PUT("/api/v1/maps/{map_id}", {
  params: { path, header: { "If-Match": '"99"' } },
  body: { claims: [], relations: [] },
});
const wrong = await client.POST("/api/v1/maps", {
  body: { claims: [], relations: [{ kind: "supports", sources: ["c1"], target: "c2" }] },
});
console.log(
  JSON.stringify({
    names: map.names,
    claims: claims.length,
    svg: String(picture.data).startsWith("<svg"),
    pages,
    found,
    stale: [stale.response.status, stale.error?.title],
    wrong: [wrong.response.status, wrong.error?.errors?.map((fault) => fault.place)],
  }),
);
