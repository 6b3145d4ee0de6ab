// What a start prints: one line per step with the seconds since it began, and a bar while the demo is seeded.
const began = performance.now();

/** @param {string} text */
export const say = (text) =>
  console.log(`countersign ${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s  ${text}`);

/** A bar on a terminal, a line at each tenth elsewhere. @param {string} title */
export function progress(title) {
  const terminal = process.stdout.isTTY;
  let shown = -1;
  return {
    /** @param {number} done @param {number} total @param {string} what */
    step(done, total, what) {
      if (shown < 0) say(title);
      shown = Math.max(shown, 0);
      const tenth = Math.floor((10 * done) / Math.max(total, 1));
      if (terminal) {
        const width = 30;
        const filled = Math.round((width * done) / Math.max(total, 1));
        process.stdout.write(
          `\r  ${"█".repeat(filled)}${"░".repeat(width - filled)} ${done}/${total} ${what.slice(0, 40).padEnd(40)}`,
        );
      } else if (tenth > shown || done === 0) {
        shown = tenth;
        say(`  ${done} of ${total}: ${what}`);
      }
    },
    done() {
      if (terminal) process.stdout.write(`\r${" ".repeat(90)}\r`);
      say("demo organisation ready");
    },
  };
}
