// New words of mails by the reply parsers of npm: email-reply-parser 2.3.7, planer 1.2.0 and
// node-email-reply-parser 0.1.4, found in the folder that TEST_MAIL_MODULES names. Run by mail.py.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { runInThisContext } from "node:vm";

// What one mail may take: expressions of some libraries never come to an end on some mails.
const LONGEST = { timeout: 2000 };

const texts = JSON.parse(readFileSync(process.argv[2], "utf8"));
const require = createRequire(`${process.env.TEST_MAIL_MODULES ?? process.cwd()}/index.js`);

const peers = {
  "email-reply-parser (npm)": async () => {
    const { default: Parser } = await import(pathToFileURL(require.resolve("email-reply-parser")));
    return (text) => new Parser().read(text).getVisibleText();
  },
  "planer (npm)": async () => require("planer").extractFromPlain,
  "node-email-reply-parser (npm)": async () => {
    const parse = require("node-email-reply-parser");
    return (text) => parse(text).getVisibleText({ aggressive: true });
  },
};

for (const [name, load] of Object.entries(peers)) {
  let newWords;
  try {
    newWords = await load();
  } catch (error) {
    console.log(JSON.stringify({ missing: `${name}: ${error.code ?? error.message}` }));
    continue;
  }
  const safe = (text) => {
    globalThis.job = () => newWords(text) ?? "";
    try {
      return runInThisContext("job()", LONGEST);
    } catch (error) {
      return error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT" ? null : `failed: ${error.message}`;
    }
  };
  const found = texts.map(safe);
  const answers = found.map((answer) => answer ?? "");
  const endless = found.filter((answer) => answer === null).length;
  const quick = texts.filter((_, at) => found[at] !== null);
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < 1000) {
    quick.forEach(safe);
    count += quick.length;
  }
  const rate = (count / (performance.now() - start)) * 1000;
  console.log(JSON.stringify({ name, answers, rate, endless }));
}
