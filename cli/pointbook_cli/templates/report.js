
(function () {
  "use strict";
  var table = document.getElementById("table");
  if (!table) return;
  var bodies = Array.prototype.slice.call(table.tBodies);
  var form = document.getElementById("controls");
  var shown = document.getElementById("shown");
  var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
  var filters = ["move", "points", "from", "to", "lost"];
  var state = { q: "", move: "", points: "", from: "", to: "", lost: "", sort: "", dir: "", member: "" };

  // State lives in the fragment, so that a link shows what its sender saw.
  function read() {
    var text = location.hash.slice(1);
    Object.keys(state).forEach(function (key) { state[key] = ""; });
    if (text.indexOf("=") < 0) return false;
    text.split("&").forEach(function (part) {
      var at = part.indexOf("=");
      var key = part.slice(0, at);
      if (at > 0 && Object.prototype.hasOwnProperty.call(state, key)) {
        try { state[key] = decodeURIComponent(part.slice(at + 1)); } catch (error) { state[key] = ""; }
      }
    });
    return true;
  }
  function write() {
    var text = Object.keys(state).filter(function (key) { return state[key]; }).map(function (key) {
      return key + "=" + encodeURIComponent(state[key]);
    }).join("&");
    history.replaceState(null, "", "#" + (text || "members"));
  }
  function trace(body) { return body.rows.length > 1 ? body.rows[1] : null; }
  function open(body, yes) {
    var row = trace(body);
    if (!row) return;
    row.hidden = !yes;
    row.querySelector("details").open = yes;
    body.querySelector(".open").setAttribute("aria-expanded", String(yes));
    body.querySelector(".open span").textContent = yes ? "▾ " : "▸ ";
  }
  function apply() {
    var wanted = state.q.toLowerCase();
    var count = 0;
    bodies.forEach(function (body) {
      var data = body.dataset;
      var fits = (!wanted || data.name.toLowerCase().indexOf(wanted) >= 0) && filters.every(function (key) {
        return !state[key] || (data[key] || "").split(" ").indexOf(state[key]) >= 0;
      });
      if (state.member && data.name === state.member) fits = true;
      body.hidden = !fits;
      if (fits) count += 1;
      open(body, Boolean(state.member) && data.name === state.member);
    });
    shown.textContent = count + " of " + bodies.length + " listed";
    document.getElementById("none").hidden = count > 0;
    form.elements.q.value = state.q;
    filters.forEach(function (key) { form.elements[key].value = state[key]; });
    sort();
  }
  function sort() {
    var order = bodies.slice();
    var key = state.sort;
    var sign = state.dir === "desc" ? -1 : 1;
    if (key) {
      order.sort(function (one, other) {
        var a = one.dataset[key], b = other.dataset[key];
        if (key === "name") return sign * (a < b ? -1 : a > b ? 1 : 0);
        return sign * (Number(a) - Number(b)) || (one.dataset.name < other.dataset.name ? -1 : 1);
      });
    }
    var all = document.createDocumentFragment();
    order.forEach(function (body) { all.appendChild(body); });
    table.appendChild(all);
    heads.forEach(function (head) {
      var mine = key && head.dataset.key === key;
      if (mine) head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
      head.querySelector("span").textContent = mine ? (sign > 0 ? " ▲" : " ▼") : "";
    });
  }

  heads.forEach(function (head) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    var arrow = document.createElement("span");
    arrow.setAttribute("aria-hidden", "true");
    button.appendChild(arrow);
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () {
      var again = state.sort === head.dataset.key;
      state.dir = again && state.dir !== "desc" ? "desc" : "asc";
      state.sort = head.dataset.key;
      write();
      sort();
    });
  });
  bodies.forEach(function (body) {
    var row = trace(body);
    if (!row) return;
    row.hidden = true;
    var cell = body.rows[0].cells[0];
    var button = document.createElement("button");
    button.type = "button";
    button.className = "open";
    button.setAttribute("aria-expanded", "false");
    var mark = document.createElement("span");
    mark.setAttribute("aria-hidden", "true");
    mark.textContent = "▸ ";
    button.appendChild(mark);
    button.appendChild(document.createTextNode(cell.textContent));
    cell.textContent = "";
    cell.appendChild(button);
    button.addEventListener("click", function () {
      var yes = row.hidden;
      open(body, yes);
      state.member = yes ? body.dataset.name : "";
      write();
    });
  });
  table.addEventListener("keydown", function (event) {
    var down = event.key === "ArrowDown";
    if (!down && event.key !== "ArrowUp") return;
    var buttons = Array.prototype.filter.call(table.querySelectorAll(".open"), function (button) {
      return button.offsetParent;
    });
    var at = buttons.indexOf(document.activeElement);
    if (at < 0) return;
    var next = buttons[at + (down ? 1 : -1)];
    if (next) { next.focus(); event.preventDefault(); }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || /INPUT|SELECT|TEXTAREA/.test(event.target.tagName)) return;
    form.elements.q.focus();
    event.preventDefault();
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("input", function () {
    ["q"].concat(filters).forEach(function (key) { state[key] = form.elements[key].value; });
    state.member = "";
    write();
    apply();
  });
  document.getElementById("reset").addEventListener("click", function () {
    Object.keys(state).forEach(function (key) { state[key] = ""; });
    write();
    apply();
  });
  // A number of members, as of a cell of the matrix, shows just them.
  Array.prototype.forEach.call(document.querySelectorAll("[data-filter]"), function (number) {
    function choose() {
      location.hash = number.dataset.filter;
      document.getElementById("members").scrollIntoView();
      heads[0].querySelector("button").focus({ preventScroll: true });
    }
    number.setAttribute("role", "button");
    number.tabIndex = 0;
    if (number.dataset.words) {
      number.setAttribute("aria-label", number.textContent + " members: " + number.dataset.words);
    }
    number.addEventListener("click", choose);
    number.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose();
    });
  });
  // The rows that are shown as a file, made here: nothing is fetched or sent.
  function cell(text) {
    var safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+$/.test(text) ? "'" + text : text;
    return /[",\n\r]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
  }
  document.getElementById("save").addEventListener("click", function () {
    var rows = [["member", "level_old", "level_new", "points_old", "points_new", "points_change", "decides"]];
    Array.prototype.forEach.call(table.tBodies, function (body) {
      if (body.hidden) return;
      var data = body.dataset, cells = body.rows[0].cells;
      rows.push([data.name, cells[1].textContent, cells[2].textContent.replace(/^[▲▼]\s/, ""), data.old, data.new,
        data.change, cells[6].textContent]);
    });
    var text = rows.map(function (row) { return row.map(cell).join(","); }).join("\n") + "\n";
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + text], { type: "text/csv;charset=utf-8" }));
    link.download = this.dataset.name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
  });
  function follow() {
    var ours = read();
    apply();
    if (!ours) return;
    var target = bodies.filter(function (body) { return body.dataset.name === state.member; })[0];
    (target || document.getElementById("members")).scrollIntoView();
  }
  window.addEventListener("hashchange", follow);
  form.hidden = false;
  follow();
}());
