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
  const port = await freePort();
  const program = await start(["serve"], `[server]\nlisten = '127.0.0.1:${port}'\n${settings}`);
  const url = `http://127.0.0.1:${port}`;
  await ready(program, url);
  return {
    url,
    stop: program.stop,
    // A token for a program that uses the API.
    token: () => execFileSync(binary, ["agent", "token", "story", ...program.place], { encoding: "utf8" }).trim(),
    firstAdmin: () => told(program, "First admin"),
    answersByItself: () => until(EVIDENCE, () => program.log.includes(EVIDENCE), 120_000),
  };
}

// The demonstration of WhatsApp with these settings; `phone` is where the customer's phone is.
export async function demonstrate(settings) {
  const program = await start(["demo", "whatsapp"], settings);
  const isTold = () => program.ended() || /First admin: /.test(program.log);
  await until("the demonstration tells its addresses", isTold, 120_000);
  const url = new URL(told(program, "Agents")).origin;
  await ready(program, url);
  return { url, phone: told(program, "Customer"), stop: program.stop, firstAdmin: () => told(program, "First admin") };
}

// An address that the program has told on the screen.
const told = (program, what) => program.log.match(new RegExp(`${what}: +(\\S+)`))[1];

// Starts the program on a folder of its own, with these settings.
async function start(command, settings) {
  const folder = await mkdtemp(join(tmpdir(), "sureply-story."));
  const config = join(folder, "sureply.toml");
  await writeFile(config, settings);
  const place = ["--data", join(folder, "data"), "--config", config];
  const child = spawn(binary, [...command, ...place], { stdio: ["ignore", "pipe", "pipe"] });
  const program = { place, log: "", trouble: null };
  const hear = (words) => { program.log += words; };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  child.on("error", (error) => { program.trouble = error; });
  const ended = new Promise((resolve) => child.on("close", resolve));
  // A run that is broken off leaves no server behind.
  process.once("exit", () => child.kill("SIGKILL"));
  program.ended = () => program.trouble || child.exitCode !== null;
  // Has ended when this returns, so that nothing writes into the folder any more.
  program.stop = async () => {
    child.kill("SIGKILL");
    if (!program.trouble) await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return program;
}

async function ready(program, url) {
  const isReady = async () => {
    if (program.ended()) throw new Error(`the program ended: ${program.trouble ?? program.log}`);
    return fetch(`${url}/readyz`).then((answer) => answer.ok, () => false);
  };
  try {
    await until("the program is ready", isReady, 60_000);
  } catch (error) {
    await program.stop();
    throw error;
  }
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
