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

document.querySelectorAll("table").forEach(sortable);
document.querySelectorAll(".viewer").forEach((root) => viewer(root, JSON.parse(root.querySelector("script").textContent)));
