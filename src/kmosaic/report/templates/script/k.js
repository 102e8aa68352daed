// The map and the silhouettes for the K of the slider.
(() => {
  const data = JSON.parse(document.getElementById("k-data").textContent);
  const slider = document.getElementById("k-slider"), now = document.getElementById("k-now"), value = document.getElementById("k-value");
  const map = document.getElementById("k-map"), bars = document.getElementById("k-silhouettes");
  const mean = document.getElementById("k-mean"), back = document.getElementById("k-back");
  const stable = document.getElementById("k-stable");
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const numbers = (text) => {
    const found = bytes(text);
    return data.wide ? Uint16Array.from({ length: found.length / 2 }, (_, i) => found[2 * i] + 256 * found[2 * i + 1]) : found;
  };
  const clusters = (k) => `${k} cluster${k === 1 ? "" : "s"}`;
  const start = data.ks.indexOf(data.chosen);
  slider.max = String(data.ks.length - 1);
  slider.value = String(start);
  const [a, b] = data.shares.map((share) => Math.round(100 * share));
  const count = data.x.length;
  const words = (number) => number.toLocaleString("en-US");
  document.getElementById("k-count").textContent = count < data.n ? `${words(count)} of the ${words(data.n)} rows` : `All ${words(data.n)} rows`;
  document.getElementById("k-shares").textContent = b === undefined ? "" : ` (${a}% and ${b}% of the variance)`;

  // Colors that depend on light or dark are resolved by an element that has them.
  const probe = document.createElement("span");
  document.body.append(probe);
  probe.hidden = true;
  const color = (name) => { probe.style.setProperty("color", `var(${name})`); return getComputedStyle(probe).color; };

  const prepare = (canvas, ratio) => {
    const width = canvas.clientWidth, height = Math.round(width * ratio), scale = devicePixelRatio || 1;
    canvas.width = width * scale; canvas.height = height * scale;
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    return [pen, width, height];
  };
  const shape = (pen, kind, x, y, r) => {
    pen.beginPath();
    if (kind === 1) pen.rect(x - r, y - r, 2 * r, 2 * r);
    else if (kind === 2) { pen.moveTo(x, y - r * 1.3); pen.lineTo(x + r * 1.2, y + r); pen.lineTo(x - r * 1.2, y + r); pen.closePath(); }
    else if (kind === 3) { pen.moveTo(x, y - r * 1.4); pen.lineTo(x + r * 1.4, y); pen.lineTo(x, y + r * 1.4); pen.lineTo(x - r * 1.4, y); pen.closePath(); }
    else if (kind === 4) { pen.rect(x - r * 1.4, y - r * 0.5, r * 2.8, r); pen.rect(x - r * 0.5, y - r * 1.4, r, r * 2.8); }
    else pen.arc(x, y, r, 0, 7);
    pen.fill();
  };

  // Each number has the paper about it; where centers are near each other, later ones have none.
  const drawCenters = (pen, places, hues) => {
    const paper = color("--raised"), ink = color("--ink"), taken = [];
    pen.font = "600 12px system-ui, sans-serif"; pen.textAlign = "center"; pen.textBaseline = "middle";
    pen.lineJoin = "round"; pen.lineWidth = 2.5;
    places.forEach(([x, y], label) => {
      pen.strokeStyle = paper; pen.fillStyle = hues[label % 10];
      shape(pen, Math.floor(label / 10) % 5, x, y, 5.5); pen.stroke();
      pen.strokeStyle = ink; pen.lineWidth = 1.2; pen.stroke(); pen.lineWidth = 2.5;
    });
    places.forEach(([x, y], label) => {
      if (taken.some(([p, q]) => Math.abs(p - x) < 20 && Math.abs(q - y) < 14)) return;
      taken.push([x, y]);
      const above = y < 24 ? y + 16 : y - 15; // at the upper edge it stands below
      pen.strokeStyle = paper; pen.lineWidth = 4; pen.strokeText(String(label), x, above);
      pen.fillStyle = ink; pen.fillText(String(label), x, above);
    });
  };

  const drawMap = (labels, hues, centers) => {
    const [pen, width, height] = prepare(map, 0.8);
    const lows = [Math.min(...data.x), Math.min(...data.y)], highs = [Math.max(...data.x), Math.max(...data.y)];
    const room = 14, fit = Math.min((width - 2 * room) / (highs[0] - lows[0] || 1), (height - 2 * room) / (highs[1] - lows[1] || 1));
    const x = (at) => width / 2 + (at - (lows[0] + highs[0]) / 2) * fit;
    const y = (at) => height / 2 - (at - (lows[1] + highs[1]) / 2) * fit;
    const radius = labels.length > 600 ? 2.2 : 3;
    pen.globalAlpha = centers.length > 1 ? 0.7 : 0.8;
    labels.forEach((label, i) => { pen.fillStyle = hues[label % 10]; shape(pen, Math.floor(label / 10) % 5, x(data.x[i]), y(data.y[i]), radius); });
    pen.globalAlpha = 1;
    if (centers.length > 1) drawCenters(pen, centers.map(([p, q]) => [x(p), y(q)]), hues);
  };

  const drawSilhouettes = (labels, values, hues, k) => {
    const [pen, width, height] = prepare(bars, 0.8);
    const ink = color("--soft"), rule = color("--rule");
    pen.font = "12px system-ui, sans-serif";
    if (!values) {
      pen.fillStyle = ink;
      pen.textAlign = "center";
      pen.fillText("One cluster has no silhouette.", width / 2, height / 2);
      mean.textContent = "";
      bars.setAttribute("aria-label", "One cluster has no silhouette.");
      return;
    }
    const of = (i) => (values[i] - 100) / 100;
    const all = Array.from(values, (v) => (v - 100) / 100);
    const low = Math.min(0, ...all), ends = [0.1, 0.25, 0.5, 1], most = Math.max(...all);
    const high = ends.find((end) => end >= most) ?? 1; // tiny silhouettes would fill a corner of 0 to 1
    const left = 30, top = 10, bottom = height - 26, gap = k > 30 ? 1 : 3;
    const x = (v) => left + (v - low) / (high - low) * (width - left - 12);
    const groups = Array.from({ length: k }, () => []);
    labels.forEach((label, i) => groups[label].push(of(i)));
    const step = (bottom - top - gap * (k - 1)) / labels.length;
    let y = top, named = -Infinity;
    groups.forEach((group, label) => {
      group.sort((p, q) => q - p);
      pen.fillStyle = hues[label % 10];
      pen.beginPath(); // one outline: bars side by side would show seams
      pen.moveTo(x(0), y);
      group.forEach((v, i) => { pen.lineTo(x(v), y + i * step); pen.lineTo(x(v), y + (i + 1) * step); });
      pen.lineTo(x(0), y + group.length * step);
      pen.fill();
      const middle = y + group.length * step / 2;
      if (middle - named >= 12) { named = middle; pen.fillStyle = ink; pen.textAlign = "right"; pen.fillText(String(label), left - 8, middle + 4); }
      y += group.length * step + gap;
    });
    const average = all.reduce((p, q) => p + q, 0) / values.length;
    pen.strokeStyle = color("--ink"); pen.setLineDash([4, 3]);
    pen.beginPath(); pen.moveTo(x(average), top - 4); pen.lineTo(x(average), bottom + 4); pen.stroke();
    pen.setLineDash([]); pen.strokeStyle = rule;
    pen.beginPath(); pen.moveTo(x(0), top - 4); pen.lineTo(x(0), bottom + 4); pen.stroke();
    pen.fillStyle = ink; pen.textAlign = "center";
    [-0.75, -0.5, -0.25, 0, ...[1, 2, 3, 4].map((part) => Number((part * high / 4).toFixed(3)))].filter((v) => v >= low).forEach((v) => pen.fillText(String(v), Math.min(x(v), width - 12), height - 8));
    mean.textContent = `Mean silhouette of the rows shown: ${average.toFixed(2)} (dashed). Below 0: nearer to another cluster.`;
    bars.setAttribute("aria-label", `Silhouettes of the rows in ${clusters(k)}. ${mean.textContent}`);
  };

  const draw = () => {
    const k = data.ks[Number(slider.value)];
    now.textContent = clusters(k);
    value.textContent = String(k);
    slider.setAttribute("aria-valuetext", clusters(k));
    map.setAttribute("aria-label", `Map of the rows, colored by ${clusters(k)}`);
    back.disabled = k === data.chosen;
    if (stable) stable.hidden = k !== data.chosen; // its clusters are those of the K chosen
    const hues = Array.from({ length: 10 }, (_, i) => color(`--hue-${i}`));
    const labels = numbers(data.labels[k]);
    drawMap(labels, hues, data.centers[k]);
    drawSilhouettes(labels, data.silhouettes[k] && bytes(data.silhouettes[k]), hues, k);
  };
  slider.addEventListener("input", draw);
  back.addEventListener("click", () => { slider.value = String(start); draw(); });
  addEventListener("resize", draw);
  addEventListener("theme", draw);
  matchMedia("print").addEventListener("change", draw); // paper is light

  const whole = document.getElementById("k-whole"), trees = [...document.querySelectorAll(".k-tree-of")];
  const show = (which) => trees.forEach((tree, i) => { tree.hidden = i !== which; });
  const center = (tree) => { tree.scrollLeft = Number(tree.dataset.chosen) * tree.scrollWidth - tree.clientWidth / 2; };
  if (whole) {
    show(0);
    whole.addEventListener("click", () => {
      const isWhole = whole.getAttribute("aria-pressed") !== "true";
      whole.setAttribute("aria-pressed", String(isWhole));
      show(Number(isWhole));
      trees.forEach(center);
    });
  }
  trees.forEach(center); // a narrow screen begins at the K chosen
  draw();
})();
