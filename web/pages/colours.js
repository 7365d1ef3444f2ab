/** The button that changes between light and dark; theme.js shows what was chosen before anything is painted. */

const button = document.querySelector("[data-colours]");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const page = document.documentElement;
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const now = page.dataset.theme ?? (dark ? "dark" : "light");
    page.dataset.theme = now === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("argmap-theme", page.dataset.theme);
    } catch {
      // it lasts as long as this page
    }
  });
}
