// The page in a real browser, as a person uses it.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import {
  PATIENCE,
  TOKEN,
  end,
  path,
  programs,
  startBrowser,
  startDaemon,
  run,
  startAgent,
  startPage,
  startPageOf,
  startStore,
  tell,
} from "./world.mjs";
import { screenshots } from "./screenshots.mjs";

const HTML =
  "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";
const browser = await startBrowser();

async function open(url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.wrong = [];
  page.on("pageerror", (error) => page.wrong.push(String(error)));
  page.on("console", (said) => {
    if (said.type() === "error" && !/Failed to load resource|ERR_/.test(said.text()))
      page.wrong.push(said.text());
  });
  await page.goto(url);
  return page;
}

const row = (page, name) =>
  page.locator(".row").filter({ has: page.locator(`.name:text-is("${name}")`) });
const state = (page, name, word) => row(page, name).locator(`.state:text-is("${word}")`).waitFor();

async function unlock(page) {
  await page.click("#unlock");
  await page.fill("#token", TOKEN);
  await page.keyboard.press("Enter");
  await page.locator("#key").waitFor({ state: "hidden" });
}

const tests = {
  async "states change without reloading"() {
    const daemon = await startDaemon("states");
    const server = await startPage(daemon.socket);
    const page = await open(server.url);
    await page.locator("#nothing", { hasText: "There are no services" }).waitFor();
    await page.evaluate(() => (globalThis.mark = "not reloaded"));
    await tell(daemon.socket, "service.args\tweb\tsleep\t300");
    await state(page, "web", "down");
    await tell(daemon.socket, "service.start\tweb");
    await state(page, "web", "ready");
    await tell(daemon.socket, "service.stop\tweb");
    await state(page, "web", "down");
    await page.locator(".cause", { hasText: "stopped, SIGTERM, held" }).waitFor();
    await tell(daemon.socket, "service.delete\tweb");
    await row(page, "web").waitFor({ state: "detached" });
    assert.equal(await page.evaluate(() => globalThis.mark), "not reloaded");
    return page;
  },

  async "buttons ask, act, and show refusals"() {
    const daemon = await startDaemon("acts");
    await tell(daemon.socket, "service.args\tweb\tsleep\t300", "service.args\tother\tsleep\t300");
    const server = await startPage(daemon.socket);
    const page = await open(server.url);
    await row(page, "web").click();
    await page.locator("#acts", { hasText: "Read-only until it is unlocked" }).waitFor();
    assert.equal(await page.locator("#acts button").count(), 0);

    await page.click("#unlock");
    await page.fill("#token", "this-is-not-the-token");
    await page.click("#turn");
    await page.locator("#wrong", { hasText: "That is not the token" }).waitFor();
    await page.fill("#token", TOKEN);
    await page.click("#turn");

    await page.click("#acts [data-verb=start]");
    await page.locator("#asked", { hasText: "Start web?" }).waitFor();
    await page.keyboard.press("Escape");
    await page.locator("#question").waitFor({ state: "hidden" });
    await state(page, "web", "down");
    await page.click("#acts [data-verb=start]");
    await page.click("#yes");
    await state(page, "web", "ready");
    await page.locator("#said", { hasText: "accepted" }).waitFor();

    // The answer that is at hand does nothing.
    await page.click("#acts [data-verb=stop]");
    await page.locator("#question").waitFor();
    await page.keyboard.press("Enter");
    await page.locator("#question").waitFor({ state: "hidden" });
    assert.equal(await row(page, "web").locator(".state").textContent(), "ready");
    await page.click("#acts [data-verb=stop]");
    await page.click("#yes");
    await page.locator("#is", { hasText: "down" }).waitFor();

    // It is gone by the time that the question is answered.
    await page.click("#acts [data-verb=start]");
    await tell(daemon.socket, "service.delete\tweb");
    await page.click("#yes");
    await page.locator("#said.bad", { hasText: "No such service" }).waitFor();
    return page;
  },

  async "everything with the keyboard"() {
    const daemon = await startDaemon("keys");
    await tell(
      daemon.socket,
      ...["db", "mail", "web"].map((it) => `service.args\t${it}\tsleep\t300`),
    );
    const server = await startPage(daemon.socket);
    const page = await open(server.url);
    await unlock(page);
    await state(page, "web", "down");
    const focused = () =>
      page.evaluate(() => document.activeElement?.querySelector(".name")?.textContent);
    await page.keyboard.press("/");
    await page.keyboard.type("m");
    await row(page, "db").waitFor({ state: "hidden" });
    await page.keyboard.press("Escape");
    await row(page, "db").waitFor();
    await page.keyboard.press("ArrowDown");
    assert.equal(await focused(), "db");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator("#name", { hasText: "mail" }).waitFor();
    // From the row to the details, by Tab alone.
    for (let nth = 0; nth < 10; nth += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => document.activeElement.dataset.verb === "start")) break;
    }
    await page.keyboard.press("Enter");
    await page.locator("#question").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await state(page, "mail", "ready");
    await page.keyboard.press("Escape");
    await page.locator("#details").waitFor({ state: "hidden" });
    assert.equal(await focused(), "mail");
    return page;
  },

  async "without a token file it is read-only"() {
    const daemon = await startDaemon("readonly");
    await tell(daemon.socket, "service.args\tweb\tsleep\t300");
    const server = await startPage(daemon.socket, 0, false);
    const page = await open(server.url);
    await row(page, "web").click();
    await page.locator("#acts", { hasText: "Read-only." }).waitFor();
    assert.equal(await page.locator("#unlock").isVisible(), false);
    return page;
  },

  async "what looks like HTML is text"() {
    const daemon = await startDaemon("html");
    const script = `echo "$0"; exec sleep 300`;
    await tell(
      daemon.socket,
      `service.args\tweb\tsh\t-c\t${script}\t${HTML}`,
      `service.tags\tweb\t${HTML}`,
      `service.pipe\tweb\t1,2\t${programs.logger}\t${path("html-log")}`,
      "service.start\tweb",
    );
    const server = await startPage(daemon.socket);
    const page = await open(server.url);
    await row(page, "web").click();
    await page.locator("#log", { hasText: HTML }).waitFor();
    await page.locator("#facts dd", { hasText: HTML }).first().waitFor();
    assert.equal(await page.locator("#details img, #details script").count(), 0);
    assert.ok(!(await page.title()).includes("owned"));
    // Nor does an address do anything.
    await page.goto(`${server.url}#x/${encodeURIComponent(HTML)}`);
    await page.locator("#name", { hasText: HTML }).waitFor();
    assert.ok(!(await page.title()).includes("owned"));
    return page;
  },

  async "a page of another origin gets nothing"() {
    const daemon = await startDaemon("foreign");
    await tell(daemon.socket, "service.args\tweb\tsleep\t300");
    const server = await startPage(daemon.socket);
    const foreign = createServer((_, answer) => {
      answer.setHeader("Content-Type", "text/html");
      answer.end("<!doctype html><title>foreign</title><iframe></iframe>");
    });
    await new Promise((resolve) => foreign.listen(0, "127.0.0.1", resolve));
    const page = await open(`http://127.0.0.1:${foreign.address().port}/`);
    const tried = await page.evaluate(
      async ([url, token]) => {
        const attempt = async (path, options) => {
          try {
            return (await fetch(url + path, options)).status;
          } catch (error) {
            return String(error.name);
          }
        };
        const body = JSON.stringify({ node: "x", name: "web", verb: "start" });
        const events = new EventSource(`${url}api/stream`);
        const stream = new Promise((resolve) => {
          events.onmessage = () => resolve("read");
          events.onerror = () => resolve("refused");
        });
        const image = new Promise((resolve) => {
          const it = new Image();
          it.onload = () => resolve("loaded");
          it.onerror = () => resolve("refused");
          it.src = `${url}icon.svg`;
        });
        return [
          await attempt("api/about"),
          await attempt("api/do", { method: "POST", body }),
          await attempt("api/do", {
            method: "POST",
            body,
            headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
          }),
          await attempt("api/do", { method: "POST", body, mode: "no-cors" }),
          await stream,
          await image,
        ];
      },
      [server.url, TOKEN],
    );
    assert.deepEqual(tried, [
      "TypeError",
      "TypeError",
      "TypeError",
      "TypeError",
      "refused",
      "refused",
    ]);
    // And it cannot put a frame around it.
    await page.evaluate((url) => {
      document.querySelector("iframe").src = url;
    }, server.url);
    await page.waitForTimeout(500);
    const inner = page.frames()[1];
    assert.equal(
      await inner
        .locator("#nodes")
        .count()
        .catch(() => 0),
      0,
    );
    assert.match(await tell(daemon.socket, "statedump"), /service\.state\tweb\tdown\t-/);
    foreign.close();
    page.wrong = [];
    return page;
  },

  async "a daemon, and a server, that go away and come back"() {
    const daemon = await startDaemon("away");
    await tell(daemon.socket, "service.args\told\tsleep\t300");
    const server = await startPage(daemon.socket);
    const page = await open(server.url);
    await state(page, "old", "down");
    daemon.kill("SIGKILL");
    await daemon.gone;
    await page.locator(".node.gone .pill", { hasText: "away" }).waitFor();
    await page.locator("#link", { hasText: "daemon away" }).waitFor();
    const again = await startDaemon("away");
    await tell(again.socket, "service.args\tnew\tsleep\t300");
    await state(page, "new", "down");
    await row(page, "old").waitFor({ state: "detached" });
    await page.locator("#link", { hasText: "live" }).waitFor();

    server.kill("SIGKILL");
    await server.gone;
    await page.locator("#banner", { hasText: "does not answer" }).waitFor();
    await page.locator("#link", { hasText: "disconnected" }).waitFor();
    await tell(again.socket, "service.start\tnew");
    await startPage(again.socket, server.port);
    await state(page, "new", "ready");
    await page.locator("#banner").waitFor({ state: "hidden" });
    return page;
  },

  async "a fleet"() {
    const store = await startStore();
    if (!store) return null;
    const [one, two] = [await startDaemon("one"), await startDaemon("two")];
    const agent = startAgent(store.url, "n1", one.socket);
    startAgent(store.url, "n2", two.socket);
    writeFileSync(path("web.toml"), '[service.web]\nrun = "sleep 1000"\n');
    writeFileSync(path("db.toml"), '[service.db]\nrun = "sleep 1000"\n');
    const server = await startPageOf(["--nats", store.url]);
    const page = await open(server.url);
    assert.equal(run("put", "--nats", store.url, path("web.toml"), "n1"), 0);
    assert.equal(run("put", "--nats", store.url, path("db.toml"), "n2"), 0);
    await state(page, "web", "ready");
    await state(page, "db", "ready");
    await row(page, "web").click();
    await page.locator("#acts", { hasText: "dpfleet put" }).waitFor();
    await page.locator("#why li", { hasText: "web has been up for" }).waitFor();
    const of = (name) =>
      page.locator(".node").filter({ has: page.locator(`.fold:text-is("${name}")`) });
    assert.equal(await of("n1").locator(".drain").isVisible(), false);
    await unlock(page);
    await of("n1").locator(".drain").click();
    await page.locator("#asked", { hasText: "Drain n1?" }).waitFor();
    await page.click("#yes");
    await of("n1").locator(".said", { hasText: "drained" }).waitFor();
    await state(page, "web", "down");
    await of("n1").locator(".drain", { hasText: "Undrain" }).click();
    await page.click("#yes");
    await state(page, "web", "ready");
    store.server.kill("SIGKILL");
    await store.server.gone;
    await of("the store").locator(".pill", { hasText: "away" }).waitFor();
    store.again();
    await of("the store").waitFor({ state: "detached" });
    agent.kill("SIGKILL");
    await of("n1").locator(".said", { hasText: "it has said nothing" }).waitFor();
    startAgent(store.url, "n1", one.socket);
    await of("n1").locator(".pill", { hasText: "connected" }).waitFor();
    await of("n1").locator(".fold").click();
    await row(page, "web").waitFor({ state: "hidden" });
    await of("n1").locator(".count", { hasText: "1 service, 1 running" }).waitFor();
    return page;
  },

  async "on a telephone"() {
    const daemon = await startDaemon("phone");
    await tell(
      daemon.socket,
      "service.args\tweb\tsleep\t300",
      `service.args\t${"long-name-".repeat(3)}\tsleep\t300`,
    );
    const server = await startPage(daemon.socket);
    const page = await open(server.url, {
      viewport: { width: 400, height: 800 },
      hasTouch: true,
      isMobile: true,
    });
    await state(page, "web", "down");
    const tooWide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok((await tooWide()) <= 0, "it is wider than the telephone");
    await row(page, "web").tap();
    await page.locator("#name", { hasText: "web" }).waitFor();
    assert.ok((await tooWide()) <= 0, "the details are wider than the telephone");
    await page.goBack();
    await page.locator("#details").waitFor({ state: "hidden" });
    const small = await page.evaluate(
      () =>
        [...document.querySelectorAll("button")].filter(
          (it) => it.offsetParent && it.offsetHeight < 40,
        ).length,
    );
    assert.equal(small, 0, "too small for a finger");
    return page;
  },
};

let failed = 0;
const chosen = process.env.ONLY;
for (const [name, test] of Object.entries(tests)) {
  if (chosen && !name.includes(chosen)) continue;
  try {
    const page = await test();
    if (!page) {
      console.log(`browser: ${name}: left out: there is no nats-server`);
      continue;
    }
    assert.deepEqual(page.wrong, [], "errors in the browser");
    await page.context().close();
    console.log(`browser: ${name}: ok`);
  } catch (error) {
    failed += 1;
    console.log(`browser: ${name}: FAILED`);
    console.log(error);
  }
}
const folder = process.argv[5];
if (folder) await screenshots(browser, folder);
await browser.close();
await end();
process.exit(failed > 0 ? 1 : 0);
