import { expect, test } from "vitest";
import { z } from "zod";
import { byHand } from "./by-hand";
import { openApi } from "./openapi";

const shape = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        operationId: z.string(),
        parameters: z.array(z.looseObject({ name: z.string(), required: z.boolean() })),
        requestBody: z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.looseObject({}) })) }),
        responses: z.record(z.string(), z.looseObject({ description: z.string() })),
      }),
    ),
  ),
});

test("the routes that read their body by hand are described by the schemas that read it", () => {
  const { paths } = shape.parse(openApi([], byHand, "https://portal.example.com"));
  expect(Object.keys(paths)).toEqual(["/scans", "/cdevents"]);
  const scans = paths["/scans"]?.post;
  expect(scans?.parameters.map((p) => [p.name, p.required])).toEqual([
    ["model", true],
    ["run", false],
  ]);
  expect(JSON.stringify(scans?.requestBody.content["application/sarif+json"])).toContain('"const":"2.1.0"');
  expect(JSON.stringify(scans?.requestBody.content["application/vnd.cyclonedx+json"])).toContain('"CycloneDX"');
  const events = paths["/cdevents"]?.post;
  expect(events?.parameters).toEqual([]);
  expect(Object.keys(events?.responses ?? {})).toEqual(["201", "202", "default"]);
  expect(JSON.stringify(events?.requestBody)).toContain("dev\\\\.cdevents");
});
