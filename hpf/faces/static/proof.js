/* Proof of work before a form is sent: the page fetches a challenge and looks for the number behind its SHA-256, in a
   worker where there are any, else a little at a time. Where that does not come to an end the form is sent all the same:
   the hall then allows fewer tries. This file is both the page's script and the worker's. */
(() => {
  "use strict";

  // --- SHA-256, FIPS 180-4: here because a page that came without TLS is not given the browser's own ------------------

  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
  const fraction = (root) => Math.floor((root % 1) * 2 ** 32) | 0;
  const START = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
  const ROUND = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
  const words = new Int32Array(64);
  const turn = (word, by) => (word >>> by) | (word << (32 - by));

  /* Mix 64 bytes into a state. */
  const mix = (before, bytes, offset) => {
    const block = new DataView(bytes.buffer, bytes.byteOffset + offset, 64);
    for (let i = 0; i < 16; i++) words[i] = block.getInt32(4 * i);
    for (let i = 16; i < 64; i++) {
      const near = words[i - 2], far = words[i - 15];
      words[i] = words[i - 16] + words[i - 7] + (turn(far, 7) ^ turn(far, 18) ^ (far >>> 3))
        + (turn(near, 17) ^ turn(near, 19) ^ (near >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = before;
    for (let i = 0; i < 64; i++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[i] + words[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0;
      d = c; c = b; b = a; a = (one + two) | 0;
    }
    return Int32Array.of(before[0] + a, before[1] + b, before[2] + c, before[3] + d,
      before[4] + e, before[5] + f, before[6] + g, before[7] + h);
  };

  /* Tries numbers behind a salt: `search(count)` tries so many more and answers with the one that fits, or null. The
     blocks that hold nothing but salt are mixed once. */
  const searcher = ({ salt, challenge, maxNumber }) => {
    const wanted = challenge.match(/.{8}/g).map((hex) => Number.parseInt(hex, 16) | 0);
    const bytes = new TextEncoder().encode(salt), whole = bytes.length - (bytes.length % 64);
    let head = START;
    for (let offset = 0; offset < whole; offset += 64) head = mix(head, bytes, offset);
    const rest = bytes.subarray(whole), tail = new Uint8Array(128);
    let number = 0, digits = 0, blocks = 1;
    const write = (text) => {
      if (text.length !== digits) {
        digits = text.length;
        blocks = rest.length + digits + 9 > 64 ? 2 : 1;
        tail.fill(0).set(rest);
        tail[rest.length + digits] = 0x80;
        new DataView(tail.buffer).setUint32(64 * blocks - 4, 8 * (bytes.length + digits));
      }
      for (let i = 0; i < digits; i++) tail[rest.length + i] = text.charCodeAt(i);
    };
    return (count) => {
      for (const end = Math.min(number + count, maxNumber + 1); number < end; number++) {
        write(String(number));
        let state = mix(head, tail, 0);
        if (blocks === 2) state = mix(state, tail, 64);
        if (state[0] === wanted[0] && wanted.every((word, i) => word === state[i])) return number;
      }
      if (number > maxNumber) throw new Error("no number fits");
      return null;
    };
  };

  if (typeof document === "undefined") {
    onmessage = ({ data }) => postMessage(searcher(data)(data.maxNumber + 1));
    return;
  }

  // --- The page -------------------------------------------------------------------------------------------------------

  const source = document.currentScript.src;
  const PATIENCE_MS = 20_000, MARGIN_MS = 30_000;

  const inWorker = (challenge) => new Promise((resolve, reject) => {
    const worker = new Worker(source);
    const done = (settle) => (event) => { worker.terminate(); settle(event.data ?? event); };
    worker.onmessage = done(resolve);
    worker.onerror = done(reject);
    worker.postMessage(challenge);
  });

  const inSteps = (challenge) => new Promise((resolve, reject) => {
    const search = searcher(challenge);
    const step = () => {
      try {
        const number = search(2_000);
        if (number === null) setTimeout(step); else resolve(number);
      } catch (error) { reject(error); }
    };
    step();
  });

  const solve = async (address) => {
    const challenge = await (await fetch(address)).json();
    const number = await inWorker(challenge).catch(() => inSteps(challenge));
    const { algorithm, challenge: hash, salt, signature } = challenge;
    const payload = btoa(JSON.stringify({ algorithm, challenge: hash, number, salt, signature }));
    return { payload, until: Date.now() + 1_000 * challenge.seconds - MARGIN_MS };
  };

  const guard = (box) => {
    const form = box.closest("form"), field = box.querySelector("input"), said = box.querySelector("[role=status]");
    let underWay = null, waiting = false, until = 0;
    const begin = () => {
      underWay ??= solve(box.dataset.proof)
        .then((solved) => { field.value = solved.payload; until = solved.until; })
        .catch(() => { until = Infinity; }) // sent without: the hall allows fewer tries, and says so
        .finally(() => { underWay = null; });
      return underWay;
    };
    const late = () => new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS); });
    form.addEventListener("focusin", () => { if (Date.now() > until) begin(); });
    form.addEventListener("submit", async (event) => {
      if (Date.now() < until) return;
      event.preventDefault();
      if (waiting) return;
      waiting = true;
      said.textContent = "正在做安全验证，一般不超过几秒，完成后自动提交…";
      await Promise.race([begin(), late()]);
      said.textContent = field.value ? "安全验证完成，正在提交…" : "安全验证没有完成，正在直接提交…";
      until = Infinity;
      waiting = false;
      form.requestSubmit(event.submitter);
    });
    // Coming back with the browser's button: the proof is spent.
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) { field.value = ""; until = 0; said.textContent = ""; }
    });
    if (form.contains(document.activeElement)) begin();
  };
  document.querySelectorAll("form [data-proof]").forEach(guard);
})();
