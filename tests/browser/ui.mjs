// Drives the Dagster UI in headless Chromium as a person would: materialise, see a failed gate in red, a preview, a lineage.
//
// What belongs here: what only a browser can tell of the UI. What does not: rules of sensors, jobs and checks, which the
// tests in Python hold. `make ui-browser` makes the home and the inbox that it needs.
//
//   npm install --prefix tests/browser
//   node tests/browser/ui.mjs HOME INBOX [SCREENSHOT_FOLDER]
//
// INBOX is a copy of the sample that a run has published into HOME; a faulty file is put into it for a while. Instead of
// HOME, the address of a UI that runs already may be given (http://...), whose inbox INBOX then is.
// CHROMIUM names the browser (default /usr/bin/chromium). Exits with 1 when a check fails.
import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const PORT = "3999";
const given = process.argv[2] ?? "data/ui-browser/home";
const address = given.startsWith("http") ? given.replace(/\/$/, "") : `http://127.0.0.1:${PORT}`;
const inbox = resolve(process.argv[3] ?? "data/ui-browser/inbox");
const shots = process.argv[4] ? resolve(process.argv[4]) : null;
const MINUTE = 60_000;
// A consultation in a team that no party has named: the raw boundary refuses it.
const FAULT = join(inbox, "rg", "arenden_20220101-20220131.csv");
const FAULTY_ROWS = [
  "arende_id;personnummer;konsultationsdatum;arendetyp;team_id;kommunkod;kon;initierande_part;fragestallning;atgardsforslag",
  "BROWSER-1;;2022-01-12;NY;NO-SUCH-TEAM;2180;K;RG;VARD;VARD",
];
const failures = [];

const check = (name, holds, detail = "") => {
  console.log(`${holds ? "ok  " : "FAIL"} ${name}${holds || !detail ? "" : `: ${detail}`}`);
  if (!holds) failures.push(name);
};

const shoot = async (page, name) => {
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`) });
};

const ask = async (query, variables = {}) => {
  const answer = await fetch(`${address}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  return (await answer.json()).data;
};

