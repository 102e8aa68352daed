// In a notebook: as high as what it holds, where the notebook lets it say so.
(() => {
  const fit = () => {
    try { frameElement.style.height = `${document.documentElement.scrollHeight + 2}px`; } catch { /* a frame kept apart scrolls */ }
  };
  addEventListener("load", fit);
  addEventListener("resize", fit);
})();
