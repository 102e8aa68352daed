// The larger view of one item. Arrow keys walk along the row it comes from.
const lightbox = (() => {
  const part = (name) => document.getElementById(name ? `lightbox-${name}` : "lightbox");
  const box = part("");
  let row = [];
  let at = 0;
  const fill = (name, text) => {
    part(name).textContent = text ?? "";
    const line = document.getElementById(`lightbox-${name}-row`);
    if (line) line.hidden = text === undefined || text === null;
  };
  const show = (place) => {
    at = place;
    const one = row[at];
    const image = part("image");
    image.src = one.src;
    image.alt = one.id;
    image.classList.toggle("coarse", one.width <= 16);
    image.style.maxWidth = `${one.width <= 16 ? 320 : Math.min(8 * one.width, 384)}px`;
    fill("title", one.id);
    fill("cluster", titleOf(one.cluster));
    part("cluster").href = `#cluster-${one.cluster}`;
    fill("label", one.label);
    fill("distance", one.distance);
    fill("margin", one.margin);
    fill("second", one.second === undefined ? undefined : titleOf(one.second));
    part("back").disabled = at === 0;
    part("next").disabled = at === row.length - 1;
  };
  const step = (by) => { if (row[at + by]) show(at + by); };
  const open = (items, place) => {
    row = items;
    show(place);
    box.showModal();
  };
  part("back").addEventListener("click", () => step(-1));
  part("next").addEventListener("click", () => step(1));
  part("close").addEventListener("click", () => box.close());
  part("cluster").addEventListener("click", () => box.close());
  box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") step(-1);
    if (event.key === "ArrowRight") step(1);
  });
  document.addEventListener("click", (event) => {
    const thumb = event.target.closest?.("button.thumb");
    if (!thumb) return;
    const thumbs = [...thumb.closest("ul").querySelectorAll("button.thumb")];
    const items = thumbs.map((one) => {
      const image = one.querySelector("img");
      return { ...one.dataset, src: image.src, width: Number(image.getAttribute("width")) };
    });
    open(items, thumbs.indexOf(thumb));
  });
  return { open };
})();
