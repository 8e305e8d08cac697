// Packages from the folder into which `tests/run` has npm put them.

import { createRequire } from "node:module";

const folder = process.env.TEST_BROWSER_MODULES;
if (!folder) throw new Error("TEST_BROWSER_MODULES names no folder; run tests/run");

export const modules = createRequire(`${folder}/package.json`);
