// Keeps a page that is looked at as fresh as the record: ages grow, and what events make old is fetched again.
// Everything on the pages works without it.
"use strict";

(() => {
  const settled = 1200; // ms: the server hands a page out again for a second
  const pause = 2000; // ms between two looks at the page
  const quiet = 60000; // ms after which the page is looked at without an event
  const kinds = (document.body.dataset.live || "").split(",").filter(Boolean);

  // As engine/serve/pages/text.cpp writes it.
  function span(seconds) {
    if (seconds < 120) return `${seconds} s`;
    if (seconds < 2 * 3600) return `${Math.floor(seconds / 60)} min`;
    if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
    return `${Math.floor(seconds / 86400).toLocaleString("en")} d`;
  }

  function tellAges() {
    const now = Date.now();
    for (const one of document.querySelectorAll("time[datetime]")) {
      const past = Math.floor((now - Date.parse(one.dateTime)) / 1000);
      const text = past > 0 ? `${span(past)} ago` : past < 0 ? `in ${span(-past)}` : "now";
      if (one.textContent !== text) one.textContent = text;
    }
  }

  // Regions that change have an id that begins with "live-". One that somebody works in is left as it is.
  function takeOver(fresh) {
    for (const old of document.querySelectorAll("[id^='live-']")) {
      const next = fresh.getElementById(old.id);
      const busy = old.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
      if (!next || busy || next.innerHTML === old.innerHTML) continue;
      const open = [...old.querySelectorAll("details")].map((one) => one.open);
      const focused = old.contains(document.activeElement) ? [...old.querySelectorAll("a, button, [tabindex]")].indexOf(document.activeElement) : -1;
      old.innerHTML = next.innerHTML;
      old.querySelectorAll("details").forEach((one, i) => { one.open = Boolean(open[i]); });
      if (focused >= 0) old.querySelectorAll("a, button, [tabindex]")[focused]?.focus();
    }
    const read = fresh.querySelector("footer");
    if (read) document.querySelector("footer").innerHTML = read.innerHTML;
    tellAges();
  }

  // Nothing here is known to be fresh any more; the next look that succeeds says otherwise.
  function lost() {
    const pulse = document.getElementById("live-pulse");
    const said = document.createElement("span");
    said.className = "mark unknown";
    said.textContent = "? the server does not answer: this page is old";
    pulse?.replaceChildren(said);
  }

  let waits = false;
  let looked = 0;
  async function look() {
    waits = false;
    looked = Date.now();
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", redirect: "error" });
      if (answer.ok) takeOver(new DOMParser().parseFromString(await answer.text(), "text/html"));
      else lost();
    } catch {
      lost();
    }
  }
  function lookSoon() {
    if (waits) return;
    waits = true;
    setTimeout(look, Math.max(settled, looked + pause - Date.now()));
  }

  let events = null;
  function listen() {
    if (document.hidden || kinds.length === 0) {
      events?.close();
      events = null;
      return;
    }
    if (events) return;
    events = new EventSource(`/api/v1/events?${kinds.map((kind) => `${kind}=1`).join("&")}`);
    for (const kind of kinds) events.addEventListener(kind, lookSoon);
    events.addEventListener("open", () => { document.body.dataset.listens = "yes"; });
  }

  tellAges();
  setInterval(() => { if (!document.hidden) tellAges(); }, 1000);
  setInterval(() => { if (!document.hidden && kinds.length && Date.now() - looked > quiet) lookSoon(); }, quiet);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && looked && kinds.length) lookSoon();
    listen();
  });
  listen();
})();
