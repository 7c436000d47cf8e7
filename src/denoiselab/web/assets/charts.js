"use strict";

// A mark tells what it is when it is pointed at, tapped or reached by the arrow keys; the legend hides lines everywhere.
document.querySelectorAll(".chart").forEach((chart) => {
  const output = chart.querySelector("output");
  const tell = ({ target }) => {
    const mark = target.closest("[data-said]");
    if (mark) output.textContent = mark.dataset.said;
  };
  ["pointerover", "focusin"].forEach((event) => chart.addEventListener(event, tell));
  chart.querySelectorAll("svg[role=group]").forEach((svg) => {
    const marks = [...svg.querySelectorAll("[data-said]")];
    marks.forEach((mark, i) => { mark.tabIndex = i ? -1 : 0; });
    svg.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const shown = marks.filter((mark) => !mark.closest(".off"));
      if (!step || !shown.length) return;
      event.preventDefault();
      shown[(shown.indexOf(document.activeElement) + step + shown.length) % shown.length].focus();
    });
  });
});

document.querySelectorAll(".legend button").forEach((button) => button.addEventListener("click", () => {
  const hide = button.getAttribute("aria-pressed") === "true";
  document.querySelectorAll("[data-line]").forEach((one) => {
    if (one.dataset.line !== button.dataset.line) return;
    if (one.matches("button")) one.setAttribute("aria-pressed", String(!hide));
    else one.classList.toggle("off", hide);
  });
}));
