import { expect, test } from "vitest";
import { csvResponse, csvStream } from "./csv";

test("quotes what needs quoting and defuses formulas, but not negative numbers", async () => {
  const text = await csvResponse(
    "a b.csv",
    ["x", "y"],
    [
      ['say "hi", all', "=1+1"],
      [-3, null],
    ],
  ).text();
  expect(text).toBe('x,y\r\n"say ""hi"", all",\'=1+1\r\n-3,\r\n');
});

test("streams page by page", async () => {
  async function* pages() {
    yield [["a"], ["b"]];
    yield [["c"]];
  }
  const response = csvStream("list.csv", ["name"], pages());
  expect(response.headers.get("content-disposition")).toBe('attachment; filename="list.csv"');
  expect(await response.text()).toBe("name\r\na\r\nb\r\nc\r\n");
});
