// Keeps the page fresh: the server sends the texts of each move, this puts them in their places.
// Without it the page works as well, and shows what was true when it was loaded.
"use strict";

const list = document.getElementById("moves");
const prefixList = document.getElementById("prefixes");

if (list || prefixList?.dataset.live) {
  const blank = document.getElementById("move");
  const prefixBlank = document.getElementById("prefix");
  const live = list ? "live" + location.search : prefixList.dataset.live;
  const away = document.getElementById("away");
  let source = null;

  const follow = () => {
    source = new EventSource(live);
    source.addEventListener("message", (event) => { say(""); show(JSON.parse(event.data)); });
    source.addEventListener("away", (event) => say(event.data));
    source.addEventListener("error", () => {
      const over = source.readyState === EventSource.CLOSED;
      say(over ? "This page is no longer kept fresh: load it again, or sign in again."
               : "No connection: what you see may be old. Trying again …");
    });
  };

  // A page that nobody looks at asks for nothing.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { source?.close(); source = null; } else if (!source) { follow(); }
  });

  const say = (text) => {
    if (away.textContent !== text) away.textContent = text;
    away.hidden = !text;
  };

  // Moves are sent again only when one of them has changed.
  const show = ({ moves, prefixes, samples, rate, peak }) => {
    if (prefixes) {
      arrange(prefixList, prefixBlank, prefixes, fillPrefix);
      if (list) document.getElementById("prefixes-section").hidden = prefixes.length === 0;
    }
    if (moves) {
      arrange(list, blank, moves, fillMove);
      document.getElementById("none").hidden = moves.length > 0;
    }
    if (samples) draw(samples, rate, peak);
  };

  const arrange = (list, blank, moves, fill) => {
    const known = new Map([...list.children].map((item) => [item.dataset.id, item]));
    let before = null;
    for (const move of moves) {
      const item = known.get(move.id) ?? blank.content.firstElementChild.cloneNode(true);
      known.delete(move.id);
      fill(item, move);
      // Only what is new or out of place is moved: the focus stays where it is.
      const here = before ? before.nextElementSibling : list.firstElementChild;
      if (here !== item) list.insertBefore(item, here);
      before = item;
    }
    for (const item of known.values()) item.remove();
  };

  const fill = (item, move) => {
    item.id = "m-" + move.id;
    item.dataset.id = move.id;
    item.dataset.state = move.state;
    for (const place of item.querySelectorAll("[data-field]")) {
      const value = move[place.dataset.field];
      if (Array.isArray(value)) { lines(place, value); continue; }
      if (place.textContent !== value) place.textContent = value;
      if (place.matches(".facts span, .error")) place.hidden = !value;
    }
    const bar = item.querySelector("progress");
    bar.setAttribute("aria-label", "Progress of the move " + move.id);
    if (move.percent === null) bar.removeAttribute("value"); else bar.value = move.percent;
    item.querySelector(".troubles").hidden = move.troubles.length === 0;
  };

  const fillMove = (item, move) => {
    fill(item, move);
    item.querySelector(".lost").hidden = !move.lost;
    const form = item.querySelector(".cancel");
    form.hidden = !move.cancellable;
    form.elements.id.value = move.id;
    form.querySelector("button").setAttribute("aria-label", "Cancel the move " + move.id);
  };

  const fillPrefix = (item, move) => {
    fill(item, move);
    item.querySelector(".more").href = "prefix?id=" + encodeURIComponent(move.id);
    item.querySelector(".report").hidden = !move.report;
    const form = item.querySelector(".steer");
    form.elements.id.value = move.id;
    for (const button of form.querySelectorAll("button")) {
      button.hidden = !move["can_" + button.value];
      button.setAttribute("aria-label", button.textContent + " the move " + move.id);
    }
  };

  const lines = (place, texts) => {
    if ([...place.children].map((line) => line.textContent).join("\n") === texts.join("\n")) return;
    place.replaceChildren(...texts.map((text) => {
      const line = document.createElement("li");
      line.textContent = text;
      return line;
    }));
  };

  const draw = (samples, rate, peak) => {
    document.getElementById("throughput").hidden = samples.length < 2;
    if (samples.length < 2) return;
    const top = Math.max(...samples, 1);
    // The youngest sample is at the right; 120 of them fill the width.
    const x = (i) => 240 - 2 * (samples.length - 1 - i);
    const line = samples.map((value, i) => `${x(i)},${(78 - 74 * value / top).toFixed(1)}`);
    const chart = document.getElementById("chart");
    chart.querySelector("polyline").setAttribute("points", line.join(" "));
    chart.querySelector("polygon").setAttribute("points", `${x(0)},80 ${line.join(" ")} 240,80`);
    document.getElementById("rate").textContent = rate;
    document.getElementById("peak").textContent = peak;
  };

  follow();
}
