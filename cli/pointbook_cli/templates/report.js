
(function () {
  "use strict";
  var table = document.getElementById("table");
  if (!table) return;
  var bodies = Array.prototype.slice.call(table.tBodies);
  var form = document.getElementById("controls");
  var shown = document.getElementById("shown");
  var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
  var state = { q: "", band: "", move: "", sort: "", dir: "", member: "" };

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
      var fits = (!wanted || data.name.toLowerCase().indexOf(wanted) >= 0) &&
        (!state.band || data.band === state.band) && (!state.move || data.move === state.move);
      if (state.member && data.name === state.member) fits = true;
      body.hidden = !fits;
      if (fits) count += 1;
      open(body, Boolean(state.member) && data.name === state.member);
    });
    shown.textContent = count + " of " + bodies.length + " shown";
    form.elements.q.value = state.q;
    form.elements.band.value = state.band;
    form.elements.move.value = state.move;
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
    ["q", "band", "move"].forEach(function (key) { state[key] = form.elements[key].value; });
    state.member = "";
    write();
    apply();
  });
  document.getElementById("reset").addEventListener("click", function () {
    Object.keys(state).forEach(function (key) { state[key] = ""; });
    write();
    apply();
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
