/** Light or dark: as the system has it, until one says otherwise; kept in this browser. */

const kept = () => {
  try {
    return localStorage.getItem("argmap.colours");
  } catch {
    return null; // a browser that keeps nothing
  }
};
const show = (theme) => {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
};
show(kept());

const button = document.querySelector("[data-colours]");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
    const next = now === "dark" ? "light" : "dark";
    show(next);
    try {
      localStorage.setItem("argmap.colours", next);
    } catch {
      // it lasts as long as this page
    }
  });
}
