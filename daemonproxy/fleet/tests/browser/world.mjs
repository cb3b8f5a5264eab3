// What the tests need: daemons, the page, and a browser.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync, chmodSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const PATIENCE = 60_000;
export const TOKEN = "a-token-of-some-length";
const [dpfleet, daemon, logger] = process.argv.slice(2);

const folder = mkdtempSync(join(tmpdir(), "dpfleet-browser-"));
const children = new Set();

export const path = (name) => join(folder, name);
export const programs = { dpfleet, daemon, logger };

// A daemon takes its services along when it may.
export async function end() {
  const gone = [...children].map((child) => {
    child.kill("SIGTERM");
    return child.gone;
  });
  const late = new Promise((resolve) => setTimeout(resolve, 15_000));
  await Promise.race([Promise.all(gone), late]);
}

process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => end().then(() => process.exit(1)));

// Asks again and again, for what cannot be waited for.
export async function eventually(what, probe) {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function start(program, ...args) {
  const child = spawn(program, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  children.add(child);
  child.gone = new Promise((resolve) => child.on("exit", resolve));
  child.gone.then(() => children.delete(child));
  return child;
}

export async function startDaemon(name) {
  const socket = path(name);
  const child = start(daemon, "--socket", socket);
  await eventually(`${name} listens`, () => tell(socket).catch(() => ""));
  return Object.assign(child, { socket });
}

// Sends commands, and waits until the daemon has carried them out.
export function tell(socket, ...lines) {
  return new Promise((resolve, reject) => {
    const connection = createConnection(socket);
    let said = "";
    connection.on("data", (bytes) => {
      said += bytes;
      if (said.includes("\nlast\n") || said.startsWith("last\n")) connection.end();
    });
    connection.on("close", () => resolve(said));
    connection.on("error", reject);
    connection.write(
      `conn.features\tobserver\n${lines.map((it) => `${it}\n`).join("")}echo\tlast\n`,
    );
  });
}

// A server with a store, and what finds it there; nothing if there is no nats-server.
export async function startStore() {
  const found = spawnSync("nats-server", ["--version"]);
  if (found.error) return null;
  const port = await freePort();
  const url = `nats://127.0.0.1:${port}`;
  const config = `jetstream { store_dir: "${path("store")}" }\nlisten: "127.0.0.1:${port}"\n`;
  writeFileSync(path("nats"), config);
  const again = () => start("nats-server", "-l", path("nats-log"), "-c", path("nats"));
  const server = again();
  await eventually("there is a store", () => run("init", "--nats", url) === 0);
  return { url, server, again };
}

// Runs dpfleet to its end.
export function run(...args) {
  return spawnSync(dpfleet, args, { cwd: folder, stdio: "ignore" }).status;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export function startAgent(url, name, socket) {
  const at = ["--socket", socket, "--state", path(`${name}-state`)];
  return start(dpfleet, "agent", "--nats", url, "--node", name, ...at);
}

export function startPage(socket, port = 0, withToken = true) {
  return startPageOf(["--socket", socket], port, withToken);
}

export async function startPageOf(what, port = 0, withToken = true) {
  const args = ["web", ...what, "--listen", `127.0.0.1:${port}`];
  if (withToken) {
    writeFileSync(path("token"), `${TOKEN}\n`);
    chmodSync(path("token"), 0o600);
    args.push("--token-file", path("token"));
  }
  const child = start(dpfleet, ...args);
  const url = await new Promise((resolve, reject) => {
    child.stdout.once("data", (line) => resolve(String(line).trim()));
    child.gone.then(() => reject(new Error("dpfleet web has ended")));
  });
  return Object.assign(child, { url, port: Number(new URL(url).port) });
}

export async function startBrowser() {
  const args = process.getuid() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: process.env.CHROMIUM, args });
}
