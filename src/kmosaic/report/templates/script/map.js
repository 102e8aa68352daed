// The map: moved and zoomed by mouse, touch and keyboard.
(() => {
  const source = document.getElementById("map-data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const canvas = document.getElementById("map-canvas");
  const status = document.getElementById("map-status");
  const hint = document.getElementById("map-hint");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const view = makeView(data);
  let isWaiting = false;
  let speak = 0;
  const state = { groups: [], groupOf: [], chosen: new Set(), pointed: -1, isKeyed: false, reach: 10 };
  state.redraw = () => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      canvas.classList.toggle("is-zoomed", view.zoom > 1);
      painter.paint();
    });
  };
  const painter = makePainter(canvas, data, view, state);
  makeLegend(data, state);
  new ResizeObserver(() => {
    [view.width, view.height] = [canvas.clientWidth, canvas.clientHeight];
    state.redraw();
  }).observe(canvas);

  const item = (i) => {
    const one = { id: data.ids[i], cluster: data.cluster[i], distance: data.distance[i], margin: data.margin[i] };
    if (data.label[i] >= 0) one.label = data.labels[data.label[i]];
    return one;
  };
  const lines = (i) => {
    const one = item(i);
    const label = one.label === undefined ? "" : `\nknown label ${one.label}`;
    return `${one.id}\n${data.names[one.cluster]}, distance ${one.distance}, margin ${one.margin}${label}`;
  };
  const find = (left, top) => view.nearest(view.visible().filter((one) => painter.isChosen(one.i)), left, top);
  // Open the larger view of a point; the arrow keys then walk through its neighbors.
  const open = (i) => {
    if (!data.tile) return;
    const [left, top] = view.at(i);
    const near = view.visible().filter((one) => painter.isChosen(one.i))
      .sort((a, b) => Math.hypot(a.x - left, a.y - top) - Math.hypot(b.x - left, b.y - top)).slice(0, 30);
    tip.hide();
    lightbox.open(near.map((one) => ({ ...item(one.i), src: painter.cut(one.i), width: data.tile })), 0);
  };
  const point = (left, top) => {
    const best = find(left, top);
    state.pointed = best && best.gap <= Math.max(state.reach, 12) ? best.i : -1;
    const at = canvas.getBoundingClientRect();
    if (state.pointed < 0) tip.hide();
    else tip.show(lines(state.pointed), at.left + best.x, at.top + best.y - 30, at.top + best.y + 30);
    state.redraw();
  };
  const glide = (factor) => {
    if (calm.matches) { view.zoomAt(factor); state.redraw(); return; }
    const steps = 9;
    const step = (left) => {
      view.zoomAt(factor ** (1 / steps));
      state.redraw();
      if (left > 1) requestAnimationFrame(() => step(left - 1));
    };
    step(steps);
  };
  const all = () => { view.all(); state.redraw(); };
  // What lies in the middle is told to screen readers, once the keys have been still for a moment.
  const tellMiddle = () => {
    const best = find(view.width / 2, view.height / 2);
    state.pointed = best ? best.i : -1;
    state.redraw();
    clearTimeout(speak);
    speak = setTimeout(() => { status.textContent = best ? lines(best.i).replaceAll("\n", ", ") : ""; }, 300);
  };
  const keys = {
    ArrowLeft: () => view.pan(60, 0), ArrowRight: () => view.pan(-60, 0),
    ArrowUp: () => view.pan(0, 60), ArrowDown: () => view.pan(0, -60),
    "+": () => view.zoomAt(1.4), "=": () => view.zoomAt(1.4), "-": () => view.zoomAt(1 / 1.4), 0: () => view.all(),
  };
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && state.pointed >= 0) open(state.pointed);
    else if (keys[event.key]) {
      keys[event.key]();
      state.isKeyed = true;
      tellMiddle();
    } else return;
    event.preventDefault();
  });
  canvas.addEventListener("focus", () => {
    state.isKeyed = canvas.matches(":focus-visible");
    if (state.isKeyed) tellMiddle();
  });
  canvas.addEventListener("blur", () => { state.isKeyed = false; state.pointed = -1; state.redraw(); });

  let hintTimer = 0;
  canvas.addEventListener("wheel", (event) => {
    const isOurs = document.activeElement === canvas || event.ctrlKey || event.metaKey;
    if (!isOurs) {
      hint.hidden = false;
      clearTimeout(hintTimer);
      hintTimer = setTimeout(() => { hint.hidden = true; }, 1400);
      return;
    }
    if (view.zoom === 1 && event.deltaY > 0) return;
    event.preventDefault();
    const at = canvas.getBoundingClientRect();
    view.zoomAt(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0018)), event.clientX - at.left, event.clientY - at.top);
    tip.hide();
    state.redraw();
  }, { passive: false });

  const fingers = new Map();
  let travelled = 0;
  const spread = () => {
    const [a, b] = [...fingers.values()];
    return { gap: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (!fingers.size) travelled = 0;
    fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) { if (event.pointerType === "mouse") point(event.offsetX, event.offsetY); return; }
    const before = fingers.size === 2 ? spread() : null;
    const [dx, dy] = [event.offsetX - finger.x, event.offsetY - finger.y];
    travelled += Math.hypot(dx, dy);
    Object.assign(finger, { x: event.offsetX, y: event.offsetY });
    if (before) {
      const now = spread();
      view.zoomAt(now.gap / Math.max(before.gap, 1), now.x, now.y);
      view.pan(now.x - before.x, now.y - before.y);
    } else if (travelled > 4) {
      canvas.classList.add("is-dragged");
      view.pan(dx, dy);
      tip.hide();
    }
    state.redraw();
  });
  const lift = (event) => {
    fingers.delete(event.pointerId);
    canvas.classList.remove("is-dragged");
  };
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("pointerup", (event) => {
    const wasAlone = fingers.size === 1;
    lift(event);
    if (!wasAlone || travelled > 4) return;
    const best = find(event.offsetX, event.offsetY);
    if (best && best.gap <= Math.max(state.reach, event.pointerType === "mouse" ? 12 : 24)) open(best.i);
  });
  canvas.addEventListener("pointerleave", () => { if (!state.isKeyed) { state.pointed = -1; tip.hide(); state.redraw(); } });
  canvas.addEventListener("dblclick", (event) => { view.zoomAt(2, event.offsetX, event.offsetY); state.redraw(); });
  document.getElementById("zoom-in").addEventListener("click", () => glide(1.8));
  document.getElementById("zoom-out").addEventListener("click", () => glide(1 / 1.8));
  document.getElementById("zoom-all").addEventListener("click", all);
})();
