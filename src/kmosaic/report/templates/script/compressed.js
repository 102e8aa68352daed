// The line between before and after, and colors that are copied by a click.
for (const pair of document.querySelectorAll(".c-pair:has(.c-slider)")) {
  const slider = pair.querySelector(".c-slider");
  const move = () => pair.style.setProperty("--at", `${slider.value}%`);
  slider.addEventListener("input", move);
  move();
}
document.addEventListener("click", async (event) => {
  const button = event.target.closest(".c-color");
  if (!button) return;
  const code = button.querySelector("code");
  const color = button.dataset.color;
  try { await navigator.clipboard.writeText(color); code.textContent = "copied"; } catch { code.textContent = color; }
  setTimeout(() => { code.textContent = color; }, 1200);
});
