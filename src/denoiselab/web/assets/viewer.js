"use strict";

function element(name, properties = {}, children = []) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

async function pixels(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = element("canvas", { width: image.naturalWidth, height: image.naturalHeight });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

function residual(shown, clean, gain) {
  const out = new ImageData(shown.width, shown.height);
  for (let i = 0; i < out.data.length; i++) {
    out.data[i] = i % 4 === 3 ? 255 : 128 + gain * (shown.data[i] - clean.data[i]);
  }
  return out;
}

function offer(select, options, chosen) {
  select.replaceChildren(...options.map(([value, text]) => element("option", { value, textContent: text })));
  select.value = chosen;
}

// Fills `root` with two pictures to slide between; pictures: [{name, views: {NAME: {source, figure}}}].
function viewer(root, pictures) {
  const GAIN = 4, cache = new Map();
  const shown = () => pictures[Number(picture.value)];
  const choice = (label, options, chosen) => {
    const select = element("select");
    offer(select, options, chosen);
    return [select, element("label", { textContent: label }, [select])];
  };
  const [picture, pictureLabel] = choice("picture", pictures.map((one, i) => [String(i), one.name]), "0");
  const [left, leftLabel] = choice("left", [], "noisy");
  const [right, rightLabel] = choice("right", [], "");
  const [zoom, zoomLabel] = choice("zoom", ["1", "2", "4", "8"].map((n) => [n, `${n} ×`]), "2");
  let zoomed = false; // large pictures begin at 1 ×

  const error = element("input", { type: "checkbox" });
  const errorLabel = element("label", { className: "check" }, [error, `error × ${GAIN}`]);
  const slide = element("input", { type: "range", className: "slide", min: 0, max: 100, value: 50 });
  slide.setAttribute("aria-label", "where left ends and right begins");
  const under = element("canvas"), over = element("canvas"), edge = element("div", { className: "edge" });
  const stage = element("div", { className: "stage" }, [under, over, edge]);
  const frame = element("div", { className: "frame", tabIndex: 0 }, [stage]);
  frame.setAttribute("aria-label", "the two pictures, to scroll when enlarged");
  const captions = [element("span"), element("span")];
  const below = element("div", { className: "captions" }, captions);
  const controls = [pictureLabel, leftLabel, rightLabel, zoomLabel, errorLabel];
  pictureLabel.hidden = pictures.length < 2;
  root.replaceChildren(
    element("div", { className: "controls" }, controls),
    frame, slide, below);

  const read = (source) => cache.get(source) ?? cache.set(source, pixels(source)).get(source);
  const place = () => {
    const seen = Math.min(frame.clientWidth, stage.clientWidth), x = frame.scrollLeft + (seen * slide.value) / 100;
    over.style.clipPath = `inset(0 0 0 ${x}px)`;
    edge.style.left = `${x}px`;
    slide.style.width = below.style.width = `${seen}px`;
  };
  const choose = () => {
    const names = Object.keys(shown().views), both = names.map((name) => [name, name]);
    const kept = (select, otherwise) => (names.includes(select.value) ? select.value : otherwise);
    offer(left, both, kept(left, names.includes("noisy") ? "noisy" : names[0]));
    offer(right, both, kept(right, names[names.length - 1]));
    errorLabel.hidden = !names.includes("clean");
    error.checked &&= !errorLabel.hidden;
  };
  const draw = async () => {
    const { views } = shown();
    const clean = error.checked && (await read(views.clean.source));
    for (const [canvas, select, caption] of [[under, left, captions[0]], [over, right, captions[1]]]) {
      const view = views[select.value], seen = await read(view.source);
      const drawn = clean ? residual(seen, clean, GAIN) : seen;
      Object.assign(canvas, { width: drawn.width, height: drawn.height });
      canvas.getContext("2d").putImageData(drawn, 0, 0);
      caption.textContent = select.value + (view.figure ? `, ${view.figure}` : "");
    }
    if (!zoomed) zoom.value = under.width > 384 ? "1" : "2";
    stage.style.width = `${under.width * Number(zoom.value)}px`;
    place();
  };
  zoom.addEventListener("change", () => { zoomed = true; });
  picture.addEventListener("change", choose);
  [picture, left, right, zoom, error].forEach((control) => control.addEventListener("change", draw));
  slide.addEventListener("input", place);
  frame.addEventListener("scroll", place);
  choose();
  draw();
}