const until = async (what, minutes, look) => {
  const end = Date.now() + minutes * MINUTE;
  for (;;) {
    const found = await look().catch(() => null);
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what} did not come within ${minutes} minutes`);
    await new Promise((done) => setTimeout(done, 1000));
  }
};

const location = async () => {
  const query = "{ repositoriesOrError { ... on RepositoryConnection { nodes { name location { name } } } } }";
  const { nodes } = (await ask(query)).repositoriesOrError;
  return nodes.length ? `${nodes[0].name}@${nodes[0].location.name}` : null;
};

const newestRun = async () => {
  const query = "{ runsOrError(limit: 1) { ... on Runs { results { runId status jobName } } } }";
  return (await ask(query)).runsOrError.results[0];
};

const visible = async (page, text, seconds = 60) =>
  page.getByText(text).first().waitFor({ state: "visible", timeout: seconds * 1000 }).then(() => true, () => false);

const visit = async (page, path) => {
  await page.goto(`${address}${path}`);
  await page.waitForLoadState("load");
};

// Opens what an asset's latest materialisation says under a label.
const openMetadata = async (page, label) => {
  const row = page.locator("tr", { has: page.getByText(label, { exact: true }) }).last();
  const show = row.getByText(/\[Show .*\]/).first();
  await show.waitFor({ timeout: MINUTE }).catch(() => {});
  const there = await show.isVisible();
  check(`${label} can be opened`, there);
  if (there) await show.click();
  return there;
};

const checkPreview = async (page) => {
  await visit(page, "/assets/indicators/question?view=overview");
  if (!(await openMetadata(page, "preview"))) return;
  const chart = page.locator("img[src^='data:image/svg+xml']").first();
  await chart.waitFor({ timeout: MINUTE }).catch(() => {});
  check("the preview shows a chart", await chart.isVisible());
  check("the chart is drawn", (await chart.evaluate((img) => img.naturalWidth)) > 100);
  check("the preview shows rows as a table", await page.getByRole("columnheader", { name: "women_count" }).first().isVisible());
  await chart.scrollIntoViewIfNeeded();
  await page.waitForTimeout(1000);
  await shoot(page, "preview");
};

const checkLineage = async (page) => {
  await visit(page, "/assets/indicators/question?view=lineage");
  check("the lineage shows where an indicator comes from", await visible(page, "int_case"));
  await page.waitForTimeout(3000);
  await shoot(page, "lineage");
  await visit(page, "/assets/indicators/question?view=overview");
  const origin = page.getByText("intermediate.int_case.gender_code").first();
  await origin.waitFor({ timeout: MINUTE }).catch(() => {});
  check("a column names the columns that it is made of", await origin.isVisible());
  if (await origin.isVisible()) await origin.scrollIntoViewIfNeeded();
  await page.waitForTimeout(1000);
  await shoot(page, "column-lineage");
};

const checkGraph = async (page) => {
  await visit(page, "/asset-groups");
  for (const group of ["raw", "marts", "indicators", "release", "deliveries"]) {
    check(`the asset graph has the layer ${group}`, await visible(page, group));
  }
  await page.waitForTimeout(3000);
  await shoot(page, "asset-graph");
};

const materialise = async (page, place) => {
  const before = (await newestRun())?.runId;
  await visit(page, `/locations/${place}/jobs/publish_release`);
  const button = page.getByRole("button", { name: /Materialize all/ }).first();
  await button.waitFor({ timeout: MINUTE });
  await button.click();
  return until("the run", 3, async () => {
    const run = await newestRun();
    return run && run.runId !== before ? run : null;
  });
};

const checkRefusal = async (page, place) => {
  writeFileSync(FAULT, `${FAULTY_ROWS.join("\n")}\n`);
  const { runId } = await materialise(page, place);
  const status = await until("the end of the run", 10, async () => {
    const run = await newestRun();
    return ["FAILURE", "SUCCESS", "CANCELED"].includes(run.status) ? run.status : null;
  });
  check("a run with a faulty delivery fails", status === "FAILURE", status);
  await visit(page, `/runs/${runId}`);
  check("the run says so", await visible(page, "Failure"));
  check("the step that failed is red", await visible(page, "expect_extracts"));
  // What follows from the failure, stack traces of Dagster's own code included, is of no interest here.
  await page.getByPlaceholder("Filter…").fill("expectations_raw_arenden");
  await page.waitForTimeout(3000);
  await shoot(page, "run");
  await visit(page, "/assets/raw/arenden?view=checks");
  check("the gate that failed is listed with the asset", await visible(page, "expectations_raw_arenden"));
  check("it is shown as failed", await visible(page, /Failed|Error/));
  const row = page.getByText("expectations_raw_arenden").first();
  await row.click();
  check("it says which rule the delivery breaks", await visible(page, /team/i));
  await page.waitForTimeout(2000);
  await shoot(page, "failed-check");
};

const checkAutomation = async (page) => {
  await visit(page, "/automation");
  for (const name of ["inbox_sensor", "quarterly_report", "half_yearly_follow_up", "notice_of_late_deliveries"]) {
    check(`${name} can be switched on`, await visible(page, name));
  }
  await page.waitForTimeout(3000);
  await shoot(page, "automation");
};

const startUi = () => {
  if (given.startsWith("http")) return null;
  const trisam = process.env.TRISAM ?? ".venv/bin/trisam";
  // A group of its own: the UI has children, which end with it.
  return spawn(trisam, ["ui", "--home", resolve(given), "--inbox", inbox, "--port", PORT], { detached: true, stdio: "ignore" });
};

const ui = startUi();
if (shots) mkdirSync(shots, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
try {
  const place = await until("the code location", 5, location);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await checkGraph(page);
  await checkPreview(page);
  await checkLineage(page);
  await checkAutomation(page);
  await checkRefusal(page, place);
} catch (error) {
  check("the UI could be driven to the end", false, error.message);
} finally {
  rmSync(FAULT, { force: true });
  await browser.close();
  if (ui) process.kill(-ui.pid, "SIGTERM");
}
console.log(failures.length ? `${failures.length} checks failed` : "all checks hold");
process.exit(failures.length ? 1 : 0);
