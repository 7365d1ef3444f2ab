// The main path of the workspace in Firefox: node firefox.mjs FOLDER FIREFOX SIGN_IN MAP, prints what it saw as JSON.
import { createRequire } from "node:module";

const [folder, firefox, signIn, map] = process.argv.slice(2);
const puppeteer = createRequire(`${folder}/node_modules/`)("puppeteer-core");
const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox, headless: true });
const seen = { complaints: [] };
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  page.on("console", (message) => seen.complaints.push(message.text()));
  page.on("pageerror", (error) => seen.complaints.push(error.message));
  await page.goto(signIn);
  await Promise.all([page.waitForNavigation(), page.click("form[action$=sign-in] button")]);
  await page.goto(map);
  await page.waitForSelector("body[data-ready]");
  const [left, top, right] = await page.evaluate(() => {
    const node = document.querySelector("#p1").firstChild;
    const range = new Range();
    range.setStart(node, 0);
    range.setEnd(node, node.data.indexOf(".") + 1);
    const box = range.getClientRects()[0];
    return [box.left, box.top + box.height / 2, box.right];
  });
  await page.mouse.move(left + 1, top);
  await page.mouse.down();
  await page.mouse.move(right - 1, top, { steps: 4 });
  await page.mouse.up();
  await page.waitForSelector(".pick");
  await page.keyboard.press("t");
  await page.waitForSelector(".edit textarea");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /\d/.test(document.querySelector("#save").textContent));
  seen.claims = await page.$$eval(".claim", (cards) => cards.map((card) => card.dataset.claim));
  seen.marks = await page.evaluate(() => CSS.highlights.get("thesis").size);
  await page.focus("#article");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.down("Shift");
  for (let at = 0; at < 3; at++) await page.keyboard.press("ArrowRight");
  await page.keyboard.up("Shift");
  seen.selected = await page.evaluate(() => [...getSelection().toString()].length);
  await page.keyboard.down("Control");
  await page.keyboard.press("z");
  await page.keyboard.up("Control");
  await page.waitForFunction(() => document.querySelectorAll(".claim").length === 0);
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(seen));
