// What the pages have beyond HTML: fragments stay fresh, times stand in the reader's zone, a file can be dropped.
// All pages work without it.
(() => {
  "use strict";

  const EVERY = 3000;
  const SLOWEST = 60000;

  const localTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
  const isUtc = new Date().getTimezoneOffset() === 0;

  /** Adds the reader's own time to each time below an element; the UTC stays beside it. */
  function localise(root) {
    if (isUtc) {
      return;
    }
    for (const time of root.querySelectorAll("time[datetime]")) {
      const at = new Date(time.dateTime);
      if (!time.dataset.utc && !Number.isNaN(at.getTime())) {
        time.dataset.utc = time.textContent;
        time.textContent = `${localTime.format(at)} (${time.dataset.utc})`;
      }
    }
  }

  /** By what the element that has the focus is found again after its fragment was replaced. */
  function focusIn(fragment) {
    const focused = document.activeElement;
    return fragment.contains(focused) ? focused.getAttribute("href") : null;
  }

  function say(text) {
    const fresh = document.getElementById("fresh");
    if (fresh && fresh.textContent !== text) {
      fresh.textContent = text;
    }
  }

  /** Replaces a fragment by what the service has now, when that is something else. */
  async function refresh(fragment, shown) {
    const answer = await fetch(fragment.dataset.live, { redirect: "error" });
    if (!answer.ok) {
      throw new Error(String(answer.status));
    }
    const html = await answer.text();
    if (html === shown) {
      return html;
    }
    // a document of its own: nothing in it runs or loads
    const parsed = new DOMParser().parseFromString(html, "text/html");
    localise(parsed);
    const focused = focusIn(fragment);
    fragment.replaceChildren(...document.adoptNode(parsed.body).childNodes);
    if (focused !== null) {
      [...fragment.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus({ preventScroll: true });
    }
    const go = fragment.querySelector("[data-go]");
    if (go) {
      location.replace(go.dataset.go);
    }
    return html;
  }

  function keepFresh(fragment) {
    let shown = "";
    let wait = EVERY;
    const again = async () => {
      if (!document.hidden) {
        try {
          shown = await refresh(fragment, shown);
          wait = EVERY;
          say("");
        } catch {
          wait = Math.min(wait * 2, SLOWEST);
          say("The service does not answer, or you are signed out: this page shows what was so before. Reload it.");
        }
      }
      setTimeout(again, wait);
    };
    setTimeout(again, wait);
  }

  /** Lets a file be dropped where one can be chosen. */
  function takeDrops(place) {
    const input = place.querySelector("input[type=file]");
    for (const kind of ["dragenter", "dragover"]) {
      place.addEventListener(kind, (event) => {
        event.preventDefault();
        place.classList.add("over");
      });
    }
    place.addEventListener("dragleave", () => place.classList.remove("over"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      place.classList.remove("over");
      input.files = event.dataTransfer.files;
    });
  }

  /** A second click sends no form twice. */
  function sendOnce(event) {
    const form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
    }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, EVERY);
  }

  localise(document);
  document.querySelectorAll("[data-live]").forEach(keepFresh);
  document.querySelectorAll(".drop").forEach(takeDrops);
  document.addEventListener("submit", sendOnce);
  if (document.querySelector("[data-reload]")) {
    setTimeout(() => location.reload(), 2000);
  }
})();
