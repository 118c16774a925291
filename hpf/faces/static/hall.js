/* What the pages gain with JavaScript. Every page does its work without this file. */
(() => {
  "use strict";
  const all = (selector) => Array.from(document.querySelectorAll(selector));

  // One click, one submit: the second is swallowed, the buttons say that work is under way.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.target || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    keepTyped(form);
    const buttons = [...form.querySelectorAll("button"), ...all(`button[form="${form.id}"]`)];
    // After this turn, so that the clicked button's own value still travels with the form. What was refused before is
    // tried anew; where a paper comes back, the page stays and must not go on saying that nothing was submitted.
    setTimeout(() => {
      buttons.forEach((button) => {
        button.disabled = true;
        if (button === event.submitter && button.dataset.busy) button.textContent = button.dataset.busy;
      });
      all("#summary, .err").forEach((said) => said.remove());
    });
    if (form.dataset.paper) awaitPaper(form);
  });

  // A paper that answers a form leaves its page as it was before. A cookie by the form's key says that it has come.
  const awaitPaper = (form) => {
    const came = () => document.cookie.split("; ").map((one) => one.split("=")).find(([name]) => name === "paper");
    const waiting = setInterval(() => {
      const [key, number] = came()?.[1].split(":") ?? [];
      if (key !== form.elements.key.value) return;
      clearInterval(waiting);
      location.assign(`${form.dataset.paper}?done=${number}`);
    }, 500);
  };

  // Coming back with the browser's button shows a form that can be sent again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    all("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("button").forEach((button) => { button.disabled = false; });
    });
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  // An upload box names the chosen file.
  document.addEventListener("change", (event) => {
    const name = event.target.type === "file" && event.target.closest(".drop")?.querySelector("output");
    if (name) name.textContent = event.target.files.length ? `已选：${event.target.files[0].name}` : "";
  });

  // What asks again and again rests while nobody looks at it, and tells the hall that nobody did anything.
  const polls = (element) => element.getAttribute("hx-trigger")?.startsWith("every");
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && polls(event.target)) event.preventDefault();
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (polls(event.target)) event.detail.headers["HX-Poll"] = "true";
  });

  // Staff work by keyboard: J and K walk the queue, Enter opens (the browser's own), / goes to the search.
  const walk = (step) => {
    const links = all("[data-queue] a");
    const focused = links.indexOf(document.activeElement);
    const here = focused < 0 ? links.findIndex((link) => link.hasAttribute("aria-current")) : focused;
    links[Math.min(links.length - 1, Math.max(0, here < 0 ? 0 : here + step))]?.focus();
  };
  const keys = {
    j: () => walk(1),
    k: () => walk(-1),
    "/": () => document.querySelector("[data-search]")?.focus(),
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input,select,textarea");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });

  // The menu of a narrow window closes by the key that closes things, and leaves the focus where it was opened.
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // What was typed into a form whose session was over, or before which something else had to be done, comes back after
  // it: to the same person, on the same page, in the same window. Passwords, files and numbers (of documents, mobiles,
  // cards, codes) never, nor those inside a longer text; what nobody asks for within a quarter of an hour of the first moment is forgotten, and so is
  // all of it once another person is in. Each form is kept by itself: who fills in another one meanwhile loses neither.
  const session = document.getElementById("session"), here = location.pathname + location.search, KEPT = "kept";
  const fields = (form) =>
    Array.from(form.elements).filter((one) => one.name && /text|tel|email|number|date|radio|checkbox|select-one/.test(one.type));
  const isTicked = (one) => one.type === "radio" || one.type === "checkbox";
  const holdsNumber = (text) => /\d{9}|[a-z]\d{7}/i.test(text.normalize("NFKC").replace(/[\s./·-]/g, ""));
  const LONG = /[\dA-Za-z０-９Ａ-Ｚａ-ｚ](?:[\s./·-]*[\d０-９]){7,}/g; // as holdsNumber finds it, where it stands
  const withoutNumbers = (text) => text.replace(LONG, (number) => (holdsNumber(number) ? "（号码请重填）" : number));
  const toKeep = (one) => {
    if (one.autocomplete === "one-time-code") return null;
    const text = one.type === "textarea" ? withoutNumbers(one.value) : one.value;
    return /^text|tel/.test(one.type) && holdsNumber(text) ? null : text;
  };
  const allKept = () => [].concat(JSON.parse(sessionStorage.getItem(KEPT)) ?? []);
  const keepAll = (all) => {
    if (all.length) sessionStorage.setItem(KEPT, JSON.stringify(all));
    else sessionStorage.removeItem(KEPT);
  };
  const keepTyped = (form, until = 0) => {
    const typed = fields(form).map((one) => [one.name, toKeep(one), one.checked]);
    if (!session || !typed.length) return;
    const others = allKept().filter((one) => one.here !== here || one.action !== form.action);
    keepAll([...others, { who: session.dataset.who, here, action: form.action, typed, until }]);
  };
  const soon = () => Date.now() + 900_000;
  const giveBack = (kept) => {
    const form = all("form").find((one) => one.action === kept.action), found = form ? fields(form) : [];
    const isThere = ([name, value], place) =>
      found[place].name === name && (!isTicked(found[place]) || found[place].value === value); // what is chosen from may have changed
    if (found.length !== kept.typed.length || !kept.typed.every(isThere)) return;
    found.forEach((one, place) => {
      const [, value, checked] = kept.typed[place];
      if (isTicked(one)) one.checked = checked;
      else if (value !== null) one.value = value;
    });
    const said = document.createElement("p");
    said.className = "note";
    said.setAttribute("role", "status");
    said.textContent = "先前填写的内容已填回；密码、文件和较长的号码请重新填写，核对后再提交。";
    form.before(said);
  };
  const lost = new URLSearchParams(location.search).has("lost"), isTimely = (one) => one.until > Date.now();
  const isHis = (one) => !session || session.dataset.who === one.who, isBack = (one) => session && !lost && one.here === here;
  const kept = allKept().map((one) => ({ ...one, until: one.until || (lost ? soon() : 0) }))
    .filter((one) => isTimely(one) && isHis(one));
  keepAll(kept.filter((one) => !isBack(one)));
  kept.filter(isBack).forEach(giveBack);
  if (!session) kept.forEach((one) => setTimeout(() => keepAll(allKept().filter(isTimely)), one.until - Date.now()));

  // Two minutes before a session ends the page says so. Typing keeps it: nothing that is being filled in is lost.
  const begun = (form) => fields(form).some((one) =>
    one.value !== (one.defaultValue ?? one.value) || one.checked !== (one.defaultChecked ?? one.checked));
  if (session) {
    const keep = session.querySelector("[data-keep]"), idle = Number(session.dataset.idle), WARN = 120, RENEW = 60;
    const windows = new BroadcastChannel(keep.action); // what is done in one window keeps the session for all of them
    let seen;
    const act = () => {
      seen = Date.now();
      windows.postMessage("");
    };
    windows.addEventListener("message", () => { seen = Date.now(); });
    act();
    const ends = seen + Number(session.dataset.left) * 1000;
    const renew = () => {
      act();
      fetch(keep.action, { method: "POST", body: new FormData(keep), redirect: "manual" })
        .then((answer) => { if (answer.type === "opaqueredirect") leave(); }); // over before this page noticed
    };
    keep.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      renew();
      tick();
    });
    document.addEventListener("htmx:afterRequest", (event) => {
      if (!event.detail.requestConfig.headers["HX-Poll"]) act();
    });
    document.addEventListener("input", () => { if (Date.now() - seen > RENEW * 1000) renew(); });
    const tick = () => {
      const left = Math.round((ends - Date.now()) / 1000);
      const still = Math.min(left, Math.round(idle - (Date.now() - seen) / 1000));
      session.hidden = still > WARN;
      session.querySelectorAll("[data-when]").forEach((said) => {
        said.hidden = (said.dataset.when === "left") !== (still === left);
        said.querySelector("[data-seconds]").textContent = Math.max(still, 0);
      });
      keep.hidden = still === left;
      if (still < 0) leave();
    };
    const leave = () => {
      const half = all("form").find((form) => form.method === "post" && begun(form));
      if (half) keepTyped(half, soon());
      clearInterval(ticking);
      location.assign(here); // over, as the hall knows; an address with a #place would not leave the page
    };
    const ticking = setInterval(tick, 1000);
  }

  const offerPrinting = () => all("[data-print]").forEach((button) => { button.hidden = false; });
  document.addEventListener("htmx:afterSettle", () => {
    offerPrinting();
    document.querySelector("[data-focus]")?.focus(); // on a fresh load `autofocus` does it
  });
  offerPrinting();
})();
