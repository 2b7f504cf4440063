// The first chart of a Superset as a picture: node superset.mjs URL ACCOUNT TARGET.png, password in SUPERSET_PASSWORD.
import { chromium } from "playwright-core";

const [url, account, target] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.goto(`${url}/login/`);
  await page.locator('input[name="username"], #username').first().fill(account);
  await page.locator('input[type="password"]').first().fill(process.env.SUPERSET_PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL((at) => !at.pathname.includes("login"), { timeout: 60000 });
  await page.goto(`${url}/explore/?slice_id=1`);
  await page.waitForSelector(".chart-container canvas, .slice_container canvas", { timeout: 90000 });
  await page.waitForTimeout(3000);
  await page.screenshot({ path: target });
} finally {
  await browser.close();
}
