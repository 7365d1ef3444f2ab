/** Shows the words and the passage of the claim that was chosen in the map, and leads from the list into the map. */

const map = document.querySelector("argument-map");
const chosen = document.querySelector("#chosen");

map.addEventListener("claim-select", ({ detail }) => {
  const entry = document.getElementById(`claim-${detail.id}`);
  if (entry) chosen.replaceChildren(...entry.cloneNode(true).childNodes);
  else chosen.textContent = detail.text; // a question that an analysis asks
  chosen.lang = entry?.lang ?? "";
  for (const link of chosen.querySelectorAll("[data-claim]")) link.replaceWith(link.textContent);
  chosen.hidden = false;
});
map.addEventListener("claim-deselect", () => {
  chosen.hidden = true;
});

for (const link of document.querySelectorAll("[data-claim]")) {
  link.addEventListener("click", () => map.show(link.dataset.claim));
}
