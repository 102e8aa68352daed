// A small box with the numbers of the picture under the pointer or in focus.
const tip = (() => {
  const box = document.getElementById("tip");
  const show = (text, left, top, bottom) => {
    box.textContent = text;
    box.hidden = false;
    const { width, height } = box.getBoundingClientRect();
    const x = Math.min(Math.max(8, left - width / 2), innerWidth - width - 8);
    const above = top - height - 8;
    box.style.transform = `translate(${x}px, ${above > 60 ? above : bottom + 8}px)`;
  };
  let thing = null;
  const hide = () => { box.hidden = true; thing = null; };
  const place = () => {
    const at = thing.getBoundingClientRect();
    show(textOf(), at.left + at.width / 2, at.top, at.bottom);
  };
  const textOf = () => {
    const { id, distance, margin, label, second, tip: plain } = thing.dataset;
    if (plain !== undefined) return plain;
    const lines = [id, `distance ${distance}, margin ${margin}`];
    if (label !== undefined) lines.push(`known label ${label}`);
    if (second !== undefined) lines.push(`next nearest: ${titleOf(second)}`);
    return lines.join("\n");
  };
  const over = (event) => {
    const found = event.target.closest?.("[data-id], [data-tip]");
    if (!found || document.querySelector("dialog[open]")) return;
    if (event.type === "focusin" && !found.matches(":focus-visible")) return;
    thing = found;
    place();
  };
  for (const name of ["pointerover", "focusin"]) document.addEventListener(name, over);
  for (const name of ["pointerout", "focusout", "click"]) document.addEventListener(name, hide);
  // The box stays with its picture; reaching one by keyboard scrolls it into sight first.
  addEventListener("scroll", () => (thing ? place() : hide()), { passive: true });
  addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  return { show, hide };
})();

// What a cluster is called, read from its section on the page.
function titleOf(number) {
  return document.getElementById(`cluster-${number}`)?.getAttribute("aria-label") ?? `Cluster ${number}`;
}
