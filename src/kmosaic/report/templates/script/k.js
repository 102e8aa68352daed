// The map and the silhouettes for the K of the slider.
(() => {
  const data = JSON.parse(document.getElementById("k-data").textContent);
  const slider = document.getElementById("k-slider"), now = document.getElementById("k-now");
  const map = document.getElementById("k-map"), bars = document.getElementById("k-silhouettes");
  const mean = document.getElementById("k-mean"), back = document.getElementById("k-back");
  const decode = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const start = data.ks.indexOf(data.chosen);
  slider.max = String(data.ks.length - 1);
  slider.value = String(start);
  const [a, b] = data.shares.map((share) => Math.round(100 * share));
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

  const drawMap = (labels, hues) => {
    const [pen, width, height] = prepare(map, 0.8);
    const lows = [Math.min(...data.x), Math.min(...data.y)], highs = [Math.max(...data.x), Math.max(...data.y)];
    const room = 14, fit = Math.min((width - 2 * room) / (highs[0] - lows[0] || 1), (height - 2 * room) / (highs[1] - lows[1] || 1));
    const x = (i) => width / 2 + (data.x[i] - (lows[0] + highs[0]) / 2) * fit;
    const y = (i) => height / 2 - (data.y[i] - (lows[1] + highs[1]) / 2) * fit;
    const radius = labels.length > 600 ? 2.2 : 3;
    pen.globalAlpha = 0.8;
    labels.forEach((label, i) => { pen.fillStyle = hues[label % 10]; shape(pen, Math.floor(label / 10) % 5, x(i), y(i), radius); });
  };

  const drawSilhouettes = (labels, values, hues, k) => {
    const [pen, width, height] = prepare(bars, 0.8);
    const ink = color("--soft"), rule = color("--rule");
    pen.font = "12px system-ui, sans-serif";
    if (!values) {
      pen.fillStyle = ink;
      pen.fillText("One cluster has no silhouette.", 16, 28);
      mean.textContent = "";
      return;
    }
    const of = (i) => (values[i] - 100) / 100;
    const low = Math.min(0, ...Array.from(values, (v) => (v - 100) / 100));
    const left = 30, top = 10, bottom = height - 26, gap = k > 30 ? 1 : 3;
    const x = (v) => left + (v - low) / (1 - low) * (width - left - 12);
    const groups = Array.from({ length: k }, () => []);
    labels.forEach((label, i) => groups[label].push(of(i)));
    const step = (bottom - top - gap * (k - 1)) / labels.length;
    let y = top;
    groups.forEach((group, label) => {
      group.sort((p, q) => q - p);
      pen.fillStyle = hues[label % 10];
      group.forEach((v, i) => pen.fillRect(Math.min(x(0), x(v)), y + i * step, Math.max(Math.abs(x(v) - x(0)), 0.5), Math.max(step, 0.6)));
      if (group.length * step > 9) { pen.fillStyle = ink; pen.textAlign = "right"; pen.fillText(String(label), left - 8, y + group.length * step / 2 + 4); }
      y += group.length * step + gap;
    });
    const average = Array.from(values, (v) => (v - 100) / 100).reduce((p, q) => p + q, 0) / values.length;
    pen.strokeStyle = color("--ink"); pen.setLineDash([4, 3]);
    pen.beginPath(); pen.moveTo(x(average), top - 4); pen.lineTo(x(average), bottom + 4); pen.stroke();
    pen.setLineDash([]); pen.strokeStyle = rule;
    pen.beginPath(); pen.moveTo(x(0), top - 4); pen.lineTo(x(0), bottom + 4); pen.stroke();
    pen.fillStyle = ink; pen.textAlign = "center";
    [0, 0.25, 0.5, 0.75, 1].forEach((v) => pen.fillText(String(v), Math.min(x(v), width - 12), height - 8));
    mean.textContent = `Mean silhouette of the rows shown: ${average.toFixed(2)} (dashed). Below 0: nearer to another cluster.`;
  };

  const draw = () => {
    const k = data.ks[Number(slider.value)];
    now.textContent = String(k);
    slider.setAttribute("aria-valuetext", `${k} clusters`);
    back.disabled = k === data.chosen;
    const hues = Array.from({ length: 10 }, (_, i) => color(`--hue-${i}`));
    const labels = decode(data.labels[k]);
    drawMap(labels, hues);
    drawSilhouettes(labels, data.silhouettes[k] && decode(data.silhouettes[k]), hues, k);
  };
  slider.addEventListener("input", draw);
  back.addEventListener("click", () => { slider.value = String(start); draw(); });
  addEventListener("resize", draw);
  addEventListener("theme", draw);
  draw();
})();
