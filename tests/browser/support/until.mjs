// Waiting for what is to come: the one place that lets time pass.

import { setTimeout as pause } from "node:timers/promises";

// How long something may take on a machine that is busy with other tests.
export const PATIENCE = 20_000;

// Asks again until the answer is one, and returns it.
export async function until(what, ask, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`in vain waited for: ${what}`);
    await pause(40);
  }
}

// What a promise comes to, if that is in time: a script in a page has no end of its own.
export async function within(what, promise, patience = PATIENCE) {
  const late = new AbortController();
  const end = pause(patience, null, { signal: late.signal }).then(() => { throw new Error(`in vain waited for: ${what}`); });
  try {
    return await Promise.race([promise, end]);
  } finally {
    late.abort();
  }
}
