// Before anything is painted: the colours that one has chosen on this machine.
try {
  const theme = new URLSearchParams(location.search).get("theme") || localStorage.getItem("argmap-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* nothing is kept here */ }
document.documentElement.classList.add("scripted");
