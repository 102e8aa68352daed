// Paint the map: a mark for every point, pictures where there is room, names over their clusters.
function makePainter(canvas, data, view, state) {
  const pen = canvas.getContext("2d");
  const sheets = [...document.querySelectorAll("img.sheet")];
  const shapes = [
    (x, y, r) => { pen.moveTo(x + r, y); pen.arc(x, y, r, 0, 7); },
    (x, y, r) => pen.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r),
    (x, y, r) => { pen.moveTo(x, y - 1.2 * r); pen.lineTo(x + 1.1 * r, y + 0.8 * r); pen.lineTo(x - 1.1 * r, y + 0.8 * r); pen.closePath(); },
    (x, y, r) => { pen.moveTo(x, y - 1.3 * r); pen.lineTo(x + 1.3 * r, y); pen.lineTo(x, y + 1.3 * r); pen.lineTo(x - 1.3 * r, y); pen.closePath(); },
    (x, y, r) => { pen.rect(x - 0.4 * r, y - 1.2 * r, 0.8 * r, 2.4 * r); pen.rect(x - 1.2 * r, y - 0.4 * r, 2.4 * r, 0.8 * r); },
  ];
  let colors = {};
  const readColors = () => {
    const probe = document.createElement("span");
    canvas.parentElement.append(probe);
    const hues = [...Array(10).keys()].map((hue) => {
      probe.className = `hue-${hue}`;
      return getComputedStyle(probe).color;
    });
    probe.remove();
    const stage = getComputedStyle(canvas.parentElement);
    colors = { hues, paper: stage.backgroundColor, ink: stage.color };
  };
  const isChosen = (i) => !state.chosen.size || state.chosen.has(state.groupOf[i]);
  const colorOf = (mark) => colors.hues[mark % 10];
  const shapeOf = (mark) => shapes[Math.floor(mark / 10) % 5];
  const markOf = (i) => state.groups[state.groupOf[i]]?.mark ?? 0;

  const dots = (seen, radius) => {
    const byMark = Map.groupBy ? Map.groupBy(seen, (one) => markOf(one.i)) : groupBy(seen, (one) => markOf(one.i));
    for (const [mark, ones] of byMark) {
      pen.fillStyle = colorOf(mark);
      pen.beginPath();
      for (const { x, y } of ones) shapeOf(mark)(x, y, radius);
      pen.fill();
    }
  };
  const picture = ({ i, x, y }, side, border) => {
    const sheet = sheets[Math.floor(i / data.perSheet)];
    const place = i % data.perSheet;
    pen.fillStyle = colorOf(markOf(i));
    pen.fillRect(x - side / 2 - border, y - side / 2 - border, side + 2 * border, side + 2 * border);
    if (!sheet?.complete || !sheet.naturalWidth) return;
    pen.drawImage(sheet, (place % data.columns) * data.tile, Math.floor(place / data.columns) * data.tile,
      data.tile, data.tile, x - side / 2, y - side / 2, side, side);
  };
  // The side of the pictures: none at first, so that the colors are seen; larger the closer one looks.
  const sideFor = (count) => {
    if (!data.tile || (view.zoom < 1.5 && count > 300)) return 0;
    return Math.min(36 * view.zoom ** 0.25, 72);
  };
  // As many pictures as there is room for; the other points stay marks. The order is fixed and
  // mixes the clusters, so that pictures do not flicker while the map moves.
  const roomy = (seen, side) => {
    const cells = new Map();
    const cell = (value) => Math.floor(value / side);
    const isTaken = ({ x, y }) => {
      for (let a = -1; a <= 1; a++) for (let b = -1; b <= 1; b++) {
        const other = cells.get(`${cell(x) + a},${cell(y) + b}`);
        if (other && Math.abs(other.x - x) < side && Math.abs(other.y - y) < side) return true;
      }
      return false;
    };
    const order = ({ i }) => Math.imul(i + 1, 2654435761) >>> 0;
    return [...seen].sort((a, b) => order(a) - order(b)).filter((one) => {
      if (isTaken(one)) return false;
      cells.set(`${cell(one.x)},${cell(one.y)}`, one);
      return true;
    });
  };
  const names = () => {
    pen.font = `600 13px ${getComputedStyle(document.body).fontFamily}`;
    pen.textBaseline = "middle";
    const taken = [];
    for (const [place, group] of state.groups.entries()) {
      if (!group.middle || (state.chosen.size && !state.chosen.has(place))) continue;
      const scale = view.scale();
      const x = view.width / 2 + (group.middle[0] - view.x) * scale;
      const y = view.height / 2 - (group.middle[1] - view.y) * scale;
      const face = group.face?.complete && group.face.naturalWidth ? 24 : 0;
      const text = group.title.length > 18 ? `${group.title.slice(0, 17)}…` : group.title;
      const width = pen.measureText(text).width + 16 + (face ? face + 2 : 0);
      // Over its cluster, or beside where another name stands already, or not at all.
      const places = [[0, 0], [0, -34], [0, 34], [width, 0], [-width, 0]];
      const boxes = places.map(([dx, dy]) => [x + dx - width / 2, y + dy - 15, x + dx + width / 2, y + dy + 15]);
      const isFree = (box) => !taken.some((one) => box[0] < one[2] && box[2] > one[0] && box[1] < one[3] && box[3] > one[1]);
      const box = boxes.find(isFree);
      if (!box) continue;
      taken.push(box);
      pen.globalAlpha = 0.92;
      pen.fillStyle = colors.paper;
      pen.strokeStyle = colorOf(group.mark);
      pen.lineWidth = 2;
      pen.beginPath();
      pen.roundRect(box[0], box[1], width, 30, 7);
      pen.fill();
      pen.stroke();
      pen.globalAlpha = 1;
      if (face) pen.drawImage(group.face, box[0] + 4, box[1] + 3, face, face);
      pen.fillStyle = colors.ink;
      pen.fillText(text, box[0] + 8 + (face ? face + 2 : 0), box[1] + 16);
    }
  };
  const cross = () => {
    pen.strokeStyle = colors.ink;
    pen.lineWidth = 1.5;
    pen.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      pen.moveTo(view.width / 2 + 6 * dx, view.height / 2 + 6 * dy);
      pen.lineTo(view.width / 2 + 14 * dx, view.height / 2 + 14 * dy);
    }
    pen.stroke();
  };
  const paint = () => {
    const ratio = devicePixelRatio || 1;
    canvas.width = Math.round(view.width * ratio);
    canvas.height = Math.round(view.height * ratio);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.imageSmoothingEnabled = data.tile > 40;
    const seen = view.visible(40);
    const lit = seen.filter((one) => isChosen(one.i));
    const side = sideFor(lit.length);
    const room = Math.min(Math.sqrt(view.width * view.height) / 850, 1.3);
    const radius = Math.max(Math.min(150 / Math.sqrt(data.x.length), 6) * room, 1.8) * Math.min(view.zoom ** 0.25, 2);
    pen.globalAlpha = 0.13;
    dots(seen.filter((one) => !isChosen(one.i)), radius);
    pen.globalAlpha = 0.82;
    dots(lit, radius);
    pen.globalAlpha = 1;
    if (side) for (const one of roomy(lit, side + 6)) picture(one, side, 2);
    if (!side || view.zoom < 1.5) names();
    const pointed = seen.find((one) => one.i === state.pointed);
    if (pointed && data.tile) picture(pointed, Math.max(side, 56), 3);
    if (state.isKeyed) cross();
    state.reach = side ? side / 2 : radius + 8;
  };
  // The picture of one point by itself, for the larger view.
  const cut = (i) => {
    const alone = document.createElement("canvas");
    const sheet = sheets[Math.floor(i / data.perSheet)];
    const place = i % data.perSheet;
    alone.width = alone.height = data.tile;
    alone.getContext("2d").drawImage(sheet, -(place % data.columns) * data.tile, -Math.floor(place / data.columns) * data.tile);
    return alone.toDataURL();
  };
  for (const sheet of sheets) sheet.addEventListener("load", () => state.redraw());
  addEventListener("theme", () => { readColors(); state.redraw(); });
  readColors();
  return { paint, cut, isChosen };
}

function groupBy(things, keyOf) {
  const groups = new Map();
  for (const thing of things) groups.set(keyOf(thing), [...(groups.get(keyOf(thing)) ?? []), thing]);
  return groups;
}
