// What axe finds wrong with a page for people who see, hear or point otherwise.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { modules } from "./modules.mjs";
import { within } from "./until.mjs";

const axe = readFileSync(modules.resolve("axe-core/axe.min.js"), "utf8");

// Fails where axe finds something serious or critical, in the page or in a frame of it, by day or by
// night. A frame that shows a mail of somebody else runs no script, not even axe, and has no address of its own.
export async function isAccessible(page, name) {
  const found = [];
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const frame of page.frames().filter((frame) => frame.url().startsWith("http"))) {
      found.push(...(await within(`axe looks over ${name}`, violations(frame, `${name}, ${colorScheme}`))));
    }
  }
  await page.emulateMedia({ colorScheme: null });
  assert.deepEqual(found, [], `axe, ${name}`);
}

async function violations(frame, place) {
  await frame.evaluate(axe);
  const { violations } = await frame.evaluate(() =>
    window.axe.run(document, { iframes: false, resultTypes: ["violations"] }));
  return violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .flatMap(({ id, nodes }) => nodes.map((node) => `${place}: ${id}: ${node.target} ${node.html} ${node.failureSummary}`));
}
