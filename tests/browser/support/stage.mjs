// What each family of stories is played on: a server, a browser, and an eye on what goes wrong in it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, afterEach, before } from "node:test";
import { modules } from "./modules.mjs";
import { serve } from "./program.mjs";
import { PATIENCE, within } from "./until.mjs";

const { chromium } = modules("playwright-core");

const executablePath = execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();

export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

// Settings of an inbox whose answers all wait for a person.
export const DRAFTS = "[knowledge]\nsample_evidence = false\n[[inbox]]\nname = 'web'\nchannel = 'webchat'\nmode = 'draft'\nquiet_seconds = 1\n";

// Prepares a stage for the stories of a file; `prepare` is called once the server is ready, which `start` starts with
// the settings. What a browser complains about fails the story.
export function stage(settings, prepare = () => {}, start = serve) {
  const stage = { open: (options) => open(stage, options), pages: [] };
  before(async () => {
    stage.program = await start(settings);
    stage.url = stage.program.url;
    await prepare(stage);
    stage.browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  });
  afterEach(async () => {
    const complaints = stage.pages.flatMap((page) => page.complaints);
    const contexts = stage.pages.map((page) => page.context());
    stage.pages = [];
    const left = await trouble(contexts.map((context) => within("a browser's context ends", context.close())));
    assert.deepEqual([...complaints, ...left], [], "a browser complains");
  });
  after(async () => {
    // Each ends though the other does not. Playwright itself kills a browser after half a minute.
    const left = await trouble([within("the browser ends", stage.browser?.close(), 2 * PATIENCE), stage.program?.stop()]);
    assert.deepEqual(left, [], "the stage is left behind");
  });
  return stage;
}

// What went wrong with some of these, once all of them have ended.
async function trouble(promises) {
  const ends = await Promise.allSettled(promises);
  return ends.filter(({ status }) => status === "rejected").map(({ reason }) => String(reason));
}

// Opens a browser of its own, as another person has one.
async function open(stage, options = {}) {
  const context = await stage.browser.newContext({
    baseURL: stage.url, locale: "en-GB", reducedMotion: "reduce", ...options,
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  page.complaints = [];
  // Chromium tells of a broken policy as of an error.
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) page.complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  stage.pages.push(page);
  return page;
}

// Takes the complaints that a story provokes off the list; there must be some.
export function expectComplaint(page, pattern) {
  const rest = page.complaints.filter((complaint) => !pattern.test(complaint));
  assert.notEqual(rest.length, page.complaints.length, `nothing like ${pattern} was complained about`);
  page.complaints = rest;
}
