import { expect, test } from "vitest";
import { gitTree } from "./git";

const repository = { branch: null, globs: ["**/*.yaml"], gitdir: "/nonexistent/x.git", most: 10, internalHosts: false };

test.each([
  ["file:///etc/passwd", /https address/],
  ["/srv/git/slos.git", /https address/],
  ["ssh://git@git.example.com/slos.git", /https address/],
  ["http://127.0.0.1:3000/slos.git", /inside the organisation.*DECISION_INTERNAL_HOSTS/],
  ["http://169.254.169.254/slos.git", /which may not be read|no connection may reach/],
])("%s is not read", async (address, words) => {
  await expect(gitTree({ ...repository, address })).rejects.toThrow(words);
});
