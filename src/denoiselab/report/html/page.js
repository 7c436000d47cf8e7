"use strict";

function sortable(table) {
  const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
  const value = (row, i) => {
    const cell = row.cells[i];
    return "value" in cell.dataset ? Number(cell.dataset.value) : cell.textContent === "–" ? NaN : cell.textContent;
  };
  const compare = (a, b) => (typeof a === "string" || typeof b === "string" ? String(a).localeCompare(String(b)) : a - b);
  heads.forEach((head, i) => head.querySelector("button").addEventListener("click", () => {
    const falling = head.getAttribute("aria-sort") !== "descending" && i > 0 || head.getAttribute("aria-sort") === "ascending";
    heads.forEach((other) => other.setAttribute("aria-sort", "none"));
    head.setAttribute("aria-sort", falling ? "descending" : "ascending");
    const rows = [...body.rows].map((row) => [value(row, i), row]);
    const missing = (v) => typeof v === "number" && Number.isNaN(v);
    rows.sort(([a], [b]) => missing(a) - missing(b) || (falling ? compare(b, a) : compare(a, b)) || 0);
    body.append(...rows.map(([, row]) => row));
  }));
}

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

function viewer(root) {
  const pictures = JSON.parse(root.querySelector("script").textContent), GAIN = 4, cache = new Map();
  const names = Object.keys(pictures[0].views);
  const choice = (label, options, chosen) => {
    const select = element("select", {}, options.map(([value, text]) => element("option", { value, textContent: text })));
    select.value = chosen;
    return [select, element("label", { textContent: label }, [select])];
  };
  const both = names.map((name) => [name, name]);
  const [picture, pictureLabel] = choice("picture", pictures.map((one, i) => [String(i), one.name]), "0");
  const [left, leftLabel] = choice("left", both, "noisy");
  const [right, rightLabel] = choice("right", both, names[names.length - 1]);
  const [zoom, zoomLabel] = choice("zoom", ["1", "2", "4", "8"].map((n) => [n, `${n} ×`]), "2");
  const error = element("input", { type: "checkbox" });
  const errorLabel = element("label", { className: "check" }, [error, `error × ${GAIN}`]);
  const slide = element("input", { type: "range", className: "slide", min: 0, max: 100, value: 50 });
  slide.setAttribute("aria-label", "where left ends and right begins");
  const under = element("canvas"), over = element("canvas"), edge = element("div", { className: "edge" });
  const stage = element("div", { className: "stage" }, [under, over, edge]);
  const frame = element("div", { className: "frame", tabIndex: 0 }, [stage]);
  frame.setAttribute("aria-label", "the two pictures, to scroll when enlarged");
  const captions = [element("span"), element("span")];
  root.append(
    element("div", { className: "controls" }, [pictureLabel, leftLabel, rightLabel, zoomLabel, errorLabel]),
    frame, slide, element("div", { className: "captions" }, captions));

  const read = (source) => cache.get(source) ?? cache.set(source, pixels(source)).get(source);
  const place = () => {
    const seen = Math.min(frame.clientWidth, stage.clientWidth), x = frame.scrollLeft + (seen * slide.value) / 100;
    over.style.clipPath = `inset(0 0 0 ${x}px)`;
    edge.style.left = `${x}px`;
  };
  const draw = async () => {
    const { views } = pictures[Number(picture.value)];
    const clean = await read(views.clean.source);
    for (const [canvas, select, caption] of [[under, left, captions[0]], [over, right, captions[1]]]) {
      const view = views[select.value], shown = await read(view.source);
      const drawn = error.checked ? residual(shown, clean, GAIN) : shown;
      Object.assign(canvas, { width: drawn.width, height: drawn.height });
      canvas.getContext("2d").putImageData(drawn, 0, 0);
      caption.textContent = select.value + (view.figure ? `, ${view.figure}` : "");
    }
    stage.style.width = `${under.width * Number(zoom.value)}px`;
    place();
  };
  [picture, left, right, zoom, error].forEach((control) => control.addEventListener("change", draw));
  slide.addEventListener("input", place);
  frame.addEventListener("scroll", place);
  draw();
}

document.querySelectorAll("table").forEach(sortable);
document.querySelectorAll(".viewer").forEach(viewer);
