// Which texts of the page have less contrast with what lies behind them than WCAG 1.4.3 asks for.
() => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const parse = (text) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = text;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const mix = (top, below, alpha) => top * alpha + below * (1 - alpha);
  const over = (top, below) => below.map((one, i) => mix(top[i], one, top[3] / 255));
  const behind = (element) => {
    let color = [255, 255, 255];
    const layers = [];
    for (let one = element; one; one = one.parentElement) layers.unshift(one);
    for (const one of layers) color = over(parse(getComputedStyle(one).backgroundColor), color);
    return color;
  };
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const light = (color) => {
    const [red, green, blue] = color.map((part) => linear(part / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const poor = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim();
    const element = texts.currentNode.parentElement;
    const isSeen = text && element.checkVisibility();
    if (!isSeen || element.closest("script, .unseen, .skip")) continue;
    const paper = behind(element);
    const style = getComputedStyle(element);
    const ink = over(parse(element.closest("svg") ? style.fill : style.color), paper);
    const [high, low] = [light(ink), light(paper)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) poor.push([text.slice(0, 30), element.className, ratio]);
  }
  return poor;
}
