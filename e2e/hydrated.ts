import type { Page } from "@playwright/test";

/**
 * Makes `goto` and `reload` of the page return once React answers every form, button and field on it. A person takes
 * longer than that to reach a button; a test does not, and what it does too early tests the browser, not the portal.
 */
export function patient(page: Page): Page {
  const goto = page.goto.bind(page);
  const reload = page.reload.bind(page);
  page.goto = async (...args) => {
    const response = await goto(...args);
    await hydrated(page);
    return response;
  };
  page.reload = async (...args) => {
    const response = await reload(...args);
    await hydrated(page);
    return response;
  };
  return page;
}

async function hydrated(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    if (!document.querySelector('script[src*="/_next/"]')) return true;
    return [...document.querySelectorAll("form, button, input:not([type=hidden]), select, textarea")]
      .filter((element) => !element.closest("iframe, .prose"))
      .every((element) => Object.keys(element).some((key) => key.startsWith("__reactProps$")));
  });
}
