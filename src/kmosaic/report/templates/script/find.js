// With many clusters: find one by its name or number, and order them.
(() => {
  const find = document.getElementById("find");
  if (!find) return;
  const list = document.getElementById("cluster-list");
  const cards = [...list.querySelectorAll(".card")];
  const found = document.getElementById("found");
  const orders = {
    page: () => 0,
    large: (a, b) => b.dataset.size - a.dataset.size,
    small: (a, b) => a.dataset.size - b.dataset.size,
    number: (a, b) => a.dataset.number - b.dataset.number,
  };
  find.addEventListener("input", () => {
    const word = find.value.trim().toLowerCase();
    let many = 0;
    for (const card of cards) {
      const fits = !word || card.dataset.number === word || card.dataset.name.toLowerCase().includes(word);
      card.hidden = !fits;
      many += fits;
    }
    found.textContent = word ? `${many} of ${cards.length}` : "";
  });
  document.getElementById("sort").addEventListener("change", (event) => {
    list.append(...[...cards].sort(orders[event.target.value]));
  });
})();
