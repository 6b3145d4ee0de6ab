import { expect, test } from "vitest";
import { unresolved } from "./library";
import { mergeTexts } from "./merge";

const names = { own: "own revision 1", base: "version 1", shipped: "version 2" };
const base = "one\ntwo\nthree\nfour\nfive\n";

test("changes in different places are both taken, to the byte", () => {
  const merged = mergeTexts(
    { own: base.replace("one", "ONE"), base, shipped: base.replace("five", "FIVE\nsix") },
    names,
  );
  expect(merged).toEqual({ text: "ONE\ntwo\nthree\nfour\nFIVE\nsix\n", conflicts: 0 });
  expect(unresolved(merged.text)).toEqual([]);
});

test("the same change on both sides is no conflict", () => {
  const both = base.replace("three", "THREE");
  expect(mergeTexts({ own: both, base, shipped: both }, names)).toEqual({ text: both, conflicts: 0 });
});

test("different changes of one line stand beside each other with the base, and are found as unresolved", () => {
  const merged = mergeTexts(
    { own: base.replace("three", "mine"), base, shipped: base.replace("three", "theirs") },
    names,
  );
  expect(merged.conflicts).toBe(1);
  expect(merged.text).toBe(
    "one\ntwo\n<<<<<<< own revision 1\nmine\n||||||| version 1\nthree\n=======\ntheirs\n>>>>>>> version 2\nfour\nfive\n",
  );
  expect(unresolved(merged.text)).toEqual([3, 5, 9]);
});

test("a heading underlined with equals signs is no mark", () => {
  expect(unresolved("Title\n=======\n")).toEqual([]);
});
