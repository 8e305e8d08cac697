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
