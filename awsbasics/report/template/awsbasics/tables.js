"use strict";
// Sorting and filtering of tables. Everything reads without it.
(() => {
  const RANKS = ["Critical", "High", "Medium", "Low", "Info",
    "Not met", "Partly met", "Not assessed", "Met", "Not applicable",
    "Fails", "To answer", "Accepted", "Passes"];
  const FILTER_FROM = 12;

  const value = (row, column) => row.cells[column].textContent.trim();

  const compare = (kind) => (a, b) => {
    if (kind.contains("ab-number")) return Number(a.replace(/,/g, "")) - Number(b.replace(/,/g, ""));
    if (kind.contains("ab-severity") || kind.contains("ab-rating") || kind.contains("ab-status")) {
      return RANKS.indexOf(a) - RANKS.indexOf(b);
    }
    return a.localeCompare(b, "en", { numeric: true });
  };

  const sort = (table, heading) => {
    const body = table.tBodies[0];
    const down = heading.getAttribute("aria-sort") === "ascending";
    const by = compare(heading.classList);
    const rows = Array.from(body.rows, (row) => [value(row, heading.cellIndex), row]);
    rows.sort((a, b) => (down ? by(b[0], a[0]) : by(a[0], b[0])));
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    body.append(...rows.map(([, row]) => row));
  };

  const makeSortable = (table) => {
    for (const heading of table.tHead.rows[0].cells) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.textContent = heading.textContent;
      button.addEventListener("click", () => sort(table, heading));
      heading.replaceChildren(button);
    }
  };

  const makeFilterable = (region, table) => {
    const rows = Array.from(table.tBodies[0].rows);
    const label = document.createElement("label");
    const input = document.createElement("input");
    const count = document.createElement("span");
    label.className = "filter";
    input.type = "search";
    input.autocomplete = "off";
    count.setAttribute("role", "status");
    label.append("Filter these rows ", input, count);
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        shown += row.hidden ? 0 : 1;
      }
      count.textContent = input.value ? `${shown} of ${rows.length} rows` : "";
    });
    region.before(label);
  };

  for (const region of document.querySelectorAll(".ab-table")) {
    const table = region.querySelector("table");
    if (!table || table.tBodies[0].rows.length < 2) continue;
    makeSortable(table);
    if (table.tBodies[0].rows.length >= FILTER_FROM) makeFilterable(region, table);
  }

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = Array.from(document.querySelectorAll("details.ab-action:not([open])"));
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
})();
