// Checks a built report, and the dbt docs beside it, in headless Chromium, from the folder itself, without a server.
//
// What belongs here: what only a browser can tell - axe-core on every kind of page of ours, the selector, narrow
// screens, print, that the docs open. What does not: numbers and markup, which the unit tests check.
//
//   npm install --prefix tests/browser
//   node tests/browser/report.mjs RELEASE_FOLDER [SCREENSHOT_FOLDER]
//
// CHROMIUM names the browser (default /usr/bin/chromium). Exits with 1 when a check fails.
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const WIDTHS = { wide: 1280, narrow: 390 };
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8");
const release = resolve(process.argv[2] ?? "data/published");
const shots = process.argv[3] ? resolve(process.argv[3]) : null;
const failures = [];

const check = (name, holds, detail = "") => {
  console.log(`${holds ? "ok  " : "FAIL"} ${name}${holds || !detail ? "" : `: ${detail}`}`);
  if (!holds) failures.push(name);
};

const firstHtml = (folder) => {
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder).filter((name) => name.endsWith(".html")).sort();
  return found.length ? [join(folder, found[Math.floor(found.length / 2)])] : [];
};

const pages = () => [
  join(release, "report", "index.html"),
  ...firstHtml(join(release, "report", "kvartal")),
  ...firstHtml(join(release, "report", "slutrapport")),
  join(release, "report-open", "index.html"),
].filter((path) => existsSync(path));

const open = async (browser, path, width, query = "") => {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith("file:") && !url.startsWith("data:")) problems.push(`asks the network for ${url}`);
  });
  await page.goto(pathToFileURL(path).href + query);
  await page.waitForLoadState("load");
  return { page, problems };
};

const axeViolations = async (page) => {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].target.join(" ")} ${v.nodes[0].html.slice(0, 120)}`);
};

const checkPage = async (browser, path) => {
  const name = path.slice(release.length + 1);
  for (const [kind, width] of Object.entries(WIDTHS)) {
    const { page, problems } = await open(browser, path, width);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    check(`${name} ${kind}: the page itself does not scroll sideways`, overflow <= 0, `${overflow} px`);
    await page.evaluate(() => document.querySelectorAll("details").forEach((box) => { box.open = true; }));
    await page.waitForTimeout(200);
    const violations = await axeViolations(page);
    check(`${name} ${kind}: axe-core finds nothing`, violations.length === 0, violations.join("\n     "));
    check(`${name} ${kind}: no error, no request`, problems.length === 0, problems.join("; "));
    if (shots) {
      const file = `${name.replace(/[/.]/g, "-")}-${kind}.png`;
      await page.screenshot({ path: join(shots, file) });
    }
    await page.close();
  }
};

const checkSelector = async (browser, path) => {
  const name = path.slice(release.length + 1);
  const { page, problems } = await open(browser, path, WIDTHS.wide);
  const areas = await page.$$eval("#omrade option", (all) => all.map((one) => one.value));
  const periods = await page.$$eval("#period option", (all) => all.map((one) => one.value));
  check(`${name}: areas and periods can be chosen`, areas.length > 1 && periods.length > 1);
  const before = await page.innerText("[data-slot=case_volume_municipality]");
  await page.focus("#omrade");
  await page.selectOption("#omrade", areas.at(-1));
  await page.waitForFunction(() => document.getElementById("visar").textContent.startsWith(
    document.getElementById("omrade").selectedOptions[0].text));
  const after = await page.innerText("[data-slot=case_volume_municipality]");
  check(`${name}: choosing an area changes the tables`, after !== before);
  const caption = await page.innerText("[data-slot=question] caption");
  const area = await page.$eval("#omrade", (select) => select.selectedOptions[0].text);
  check(`${name}: a table says what it shows`, caption.startsWith(area), caption);
  const violations = await axeViolations(page);
  check(`${name}: axe-core finds nothing after a choice`, violations.length === 0, violations.join("\n     "));
  check(`${name}: no error, no request after a choice`, problems.length === 0, problems.join("; "));
  await page.close();

  const query = `?omrade=${areas.at(-1)}&period=${periods.at(-1)}`;
  const { page: linked } = await open(browser, path, WIDTHS.wide, query);
  await linked.waitForTimeout(500);
  check(`${name}: an address holds a choice`, await linked.inputValue("#omrade") === areas.at(-1));
  await linked.close();
};

const checkStatements = async (browser, path) => {
  const { page } = await open(browser, path, WIDTHS.wide);
  const link = await page.$(".matrix.counts a");
  if (link) {
    await link.click();
    const target = (await link.getAttribute("href")).slice(1);
    const shown = await page.locator(`[id="${target}"]`).isVisible();
    check("a number of the theme matrix opens its statements", shown, target);
  }
  await page.close();
};

const checkPrint = async (browser, path) => {
  const { page } = await open(browser, path, WIDTHS.wide);
  const file = shots ? join(shots, "report-a4.pdf") : undefined;
  const pdf = (await page.pdf({ path: file, format: "A4", preferCSSPageSize: true })).toString("latin1");
  const sheets = (pdf.match(/\/Type\s*\/Page\b/g) ?? []).length;
  check("the report prints on A4", sheets > 1 && sheets < 60, `${sheets} sheets`);
  await page.emulateMedia({ media: "print" });
  const wide = await page.$$eval(".scroll", (boxes) => boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).length);
  check("no table is cut off in print", wide === 0, `${wide} tables`);
  await page.close();
};

const checkDocs = async (browser) => {
  const path = join(release, "docs", "index.html");
  const { page, problems } = await open(browser, path, WIDTHS.wide, "#!/model/model.trisam.question");
  await page.getByText("total_count").first().waitFor();
  const shown = await page.innerText("body");
  check("docs/index.html: a model with its types and rows", shown.includes("BIGINT") && /ROWS/i.test(shown));
  check("docs/index.html: no error, no request", problems.length === 0, problems.join("; "));
  if (shots) await page.screenshot({ path: join(shots, "docs-index-html-wide.png") });
  await page.close();
};

if (shots) mkdirSync(shots, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const all = pages();
check("there is a report to check", all.length > 0, release);
for (const path of all) await checkPage(browser, path);
for (const path of all.filter((one) => one.endsWith("index.html"))) await checkSelector(browser, path);
if (all.length) {
  await checkStatements(browser, all[0]);
  await checkPrint(browser, all[0]);
}
await checkDocs(browser);
await browser.close();
console.log(failures.length ? `${failures.length} checks failed` : "all checks hold");
process.exit(failures.length ? 1 : 0);
