// The debug build of the program as a process of its own, on a data folder and a port of its own.

import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "./until.mjs";

const house = fileURLToPath(new URL("../../..", import.meta.url));
const binary = resolve(house, process.env.CARGO_TARGET_DIR ?? "target", "debug", "sureply");

// The log line after which the sample may answer by itself.
const EVIDENCE = "the sample's labelled questions count as evidence";

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));

// Serves with these settings; returns once it is ready.
export async function serve(settings) {
  const folder = await mkdtemp(join(tmpdir(), "sureply-story."));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, "sureply.toml");
  await writeFile(config, `[server]\nlisten = '127.0.0.1:${port}'\n${settings}`);
  const child = spawn(binary, ["serve", "--data", join(folder, "data"), "--config", config], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  let trouble = null;
  const hear = (words) => { log += words; };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  child.on("error", (error) => { trouble = error; });
  const ended = new Promise((resolve) => child.on("close", resolve));
  // A run that is broken off leaves no server behind.
  process.once("exit", () => child.kill("SIGKILL"));

  // Has ended when this returns, so that nothing writes into the folder any more.
  const stop = async () => {
    child.kill("SIGKILL");
    if (!trouble) await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const isReady = async () => {
    if (trouble || child.exitCode !== null) throw new Error(`the program ended: ${trouble ?? log}`);
    return fetch(`${url}/readyz`).then((answer) => answer.ok, () => false);
  };
  try {
    await until("the program is ready", isReady, 60_000);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    stop,
    // A token for a program that uses the API.
    token: () => execFileSync(binary, ["agent", "token", "story", "--data", join(folder, "data"), "--config", config], { encoding: "utf8" }).trim(),
    // The link by which the first admin comes in.
    firstAdmin: () => log.match(/First admin: (\S+)/)[1],
    answersByItself: () => until(EVIDENCE, () => log.includes(EVIDENCE), 120_000),
  };
}

// A port that nobody else is given in the meantime: the system gives each one out once in a round.
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
