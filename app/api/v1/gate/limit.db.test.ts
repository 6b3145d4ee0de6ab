import { setImmediate as turn } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { main } from "@/bin/main";
import { api, ask, json, known, notAProblem, openApi, read } from "../asking";
import { served } from "../served";

let portal: Awaited<ReturnType<typeof served>>;
beforeAll(async () => {
  process.env.GATE_CHECKS_PER_SECOND = "2";
  process.env.GATE_CHECKS_BURST = "5";
  await openApi();
  portal = await served();
});
afterAll(async () => {
  await portal.close();
  await api.drop();
});

const question = () => ({
  model: known.model.name,
  version: known.model.version,
  digest: known.model.digest,
  environment: "prod",
});
const check = (token: string, scheme = "Bearer") =>
  ask("POST", "/gate/check", {
    headers: { ...json, authorization: `${scheme} ${token}` },
    body: JSON.stringify(question()),
  });

/** Uses up the token's share: each takes its part before the first of them waits for anything. */
const drain = () => Array.from({ length: 10 }, () => check(api.tokens.everyone));

test("a thousand questions of one token: the share is answered, the rest is refused in words, and another token is answered", async () => {
  const logged = await api.entries("gate.checked");
  const began = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 1000 }, (_, i) => check(api.tokens.everyone, i % 2 === 0 ? "Bearer" : "bEARER")),
  );
  const other = await check(api.tokens.elsewhere);
  expect(other.status).toBe(403);
  expect((await read(other)).body).toMatchObject({ decision: "deny", dsse: expect.anything() });

  const answered = answers.filter((a) => a.status === 403).length;
  const seconds = (performance.now() - began) / 1000;
  expect(answered).toBeGreaterThanOrEqual(5);
  expect(answered).toBeLessThanOrEqual(5 + Math.ceil(2 * seconds));
  const [refused] = answers.filter((a) => a.status === 429);
  expect(answers.filter((a) => a.status === 429)).toHaveLength(1000 - answered);
  expect(refused?.headers.get("retry-after")).toBe("1");
  const problem = await read(refused ?? new Response());
  expect(notAProblem(problem)).toBeNull();
  expect(problem.body).toMatchObject({
    type: "urn:countersign:problem:rate_limited",
    detail: expect.stringMatching(/more than 2 times a second.*treat it as a deny, and ask again in 1 second\./),
  });
  expect(problem.body).not.toHaveProperty("decision");
  expect((await api.entries("gate.checked")) - logged).toBe(answered + 1);
});

test("the explanation takes from the same share, and other reads do not", async () => {
  const { model, version } = question();
  const explain = () => ask("GET", "/gate/explain", { query: `?model=${model}&version=${version}` });
  const [explained, other] = await Promise.all([...drain(), explain(), ask("GET", "/releases")]).then((a) =>
    a.slice(-2),
  );
  expect([explained?.status, explained?.headers.get("retry-after"), other?.status]).toEqual([429, "1", 200]);
});

test("who presents nothing, and who presents what is unknown, is told so and uses up nobody's share", async () => {
  for (const authorization of ["Bearer", "Basic x", "Bearer cs_unknown"])
    for (let i = 0; i < 5; i++)
      expect((await ask("POST", "/gate/check", { headers: { ...json, authorization }, body: "{}" })).status).toBe(401);
  expect((await check(api.tokens.elsewhere)).status).toBe(403);
});

/** The command line, whose first question comes just after others have used up its token's share. */
async function gate(verb: string, ...more: string[]) {
  const said: string[] = [];
  const say = (text: string) => said.push(text);
  const { model, version, digest } = question();
  let drained: Promise<Response>[] = [];
  portal.state.instead = async () => {
    if (drained.length === 0) drained = drain();
    await turn();
    return null;
  };
  const code = await main(
    ["gate", verb, "--model", model, "--version", version, "--digest", digest, "--env", "prod", ...more],
    { out: say, err: say, env: { COUNTERSIGN_URL: portal.url, COUNTERSIGN_TOKEN: api.tokens.everyone } },
  );
  await Promise.all(drained);
  return { code, text: said.join("\n") };
}

test("gate check says so and exits 2; gate wait waits, and gets its answer", async () => {
  const checked = await gate("check");
  expect(checked.code).toBe(2);
  expect(checked.text).toContain("treat it as a deny, and ask again in 1 second");
  const waited = await gate("wait", "--every", "0.7s", "--timeout", "3s");
  expect(waited.code, waited.text).toBe(1);
  expect(waited.text).toMatch(/\(429\)\nDENY /);
});
