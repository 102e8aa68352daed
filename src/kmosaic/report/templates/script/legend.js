// The legend: what the colors mean, and buttons that show only some of the clusters.
function makeLegend(data, state) {
  const box = document.getElementById("legend");
  const byCluster = () => {
    const places = new Map();
    data.names.forEach((title, cluster) => {
      if (!places.has(title)) places.set(title, { title, mark: data.marks[cluster], clusters: [] });
      places.get(title).clusters.push(cluster);
    });
    const groups = [...places.values()].sort((a, b) => a.mark - b.mark);
    const place = [];
    groups.forEach((group, at) => group.clusters.forEach((cluster) => { place[cluster] = at; }));
    return [groups, data.cluster.map((cluster) => place[cluster])];
  };
  const byLabel = () => {
    const groups = data.labels.map((title, at) => ({ title, mark: data.labelMarks[at], clusters: [], at })).sort((a, b) => a.mark - b.mark);
    const place = [];
    groups.forEach((group, at) => { place[group.at] = at; });
    return [groups, data.label.map((label) => (label < 0 ? -1 : place[label]))];
  };
  const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

  const regroup = (isByLabel) => {
    [state.groups, state.groupOf] = isByLabel ? byLabel() : byCluster();
    const counts = state.groups.map(() => []);
    state.groupOf.forEach((group, i) => counts[group]?.push(i));
    state.groups.forEach((group, at) => {
      group.size = group.clusters.reduce((sum, cluster) => sum + data.sizes[cluster], 0);
      if (counts[at].length) group.middle = [middle(counts[at].map((i) => data.x[i])), middle(counts[at].map((i) => data.y[i]))];
      if (group.clusters.length === 1) group.face = document.querySelector(`#cluster-${group.clusters[0]} .mean img, #cluster-${group.clusters[0]} img.mean`);
    });
    state.chosen.clear();
    fill(isByLabel);
    state.redraw();
  };
  const press = (at) => {
    if (!state.chosen.delete(at)) state.chosen.add(at);
    box.classList.toggle("has-choice", state.chosen.size > 0);
    box.querySelectorAll("button").forEach((button, place) => button.setAttribute("aria-pressed", String(state.chosen.has(place))));
    state.redraw();
  };
  const fill = (isByLabel) => {
    box.classList.remove("has-choice");
    box.querySelectorAll("button").forEach((button) => button.remove());
    state.groups.forEach((group, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-pressed", "false");
      const mark = document.createElement("span");
      mark.className = `mark hue-${group.mark % 10} shape-${Math.floor(group.mark / 10) % 5}`;
      const title = document.createElement("span");
      title.textContent = group.title;
      const count = document.createElement("small");
      count.textContent = isByLabel ? "" : group.size.toLocaleString("en-US");
      button.append(mark, title, count);
      button.addEventListener("click", () => press(at));
      box.append(button);
    });
  };
  if (data.labels.length) {
    const label = document.createElement("label");
    label.htmlFor = "map-colors";
    label.textContent = "Colors show";
    const select = document.createElement("select");
    select.id = "map-colors";
    select.append(new Option("the clusters", "cluster"), new Option("the known labels", "label"));
    select.addEventListener("change", () => regroup(select.value === "label"));
    box.append(label, select);
  }
  regroup(false);
}
