// Before the first paint: the reader's choice of light or dark, kept where the browser allows it.
(() => {
  let kept = null;
  try { kept = localStorage.getItem("kmosaic-theme"); } catch { /* not allowed for files */ }
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
  addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const system = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (document.documentElement.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
    const tell = () => {
      button.setAttribute("aria-pressed", String(isDark()));
      dispatchEvent(new Event("theme"));
    };
    button.addEventListener("click", () => {
      const theme = isDark() ? "light" : "dark";
      document.documentElement.dataset.theme = theme;
      try { localStorage.setItem("kmosaic-theme", theme); } catch { /* not allowed for files */ }
      tell();
    });
    system.addEventListener("change", tell);
    tell();
  });
})();
