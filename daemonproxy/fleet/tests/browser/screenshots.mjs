// The page to be looked at: narrow and wide, light and dark, few and many services.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { TOKEN, path, programs, startDaemon, startPage, tell } from "./world.mjs";

const WEB = `i=0; while :; do i=$((i+1)); echo "GET /cart/$i 200 $((i*7%90))ms"; sleep 0.3; done`;
const FEW = [
  `service.args\tdb\tsh\t-c\techo "listening on 5432"; exec sleep 300`,
  `service.args\tweb\tsh\t-c\t${WEB}`,
  "service.args\tmigrate\tsh\t-c\texit 0",
  "service.args\tmailer\tsh\t-c\tsleep 0.2; exit 3",
  "service.args\treports\tno-such-program",
  `service.pipe\tdb\t1,2\t${programs.logger}\t${path("shots-db")}`,
  `service.pipe\tweb\t1,2\t${programs.logger}\t${path("shots-web")}`,
  "service.options\tmailer\tgiveup=3/60",
  "service.start\tdb",
  "service.start\tweb",
  "service.start\tmigrate",
  "service.auto_up\tmailer\t1\talways",
  "service.auto_up\treports\t600\talways",
  "service.restart\tweb",
];

function many() {
  const lines = [];
  for (let nth = 0; nth < 500; nth += 1) {
    const kind = ["api", "worker", "cache", "queue", "cron"][nth % 5];
    const name = `${kind}-${String(nth).padStart(3, "0")}`;
    lines.push(`service.args\t${name}\tsleep\t1000`);
    if (nth % 50 === 7) lines[lines.length - 1] = `service.args\t${name}\tsh\t-c\texit ${nth % 9}`;
    if (nth % 11 !== 3) lines.push(`service.start\t${name}`);
  }
  return lines;
}

export async function screenshots(browser, folder) {
  mkdirSync(folder, { recursive: true });
  for (const [count, commands] of [
    ["5", FEW],
    ["500", many()],
  ]) {
    const daemon = await startDaemon(`shots-${count}`);
    await tell(daemon.socket, ...commands);
    const server = await startPage(daemon.socket);
    for (const width of [400, 1400]) {
      for (const colorScheme of ["light", "dark"]) {
        const height = width === 400 ? 800 : 900;
        const context = await browser.newContext({ viewport: { width, height }, colorScheme });
        const page = await context.newPage();
        await page.goto(server.url);
        await page.evaluate((token) => sessionStorage.setItem("token", token), TOKEN);
        await page.reload();
        await page.locator(".row").nth(4).waitFor();
        // For runs, logs and giving up.
        await page.waitForTimeout(count === "5" ? 4000 : 1000);
        const shot = (name) =>
          page.screenshot({ path: join(folder, `${count}-${width}-${colorScheme}${name}.png`) });
        await shot("");
        await page.locator(".row").nth(5).click();
        await page.waitForTimeout(1000);
        await shot("-details");
        await page.locator("#acts [data-verb=stop]").click();
        await shot("-question");
        await context.close();
      }
    }
  }
}
