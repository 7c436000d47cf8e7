"use strict";

const at = (id) => document.getElementById(id);
const drop = at("drop"), file = at("file"), noise = at("noise"), sigma = at("sigma"), said = at("said");
let picture = null, turn = 0;

async function restore() {
  if (!picture) return;
  const mine = ++turn;
  said.textContent = `restoring ${picture.name} …`;
  const query = noise.checked ? `?sigma=${sigma.value}` : "";
  let made;
  try {
    const answer = await fetch(`/restore${query}`, { method: "POST", body: picture });
    made = await answer.json();
  } catch {
    made = { error: "the server does not answer: is it still running?" };
  }
  if (mine !== turn) return;
  said.textContent = made.error ?? made.said;
  at("viewer").hidden = at("download").hidden = "error" in made;
  if ("error" in made) return;
  viewer(at("viewer"), [{ name: picture.name, views: made.views }]);
  at("download").href = await png(made.views.restored.source);
  at("download").download = `${picture.name.replace(/\.[^.]*$/, "")}_restored.png`;
}

async function png(source) {
  const shown = await pixels(source), canvas = element("canvas", { width: shown.width, height: shown.height });
  canvas.getContext("2d").putImageData(shown, 0, 0);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  URL.revokeObjectURL(at("download").href);
  return URL.createObjectURL(blob);
}

function take(files) {
  if (!files.length) return;
  picture = files[0];
  restore();
}

file.addEventListener("change", () => take(file.files));
drop.addEventListener("keydown", (event) => ["Enter", " "].includes(event.key) && file.click());
["dragover", "drop"].forEach((name) => document.addEventListener(name, (event) => event.preventDefault()));
document.addEventListener("drop", (event) => take(event.dataTransfer.files));
noise.addEventListener("change", () => { sigma.disabled = !noise.checked; restore(); });
sigma.addEventListener("input", () => { at("level").textContent = sigma.value; });
sigma.addEventListener("change", restore);
