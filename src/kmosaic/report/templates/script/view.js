// Which part of the map is seen: its middle in units of the data, and how far it is zoomed in.
function makeView(data) {
  const ends = (values) => values.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [0, 0]);
  const half = (values) => Math.max(...ends(values).map(Math.abs), 1);
  const wide = half(data.x);
  const tall = half(data.y);
  const margin = 28;
  const most = 400;
  const keep = (value, low, high) => Math.min(Math.max(value, low), high);
  const view = { x: 0, y: 0, zoom: 1, width: 1, height: 1 };
  view.scale = () => {
    const across = (view.width - 2 * margin) / (2 * wide);
    return Math.max(Math.min(across, (view.height - 2 * margin) / (2 * tall)), 1e-6) * view.zoom;
  };
  view.at = (i) => {
    const scale = view.scale();
    return [view.width / 2 + (data.x[i] - view.x) * scale, view.height / 2 - (data.y[i] - view.y) * scale];
  };
  view.pan = (dx, dy) => {
    const scale = view.scale();
    view.x = keep(view.x - dx / scale, -wide, wide);
    view.y = keep(view.y + dy / scale, -tall, tall);
  };
  // Zoom so that what lies under the point (left, top) stays there.
  view.zoomAt = (factor, left = view.width / 2, top = view.height / 2) => {
    const before = view.scale();
    view.zoom = keep(view.zoom * factor, 1, most);
    const change = 1 / before - 1 / view.scale();
    view.x = keep(view.x + (left - view.width / 2) * change, -wide, wide);
    view.y = keep(view.y - (top - view.height / 2) * change, -tall, tall);
    if (view.zoom === 1) view.all();
  };
  view.all = () => Object.assign(view, { x: 0, y: 0, zoom: 1 });
  // The points in sight, with their places, and the one nearest to a place.
  view.visible = (edge = 0) => {
    const seen = [];
    for (let i = 0; i < data.x.length; i++) {
      const [x, y] = view.at(i);
      if (x > -edge && y > -edge && x < view.width + edge && y < view.height + edge) seen.push({ i, x, y });
    }
    return seen;
  };
  view.nearest = (seen, left, top) => {
    let best = null;
    for (const one of seen) {
      const gap = Math.hypot(one.x - left, one.y - top);
      if (!best || gap < best.gap) best = { ...one, gap };
    }
    return best;
  };
  return view;
}
